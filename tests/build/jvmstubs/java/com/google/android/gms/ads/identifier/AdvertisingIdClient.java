package com.google.android.gms.ads.identifier;

public class AdvertisingIdClient {
    public static final class Info {
        public String getId() {
            return "00000000-0000-0000-0000-000000000000";
        }

        public boolean isLimitAdTrackingEnabled() {
            return true;
        }
    }
}
