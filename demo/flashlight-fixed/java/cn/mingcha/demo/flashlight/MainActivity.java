package cn.mingcha.demo.flashlight;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.DialogInterface;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.CheckBox;

/** The light and the first-run prompt; whatever is answered, the light works. */
public class MainActivity extends Activity {
    private Torch torch;
    private Choices choices;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.main);
        torch = new Torch(this);
        choices = new Choices(this);
        findViewById(R.id.light).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                torch.toggle();
            }
        });
        findViewById(R.id.settings).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivity(new Intent(MainActivity.this, SettingsActivity.class));
            }
        });
        if (!choices.asked()) {
            askConsent();
        }
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
            .setPositiveButton(R.string.consent_agree, new DialogInterface.OnClickListener() {
                @Override
                public void onClick(DialogInterface dialog, int which) {
                    choices.keep(box.isChecked());
                    if (box.isChecked()) {
                        CrashReports.start(getApplication());
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
}
