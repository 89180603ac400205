package cn.mingcha.demo.flashlight;

import android.content.Context;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraCharacteristics;
import android.hardware.camera2.CameraManager;

/** The camera's light without the camera, and so without its permission. */
final class Torch {
    private final CameraManager cameras;
    private boolean lit;

    Torch(Context context) {
        cameras = (CameraManager) context.getSystemService(Context.CAMERA_SERVICE);
    }

    void toggle() {
        try {
            for (String camera : cameras.getCameraIdList()) {
                if (hasLight(camera)) {
                    lit = !lit;
                    cameras.setTorchMode(camera, lit);
                    return;
                }
            }
        } catch (CameraAccessException busy) {
            lit = false;
        }
    }

    private boolean hasLight(String camera) throws CameraAccessException {
        Boolean light = cameras.getCameraCharacteristics(camera).get(CameraCharacteristics.FLASH_INFO_AVAILABLE);
        return Boolean.TRUE.equals(light);
    }
}
