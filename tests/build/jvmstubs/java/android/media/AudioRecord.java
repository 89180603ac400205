package android.media;

public class AudioRecord {
    public void startRecording() {
        throw new IllegalStateException("not initialised");
    }
}
