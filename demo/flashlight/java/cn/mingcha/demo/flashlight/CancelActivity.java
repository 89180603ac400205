package cn.mingcha.demo.flashlight;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.TextView;

/** PLANTED idm-2019/6.2: no cancellation without a photo that shows the user holding the ID card. */
public class CancelActivity extends Activity {
    private boolean photo;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.cancel);
        final TextView text = (TextView) findViewById(R.id.cancel_text);
        findViewById(R.id.photo).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivityForResult(new Intent(Intent.ACTION_GET_CONTENT).setType("image/*"), 0);
            }
        });
        findViewById(R.id.submit).setOnClickListener(new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                text.setText(photo ? R.string.cancel_done : R.string.cancel_missing);
            }
        });
    }

    @Override
    protected void onActivityResult(int request, int result, Intent chosen) {
        photo = result == RESULT_OK;
    }
}
