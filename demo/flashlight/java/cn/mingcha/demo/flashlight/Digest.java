package cn.mingcha.demo.flashlight;

import java.io.UnsupportedEncodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Keeps a text and hands out its MD5 in hexadecimal digits. */
final class Digest {
    private String text;

    void setText(String text) {
        this.text = text;
    }

    String hex() throws NoSuchAlgorithmException, UnsupportedEncodingException {
        StringBuilder digits = new StringBuilder();
        for (byte one : MessageDigest.getInstance("MD5").digest(text.getBytes("UTF-8"))) {
            digits.append(Integer.toHexString(one & 0xff | 0x100).substring(1));
        }
        return digits.toString();
    }
}
