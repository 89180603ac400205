package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Which override runs is decided by the object that is there. */
public class Dispatch extends Activity {
    abstract static class Sender {
        abstract void send(String text);
        void twice(String text) { send(text); send(text); }
    }

    static class Writes extends Sender { void send(String text) { Log.i("t", text); } }

    static class Drops extends Sender { void send(String text) { Log.i("t", "dropped"); } }

    static class Chosen extends Sender { void send(String text) { Log.i("t", text); } }

    static class Base extends Sender { void send(String text) { Log.i("t", text); } }

    static class Derived extends Base { @Override void send(String text) { super.send(text); } }

    static class Silent extends Base { @Override void send(String text) { } }

    static class Inherits extends Templated { String text(String id) { return id; } }

    static class Constant extends Templated { String text(String id) { return "x"; } }

    abstract static class Templated {
        abstract String text(String id);
        String wrapped(String id) { return "<" + text(id) + ">"; }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        new Writes().twice(phone.getDeviceId());
        Sender drops = new Drops();
        drops.twice(phone.getDeviceId());
        Sender chosen = System.currentTimeMillis() > 5 ? new Chosen() : new Drops();
        chosen.send(phone.getSubscriberId());
        Base base = new Derived();
        base.send(phone.getSimSerialNumber());
        base = new Silent();
        base.send(phone.getLine1Number());
        inherits(phone);
        constant(phone);
    }

    void inherits(TelephonyManager phone) { Log.i("t", new Inherits().wrapped(phone.getDeviceId())); }

    void constant(TelephonyManager phone) { Log.i("t", new Constant().wrapped(phone.getDeviceId())); }
}
