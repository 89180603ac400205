package cn.mingcha.demo.flashlight;

import android.app.Activity;
import android.os.Bundle;
import android.webkit.WebView;

/** Shows the policy that lies in the app. */
public class PolicyActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        WebView page = new WebView(this);
        page.loadUrl("file:///android_asset/privacy.html");
        setContentView(page);
    }
}
