// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.umeng.commonsdk;

import android.content.Context;

import com.umeng.commonsdk.debug.UMLog;
import com.umeng.commonsdk.statistics.common.DeviceConfig;
import com.umeng.commonsdk.utils.UMUtils;

/** The entry that apps call. Connects to nobody. */
public class UMConfigure {
    public static final int DEVICE_TYPE_PHONE = 1;
    static final String LOG_HOST = "https://alogs.umeng.com/unify_logs";

    public static void init(Context context, String key, String channel, int deviceType, String secret) {
        UMLog.info(UMUtils.describe(key, channel, LOG_HOST) + DeviceConfig.getAndroidId(context).length());
    }
}
