package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** What is kept under a key of one store is found under that key of that store, by every component. */
public class Preferences extends Activity {
    @Override protected void onCreate(Bundle saved) {
        SharedPreferences one = getSharedPreferences("one", 0);
        one.edit().putString("k", ((TelephonyManager) getSystemService("phone")).getDeviceId()).putString("other", "x").apply();
        same(one);
        otherKey(one);
        otherStore(getSharedPreferences("two", 0));
    }

    void same(SharedPreferences one) { Log.i("t", one.getString("k", "")); }

    void otherKey(SharedPreferences one) { Log.i("t", one.getString("other", "")); }

    void otherStore(SharedPreferences two) { Log.i("t", two.getString("k", "")); }

    public static class Second extends Activity {
        @Override protected void onCreate(Bundle saved) {
            SharedPreferences one = getSharedPreferences("one", 0);
            Log.i("t", one.getString("k", ""));
            other(one);
        }
        void other(SharedPreferences one) { Log.i("t", one.getString("other", "") + one.getBoolean("flag", false)); }
    }
}
