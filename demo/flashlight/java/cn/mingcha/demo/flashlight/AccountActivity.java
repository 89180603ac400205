package cn.mingcha.demo.flashlight;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.TextView;

/** An account that needs nothing but a phone number. */
public class AccountActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.account);
        final Choices choices = new Choices(this);
        final TextView phone = (TextView) findViewById(R.id.phone);
        final TextView state = (TextView) findViewById(R.id.state);
        phone.setText(choices.phone());
        findViewById(R.id.sign_in).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                choices.keepPhone(phone.getText().toString());
                state.setText(getString(R.string.account_signed_in, choices.phone()));
            }
        });
        findViewById(R.id.edit).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                choices.keepPhone("");
                phone.setText("");
                state.setText(R.string.account_removed);
            }
        });
        findViewById(R.id.cancel).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivity(new Intent(AccountActivity.this, CancelActivity.class));
            }
        });
    }
}
