package cn.mingcha.demo.flashlight;

import android.app.Application;

/** Starts the crash reports again where the user agreed to them earlier, and nothing else. */
public class FlashlightApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (new Choices(this).agreed()) {
            CrashReports.start(this);
        }
    }
}
