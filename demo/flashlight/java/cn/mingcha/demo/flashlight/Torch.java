package cn.mingcha.demo.flashlight;

import android.hardware.Camera;

/** The camera's light, the way it was switched before API 23; no picture is taken. */
@SuppressWarnings("deprecation")
final class Torch {
    private Camera camera;

    void toggle() {
        if (camera == null) {
            on();
        } else {
            release();
        }
    }

    private void on() {
        camera = Camera.open();
        Camera.Parameters parameters = camera.getParameters();
        parameters.setFlashMode(Camera.Parameters.FLASH_MODE_TORCH);
        camera.setParameters(parameters);
    }

    void release() {
        if (camera != null) {
            camera.release();
            camera = null;
        }
    }
}
