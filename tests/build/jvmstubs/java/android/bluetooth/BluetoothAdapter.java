package android.bluetooth;

public class BluetoothAdapter {
    public String getAddress() {
        return "0A:1B:2C:3D:4E:60";
    }
}
