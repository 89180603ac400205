package android.location;

public class Location {
    public double getLatitude() {
        return 31.2304167;
    }
}
