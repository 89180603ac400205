package com.igexin.sdk;

/** Of an SDK that is not in the app but brought in while it runs. */
public class PushManager implements Runnable {
    @Override
    public void run() {
        initialize();
    }

    public void initialize() {
    }
}
