package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Static fields outlive objects; a class is initialised once, at its first use. */
public class Statics extends Activity {
    static String kept, other, cleared;
    static TelephonyManager manager;

    static class Late {
        static String value = kept;
        static final String CONSTANT = "x".trim();
    }

    static class Early { static String value = "" + kept; }

    static class Asks {
        static final String ID = manager.getSubscriberId();
        static final String NONE = "x".trim();
    }

    @Override protected void onCreate(Bundle saved) {
        manager = (TelephonyManager) getSystemService("phone");
        other = Early.value;
        kept = manager.getDeviceId();
        cleared = manager.getDeviceId();
        cleared = null;
        early();
        late();
        lateConstant();
        asks();
        asksNone();
    }

    void early() { Log.i("t", other); }

    void late() { Log.i("t", Late.value); }

    void lateConstant() { Log.i("t", Late.CONSTANT); }

    void asks() { Log.i("t", Asks.ID); }

    void asksNone() { Log.i("t", Asks.NONE); }

    @Override protected void onResume() { Log.i("t", kept); }

    @Override protected void onPause() { Log.i("t", "" + cleared); }

    public static class Second extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", kept); }
        @Override protected void onResume() { Log.i("t", "" + cleared); }
    }
}
