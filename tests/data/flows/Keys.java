package t;

import android.app.*;
import android.content.*;
import android.os.*;
import android.telephony.TelephonyManager;
import android.util.Log;

import java.util.*;

/** Collections: by constant key or index, and as a whole. */
public class Keys extends Activity {
    @Override protected void onCreate(Bundle saved) {
        TelephonyManager phone = (TelephonyManager) getSystemService("phone");
        mapSame(phone);
        mapOther(phone);
        mapOverwritten(phone);
        mapValues(phone);
        mapEntries(phone);
        mapCopied(phone);
        mapCleared(phone);
        listSame(phone);
        listOther(phone);
        listInserted(phone);
        listInsertedItself(phone);
        listSet(phone);
        listIterated(phone);
        setIterated(phone);
        queued(phone);
        keptUnderItself(phone);
    }

    void mapSame(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>();
        map.put("a", phone.getDeviceId());
        Log.i("t", map.get("a"));
    }

    void mapOther(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>();
        map.put("a", phone.getDeviceId());
        map.put("b", "x");
        Log.i("t", map.get("b"));
    }

    void mapOverwritten(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>();
        map.put("a", phone.getDeviceId());
        map.put("a", "x");
        Log.i("t", map.get("a"));
    }

    void mapValues(TelephonyManager phone) {
        Map<String, String> map = new TreeMap<>();
        map.put("a", phone.getDeviceId());
        for (String value : map.values()) Log.i("t", value);
    }

    void mapEntries(TelephonyManager phone) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("a", phone.getDeviceId());
        for (Map.Entry<String, String> entry : map.entrySet()) Log.i(entry.getKey(), entry.getValue());
    }

    void mapCopied(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>(), copy = new HashMap<>();
        map.put("a", phone.getDeviceId());
        map.put("b", "x");
        copy.putAll(map);
        Log.i("t", copy.get("b"));
        Log.i("t", new HashMap<String, String>(map).toString());
    }

    void mapCleared(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>();
        map.put("a", phone.getDeviceId());
        map.clear();
        Log.i("t", "" + map.get("a"));
    }

    void listSame(TelephonyManager phone) {
        List<String> list = new ArrayList<>();
        list.add("x");
        list.add(phone.getDeviceId());
        Log.i("t", list.get(1));
    }

    void listOther(TelephonyManager phone) {
        List<String> list = new ArrayList<>();
        list.add("x");
        list.add(phone.getDeviceId());
        Log.i("t", list.get(0));
    }

    void listInserted(TelephonyManager phone) {
        List<String> list = new ArrayList<>();
        list.add(phone.getDeviceId());
        list.add(0, "x");
        Log.i("t", list.get(1));
    }

    void listInsertedItself(TelephonyManager phone) {
        List<String> list = new ArrayList<>();
        list.add("x");
        list.add(0, phone.getDeviceId());
        Log.i("t", list.get(0));
    }

    void listSet(TelephonyManager phone) {
        List<String> list = new ArrayList<>();
        list.add(phone.getDeviceId());
        list.set(0, "x");
        Log.i("t", list.get(0));
    }

    void listIterated(TelephonyManager phone) {
        List<String> list = new LinkedList<>();
        list.add(phone.getDeviceId());
        for (Iterator<String> it = list.iterator(); it.hasNext();) Log.i("t", it.next());
    }

    void setIterated(TelephonyManager phone) {
        Set<String> set = new HashSet<>();
        set.add(phone.getDeviceId());
        for (String one : set) Log.i("t", one);
    }

    void queued(TelephonyManager phone) {
        Deque<String> queue = new ArrayDeque<>();
        queue.addLast(phone.getDeviceId());
        Log.i("t", queue.pollFirst());
    }

    void keptUnderItself(TelephonyManager phone) {
        Map<String, String> map = new HashMap<>();
        map.put(phone.getDeviceId(), "x");
        for (String key : map.keySet()) Log.i("t", key);
    }
}
