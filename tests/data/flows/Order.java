package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Callbacks of a life come in Android's order, and a new life begins with a new object. */
public class Order extends Activity {
    private TelephonyManager phone() { return (TelephonyManager) getSystemService("phone"); }

    String paused = "", resumed = "", created = "", destroyed = "", stopped = "";

    @Override protected void onCreate(Bundle saved) {
        created = phone().getDeviceId();
        Log.i("t", destroyed);
    }

    @Override protected void onStart() {
        created = "x";
        Log.i("t", stopped);
    }

    @Override protected void onResume() {
        Log.i("t", paused + created);
        resumed = phone().getLine1Number();
    }

    @Override protected void onPause() {
        paused = phone().getSubscriberId();
        Log.i("t", resumed + destroyed);
    }

    @Override protected void onStop() { stopped = phone().getSimSerialNumber(); }

    @Override protected void onDestroy() { destroyed = phone().getDeviceId(); }
}
