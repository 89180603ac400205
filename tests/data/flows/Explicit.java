package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Intents to named components of the app stay inside and arrive there. */
public class Explicit extends Activity {
    private TelephonyManager phone() { return (TelephonyManager) getSystemService("phone"); }

    @Override protected void onCreate(Bundle saved) {
        byClass();
        byName();
        bundled();
        foreign();
        serve();
    }

    void byClass() { startActivity(new Intent(this, Second.class).putExtra("k", phone().getDeviceId()).putExtra("other", "x")); }

    void byName() {
        Intent intent = new Intent();
        intent.setClassName(getPackageName(), "t.Explicit$Third");
        intent.putExtra("k", phone().getSubscriberId());
        startActivity(intent);
    }

    void bundled() {
        Bundle bundle = new Bundle();
        bundle.putString("k", phone().getSimSerialNumber());
        Intent intent = new Intent();
        intent.setComponent(new ComponentName(this, Fourth.class));
        intent.putExtras(bundle);
        startActivity(intent);
    }

    void foreign() {
        Intent intent = new Intent();
        intent.setClassName("com.other.app", "com.other.app.Main");
        intent.putExtra("k", phone().getLine1Number());
        startActivity(intent);
    }

    void serve() { startService(new Intent(this, Serves.class).putExtra("k", phone().getDeviceId())); }

    public static class Second extends Activity {
        @Override protected void onCreate(Bundle saved) {
            Log.i("t", getIntent().getStringExtra("k"));
            other();
        }
        void other() { Log.i("t", getIntent().getStringExtra("other")); }
    }

    public static class Third extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", getIntent().getExtras().getString("k")); }
    }

    public static class Fourth extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", getIntent().getStringExtra("k")); }
    }

    public static class NotStarted extends Activity {
        @Override protected void onCreate(Bundle saved) { Log.i("t", getIntent().getStringExtra("k")); }
    }

    public static class Serves extends Service {
        @Override public int onStartCommand(Intent intent, int flags, int id) {
            Log.i("t", intent.getStringExtra("k"));
            return 0;
        }
        @Override public IBinder onBind(Intent intent) { return null; }
    }
}
