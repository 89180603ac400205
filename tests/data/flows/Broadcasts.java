package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Broadcasts arrive at receivers of the manifest and of the code, and may be heard by others. */
public class Broadcasts extends Activity {
    private TelephonyManager phone() { return (TelephonyManager) getSystemService("phone"); }

    @Override protected void onCreate(Bundle saved) {
        registerReceiver(new InCode(), new IntentFilter("t.CODE"));
        registerReceiver(new OtherInCode(), new IntentFilter("t.OTHER"));
        toManifest();
        toCode();
        toClass();
        caught();
    }

    void toManifest() { sendBroadcast(new Intent("t.MANIFEST").putExtra("k", phone().getDeviceId())); }

    void toCode() { sendBroadcast(new Intent("t.CODE").putExtra("k", phone().getSubscriberId())); }

    void toClass() { sendBroadcast(new Intent(this, ByClass.class).putExtra("k", phone().getSimSerialNumber())); }

    void caught() { sendBroadcast(new Intent("t.NOTHING")); }

    static class InCode extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) { Log.i("t", intent.getStringExtra("k")); }
    }

    static class OtherInCode extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) { Log.i("t", intent.getStringExtra("k")); }
    }

    public static class InManifest extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) { Log.i("t", intent.getStringExtra("k")); }
    }

    public static class OtherInManifest extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) { Log.i("t", intent.getStringExtra("k")); }
    }

    public static class ByClass extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) { Log.i("t", intent.getStringExtra("k")); }
    }
}
