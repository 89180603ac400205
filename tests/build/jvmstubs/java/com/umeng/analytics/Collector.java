package com.umeng.analytics;

import android.bluetooth.BluetoothAdapter;
import android.net.wifi.WifiInfo;
import android.os.Build;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import com.example.app.Truth;
import com.google.android.gms.ads.identifier.AdvertisingIdClient;

/** Calls from the package of an SDK that the catalogue knows. */
public class Collector {
    private static final String ME = "umeng-analytics";

    public void collect() {
        Truth.next(ME, "android.provider.Settings$Secure.getString", "value");
        Settings.Secure.getString(null, "android_id");
        Truth.next(ME, "android.telephony.TelephonyManager.getImei", "denied");
        Truth.refused(new Refused());
        Truth.next(ME, "android.telephony.TelephonyManager.getSubscriberId", "null");
        new TelephonyManager().getSubscriberId();
        Truth.next(ME, "android.net.wifi.WifiInfo.getMacAddress", "zeroed");
        new WifiInfo().getMacAddress();
        Truth.next(ME, "android.net.wifi.WifiInfo.getBSSID", "value");
        new WifiInfo().getBSSID();
        Truth.next(ME, "android.bluetooth.BluetoothAdapter.getAddress", "value");
        new BluetoothAdapter().getAddress();
        Truth.next(ME, "android.os.Build.getSerial", "zeroed");
        Build.getSerial();
        Truth.next(ME, "com.google.android.gms.ads.identifier.AdvertisingIdClient$Info.getId", "zeroed");
        new AdvertisingIdClient.Info().getId();
        Truth.next(ME, "android.telephony.TelephonyManager.getSimSerialNumber", "value");
        reflected();
        Settings.Secure.getString(null, "volume_music"); // no identifier: not to be told
    }

    /** As SDKs call what they would rather not be seen to call. */
    private static void reflected() {
        try {
            TelephonyManager.class.getMethod("getSimSerialNumber").invoke(new TelephonyManager());
        } catch (ReflectiveOperationException never) {
            throw new AssertionError(never);
        }
    }

    private static class Refused implements Runnable {
        @Override
        public void run() {
            new TelephonyManager().getImei(0);
        }
    }
}
