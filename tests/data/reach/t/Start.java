package t;

import android.app.Activity;
import android.app.Application;
import android.app.Service;
import android.content.BroadcastReceiver;
import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.content.Intent;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Message;
import java.util.Timer;
import java.util.TimerTask;

/** Where Android enters an app, and what runs from there without anybody's act. */
class Start {
    static class App extends Application {
        @Override protected void attachBaseContext(Context base) { super.attachBaseContext(base); Secret.attached(); }
        @Override public void onCreate() { super.onCreate(); Secret.application(); Touched.value = 1; }
    }

    static class Touched {
        static int value;
        static { Secret.initialised(); }
    }

    static class First extends Provider {
        @Override public boolean onCreate() { Secret.firstProvider(); return true; }
        @Override public Cursor query(Uri u, String[] c, String w, String[] v, String o) { Secret.queried(); return null; }
    }

    static class Second extends Provider {
        @Override public boolean onCreate() { Secret.secondProvider(); return true; }
    }

    abstract static class Provider extends ContentProvider {
        @Override public Cursor query(Uri u, String[] c, String w, String[] v, String o) { return null; }
        @Override public String getType(Uri u) { return null; }
        @Override public Uri insert(Uri u, ContentValues v) { return null; }
        @Override public int delete(Uri u, String w, String[] v) { return 0; }
        @Override public int update(Uri u, ContentValues x, String w, String[] v) { return 0; }
    }

    static class Main extends Activity {
        @Override protected void onCreate(Bundle saved) {
            super.onCreate(saved);
            new Thread(new Runnable() { @Override public void run() { Secret.thread(); } }).start();
            new Handler() { @Override public void handleMessage(Message m) { Secret.handler(); } }.sendEmptyMessage(0);
            new Timer().schedule(new TimerTask() { @Override public void run() { Secret.timer(); } }, 1000);
            startService(new Intent(this, Worker.class));
            remember();
        }

        private static Object remember() { return Mentioned.class; }

        private void nobodyCalls() { Secret.nobody(); }
    }

    static class Worker extends Service {
        @Override public int onStartCommand(Intent i, int f, int n) { Secret.service(); return 0; }
        @Override public IBinder onBind(Intent i) { return null; }
    }

    static class Mentioned extends Activity {
        @Override protected void onCreate(Bundle saved) { Secret.mentioned(); }
    }

    static class Boot extends BroadcastReceiver {
        @Override public void onReceive(Context c, Intent i) { Secret.boot(); }
    }

    static class Open extends Activity {
        @Override protected void onCreate(Bundle saved) { Secret.opened(); }
    }
}
