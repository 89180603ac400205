package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import android.database.*;
import android.net.Uri;

/** The app's own provider answers calls through the resolver; what is handed to another app's leaves. */
public class Provider extends Activity {
    private TelephonyManager phone() { return (TelephonyManager) getSystemService("phone"); }

    @Override protected void onCreate(Bundle saved) {
        insertOwn();
        insertOther();
        ask();
    }

    void insertOwn() {
        ContentValues values = new ContentValues();
        values.put("k", phone().getDeviceId());
        values.put("other", "x");
        getContentResolver().insert(Uri.parse("content://t.own/rows"), values);
    }

    void insertOther() {
        ContentValues values = new ContentValues();
        values.put("k", phone().getSubscriberId());
        getContentResolver().insert(Uri.parse("content://com.other.app/rows"), values);
    }

    void ask() {
        Cursor cursor = getContentResolver().query(Uri.parse("content://t.own/rows"), null, null, null, null);
        while (cursor.moveToNext()) Log.i("t", cursor.getString(0));
    }

    public static class Own extends ContentProvider {
        @Override public boolean onCreate() { return true; }
        @Override public Uri insert(Uri uri, ContentValues values) {
            Log.i("t", values.getAsString("k"));
            other(values);
            return uri;
        }
        void other(ContentValues values) { Log.i("t", values.getAsString("other")); }
        @Override public Cursor query(Uri uri, String[] columns, String where, String[] given, String order) {
            MatrixCursor cursor = new MatrixCursor(new String[] {"c"});
            cursor.addRow(new Object[] {((TelephonyManager) getContext().getSystemService("phone")).getSimSerialNumber()});
            return cursor;
        }
        @Override public int update(Uri uri, ContentValues values, String where, String[] given) { return 0; }
        @Override public int delete(Uri uri, String where, String[] given) { return 0; }
        @Override public String getType(Uri uri) { return null; }
    }
}
