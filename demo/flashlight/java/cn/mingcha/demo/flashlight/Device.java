package cn.mingcha.demo.flashlight;

/** Two fields of one object: one identifies the phone, the other the shop that the app came from. */
final class Device {
    private String imei;
    private String channel;

    String getImei() {
        return imei;
    }

    void setImei(String imei) {
        this.imei = imei;
    }

    String getChannel() {
        return channel;
    }

    void setChannel(String channel) {
        this.channel = channel;
    }
}
