package t;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.DialogInterface;
import android.os.Bundle;
import android.view.View;
import android.widget.Button;

/** Controls that say agree, and others that do not. The numbers are those of resources that the test makes up. */
class Agree {
    static final int AGREE = 0x7f010001, OTHER = 0x7f010002, LABELLED = 0x7f010003;
    static final int TEXT_AGREE = 0x7f020001, TEXT_REFUSE = 0x7f020002;

    static class Main extends Activity implements View.OnClickListener {
        private Button kept;

        @Override protected void onCreate(Bundle saved) {
            findViewById(AGREE).setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) { Secret.agreedById(); }
            });
            findViewById(OTHER).setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) { Secret.tapped(); }
            });
            Button labelled = (Button) findViewById(LABELLED);
            labelled.setText("我已阅读并同意");
            labelled.setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) { Secret.agreedByLabel(); }
            });
            kept = (Button) findViewById(AGREE);
            findViewById(AGREE).setOnClickListener(this);
            findViewById(OTHER).setOnClickListener(this);
            later();
            new AlertDialog.Builder(this)
                .setTitle("服务协议")
                .setPositiveButton(TEXT_AGREE, new DialogInterface.OnClickListener() {
                    @Override public void onClick(DialogInterface d, int w) { Secret.agreedInDialog(); }
                })
                .setNegativeButton(TEXT_REFUSE, new DialogInterface.OnClickListener() {
                    @Override public void onClick(DialogInterface d, int w) { Secret.refusedInDialog(); }
                })
                .setNeutralButton("同意并继续", new DialogInterface.OnClickListener() {
                    @Override public void onClick(DialogInterface d, int w) { Secret.agreedByText(); }
                })
                .show();
            findViewById(AGREE).setOnClickListener(new Yes());
            findViewById(OTHER).setOnClickListener(new No());
            Both both = new Both();
            findViewById(AGREE).setOnClickListener(both);
            findViewById(OTHER).setOnClickListener(both);
        }

        private void later() {
            kept.setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) { Secret.agreedInField(); }
            });
        }

        @Override public void onClick(View v) {
            switch (v.getId()) {
                case AGREE: Secret.agreedInSwitch(); break;
                case OTHER: Secret.tappedInSwitch(); break;
                default: break;
            }
        }

        public void tapHere(View v) { Secret.layoutTapped(); }

        public void agreeHere(View v) { Secret.agreedInLayout(); }
    }

    /** Set on two controls, one of which is no agreement. */
    static class Both implements View.OnClickListener {
        @Override public void onClick(View v) { Secret.shared(); }
    }

    /** What both listeners have from above runs after the other act, too. */
    abstract static class Either implements View.OnClickListener {
        @Override public void onClick(View v) { Secret.inherited(); }
    }

    static class Yes extends Either { }

    static class No extends Either { }

    /** Agrees by itself. */
    static class Auto extends Activity {
        static final int AUTO = 0x7f010009;

        @Override protected void onCreate(Bundle saved) {
            findViewById(AUTO).setOnClickListener(new View.OnClickListener() {
                @Override public void onClick(View v) { Secret.automatic(); }
            });
            findViewById(AUTO).performClick();
        }
    }
}
