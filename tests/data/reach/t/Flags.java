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
            if (!cautious(kept, saved == null)) {
                Secret.constant();
            }
            if ((Boolean) Any.get(this, "boxed", false)) {
                Secret.boxed();
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
            if (kept.contains("agreed")) {
                Secret.asked();
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
                    Any.put(context, "boxed", true);
                }
            });
            Any.put(this, "boxed", false);
            rest(kept);
        }

        private static boolean cautious(SharedPreferences kept, boolean first) {
            return first ? kept.getBoolean("first", true) : false;
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

    /** A class around the store for values of any type. */
    static class Any {
        static void put(Context context, String key, Object value) {
            SharedPreferences.Editor editor = context.getSharedPreferences("any", 0).edit();
            if (value instanceof String) {
                editor.putString(key, (String) value);
            } else if (value instanceof Integer) {
                editor.putInt(key, (Integer) value);
            } else if (value instanceof Boolean) {
                editor.putBoolean(key, (Boolean) value);
            }
            editor.apply();
        }

        static Object get(Context context, String key, Object otherwise) {
            SharedPreferences kept = context.getSharedPreferences("any", 0);
            if (otherwise instanceof String) {
                return kept.getString(key, (String) otherwise);
            } else if (otherwise instanceof Integer) {
                return kept.getInt(key, (Integer) otherwise);
            } else if (otherwise instanceof Boolean) {
                return kept.getBoolean(key, (Boolean) otherwise);
            }
            return null;
        }
    }
}
