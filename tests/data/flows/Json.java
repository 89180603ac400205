package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import org.json.*;

/** JSON objects keep values under names, and give all of them as text. */
public class Json extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        try {
            same(phone);
            other(phone);
            text(phone);
            nested(phone);
            parsed(phone);
            listed(phone);
        } catch (JSONException e) {
            return;
        }
    }

    void same(TelephonyManager phone) throws JSONException {
        JSONObject json = new JSONObject().put("k", phone.getDeviceId());
        Log.i("t", json.getString("k"));
    }

    void other(TelephonyManager phone) throws JSONException {
        JSONObject json = new JSONObject().put("k", phone.getDeviceId()).put("other", "x");
        Log.i("t", json.optString("other"));
    }

    void text(TelephonyManager phone) throws JSONException {
        JSONObject json = new JSONObject();
        json.put("k", phone.getDeviceId());
        Log.i("t", json.toString());
    }

    void nested(TelephonyManager phone) throws JSONException {
        JSONObject outer = new JSONObject();
        outer.put("in", new JSONObject().put("k", phone.getDeviceId()));
        Log.i("t", outer.toString(2));
    }

    void parsed(TelephonyManager phone) throws JSONException {
        Log.i("t", new JSONObject("{\"k\":\"" + phone.getDeviceId() + "\"}").getString("k"));
    }

    void listed(TelephonyManager phone) throws JSONException {
        JSONArray list = new JSONArray();
        list.put(phone.getDeviceId());
        Log.i("t", list.getString(0));
    }
}
