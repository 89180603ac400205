package cn.mingcha.demo.flashlight;

import android.content.Context;
import android.content.SharedPreferences;

/** What the user chose, kept on the phone. */
final class Choices {
    private static final String CONSENT = "consent";
    private static final String CONTACTS_DENIED = "contacts_denied";
    private static final String PHONE = "phone";
    private final SharedPreferences kept;

    Choices(Context context) {
        kept = context.getSharedPreferences("choices", Context.MODE_PRIVATE);
    }

    boolean asked() {
        return kept.contains(CONSENT);
    }

    boolean agreed() {
        return kept.getBoolean(CONSENT, false);
    }

    void keep(boolean agreed) {
        kept.edit().putBoolean(CONSENT, agreed).apply();
    }

    boolean contactsDenied() {
        return kept.getBoolean(CONTACTS_DENIED, false);
    }

    void keepContactsDenied() {
        kept.edit().putBoolean(CONTACTS_DENIED, true).apply();
    }

    String phone() {
        return kept.getString(PHONE, "");
    }

    void keepPhone(String number) {
        kept.edit().putString(PHONE, number).apply();
    }
}
