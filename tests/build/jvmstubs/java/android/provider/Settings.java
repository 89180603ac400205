package android.provider;

import android.content.ContentResolver;

public class Settings {
    public static class Secure {
        public static String getString(ContentResolver resolver, String name) {
            return getStringForUser(resolver, name, 0);
        }

        public static String getStringForUser(ContentResolver resolver, String name, int user) {
            return name.equals("android_id") ? "3f1c9b2a7d604e85" : "7";
        }
    }
}
