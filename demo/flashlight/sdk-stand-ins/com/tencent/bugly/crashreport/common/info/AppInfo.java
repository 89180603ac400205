// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.tencent.bugly.crashreport.common.info;

import android.content.Context;
import android.provider.Settings;

/** Reads what the twin may read once its user has agreed, and what the other app reads before. */
public class AppInfo {
    public static String androidId(Context context) {
        return String.valueOf(Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID));
    }
}
