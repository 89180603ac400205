package android.media;

public class MediaDrm {
    public byte[] getPropertyByteArray(String name) {
        return new byte[] {1, 2, 3, 4, 5, 6, 7, -8};
    }
}
