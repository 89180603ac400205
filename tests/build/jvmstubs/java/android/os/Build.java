package android.os;

public class Build {
    public static String getSerial() {
        return "unknown";
    }
}
