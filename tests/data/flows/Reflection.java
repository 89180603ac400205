package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.lang.reflect.*;

/** Classes, methods, fields and constructors by names that are known. */
public class Reflection extends Activity {
    public interface Sends { void send(String text); }

    public static class Hidden implements Sends {
        public Hidden() { }
        @Override public void send(String text) { Log.i("t", text); }
    }

    public static class Called {
        public void write(String text) { Log.i("t", text); }
        public void drop(String text) { Log.i("t", "x"); }
        public static void written(String text) { Log.i("t", text); }
        public void untouched(String text) { Log.i("t", text); }
    }

    public static class Made {
        public String value = "x";
        public Made(String value) { this.value = value; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            Sends sends = (Sends) Class.forName("t.Reflection" + "$Hidden").newInstance();
            sends.send(phone.getDeviceId());
            Called called = new Called();
            Called.class.getMethod("write", String.class).invoke(called, phone.getDeviceId());
            Called.class.getMethod("drop", String.class).invoke(called, phone.getDeviceId());
            Class.forName("t.Reflection$Called").getDeclaredMethod("written", String.class).invoke(null, phone.getSubscriberId());
            asked(phone);
            askedOther(phone);
            constructed(phone);
            field(phone);
        } catch (Exception e) {
            return;
        }
    }

    void asked(TelephonyManager phone) throws Exception {
        Method method = Class.forName("android.telephony.TelephonyManager").getMethod("getDeviceId");
        Log.i("t", (String) method.invoke(phone));
    }

    void askedOther(TelephonyManager phone) throws Exception {
        Method method = Class.forName("android.telephony.TelephonyManager").getMethod("toString");
        Log.i("t", (String) method.invoke(phone));
    }

    void constructed(TelephonyManager phone) throws Exception {
        Made made = Made.class.getConstructor(String.class).newInstance(phone.getSimSerialNumber());
        Log.i("t", made.value);
    }

    void field(TelephonyManager phone) throws Exception {
        Made made = new Made(phone.getSubscriberId());
        Log.i("t", (String) Made.class.getField("value").get(made));
    }
}
