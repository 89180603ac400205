package t;

import android.app.Activity;
import android.content.Context;
import android.os.Bundle;
import android.view.View;
import android.webkit.WebView;

/** What runs because somebody gives its name, and what does not. */
class Names {
    static class Main extends Activity {
        @Override protected void onCreate(Bundle saved) {
            try {
                Object made = Class.forName("t.Names$Made").newInstance();
                Class.forName("t.Names$Hidden").getMethod("run").invoke(null);
                use(made);
            } catch (ReflectiveOperationException none) {
                use(none);
            }
            new WebView(this).addJavascriptInterface(new Page(), "page");
            setContentView(0x7f030001);
            enqueue(Job.class);
            Base used = new Small();
            used.act();
        }

        private void use(Object what) { }

        private static void enqueue(Class<? extends Work> job) { }
    }

    static class Made { Made() { Secret.constructed(); } }

    static class Hidden { public static void run() { Secret.reflected(); } }

    static class Page { public void fromPage() { Secret.page(); } }

    static class Custom extends View {
        Custom(Context context) { super(context); Secret.custom(); }
    }

    /** As a library for background work makes and calls it. */
    abstract static class Work implements Runnable { }

    static class Job extends Work { @Override public void run() { Secret.worked(); } }

    abstract static class Base { abstract void act(); }

    static class Small extends Base { @Override void act() { Secret.overridden(); } }

    static class Large extends Base { @Override void act() { Secret.notMade(); } }

    /** A library's dialog: it passes the act on, but begins nothing by itself. */
    static class Dialogs extends Activity {
        @Override protected void onCreate(Bundle saved) { pass(new Tap(), null); }

        private static void pass(View.OnClickListener listener, View view) { listener.onClick(view); }
    }

    static class Tap implements View.OnClickListener {
        @Override public void onClick(View v) { Secret.passedOn(); }
    }
}
