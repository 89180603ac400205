package com.example.app;

import android.accounts.AccountManager;
import android.app.ApplicationPackageManager;
import android.content.ContentResolver;
import android.hardware.Camera;
import android.location.LocationManager;
import android.media.AudioRecord;
import android.net.Uri;
import android.net.wifi.WifiInfo;
import android.telephony.TelephonyManager;
import cn.jpush.android.service.Worker;
import com.umeng.analytics.Collector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;

/** Does what it is told on its standard input: read, consent, load N, idle N, storm THREADS N, plugin FOLDER, quit. */
public class Main {
    private static final String ME = "app";
    private static final String PHONE = "android.telephony.TelephonyManager.";

    public static void main(String[] arguments) throws Exception {
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "read":
                    read();
                    break;
                case "consent":
                    Truth.consent();
                    break;
                case "load":
                    load(Integer.parseInt(words[1]));
                    break;
                case "idle":
                    idle(Integer.parseInt(words[1]));
                    break;
                case "storm":
                    storm(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                    break;
                case "plugin":
                    plugin(words[1]);
                    break;
                case "quit":
                    return;
                default:
                    throw new IllegalArgumentException(line);
            }
            System.out.println("done");
        }
    }

    private static void read() throws InterruptedException {
        Truth.next(ME, PHONE + "getDeviceId", "value");
        new TelephonyManager().getDeviceId();
        Truth.next(ME, "android.net.wifi.WifiInfo.getSSID", "value");
        new WifiInfo().getSSID();
        Truth.next(ME, "android.location.LocationManager.getLastKnownLocation", "value");
        new LocationManager().getLastKnownLocation("gps");
        Truth.next(ME, "android.content.ContentResolver.query", "value");
        new ContentResolver().query(Uri.parse("content://com.android.contacts/data"), null, null, null, null);
        Truth.next(ME, "android.accounts.AccountManager.getAccounts", "value");
        new AccountManager().getAccounts();
        Truth.next(ME, "android.hardware.Camera.open", "value");
        Camera.open(1);
        Truth.next(ME, "android.media.AudioRecord.<init>", "unknown");
        AudioRecord recorder = new AudioRecord();
        Truth.next(ME, "android.media.AudioRecord.startRecording", "exception");
        Truth.refused(() -> recorder.startRecording());
        new ContentResolver().query(Uri.parse("content://com.example.app.notes/all"), null, null, null, null); // its own
        new ApplicationPackageManager().getPackageInfo("com.example.app", 0); // about itself
        new Collector().collect();
        Worker worker = new Worker();
        worker.start();
        worker.join();
    }

    /** Prints the nanoseconds of one call. */
    private static void load(int calls) {
        TelephonyManager phone = new TelephonyManager();
        long began = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            phone.getSimSerialNumber();
        }
        System.out.println("nanoseconds\t" + (System.nanoTime() - began) / calls);
    }

    /** The same for calls that are looked at and are none of the catalogue's. */
    private static void idle(int calls) {
        ApplicationPackageManager packages = new ApplicationPackageManager();
        long began = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            packages.getPackageInfo("com.example.app", 0);
        }
        System.out.println("nanoseconds\t" + (System.nanoTime() - began) / calls);
    }

    private static Runnable pushManager;

    /** Loads a class from elsewhere, the first time, and calls it, the second time. */
    private static void plugin(String folder) throws ReflectiveOperationException, IOException {
        if (pushManager == null) {
            ClassLoader loader = new URLClassLoader(new URL[] {new URL(folder)});
            pushManager = (Runnable) loader.loadClass("com.igexin.sdk.PushManager").getConstructor().newInstance();
        } else {
            pushManager.run();
        }
    }

    /** Many threads at once, some of whose calls throw. */
    private static void storm(int threads, int calls) throws InterruptedException {
        Thread[] all = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            all[t] = new Thread(() -> {
                TelephonyManager phone = new TelephonyManager();
                for (int i = 0; i < calls; i++) {
                    phone.getDeviceId();
                    Truth.refused(() -> phone.getImei(0));
                }
            }, "storm-" + t);
        }
        for (Thread one : all) {
            one.start();
        }
        for (Thread one : all) {
            one.join();
        }
    }
}
