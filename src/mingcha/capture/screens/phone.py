"""What is asked of a phone, and its answers in plain form: its window, its tree, its picture, taps and keys."""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

from mingcha.capture.screens.adb import Answer, Device
from mingcha.errors import LimitError, UsageError
from mingcha.formats.uidump import Box

TREE = "/data/local/tmp/mingcha-window.xml"
TRIES = 3
_RESTLESS = "idle state"
"""What the tool says, after ten seconds, of a screen that moves all the time; asking again would take ten more."""
_FOCUS = re.compile(r"mCurrentFocus=Window\{(\S+) (?:u\d+ )?([^\s}]+)")
_APP = re.compile(r"mFocusedApp=.*?\bu\d+ ([\w.]+)/([\w.$]+)")
_INSET = re.compile(
    r"type=(ITYPE_NAVIGATION_BAR|navigationBars|ITYPE_IME|ime)\b.*?[fF]rame=\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\].*?visible=true"
)
_TURN = re.compile(r"m(?:Current)?Rotation=(?:ROTATION_)?(\d+)")
_SIZE = re.compile(r"(Physical|Override) size: (\d+)x(\d+)")
_DENSITY = re.compile(r"(Physical|Override) density: (\d+)")
_WINDOW = "dumpsys window | grep -E 'mCurrentFocus=|mFocusedApp=|type=ITYPE_(NAV|IME)|type=(nav|ime)|mCurrentRotation=|mRotation='"
_LOCKED = re.compile(r"Keyguard|NotificationShade|StatusBar")
_KEYS = {"back": 4, "home": 3}
_NAME = re.compile(r"[A-Za-z]\w*(\.\w+)+")


class Window(NamedTuple):
    """What stands in front: ``token`` tells one window from the next, ``bars`` is where the system's keys or the keyboard lie.

    ``turned`` is the rotation in quarters, null where it is not told.
    """

    package: str | None
    activity: str | None
    token: str | None
    bars: tuple[Box, ...] = ()
    keyboard: tuple[Box, ...] = ()
    turned: int | None = None


class About(NamedTuple):
    """The device, as its run's record tells it; ``size`` of the screen in pixels as it is held upright."""

    model: str | None
    system: str | None
    level: int
    offset: str | None
    density: float | None
    size: tuple[int, int]


