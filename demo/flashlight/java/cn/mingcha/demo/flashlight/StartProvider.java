package cn.mingcha.demo.flashlight;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.database.Cursor;
import android.net.Uri;
import android.telephony.TelephonyManager;

/** Provides nothing: it is there because Android creates providers before anything else of an app. */
public class StartProvider extends ContentProvider {
    static String imsi;

    /** PLANTED idm-2019/3.1 and 3.2: runs even before FlashlightApplication.onCreate. */
    @Override
    public boolean onCreate() {
        TelephonyManager telephony = (TelephonyManager) getContext().getSystemService(Context.TELEPHONY_SERVICE);
        try {
            imsi = telephony.getSubscriberId();
        } catch (SecurityException refused) {
            imsi = "";
        }
        return true;
    }

    @Override
    public Cursor query(Uri uri, String[] columns, String where, String[] values, String order) {
        return null;
    }

    @Override
    public String getType(Uri uri) {
        return null;
    }

    @Override
    public Uri insert(Uri uri, ContentValues row) {
        return null;
    }

    @Override
    public int delete(Uri uri, String where, String[] values) {
        return 0;
    }

    @Override
    public int update(Uri uri, ContentValues row, String where, String[] values) {
        return 0;
    }
}
