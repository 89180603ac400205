package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.util.*;
import java.util.concurrent.*;

/** Code handed to threads, handlers, timers, executors and tasks runs; what is handed to nobody does not. */
public class Later extends Activity {
    static class Told implements Runnable {
        final String text;
        Told(String text) { this.text = text; }
        public void run() { Log.i("t", text); }
    }

    static class InThread extends Told { InThread(String t) { super(t); } @Override public void run() { Log.i("t", text); } }

    static class Posted extends Told { Posted(String t) { super(t); } @Override public void run() { Log.i("t", text); } }

    static class Delayed extends Told { Delayed(String t) { super(t); } @Override public void run() { Log.i("t", text); } }

    static class OnUi extends Told { OnUi(String t) { super(t); } @Override public void run() { Log.i("t", text); } }

    static class Never extends Told { Never(String t) { super(t); } @Override public void run() { Log.i("t", text); } }

    static class Empty extends Told { Empty() { super("x"); } @Override public void run() { Log.i("t", text); } }

    static class Own extends Thread {
        String text = "";
        @Override public void run() { Log.i("t", text); }
    }

    static class Ticks extends TimerTask {
        final String text;
        Ticks(String text) { this.text = text; }
        @Override public void run() { Log.i("t", text); }
    }

    static class Task extends AsyncTask<String, String, String> {
        @Override protected String doInBackground(String... given) { publishProgress(given[0]); return given[0]; }
        @Override protected void onProgressUpdate(String... values) { Log.i("t", values[0]); }
        @Override protected void onPostExecute(String result) { Log.i("t", result); }
    }

    static class Forgetful extends AsyncTask<String, Void, String> {
        @Override protected String doInBackground(String... given) { return "x"; }
        @Override protected void onPostExecute(String result) { Log.i("t", result); }
    }

    static class Receives extends Handler {
        @Override public void handleMessage(Message message) { Log.i("t", (String) message.obj); }
    }

    static class ReceivesNumber extends Handler {
        @Override public void handleMessage(Message message) { Log.i("t", "" + message.what); }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        new Thread(new InThread(phone.getDeviceId())).start();
        new Handler().post(new Posted(phone.getDeviceId()));
        new Handler().postDelayed(new Delayed(phone.getDeviceId()), 5000);
        runOnUiThread(new OnUi(phone.getDeviceId()));
        Runnable never = new Never(phone.getDeviceId());
        never.hashCode();
        new Thread(new Empty()).start();
        Own own = new Own();
        own.text = phone.getDeviceId();
        own.start();
        new Timer().schedule(new Ticks(phone.getDeviceId()), 5, 5);
        new Task().execute(phone.getDeviceId());
        new Forgetful().execute(phone.getDeviceId());
        Handler receives = new Receives();
        Message message = Message.obtain();
        message.obj = phone.getDeviceId();
        receives.sendMessage(message);
        new Receives().obtainMessage(1, phone.getSubscriberId()).sendToTarget();
        new ReceivesNumber().obtainMessage(1, phone.getDeviceId()).sendToTarget();
        submitted(phone);
        anonymous(phone);
    }

    void submitted(final TelephonyManager phone) {
        Future<String> future = Executors.newSingleThreadExecutor().submit(new Callable<String>() {
            @Override public String call() { return phone.getDeviceId(); }
        });
        try {
            Log.i("t", future.get());
        } catch (Exception e) {
            return;
        }
    }

    String found = "";

    void anonymous(final TelephonyManager phone) {
        new Thread(new Runnable() {
            @Override public void run() { found = phone.getDeviceId(); }
        }).start();
    }

    @Override protected void onStop() { Log.i("t", found); }
}
