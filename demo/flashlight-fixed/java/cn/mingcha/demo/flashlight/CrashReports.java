package cn.mingcha.demo.flashlight;

import android.content.Context;

import com.tencent.bugly.crashreport.CrashReport;

/** The one SDK; whoever calls this has the user's agreement. */
final class CrashReports {
    private CrashReports() {
    }

    static void start(Context context) {
        CrashReport.initCrashReport(context, "demo-without-function", false);
        CrashReport.setAppChannel(context, "demo");
    }
}
