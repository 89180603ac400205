package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Methods that call themselves, and one another. */
public class Recursion extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        leaks(phone);
        clean(phone);
        together(phone);
        deep(9, phone.getSubscriberId());
        linked(phone);
    }

    String down(int count, String text) { return count == 0 ? text : down(count - 1, text); }

    String lost(int count, String text) { return count == 0 ? "x" : lost(count - 1, text); }

    String even(int count, String text) { return count == 0 ? text : odd(count - 1, text); }

    String odd(int count, String text) { return count == 0 ? "x" : even(count - 1, text + count); }

    void deep(int count, String text) {
        if (count > 0) deep(count - 1, text);
        else Log.i("t", text);
    }

    void leaks(TelephonyManager phone) { Log.i("t", down((int) System.currentTimeMillis(), phone.getDeviceId())); }

    void clean(TelephonyManager phone) { Log.i("t", lost((int) System.currentTimeMillis(), phone.getDeviceId())); }

    void together(TelephonyManager phone) { Log.i("t", even((int) System.currentTimeMillis(), phone.getDeviceId())); }

    static class Link {
        String value = "x";
        Link next;
    }

    String last(Link link) { return link.next == null ? link.value : last(link.next); }

    void linked(TelephonyManager phone) {
        Link first = new Link(), second = new Link(), third = new Link();
        first.next = second;
        second.next = third;
        third.value = phone.getDeviceId();
        Log.i("t", last(first));
    }
}
