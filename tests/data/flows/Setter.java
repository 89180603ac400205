package t;

import android.app.Activity;
import android.os.Bundle;
import android.telephony.TelephonyManager;
import com.umeng.analytics.MobclickAgent;

/** A value handed to an SDK's own call is received by the SDK. */
public class Setter extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        handed(phone);
        named();
        own(phone);
    }

    void handed(TelephonyManager phone) { MobclickAgent.onProfileSignIn(phone.getDeviceId()); }

    void named() { MobclickAgent.onProfileSignIn("somebody"); }

    void own(TelephonyManager phone) { keep(phone.getDeviceId()); }

    void keep(String text) { text.length(); }
}
