package android.telephony;

public class CellIdentityNr {
    public long getNci() {
        return 68719476735L;
    }
}
