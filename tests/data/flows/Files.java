package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.io.*;

/** A file that was written gives what it was given. */
public class Files extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            write(phone);
            writeNothing(phone);
            read();
            readOther();
            written(phone);
            reread();
            private_(phone);
        } catch (IOException e) {
            return;
        }
    }

    void write(TelephonyManager phone) throws IOException {
        FileOutputStream out = openFileOutput("one.txt", MODE_PRIVATE);
        out.write(phone.getDeviceId().getBytes());
        out.close();
    }

    void writeNothing(TelephonyManager phone) throws IOException {
        phone.getDeviceId();
        FileOutputStream out = openFileOutput("two.txt", MODE_PRIVATE);
        out.write("x".getBytes());
        out.close();
    }

    void read() throws IOException {
        Log.i("t", new BufferedReader(new InputStreamReader(openFileInput("one.txt"))).readLine());
    }

    void readOther() throws IOException {
        Log.i("t", new BufferedReader(new InputStreamReader(openFileInput("two.txt"))).readLine());
    }

    void written(TelephonyManager phone) throws IOException {
        FileWriter writer = new FileWriter("/sdcard/three.txt");
        writer.write(phone.getSubscriberId());
        writer.close();
    }

    void reread() throws IOException {
        byte[] bytes = new byte[16];
        new FileInputStream("/sdcard/three.txt").read(bytes);
        Log.i("t", new String(bytes));
    }

    void private_(TelephonyManager phone) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(new File(getFilesDir(), "four.txt")));
        out.println(phone.getSimSerialNumber());
    }
}
