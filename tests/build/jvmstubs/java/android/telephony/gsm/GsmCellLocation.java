package android.telephony.gsm;

public class GsmCellLocation {
    public int getCid() {
        return 268435201;
    }

    public int getLac() {
        return 0;
    }
}
