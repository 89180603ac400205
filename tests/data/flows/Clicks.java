package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import android.view.View;
import android.widget.*;
import android.location.*;

/** Listeners registered in code are called; those that nobody makes are not. */
public class Clicks extends Activity {
    String id = "", empty = "";

    class Tap implements View.OnClickListener {
        @Override public void onClick(View view) { Log.i("t", id); }
    }

    class TapEmpty implements View.OnClickListener {
        @Override public void onClick(View view) { Log.i("t", empty); }
    }

    class NotMade implements View.OnClickListener {
        @Override public void onClick(View view) { Log.i("t", id); }
    }

    class Position implements LocationListener {
        @Override public void onLocationChanged(Location place) { Log.i("t", "at " + place.getLatitude()); }
        @Override public void onStatusChanged(String provider, int status, Bundle extras) { Log.i("t", provider); }
        @Override public void onProviderEnabled(String provider) { }
        @Override public void onProviderDisabled(String provider) { }
    }

    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        Button button = new Button(this);
        button.setOnClickListener(new Tap());
        Button other = new Button(this);
        other.setOnClickListener(new TapEmpty());
        ((LocationManager) getSystemService("location")).requestLocationUpdates("gps", 0, 0, new Position());
        id = phone.getDeviceId();
        Button last = new Button(this);
        last.setOnLongClickListener(new View.OnLongClickListener() {
            @Override public boolean onLongClick(View view) {
                remembered = ((TelephonyManager) getSystemService("phone")).getSubscriberId();
                return true;
            }
        });
    }

    String remembered = "";

    @Override protected void onDestroy() { Log.i("t", remembered); }
}
