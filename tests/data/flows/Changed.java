package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import android.util.Base64;
import java.security.*;
import javax.crypto.Cipher;

/** Encoded, hashed, encrypted: still the information, and said what was done to it. */
public class Changed extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            base64(phone);
            decoded(phone);
            md5(phone);
            updated(phone);
            sha(phone);
            twice(phone);
            encrypted(phone);
            url(phone);
            otherDigest(phone);
        } catch (Exception e) {
            return;
        }
    }

    void base64(TelephonyManager phone) { Log.i("t", Base64.encodeToString(phone.getDeviceId().getBytes(), 0)); }

    void decoded(TelephonyManager phone) { Log.i("t", new String(Base64.decode(phone.getDeviceId(), 0))); }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            String part = Integer.toHexString(bytes[i] & 0xff);
            if (part.length() == 1) text.append('0');
            text.append(part);
        }
        return text.toString();
    }

    void md5(TelephonyManager phone) throws Exception {
        Log.i("t", hex(MessageDigest.getInstance("MD5").digest(phone.getDeviceId().getBytes("UTF-8"))));
    }

    void updated(TelephonyManager phone) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        digest.update("salt".getBytes());
        digest.update(phone.getDeviceId().getBytes());
        Log.i("t", hex(digest.digest()));
    }

    void sha(TelephonyManager phone) throws Exception {
        Log.i("t", hex(MessageDigest.getInstance("SHA-256").digest(phone.getDeviceId().getBytes())));
    }

    void twice(TelephonyManager phone) throws Exception {
        byte[] hash = MessageDigest.getInstance("MD5").digest(phone.getDeviceId().getBytes());
        Log.i("t", Base64.encodeToString(hash, Base64.NO_WRAP));
    }

    void encrypted(TelephonyManager phone) throws Exception {
        Log.i("t", new String(Cipher.getInstance("AES").doFinal(phone.getDeviceId().getBytes())));
    }

    void url(TelephonyManager phone) throws Exception { Log.i("t", java.net.URLEncoder.encode(phone.getDeviceId(), "UTF-8")); }

    void otherDigest(TelephonyManager phone) throws Exception {
        MessageDigest one = MessageDigest.getInstance("MD5"), two = MessageDigest.getInstance("MD5");
        one.update(phone.getDeviceId().getBytes());
        two.update("x".getBytes());
        Log.i("t", hex(two.digest()));
    }
}
