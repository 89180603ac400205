"""Records which sensitive interfaces an app calls: an agent inside the app, made by Frida, and the recorder that writes its log."""