class Phone:
    """A device that shows screens."""

    def __init__(self, device: Device) -> None:
        self.device = device

    # --- what it shows

    def window(self) -> Window:
        """The window in front."""
        answer = self.device.run(_WINDOW)
        return window_of(answer.text if answer.code in (0, 1) else self.device.text("dumpsys window"))

    def tree(self) -> bytes | None:
        """The tree of the window in front; null where the tool cannot give it, as on a screen that never rests."""
        for _ in range(TRIES):
            try:
                said = self.device.text(f"rm -f {TREE}; uiautomator dump {TREE}")
                data = self.device.pull(TREE)
            except LimitError:
                return None
            if _RESTLESS in said:
                return None
            if data and b"<hierarchy" in data and data.rstrip().endswith(b"</hierarchy>"):
                return data
        return None

    def picture(self) -> bytes | None:
        """The screen as PNG; null where that is not allowed."""
        try:
            data = self.device.run("screencap -p").out
        except LimitError:
            return None
        start = data.find(b"\x89PNG\r\n\x1a\n")
        return data[start:] if start >= 0 and b"IEND" in data[-12:] else None

    def digest(self) -> str | None:
        """A sum of the screen's pixels, to see whether anything moved; null where it cannot be made."""
        try:
            answer = self.device.run("screencap | md5sum")
        except LimitError:
            return None
        sum_ = answer.out[:32].decode("ascii", "replace")
        return sum_ if answer.code == 0 and re.fullmatch("[0-9a-f]{32}", sum_) else None

    def forget(self) -> None:
        """Leave nothing of the screen behind."""
        self.device.run(f"rm -f {TREE}")

    # --- what is done with it

    def tap(self, x: int, y: int) -> None:
        """Touch a point."""
        self._do(f"input tap {x} {y}")

    def swipe(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Draw a finger over the screen."""
        self._do(f"input swipe {start[0]} {start[1]} {end[0]} {end[1]} 400")

    def press(self, key: str) -> None:
        """Press "back" or "home"."""
        self._do(f"input keyevent {_KEYS[key]}")

    def start(self, package: str) -> None:
        """Start an app as its icon does. Raises UsageError."""
        icon = "-c android.intent.category.LAUNCHER"
        found = self.device.text(f"cmd package resolve-activity --brief {icon} {package}").split() or [""]
        command = f"am start -a android.intent.action.MAIN {icon} -n {shlex.quote(found[-1])}"
        if not found[-1].startswith(f"{package}/"):  # before Android 7, or an app with several icons
            command = f"monkey -p {package} {icon} 1"
        said = self.device.text(command)
        if any(word in said for word in ("No activities found", "Error", "Exception")):
            raise UsageError(f"{package}: cannot be started: it has no icon, or is not installed for this user")

    def clear(self, package: str) -> None:
        """Delete an app's data. Raises UsageError."""
        said = self.device.text(f"pm clear {package}", seconds=60)
        if "Success" not in said:
            raise UsageError(f"{package}: its data could not be cleared: {' '.join(said.split())[:160]}")

    def _do(self, command: str) -> Answer:
        answer = self.device.run(command)
        if "INJECT_EVENTS" in answer.text or "SecurityException" in answer.text:
            raise UsageError(
                "the phone does not let adb touch its screen: switch on 'USB debugging (Security settings)' in its developer options"
            )
        return answer

    # --- what it is

    def about(self) -> About:
        """Model, system, zone, density and size."""
        properties = ("ro.product.model", "ro.build.version.release", "ro.build.version.sdk")
        asked = "; ".join([*(f"getprop {name}" for name in properties), "date +%z"])
        rows = [row.strip() for row in self.device.text(asked).splitlines()] + [""] * 4
        model, system, level, zone = rows[:4]
        size = self._wm("size", _SIZE)
        density = self._wm("density", _DENSITY)
        return About(
            model=model or None,
            system=system or None,
            level=int(level) if level.isdigit() else 0,
            offset=f"{zone[:3]}:{zone[3:]}" if re.fullmatch(r"[+-]\d{4}", zone) else None,
            density=float(density[0]) if density else None,
            size=(size[0], size[1]) if size else (0, 0),
        )

    def _wm(self, what: str, pattern: re.Pattern[str]) -> tuple[int, ...] | None:
        """What `wm` says; a setting of the user's goes before what the screen is built for."""
        found = {
            match[1]: tuple(map(int, match.groups()[1:])) for match in pattern.finditer(self.device.text(f"wm {what}"))
        }
        return found.get("Override") or found.get("Physical")

    def check_awake(self) -> None:
        """Raises UsageError if nobody could see the app."""
        window = self.window()
        power = re.search(r"mWakefulness=(\w+)", self.device.text("dumpsys power | grep mWakefulness="))
        locked = window.package is None and window.token is not None and _LOCKED.search(window.token)
        if locked or (power and power[1] in ("Asleep", "Dozing")):
            raise UsageError(
                "the phone is locked or its screen is off: unlock it, and let it stay awake while it is charged"
            )

    def installed(self, package: str) -> str:
        """What ``dumpsys package`` says of an app. Raises UsageError if it is not there."""
        said = self.device.text(f"dumpsys package {package}", seconds=60)
        if f"Package [{package}]" not in said:
            raise UsageError(f"{package}: is not installed on the phone: run `adb install` with its APK first")
        return said


def checked_name(package: str) -> str:
    """The name of a package. Raises UsageError for anything else: it becomes part of commands."""
    if not _NAME.fullmatch(package) or shlex.quote(package) != package:
        raise UsageError(f"{package}: is no name of a package, such as com.example.app")
    return package


def window_of(text: str) -> Window:
    """The window in front out of ``dumpsys window``."""
    focus, app = _FOCUS.search(text), _APP.search(text)
    package, _, activity = focus[2].partition("/") if focus and "/" in focus[2] else ("", "", "")
    if not package and app:  # a small window of an app: its own name says nothing
        package, activity = app[1], app[2]
    insets = [(found[1], tuple(int(found[i]) for i in range(2, 6))) for found in _INSET.finditer(text)]
    boxes = [(kind, (box[0], box[1], box[2], box[3])) for kind, box in insets if box[2] > box[0] and box[3] > box[1]]
    turn = _TURN.search(text)
    quarters = int(turn[1]) if turn else None
    return Window(
        package=package or None,
        activity=activity or None,
        token=f"{focus[1]} {focus[2]}" if focus else None,
        bars=tuple(box for kind, box in boxes if "av" in kind.lower()),
        keyboard=tuple(box for kind, box in boxes if "ime" in kind.lower()),
        turned=quarters // 90 if quarters and quarters >= 90 else quarters,
    )
