package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Through fields of objects: the one that was written, not its neighbour. */
public class Fields extends Activity {
    static class Box {
        String first = "", second = "";
        Box inner;
        String getFirst() { return first; }
        void setFirst(String value) { first = value; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        same(phone);
        neighbour(phone);
        accessors(phone);
        nested(phone);
        nestedNeighbour(phone);
        filled(phone);
    }

    void same(TelephonyManager phone) {
        Box box = new Box();
        box.first = phone.getDeviceId();
        Log.i("t", box.first);
    }

    void neighbour(TelephonyManager phone) {
        Box box = new Box();
        box.first = phone.getDeviceId();
        Log.i("t", box.second);
    }

    void accessors(TelephonyManager phone) {
        Box box = new Box();
        box.setFirst(phone.getDeviceId());
        Log.i("t", box.getFirst());
    }

    void nested(TelephonyManager phone) {
        Box box = new Box();
        box.inner = new Box();
        box.inner.second = phone.getDeviceId();
        Log.i("t", box.inner.second);
    }

    void nestedNeighbour(TelephonyManager phone) {
        Box box = new Box();
        box.inner = new Box();
        box.inner.second = phone.getDeviceId();
        Log.i("t", box.second + box.inner.first);
    }

    void filled(TelephonyManager phone) {
        Box box = new Box();
        fill(box, phone);
        Log.i("t", box.second);
    }

    void fill(Box box, TelephonyManager phone) { box.second = phone.getDeviceId(); }
}
