package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** What is decided by information, instead of carrying it, counts only where that is asked for. */
public class Decided extends Activity {
    String word = "";

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        branch(phone);
        digit(phone);
        called(phone);
        field(phone);
        afterwards(phone);
        otherBranch(phone);
        carried(phone);
    }

    void branch(TelephonyManager phone) {
        if (phone.getDeviceId().equals("0000")) Log.i("t", "zero");
    }

    void digit(TelephonyManager phone) {
        String text = "";
        switch (phone.getDeviceId().charAt(0)) {
            case '0': text = "zero"; break;
            case '1': text = "one"; break;
            default: text = "more";
        }
        Log.i("t", text);
    }

    void called(TelephonyManager phone) {
        if (phone.getSubscriberId().startsWith("460")) tell();
    }

    void tell() { Log.i("t", "home"); }

    void field(TelephonyManager phone) {
        word = "a";
        if (phone.getDeviceId().length() > 14) word = "b";
        Log.i("t", word);
    }

    void afterwards(TelephonyManager phone) {
        int count = 0;
        if (phone.getDeviceId().equals("0000")) count++;
        Log.i("t", "done");
        word = "" + count;
    }

    void otherBranch(TelephonyManager phone) {
        phone.getDeviceId();
        if (System.currentTimeMillis() > 5) Log.i("t", "late");
    }

    void carried(TelephonyManager phone) { Log.i("t", phone.getSimSerialNumber()); }
}
