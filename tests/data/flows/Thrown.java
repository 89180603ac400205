package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Exceptions carry what was put into them to whoever catches them. */
public class Thrown extends Activity {
    static class Told extends Exception {
        final String detail;
        Told(String message, String detail) { super(message); this.detail = detail; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        here(phone);
        below(phone);
        own(phone);
        ownMessage(phone);
        plain(phone);
        cause(phone);
        untilThen(phone);
        lastly(phone);
    }

    void here(TelephonyManager phone) {
        try {
            throw new IllegalStateException(phone.getDeviceId());
        } catch (IllegalStateException e) {
            Log.i("t", e.getMessage());
        }
    }

    void raise(String text) { throw new IllegalArgumentException("no " + text); }

    void below(TelephonyManager phone) {
        try {
            raise(phone.getDeviceId());
        } catch (IllegalArgumentException e) {
            Log.i("t", e.toString());
        }
    }

    void own(TelephonyManager phone) {
        try {
            throw new Told("x", phone.getDeviceId());
        } catch (Told e) {
            Log.i("t", e.detail);
        }
    }

    void ownMessage(TelephonyManager phone) {
        try {
            throw new Told("x", phone.getDeviceId());
        } catch (Told e) {
            Log.i("t", e.getMessage());
        }
    }

    void plain(TelephonyManager phone) {
        String id = phone.getDeviceId();
        try {
            throw new IllegalStateException("x" + id.length());
        } catch (IllegalStateException e) {
            Log.i("t", e.getMessage());
        }
    }

    void cause(TelephonyManager phone) {
        try {
            throw new RuntimeException("x", new IllegalStateException(phone.getDeviceId()));
        } catch (RuntimeException e) {
            Log.i("t", e.getCause().getMessage());
        }
    }

    void untilThen(TelephonyManager phone) {
        String text = "x";
        try {
            text = phone.getDeviceId();
            Integer.parseInt("5x");
            text = "y";
        } catch (NumberFormatException e) {
            Log.i("t", text);
        }
    }

    void lastly(TelephonyManager phone) {
        String text = "x";
        try {
            text = phone.getDeviceId();
        } finally {
            Log.i("t", text);
        }
    }
}
