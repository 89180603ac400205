package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** What arrives only in a later turn of a loop arrives. */
public class Loops extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        moved(phone);
        nextTurn(phone);
        firstTurn(phone);
        afterwards(phone);
        chain(phone);
        none(phone);
    }

    void moved(TelephonyManager phone) {
        String a = "", b = "", c = "", d = "";
        for (int i = 0; i < 5; i++) {
            a = b;
            b = c;
            c = d;
            d = phone.getDeviceId();
        }
        Log.i("t", a);
    }

    void nextTurn(TelephonyManager phone) {
        String text = "x";
        for (int i = 0; i < 3; i++) {
            Log.i("t", text);
            text = phone.getDeviceId();
        }
    }

    void firstTurn(TelephonyManager phone) {
        for (int i = 0; i < 3; i++) {
            String text = "x";
            Log.i("t", text);
            text = phone.getDeviceId();
            text.length();
        }
    }

    void afterwards(TelephonyManager phone) {
        String text = phone.getDeviceId();
        int i = (int) System.currentTimeMillis();
        do {
            text = "x";
        } while (i-- > 0);
        Log.i("t", text);
    }

    static class Link {
        Link next;
        String value;
    }

    void chain(TelephonyManager phone) {
        Link first = null;
        for (int i = 0; i < 3; i++) {
            Link link = new Link();
            link.next = first;
            link.value = phone.getDeviceId();
            first = link;
        }
        Log.i("t", first.next.next.value);
    }

    void none(TelephonyManager phone) {
        String text = "x";
        while (System.currentTimeMillis() > 5) text = text + phone.getDeviceId().length();
        Log.i("t", text);
    }
}
