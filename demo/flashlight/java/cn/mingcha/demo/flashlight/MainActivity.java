package cn.mingcha.demo.flashlight;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.DialogInterface;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.CheckBox;
import android.widget.TextView;
import android.widget.Toast;

import com.umeng.analytics.MobclickAgent;

/** The light, the first-run prompt, and the demand for the contacts. */
public class MainActivity extends Activity {
    private final Torch torch = new Torch();
    private Choices choices;
    private Collector collector;
    private String card;
    private String cell;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.main);
        choices = new Choices(this);
        collector = new Collector(this);
        findViewById(R.id.more).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivity(new Intent(MainActivity.this, MenuActivity.class));
            }
        });
        if (choices.contactsDenied()) {
            leave();
        } else if (!choices.asked()) {
            askConsent();
        } else if (choices.agreed()) {
            watch();
        }
    }

    /** Named by res/layout/main.xml. PLANTED idm-2019/3.3: takes the SIM card's number along with the tap. */
    public void toggleLight(View button) {
        torch.toggle();
        card = collector.card();
    }

    /** PLANTED idm-2019/3.3: after the agreement, and at every later start for as long as it is kept. */
    private void watch() {
        cell = collector.cell();
    }

    /** Takes whatever was copied last; the clipboard is named nowhere in the policy (with 3.3). */
    @Override
    protected void onResume() {
        super.onResume();
        MobclickAgent.onResume(this);
        ClipboardManager clipboard = (ClipboardManager) getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData copied = clipboard.getPrimaryClip();
        String topic = copied == null ? getString(R.string.app_name) : String.valueOf(copied.getItemAt(0).getText());
        ((TextView) findViewById(R.id.for_you)).setText(getString(R.string.for_you, topic));
    }

    @Override
    protected void onPause() {
        MobclickAgent.onPause(this);
        super.onPause();
    }

    @Override
    protected void onDestroy() {
        torch.release();
        super.onDestroy();
    }

    private void askConsent() {
        View content = getLayoutInflater().inflate(R.layout.dialog_consent, null);
        final CheckBox box = (CheckBox) content.findViewById(R.id.consent_box);
        content.findViewById(R.id.consent_link).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivity(new Intent(MainActivity.this, PolicyActivity.class));
            }
        });
        new AlertDialog.Builder(this)
            .setTitle(R.string.consent_title)
            .setView(content)
            .setCancelable(false)
            .setPositiveButton(R.string.consent_start, new DialogInterface.OnClickListener() {
                @Override
                public void onClick(DialogInterface dialog, int which) {
                    choices.keep(box.isChecked());
                    if (box.isChecked()) {
                        watch();
                        askContacts();
                    }
                }
            })
            .setNegativeButton(R.string.consent_refuse, new DialogInterface.OnClickListener() {
                @Override
                public void onClick(DialogInterface dialog, int which) {
                    choices.keep(false);
                }
            })
            .show();
    }

    /** PLANTED idm-2019/2.3: tells no purpose. PLANTED idm-2019/4.2: no contacts, no light. */
    private void askContacts() {
        new AlertDialog.Builder(this)
            .setMessage(R.string.contacts_ask)
            .setCancelable(false)
            .setPositiveButton(R.string.allow, new DialogInterface.OnClickListener() {
                @Override
                public void onClick(DialogInterface dialog, int which) {
                    new Thread(new Uploader(collector)).start();
                    new Thread(new FriendFinder(collector)).start();
                }
            })
            .setNegativeButton(R.string.deny, new DialogInterface.OnClickListener() {
                @Override
                public void onClick(DialogInterface dialog, int which) {
                    choices.keepContactsDenied();
                    leave();
                }
            })
            .show();
    }

    private void leave() {
        Toast.makeText(this, R.string.no_contacts, Toast.LENGTH_LONG).show();
        finish();
    }
}
