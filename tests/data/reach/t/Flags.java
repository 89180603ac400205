package t;

import android.app.Activity;
import android.content.Context;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.view.View;

/** Flags that are kept on the phone: written behind the agree button, or elsewhere. */
class Flags {
    static class Main extends Activity {
        @Override protected void onCreate(Bundle saved) {
            SharedPreferences kept = getSharedPreferences("kept", 0);
            if (kept.getBoolean("agreed", false)) {
                Secret.direct();
            }
            if (Store.get(this, "wrapped", false)) {
                Secret.wrapped();
            }
            if (kept.getBoolean("first", true)) {
                Secret.early();
            } else {
                Secret.turned();
            }
            if (kept.getBoolean("elsewhere", false)) {
                Secret.elsewhere();
            }
            if (kept.getBoolean("mixed", false)) {
                Secret.mixed();
            }
            if (kept.getInt("count", 0) == 1) {
                Secret.counted();
            }
            if (kept.getBoolean("unnamed", false)) {
                Secret.unnamed();
            }
            kept.edit().putBoolean("agreed", false).apply();
            kept.edit().putBoolean("elsewhere", true).apply();
            kept.edit().putBoolean("mixed", true).apply();
            Store.put(this, "seen", true);
            findViewById(Agree.AGREE).setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) {
                    Context context = v.getContext();
                    SharedPreferences kept = context.getSharedPreferences("kept", 0);
                    kept.edit().putBoolean("agreed", true).putBoolean("mixed", true).putBoolean("first", false).apply();
                    kept.edit().putInt("count", 1).apply();
                    Store.put(context, "wrapped", true);
                }
            });
            rest(kept);
        }

        private void rest(SharedPreferences kept) {
            if (!kept.getBoolean("agreed", false)) {
                return;
            }
            Secret.afterReturn();
        }
    }

    /** A class around the store. */
    static class Store {
        static boolean get(Context context, String key, boolean otherwise) {
            return open(context).getBoolean(key, otherwise);
        }

        static void put(Context context, String key, boolean value) {
            open(context).edit().putBoolean(key, value).apply();
        }

        private static SharedPreferences open(Context context) {
            return context.getSharedPreferences("store", 0);
        }
    }
}
