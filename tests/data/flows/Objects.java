package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Objects of one class are told apart, also when one method makes them; two names of one object are not. */
public class Objects extends Activity {
    static class Box {
        private String value = "";
        String get() { return value; }
        void set(String to) { value = to; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        tainted(phone);
        clean(phone);
        made(phone);
        alias(phone);
        replaced(phone);
        eitherOne(phone);
    }

    void tainted(TelephonyManager phone) {
        Box one = new Box(), two = new Box();
        one.set(phone.getDeviceId());
        two.set("x");
        Log.i("t", one.get());
    }

    void clean(TelephonyManager phone) {
        Box one = new Box(), two = new Box();
        one.set(phone.getDeviceId());
        two.set("x");
        Log.i("t", two.get());
    }

    Box make() { return new Box(); }

    void made(TelephonyManager phone) {
        Box one = make(), two = make();
        one.set(phone.getDeviceId());
        Log.i("t", two.get());
    }

    void alias(TelephonyManager phone) {
        Box one = new Box(), same = one;
        same.set(phone.getDeviceId());
        Log.i("t", one.get());
    }

    void replaced(TelephonyManager phone) {
        Box one = new Box();
        one.set(phone.getDeviceId());
        one = new Box();
        Log.i("t", one.get());
    }

    void eitherOne(TelephonyManager phone) {
        Box one = new Box(), two = new Box();
        Box chosen = System.currentTimeMillis() > 5 ? one : two;
        chosen.set(phone.getDeviceId());
        Log.i("t", one.get());
    }
}
