package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** From the call that gives it straight to the call that takes it. */
public class Direct extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        leaks(phone);
        joined(phone);
        passed("n", phone.getDeviceId());
        dropped(phone);
        measured(phone);
        other("x", phone.getSubscriberId());
    }

    void leaks(TelephonyManager phone) { Log.i("t", phone.getDeviceId()); }

    void joined(TelephonyManager phone) { Log.i("t", "id=" + phone.getDeviceId() + ";sim=" + phone.getSimSerialNumber()); }

    void passed(String name, String value) { Log.i(name, value); }

    void dropped(TelephonyManager phone) {
        phone.getDeviceId();
        Log.i("t", "done");
    }

    void measured(TelephonyManager phone) { Log.i("t", "length " + phone.getDeviceId().length()); }

    void other(String name, String value) { Log.i("t", name); }
}
