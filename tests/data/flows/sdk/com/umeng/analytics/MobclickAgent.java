package com.umeng.analytics;

/** Stands for the SDK's class of this name; keeps what it is given. */
public class MobclickAgent {
    private static String account;

    public static void onProfileSignIn(String id) { account = id; }
}
