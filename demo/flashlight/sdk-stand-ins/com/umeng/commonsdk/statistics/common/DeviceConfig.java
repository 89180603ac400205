// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.umeng.commonsdk.statistics.common;

import android.content.Context;
import android.provider.Settings;

/** Reads the Android ID, so that a report has a call site that belongs to an SDK. */
public class DeviceConfig {
    public static String getAndroidId(Context context) {
        return String.valueOf(Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID));
    }
}
