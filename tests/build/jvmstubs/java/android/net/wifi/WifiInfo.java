package android.net.wifi;

public class WifiInfo {
    public String getMacAddress() {
        return "02:00:00:00:00:00";
    }

    public String getSSID() {
        return "\"Specimen-Net\"";
    }

    public String getBSSID() {
        return "0a:1b:2c:3d:4e:5f";
    }
}
