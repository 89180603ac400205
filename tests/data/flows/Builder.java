package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Texts put together and taken apart. */
public class Builder extends Activity {
    static class Person {
        final String name;
        Person(String name) { this.name = name; }
        @Override public String toString() { return "person " + name; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        built(phone);
        other(phone);
        emptied(phone);
        inserted(phone);
        buffered(phone);
        formatted(phone);
        parts(phone);
        characters(phone);
        bytes(phone);
        replaced(phone);
        described(phone);
    }

    void built(TelephonyManager phone) {
        StringBuilder text = new StringBuilder("id=");
        text.append(phone.getDeviceId()).append(';');
        Log.i("t", text.toString());
    }

    void other(TelephonyManager phone) {
        StringBuilder one = new StringBuilder(), two = new StringBuilder();
        one.append(phone.getDeviceId());
        two.append("x");
        Log.i("t", two.toString());
    }

    void emptied(TelephonyManager phone) {
        StringBuilder text = new StringBuilder();
        text.append(phone.getDeviceId());
        text.setLength(0);
        text.append("x");
        Log.i("t", text.toString());
    }

    void inserted(TelephonyManager phone) {
        StringBuilder text = new StringBuilder("x");
        text.insert(0, phone.getDeviceId());
        Log.i("t", text.reverse().toString());
    }

    void buffered(TelephonyManager phone) {
        StringBuffer text = new StringBuffer();
        text.append("a").append(phone.getDeviceId());
        Log.i("t", new String(text));
    }

    void formatted(TelephonyManager phone) { Log.i("t", String.format("%s:%d", phone.getDeviceId(), 5)); }

    void parts(TelephonyManager phone) { Log.i("t", phone.getDeviceId().split("-")[0].trim().substring(1).toLowerCase()); }

    void characters(TelephonyManager phone) {
        String id = phone.getDeviceId();
        char[] out = new char[id.length()];
        for (int i = 0; i < id.length(); i++) out[i] = (char) (id.charAt(i) ^ 1);
        Log.i("t", new String(out));
    }

    void bytes(TelephonyManager phone) {
        StringBuilder hex = new StringBuilder();
        for (byte one : phone.getDeviceId().getBytes()) hex.append(Integer.toHexString(one & 0xff));
        Log.i("t", hex.toString());
    }

    void replaced(TelephonyManager phone) { Log.i("t", "my id is X".replace("X", phone.getDeviceId())); }

    void described(TelephonyManager phone) { Log.i("t", "" + new Person(phone.getDeviceId())); }
}
