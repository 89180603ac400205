package cn.mingcha.demo.flashlight;

import android.app.Application;
import android.content.Context;
import android.provider.Settings;
import android.telephony.TelephonyManager;

import com.tencent.bugly.crashreport.CrashReport;
import com.umeng.commonsdk.UMConfigure;

/** Starts everything at once. */
public class FlashlightApplication extends Application {
    static final Device DEVICE = new Device();
    static String androidId;

    /**
     * PLANTED idm-2019/3.1 and 3.2: runs before anybody was asked, and again whatever was answered. Both SDKs start here.
     * PLANTED idm-2019/5.1: the setter gives the IMEI to a third party.
     */
    @Override
    public void onCreate() {
        super.onCreate();
        TelephonyManager telephony = (TelephonyManager) getSystemService(Context.TELEPHONY_SERVICE);
        DEVICE.setChannel("demo");
        try {
            DEVICE.setImei(telephony.getDeviceId());
        } catch (SecurityException refused) {
            DEVICE.setImei("");
        }
        androidId = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        UMConfigure.init(this, "demo-without-function", DEVICE.getChannel(), UMConfigure.DEVICE_TYPE_PHONE, null);
        CrashReport.initCrashReport(this, "demo-without-function", false);
        CrashReport.setUserId(DEVICE.getImei());
    }
}
