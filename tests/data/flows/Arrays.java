package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Elements of arrays by constant index; an unknown index is any of them. */
public class Arrays extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        same(phone);
        neighbour(phone);
        initialised(phone);
        unknown(phone);
        copied(phone);
        cloned(phone);
        table(phone);
        listed(phone);
    }

    void same(TelephonyManager phone) {
        String[] row = new String[3];
        row[1] = phone.getDeviceId();
        Log.i("t", row[1]);
    }

    void neighbour(TelephonyManager phone) {
        String[] row = new String[3];
        row[0] = "x";
        row[1] = phone.getDeviceId();
        Log.i("t", row[0]);
    }

    void initialised(TelephonyManager phone) {
        String[] row = {phone.getDeviceId(), "x"};
        Log.i("t", row[1]);
    }

    void unknown(TelephonyManager phone) {
        String[] row = {phone.getDeviceId(), "x"};
        Log.i("t", row[(int) System.currentTimeMillis() & 1]);
    }

    void copied(TelephonyManager phone) {
        String[] from = {phone.getDeviceId()}, to = new String[1];
        System.arraycopy(from, 0, to, 0, 1);
        Log.i("t", to[0]);
    }

    void cloned(TelephonyManager phone) {
        String[] row = {phone.getDeviceId()};
        Log.i("t", row.clone()[0]);
    }

    void table(TelephonyManager phone) {
        String[][] rows = new String[2][2];
        rows[0][1] = phone.getDeviceId();
        Log.i("t", rows[0][1]);
    }

    void listed(TelephonyManager phone) {
        String text = "";
        for (String one : new String[] {"x", phone.getDeviceId()}) text = one;
        Log.i("t", text);
    }
}
