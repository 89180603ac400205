"""Touches and keys of a person, out of ``getevent -lt``, and whether any of them can have been missed."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Literal, NamedTuple

from mingcha.capture.screens.adb import Device
from mingcha.capture.screens.wire import Wire
from mingcha.errors import MingchaError

COMMAND = "getevent -lt"
READY = 5.0
"""Seconds until the tool must have named its devices."""
_LINE = re.compile(r"\[\s*(\d+\.\d+)\]\s+(?:(/dev/input/\S+):\s+)?(\S+)\s+(\S+)\s+(\S+)")
_ADDED = re.compile(r"add device \d+: (\S+)")
_AXIS = re.compile(r"ABS_MT_POSITION_([XY])\s*:.*?min (-?\d+), max (-?\d+)")
_CLOSED = re.compile(r"could not open /dev/input/event")
_UP = "ffffffff"
_KEYS: dict[str, Literal["back", "home"]] = {"KEY_BACK": "back", "KEY_HOMEPAGE": "home", "KEY_HOME": "home"}
Point = tuple[int, int]


class Event(NamedTuple):
    """A touch from ``start`` to ``end`` in the panel's own coordinates, or a key; ``stamp`` is when it ended on the device.

    ``began`` and ``arrived`` are moments of this machine's monotonic clock.
    """

    key: Literal["touch", "back", "home"]
    stamp: float
    began: float
    arrived: float
    start: Point | None = None
    end: Point | None = None
    panel: Panel | None = None


class Panel(NamedTuple):
    """A touch screen: its device and the greatest and least value of both axes."""

    path: str
    least: Point
    most: Point

    def on_screen(self, point: Point, size: tuple[int, int], turned: int) -> Point:
        """A point of the panel in pixels of a screen that is turned by so many quarters; ``size`` is that of the upright one."""
        wide, high = size
        x = (point[0] - self.least[0]) * wide // max(1, self.most[0] - self.least[0] + 1)
        y = (point[1] - self.least[1]) * high // max(1, self.most[1] - self.least[1] + 1)
        return ((x, y), (y, wide - 1 - x), (wide - 1 - x, high - 1 - y), (high - 1 - y, x))[turned % 4]


def panels_of(text: str) -> dict[str, Panel]:
    """The touch screens in what ``getevent -lp`` says; a touch pad, which is not looked through, is none."""
    found: dict[str, Panel] = {}
    for part in text.split("add device ")[1:]:
        path = part.partition(":")[2].split(None, 1)[0]
        axes = {axis: (int(least), int(most)) for axis, least, most in _AXIS.findall(part)}
        pad = "input props:" in part and "INPUT_PROP_DIRECT" not in part
        if axes.keys() == {"X", "Y"} and not pad:
            found[path] = Panel(path, (axes["X"][0], axes["Y"][0]), (axes["X"][1], axes["Y"][1]))
    return found


class Decoder:
    """Lines of one touch screen become touches: from the first finger down to the last one up, where the first one was."""

    def __init__(self) -> None:
        self._slot = 0
        self._held: set[int] = set()
        self._first = 0
        self._at: dict[int, dict[str, int]] = {}
        self._start: Point | None = None
        self._down = False
        self.began = 0.0
        """When the touch that is under way, or the last one, began."""
        self.dropped = False

    @property
    def touching(self) -> bool:
        """Whether a finger is on the screen."""
        return self._down

    def line(self, stamp: float, code: str, value: str, now: float) -> Event | None:
        """Take one line; the touch that ends with it."""
        if code == "ABS_MT_SLOT":
            self._slot = int(value, 16)
        elif code in ("ABS_MT_POSITION_X", "ABS_MT_POSITION_Y"):
            self._at.setdefault(self._slot, {})[code[-1]] = _signed(value)
        elif code == "ABS_MT_TRACKING_ID":
            (self._held.discard if value == _UP else self._held.add)(self._slot)
        elif code == "BTN_TOUCH" and value in ("DOWN", "00000001"):
            self._held.add(self._slot)
        elif code == "BTN_TOUCH":
            self._held.clear()
        elif code == "SYN_DROPPED":
            self.dropped = True
            self._held.clear()  # what was held now is not known
            self._down = False
        elif code == "SYN_REPORT":
            return self._report(stamp, now)
        return None

    def _report(self, stamp: float, now: float) -> Event | None:
        """The lines before belong to one moment."""
        if self._held and not self._down:
            self._down, self.began, self._first = True, now, min(self._held)
            self._start = self._point()
        elif self._down and not self._held:
            self._down = False
            return Event("touch", stamp, self.began, now, self._start, self._point())
        return None

    def _point(self) -> Point | None:
        known = self._at.get(self._first, {})
        return (known["X"], known["Y"]) if known.keys() == {"X", "Y"} else None


def _signed(value: str) -> int:
    number = int(value, 16)
    return number - (1 << 32) if number >> 31 else number


class Watch:
    """Reads the device's events in a thread until it is closed; ``lost`` tells from when on some may be missing."""

    def __init__(self, device: Device) -> None:
        listed = device.text("getevent -lp")
        self.panels = panels_of(listed)
        self.lost = not self.panels or _CLOSED.search(listed) is not None
        self._began: deque[float] = deque(maxlen=256)
        self._decoders = {path: Decoder() for path in self.panels}
        self._found: SimpleQueue[Event] = SimpleQueue()
        self._closing = self._over = False
        self._ready = threading.Event()
        self._wire: Wire = device.stream(COMMAND)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        if not self._ready.wait(READY):
            self.lost = True

    @property
    def touching(self) -> bool:
        """Whether a finger is on the screen."""
        return not self._over and any(one.touching for one in self._decoders.values())

    def touched_since(self, moment: float) -> float:
        """When the first touch or key after a moment of this machine's monotonic clock began; infinity if there was none."""
        return min((began for began in tuple(self._began) if began >= moment), default=float("inf"))

    def next(self, seconds: float) -> Event | None:
        """The next event, or null if none comes in time."""
        try:
            return self._found.get(timeout=seconds) if seconds > 0 else self._found.get_nowait()
        except Empty:
            return None

    def close(self) -> None:
        """Stop reading."""
        self._closing = True
        self._wire.close()
        self._thread.join(2)

    def _alike(self) -> bool:
        """Whether there is one screen only: an emulator has many panels for it, a phone that folds one for each of two."""
        return len({(panel.least, panel.most) for panel in self.panels.values()}) == 1

    def _read(self) -> None:
        with suppress(MingchaError):  # the end of the stream is told by ``lost``, whatever ended it
            for line in self._wire.lines():
                self._take(line)
        self._over = True
        self.lost = self.lost or not self._closing
        self._ready.set()

    def _take(self, line: str) -> None:
        found = _LINE.match(line)
        if found is None:
            self.lost = self.lost or _CLOSED.search(line) is not None
            if _ADDED.match(line):
                self._ready.set()
            return
        now, stamp = time.monotonic(), float(found[1])
        path, code, value = found[2] or next(iter(self.panels), ""), found[4], found[5]
        if code in _KEYS and value in ("DOWN", "00000001"):
            self._put(Event(_KEYS[code], stamp, now, now))
        decoder = self._decoders.get(path)
        if decoder is None:
            return
        event = decoder.line(stamp, code, value, now)
        self.lost = self.lost or decoder.dropped
        if decoder.touching and decoder.began not in self._began:
            self._began.append(decoder.began)
        if event is not None:
            self._put(event._replace(panel=self.panels[path] if self._alike() else None))

    def _put(self, event: Event) -> None:
        if event.began not in self._began:
            self._began.append(event.began)
        self._found.put(event)
