package cn.mingcha.demo.flashlight;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.database.Cursor;
import android.location.Location;
import android.location.LocationManager;
import android.net.Uri;
import android.os.Build;
import android.provider.ContactsContract;
import android.telephony.TelephonyManager;

/** PLANTED idm-2019/3.3: reads what the policy does not name. PLANTED idm-2019/3.9: reads what it denies. */
final class Collector {
    private final Context context;

    Collector(Context context) {
        this.context = context;
    }

    /** The policy says that this is never done. */
    String contacts() {
        Cursor rows = context.getContentResolver().query(
            ContactsContract.CommonDataKinds.Phone.CONTENT_URI, null, null, null, null);
        return firstColumn(rows, ContactsContract.CommonDataKinds.Phone.NUMBER);
    }

    String messages() {
        Cursor rows = context.getContentResolver().query(Uri.parse("content://sms/inbox"), null, null, null, null);
        return firstColumn(rows, "address");
    }

    String place() {
        LocationManager locations = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        Location last = locations.getLastKnownLocation(LocationManager.GPS_PROVIDER);
        return last == null ? "" : last.getLatitude() + "," + last.getLongitude();
    }

    String apps() {
        StringBuilder names = new StringBuilder();
        for (PackageInfo installed : context.getPackageManager().getInstalledPackages(0)) {
            names.append(installed.packageName).append(' ');
        }
        return names.toString();
    }

    String card() {
        try {
            return telephony().getSimSerialNumber();
        } catch (SecurityException refused) {
            return "";
        }
    }

    String cell() {
        try {
            return String.valueOf(telephony().getCellLocation());
        } catch (SecurityException refused) {
            return "";
        }
    }

    /** Left over: nobody calls it. */
    String number() {
        return telephony().getLine1Number();
    }

    /** The one reading that the policy names by its name. */
    String model() {
        return Build.MODEL;
    }

    private TelephonyManager telephony() {
        return (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
    }

    private static String firstColumn(Cursor rows, String column) {
        StringBuilder values = new StringBuilder();
        while (rows != null && rows.moveToNext()) {
            values.append(rows.getString(rows.getColumnIndex(column))).append(' ');
        }
        if (rows != null) {
            rows.close();
        }
        return values.toString();
    }
}
