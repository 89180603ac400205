package cn.mingcha.demo.flashlight;

import android.content.Context;
import android.content.SharedPreferences;

/** Whether the user agreed; the only thing kept, and only on the phone. */
final class Choices {
    private static final String CONSENT = "consent";
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

    void clear() {
        kept.edit().clear().apply();
    }
}
