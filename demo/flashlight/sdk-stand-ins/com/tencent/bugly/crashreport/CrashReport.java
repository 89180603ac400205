// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.tencent.bugly.crashreport;

import android.content.Context;

import com.tencent.bugly.BuglyStrategy;
import com.tencent.bugly.crashreport.common.info.AppInfo;

/** The entry that apps call. Reports nothing. */
public class CrashReport {
    /** Only a name. */
    public static class UserStrategy extends BuglyStrategy {
    }

    public static void initCrashReport(Context context, String id, boolean debug) {
        BuglyLog.info(id + AppInfo.androidId(context).length());
    }

    public static void setUserId(String id) {
    }

    public static void setAppChannel(Context context, String channel) {
    }
}
