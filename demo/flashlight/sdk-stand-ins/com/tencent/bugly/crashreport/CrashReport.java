// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.tencent.bugly.crashreport;

import android.content.Context;

import com.tencent.bugly.BuglyStrategy;

/** The entry that apps call. Reports nothing. */
public class CrashReport {
    /** Only a name. */
    public static class UserStrategy extends BuglyStrategy {
    }

    public static void initCrashReport(Context context, String id, boolean debug) {
        BuglyLog.info(id);
    }
}
