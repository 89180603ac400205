package cn.jpush.android.service;

import android.app.ActivityManager;
import android.app.ApplicationPackageManager;
import android.content.ClipboardManager;
import android.location.Location;
import android.media.MediaDrm;
import android.telephony.CellIdentityNr;
import android.telephony.TelephonyManager;
import android.telephony.gsm.GsmCellLocation;
import com.example.app.Truth;

/** Calls from the package of another SDK, on a thread of its own. */
public class Worker extends Thread {
    private static final String ME = "jpush";

    public Worker() {
        super("push-worker");
    }

    @Override
    public void run() {
        Truth.next(ME, "android.content.pm.PackageManager.getInstalledPackages", "value");
        new ApplicationPackageManager().getInstalledPackages(0);
        Truth.next(ME, "android.app.ActivityManager.getRunningAppProcesses", "empty");
        new ActivityManager().getRunningAppProcesses();
        Truth.next(ME, "android.telephony.TelephonyManager.getSimSerialNumber", "value");
        new TelephonyManager().getSimSerialNumber();
        Truth.next(ME, "android.telephony.TelephonyManager.getLine1Number", "empty");
        new TelephonyManager().getLine1Number();
        Truth.next(ME, "android.telephony.gsm.GsmCellLocation.getCid", "value");
        new GsmCellLocation().getCid();
        Truth.next(ME, "android.telephony.gsm.GsmCellLocation.getLac", "zeroed");
        new GsmCellLocation().getLac();
        Truth.next(ME, "android.telephony.CellIdentityNr.getNci", "value");
        new CellIdentityNr().getNci();
        Truth.next(ME, "android.location.Location.getLatitude", "value");
        new Location().getLatitude();
        Truth.next(ME, "android.media.MediaDrm.getPropertyByteArray", "value");
        new MediaDrm().getPropertyByteArray("deviceUniqueId");
        Truth.next(ME, "android.content.ClipboardManager.getPrimaryClip", "null");
        new ClipboardManager().getPrimaryClip();
        Truth.next(ME, "android.content.pm.PackageManager.getPackageInfo", "value");
        new ApplicationPackageManager().getPackageInfo("com.other.shop", 0);
    }
}
