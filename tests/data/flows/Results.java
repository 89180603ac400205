package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

/** What an activity answers goes back to the one that asked. */
public class Results extends Activity {
    @Override protected void onCreate(Bundle saved) { startActivityForResult(new Intent(this, Answers.class), 7); }

    @Override protected void onActivityResult(int request, int result, Intent data) {
        Log.i("t", data.getStringExtra("k"));
        other(data);
    }

    void other(Intent data) { Log.i("t", data.getStringExtra("other")); }

    public static class Answers extends Activity {
        @Override protected void onCreate(Bundle saved) {
            Intent answer = new Intent();
            answer.putExtra("k", ((TelephonyManager) getSystemService("phone")).getDeviceId());
            answer.putExtra("other", "x");
            setResult(RESULT_OK, answer);
            finish();
        }
    }

    public static class AnswersAnybody extends Activity {
        @Override protected void onCreate(Bundle saved) {
            setResult(RESULT_OK, new Intent().putExtra("z", ((TelephonyManager) getSystemService("phone")).getSubscriberId()));
        }
    }
}
