// Written for the Mingcha demo: a stand-in under the SDK's name, without its code or function. See README.md here.
package com.tencent.bugly.crashreport;

/** Forgets what it is told. */
public class BuglyLog {
    public static void info(String text) {
    }
}
