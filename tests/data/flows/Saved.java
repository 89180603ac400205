package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** Saved state comes back when the activity is made again, each value under its key. */
public class Saved extends Activity {
    @Override protected void onCreate(Bundle saved) {
        created(saved);
        createdOther(saved);
    }

    void created(Bundle saved) { if (saved != null) Log.i("t", saved.getString("k")); }

    void createdOther(Bundle saved) { if (saved != null) Log.i("t", saved.getString("other")); }

    @Override protected void onSaveInstanceState(Bundle state) {
        state.putString("k", ((TelephonyManager) getSystemService("phone")).getDeviceId());
        state.putString("other", "x");
    }

    @Override protected void onRestoreInstanceState(Bundle state) {
        Log.i("t", state.getString("k"));
        restoredOther(state);
    }

    void restoredOther(Bundle state) { Log.i("t", state.getString("other", "y")); }
}
