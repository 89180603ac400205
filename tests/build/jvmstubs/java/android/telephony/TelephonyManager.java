package android.telephony;

/** Gives the specimen identifiers of the test; each method ends in another way. */
public class TelephonyManager {
    public String getDeviceId() {
        return getDeviceId(0);
    }

    public String getDeviceId(int slot) {
        return "490154203237518";
    }

    public String getImei(int slot) {
        throw new SecurityException("the user has no business here: 490154203237518");
    }

    public String getSubscriberId() {
        return null;
    }

    public String getSimSerialNumber() {
        return "89860012345678901234";
    }

    public String getLine1Number() {
        return "";
    }
}
