package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Services that are bound: messages through a Messenger, and calls on a local binder. */
public class Bound extends Activity {
    final ServiceConnection toMessages = new ServiceConnection() {
        @Override public void onServiceConnected(ComponentName name, IBinder binder) {
            Message message = Message.obtain();
            Bundle bundle = new Bundle();
            bundle.putString("k", ((TelephonyManager) getSystemService("phone")).getDeviceId());
            bundle.putString("other", "x");
            message.setData(bundle);
            try {
                new Messenger(binder).send(message);
            } catch (RemoteException e) {
                return;
            }
        }
        @Override public void onServiceDisconnected(ComponentName name) { }
    };

    final ServiceConnection toLocal = new ServiceConnection() {
        @Override public void onServiceConnected(ComponentName name, IBinder binder) {
            Local local = ((LocalBinder) binder).service();
            local.keep(((TelephonyManager) getSystemService("phone")).getSubscriberId());
        }
        @Override public void onServiceDisconnected(ComponentName name) { }
    };

    @Override protected void onCreate(Bundle saved) {
        bindService(new Intent(this, Messages.class), toMessages, BIND_AUTO_CREATE);
        bindService(new Intent(this, Local.class), toLocal, BIND_AUTO_CREATE);
    }

    static class Incoming extends Handler {
        @Override public void handleMessage(Message message) {
            Log.i("t", message.getData().getString("k"));
            other(message);
        }
        void other(Message message) { Log.i("t", message.getData().getString("other")); }
    }

    public static class Messages extends Service {
        private final Messenger messenger = new Messenger(new Incoming());
        @Override public IBinder onBind(Intent intent) { return messenger.getBinder(); }
    }

    static class LocalBinder extends Binder {
        final Local local;
        LocalBinder(Local local) { this.local = local; }
        Local service() { return local; }
    }

    public static class Local extends Service {
        String kept = "";
        @Override public IBinder onBind(Intent intent) { return new LocalBinder(this); }
        void keep(String text) {
            kept = text;
            Log.i("t", text);
        }
        @Override public boolean onUnbind(Intent intent) {
            Log.i("t", kept);
            return false;
        }
    }
}
