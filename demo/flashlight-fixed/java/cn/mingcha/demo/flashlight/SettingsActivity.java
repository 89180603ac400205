package cn.mingcha.demo.flashlight;

import android.app.ListActivity;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.ArrayAdapter;
import android.widget.ListView;
import android.widget.Toast;

/** One menu: from the main screen, 设置 and 隐私政策 are two taps. */
public class SettingsActivity extends ListActivity {
    private static final int[] ENTRIES = {
        R.string.menu_policy, R.string.menu_withdraw, R.string.menu_clear, R.string.menu_complaint,
    };

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        String[] titles = new String[ENTRIES.length];
        for (int i = 0; i < ENTRIES.length; i++) {
            titles[i] = getString(ENTRIES[i]);
        }
        setListAdapter(new ArrayAdapter<String>(this, android.R.layout.simple_list_item_1, titles));
    }

    @Override
    protected void onListItemClick(ListView list, View row, int position, long id) {
        if (ENTRIES[position] == R.string.menu_policy) {
            startActivity(new Intent(this, PolicyActivity.class));
        } else if (ENTRIES[position] == R.string.menu_withdraw) {
            new Choices(this).keep(false);
            Toast.makeText(this, R.string.withdrawn, Toast.LENGTH_LONG).show();
        } else if (ENTRIES[position] == R.string.menu_clear) {
            new Choices(this).clear();
            Toast.makeText(this, R.string.cleared, Toast.LENGTH_LONG).show();
        }
    }
}
