package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Intents that name an action may go to other apps as well, and arrive where a filter fits. */
public class Implicit extends Activity {
    private TelephonyManager phone() { return (TelephonyManager) getSystemService("phone"); }

    @Override protected void onCreate(Bundle saved) {
        byAction();
        toOneself();
        empty();
    }

    void byAction() { startActivity(new Intent("t.SHOW").putExtra("k", phone().getDeviceId())); }

    void toOneself() { startActivity(new Intent("t.OWN").setPackage("t").putExtra("k", phone().getSubscriberId())); }

    void empty() { startActivity(new Intent("t.SHOW").putExtra("x", "y")); }

    public static class Shows extends Activity {
        @Override protected void onCreate(Bundle saved) {
            Log.i("t", getIntent().getStringExtra("k"));
            other();
        }
        void other() { Log.i("t", getIntent().getStringExtra("x")); }
    }

    public static class Own extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", getIntent().getStringExtra("k")); }
    }

    public static class Unfit extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", getIntent().getStringExtra("k")); }
    }
}
