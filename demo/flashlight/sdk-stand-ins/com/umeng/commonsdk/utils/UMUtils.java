// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.umeng.commonsdk.utils;

/** Joins three words. */
public class UMUtils {
    public static String describe(String key, String channel, String host) {
        return key + ' ' + channel + ' ' + host;
    }
}
