package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** What was overwritten is gone; what may have been is not. */
public class Overwritten extends Activity {
    String kept;

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        variable(phone);
        field(phone);
        before(phone);
        perhaps(phone);
        always(phone);
        decided(phone);
    }

    void variable(TelephonyManager phone) {
        String text = phone.getDeviceId();
        text = "x";
        Log.i("t", text);
    }

    void field(TelephonyManager phone) {
        kept = phone.getDeviceId();
        kept = "x";
        Log.i("t", kept);
    }

    void before(TelephonyManager phone) {
        String text = "x";
        Log.i("t", text);
        text = phone.getDeviceId();
        text.length();
    }

    void perhaps(TelephonyManager phone) {
        String text = phone.getDeviceId();
        if (System.currentTimeMillis() > 5) text = "x";
        Log.i("t", text);
    }

    void always(TelephonyManager phone) {
        String text = phone.getDeviceId();
        if (System.currentTimeMillis() > 5) text = "x"; else text = "y";
        Log.i("t", text);
    }

    void decided(TelephonyManager phone) {
        int five = 2 + 3;
        String text = five > 4 ? "x" : phone.getDeviceId();
        Log.i("t", text);
    }
}
