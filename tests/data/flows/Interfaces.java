package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** An interface with two implementations: the one that is there counts, and both where either may be. */
public class Interfaces extends Activity {
    interface Changes { String of(String text); }

    static class Same implements Changes { public String of(String text) { return text; } }

    static class Fixed implements Changes { public String of(String text) { return "x"; } }

    static class Holder {
        private final Changes changes;
        Holder(Changes changes) { this.changes = changes; }
        String apply(String text) { return changes.of(text); }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        same(phone, new Same());
        fixed(phone, new Fixed());
        heldSame(phone);
        heldFixed(phone);
        either(phone);
        anonymous(phone);
    }

    void same(TelephonyManager phone, Changes changes) { Log.i("t", changes.of(phone.getDeviceId())); }

    void fixed(TelephonyManager phone, Changes changes) { Log.i("t", changes.of(phone.getDeviceId())); }

    void heldSame(TelephonyManager phone) { Log.i("t", new Holder(new Same()).apply(phone.getDeviceId())); }

    void heldFixed(TelephonyManager phone) { Log.i("t", new Holder(new Fixed()).apply(phone.getDeviceId())); }

    void either(TelephonyManager phone) {
        Changes changes = System.currentTimeMillis() > 5 ? new Fixed() : new Same();
        Log.i("t", changes.of(phone.getDeviceId()));
    }

    void anonymous(final TelephonyManager phone) {
        Changes changes = new Changes() {
            @Override public String of(String text) { return text + phone.getSubscriberId(); }
        };
        Log.i("t", changes.of("x"));
    }
}
