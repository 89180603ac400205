// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.umeng.analytics;

import android.content.Context;

/** Counts nothing. */
public class MobclickAgent {
    public static void onResume(Context context) {
    }

    public static void onPause(Context context) {
    }
}
