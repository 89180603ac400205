package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import android.view.View;
import android.widget.*;

/** A layout names click methods, and says into which fields a password is typed. */
public class Layout extends Activity {
    String id = "";

    @Override protected void onCreate(Bundle saved) {
        setContentView(0x7f020000);
        id = ((TelephonyManager) getSystemService("phone")).getDeviceId();
    }

    public void tapped(View view) { Log.i("t", id); }

    public void untapped(View view) { Log.i("t", id); }

    @Override protected void onPause() { Log.i("t", ((EditText) findViewById(0x7f010000)).getText().toString()); }

    @Override protected void onStop() { Log.i("t", ((EditText) findViewById(0x7f010001)).getText().toString()); }
}
