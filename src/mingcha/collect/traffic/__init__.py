"""What an app sent: captures taken apart, the test device's known values found in every form, unknown ones judged by rule."""
