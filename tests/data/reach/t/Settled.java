package t;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import android.os.Bundle;
import android.view.ActionMode;
import android.widget.TextView;
import java.io.IOException;
import org.xmlpull.v1.XmlPullParser;
import org.xmlpull.v1.XmlPullParserException;

/** Branches that the manifest, the resources or the code itself settle, and names that stand in a field. */
class Settled {
    static boolean debug;
    static boolean changed;
    static int kind = -1;

    static void setKind(int given) { kind = given; }

    static boolean debugs() { return debug; }

    static class App extends Named {
        public App() { super("t.Settled$Late"); }
    }

    static class Named extends Application {
        private final String name;

        Named(String name) { this.name = name; }

        @Override public void onCreate() {
            try {
                Object late = Class.forName(name).newInstance();
                Class.forName(name).getMethod("begin").invoke(late);
            } catch (ReflectiveOperationException none) {
                debug = false;
            }
        }
    }

    static class Late { public void begin() { Secret.namedInField(); } }

    static class Main extends Activity {
        @Override protected void onCreate(Bundle saved) {
            setKind(1);
            changed = saved != null;
            if (Build.VERSION.SDK_INT < 14) Secret.tooOld();
            if (Build.VERSION.SDK_INT < 23) Secret.oldEnough();
            if (debugs()) Secret.debugged();
            if (changed) Secret.wasChanged();
            switch (kind) {
                case 2: Secret.otherKind(); break;
                default: Secret.thisKind();
            }
            if (found(this) != null) Secret.permitted();
            if (granted(this, "android.permission.RECORD_AUDIO")) Secret.mayBeGranted();
            Task task = debugs() ? new Never() : new Always();
            task.go();
            new Field(this);
            try {
                open(this, 2);
                read(getResources().getXml(1));
            } catch (XmlPullParserException | IOException none) {
                debug = false;
            }
        }

        @Override protected void onStop() { Secret.left(); }

        private static void read(XmlPullParser parser) throws XmlPullParserException, IOException {
            parser.require(XmlPullParser.START_TAG, null, "font-family");
            Secret.fontRead();
        }

        private static void open(Context context, int file) throws XmlPullParserException, IOException {
            context.getResources().getXml(file).require(XmlPullParser.START_TAG, null, "menu");
            Secret.menuRead();
        }

        private static boolean granted(Context context, String name) {
            return context.checkSelfPermission(name) == PackageManager.PERMISSION_GRANTED;
        }

        private static Object found(Context context) {
            Object one = null;
            if (granted(context, "android.permission.CAMERA")) one = new Object();
            return one;
        }
    }

    static class Field extends TextView {
        Field(Context context) { super(context); }

        @Override public void setCustomSelectionActionModeCallback(ActionMode.Callback asked) { Secret.neverCalled(); }
    }

    interface Task { void go(); }

    static class Never implements Task { @Override public void go() { Secret.neverMade(); } }

    static class Always implements Task { @Override public void go() { Secret.alwaysMade(); } }
}
