package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.io.*;
import java.net.*;
import java.util.zip.GZIPOutputStream;

/** Streams around streams lead where the innermost does; one in memory leads nowhere. */
public class Streams extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            thrice(phone);
            zipped(phone);
            memory(phone);
            fromMemory(phone);
            text(phone);
            fromText(phone);
            onwards(phone);
            otherStream(phone);
        } catch (IOException e) {
            return;
        }
    }

    void thrice(TelephonyManager phone) throws IOException {
        URLConnection connection = new URL("https://deep.example.com/").openConnection();
        PrintWriter writer = new PrintWriter(new BufferedWriter(new OutputStreamWriter(connection.getOutputStream(), "UTF-8")));
        writer.println(phone.getDeviceId());
        writer.flush();
    }

    void zipped(TelephonyManager phone) throws IOException {
        URLConnection connection = new URL("https://zip.example.com/").openConnection();
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(connection.getOutputStream())));
        out.writeUTF(phone.getDeviceId());
        out.close();
    }

    void memory(TelephonyManager phone) throws IOException {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(memory);
        out.write(phone.getDeviceId().getBytes());
        out.flush();
    }

    void fromMemory(TelephonyManager phone) throws IOException {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(memory);
        out.write(phone.getDeviceId().getBytes());
        Log.i("t", memory.toString());
    }

    void text(TelephonyManager phone) throws IOException {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        writer.print(phone.getDeviceId());
    }

    void fromText(TelephonyManager phone) throws IOException {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        writer.print(phone.getDeviceId());
        Log.i("t", text.toString());
    }

    void onwards(TelephonyManager phone) throws IOException {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        memory.write(phone.getDeviceId().getBytes());
        memory.writeTo(new URL("https://on.example.com/").openConnection().getOutputStream());
    }

    void otherStream(TelephonyManager phone) throws IOException {
        OutputStream one = new ByteArrayOutputStream();
        OutputStream two = new URL("https://two.example.com/").openConnection().getOutputStream();
        one.write(phone.getDeviceId().getBytes());
        two.write("x".getBytes());
    }
}
