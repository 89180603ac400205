"""What a phone prints about its window, in the forms of several versions of Android."""

from __future__ import annotations

import pytest

from mingcha.capture.screens.phone import Window, checked_name, window_of
from mingcha.errors import UsageError


@pytest.mark.parametrize(
    ("text", "window"),
    [
        (
            "  mCurrentFocus=Window{3f1 u0 com.a.b/com.a.b.Main}\n  mFocusedApp=AppWindowToken{9 token=Token{8 ActivityRecord{7 u0 com.a.b/.Main t4}}}",
            Window("com.a.b", "com.a.b.Main", "3f1 com.a.b/com.a.b.Main"),
        ),
        (
            "InsetsSource type=ITYPE_NAVIGATION_BAR frame=[0,2208][1080,2340] visible=true\n"
            "InsetsSource type=ITYPE_IME frame=[0,1400][1080,2340] visible=true\n"
            "  mCurrentFocus=Window{a0 u0 com.a.b/.Login}",
            Window("com.a.b", ".Login", "a0 com.a.b/.Login", ((0, 2208, 1080, 2340),), ((0, 1400, 1080, 2340),)),
        ),
        (
            "InsetsSource id=1 type=navigationBars frame=[0,2300][1080,2340] visible=false\n  mCurrentRotation=ROTATION_90\n"
            "  mCurrentFocus=Window{b1 u10 PopupWindow:77}\n  mFocusedApp=ActivityRecord{7 u10 com.a.b/.Main$Two t4}",
            Window("com.a.b", ".Main$Two", "b1 PopupWindow:77", turned=1),
        ),
        ("  mCurrentFocus=null\n", Window(None, None, None)),
    ],
)
def test_the_window_in_front_is_read(text: str, window: Window) -> None:
    """Package, activity, token, bars, keyboard and rotation; a popup belongs to the app in front."""
    assert window_of(text) == window


@pytest.mark.parametrize("name", ["app", "com.a; reboot", "com.a b", "", "com.a.$(x)", "-p.a"])
def test_what_is_no_package_is_refused(name: str) -> None:
    """A name becomes part of commands, so nothing but a name passes."""
    with pytest.raises(UsageError):
        checked_name(name)
