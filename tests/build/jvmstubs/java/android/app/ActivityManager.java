package android.app;

import java.util.Collections;
import java.util.List;

public class ActivityManager {
    public static class RunningAppProcessInfo {
    }

    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        return Collections.emptyList();
    }
}
