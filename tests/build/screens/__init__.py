"""Draws the test screens of tests/accuracy/screens: HTML to picture, dump in uiautomator's form, and truth."""
