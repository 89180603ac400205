package cn.mingcha.demo.flashlight;

import android.app.ListActivity;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.ArrayAdapter;
import android.widget.ListView;
import android.widget.Toast;

/**
 * The menus. PLANTED idm-2019/1.3: from the main screen, 更多, 设置, 其他, 关于, 法律条款, 隐私政策 are six taps.
 * PLANTED idm-2019/3.6: no entry switches personalised push off.
 */
public class MenuActivity extends ListActivity {
    private static final String PAGE = "page";
    private static final int[][] PAGES = {
        {R.string.menu_settings, R.string.menu_account},
        {R.string.menu_other, R.string.menu_withdraw},
        {R.string.menu_about},
        {R.string.menu_legal},
        {R.string.menu_policy},
    };

    private int[] entries;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        entries = PAGES[getIntent().getIntExtra(PAGE, 0)];
        String[] titles = new String[entries.length];
        for (int i = 0; i < entries.length; i++) {
            titles[i] = getString(entries[i]);
        }
        setListAdapter(new ArrayAdapter<String>(this, android.R.layout.simple_list_item_1, titles));
    }

    @Override
    protected void onListItemClick(ListView list, View row, int position, long id) {
        int entry = entries[position];
        if (entry == R.string.menu_account) {
            startActivity(new Intent(this, AccountActivity.class));
        } else if (entry == R.string.menu_policy) {
            startActivity(new Intent(this, PolicyActivity.class));
        } else if (entry == R.string.menu_withdraw) {
            new Choices(this).keep(false);
            Toast.makeText(this, R.string.withdrawn, Toast.LENGTH_LONG).show();
        } else {
            int next = getIntent().getIntExtra(PAGE, 0) + 1;
            startActivity(new Intent(this, MenuActivity.class).putExtra(PAGE, next));
        }
    }
}
