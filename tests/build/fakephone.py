"""A simulated phone with one app on it: windows that lead to one another, touches of a person, a clock of its own."""

from __future__ import annotations

import datetime as dt
import re
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.build.screens.dump import written

APP = "com.example.tested"
WIDE, HIGH = 540, 1170
BAR = (0, 1110, WIDE, HIGH)
LAUNCHER = "com.android.launcher3"
ASKING = "com.google.android.permissioncontroller"
PANEL = "/dev/input/event2"
MOST = (4095, 8191)
"""The panel counts finer than the screen."""
ZONE = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True)
class Thing:
    """Something on a screen; ``leads`` names the screen a tap opens, or an act: "!exit", "!back", "!harm"."""

    text: str
    box: tuple[int, int, int, int]
    leads: str | None = None
    cls: str = "android.widget.TextView"
    description: str = ""
    checked: bool | None = None


@dataclass(frozen=True)
class Look:
    """A window of the phone."""

    name: str
    things: tuple[Thing, ...]
    package: str = APP
    activity: str = ".MainActivity"
    scrolls: str | None = None
    """The screen that shows what lies below."""


def row(number: int, text: str, leads: str | None = None) -> Thing:
    """An entry of a list."""
    return Thing(text, (0, 140 + 90 * number, WIDE, 220 + 90 * number), leads)


def dialog(name: str, text: str, no: str, yes: str, no_leads: str | None, yes_leads: str, **more: Any) -> Look:
    """A question with two buttons."""
    button = "android.widget.Button"
    return Look(
        name,
        (
            Thing(text, (60, 400, 480, 640)),
            Thing(no, (60, 680, 260, 750), no_leads, button),
            Thing(yes, (280, 680, 480, 750), yes_leads, button),
        ),
        **more,
    )


TERMS = "欢迎使用。请您阅读并同意《用户协议》和《隐私政策》，我们会按照隐私政策收集、使用您的个人信息。您可以选择同意或者不同意。"
POLICY = "我们收集您的设备信息和位置，用于提供服务；我们会与第三方共享必要的个人信息；您可以查询、更正、删除您的个人信息，也可以撤回同意。本政策说明我们如何存储和保护个人信息。"


def looks() -> dict[str, Look]:
    """The launcher, the app, and the system's question."""
    made = [
        Look("home", (Thing("应用", (40, 300, 160, 420), "splash"),), LAUNCHER, ".Launcher"),
        Look("splash", (Thing("示例", (200, 500, 340, 600)),), activity=".SplashActivity"),
        dialog("consent", TERMS, "不同意", "同意", "again", "ask", activity=".SplashActivity"),
        dialog("again", "您需要同意《隐私政策》才能继续使用。若不同意，应用将退出。", "不同意并退出", "同意并继续", "!exit", "ask", activity=".SplashActivity"),
        dialog("ask", "是否允许“示例”获取此设备的位置信息？", "禁止", "仅在使用中允许", "main", "main", package=ASKING, activity="com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"),
        Look("main", (
            row(0, "今日新闻"), row(1, "立即购买", "!harm"), row(2, "提交订单", "!harm"),
            Thing("首页", (0, 1030, 180, 1110), "main"), Thing("消息", (180, 1030, 360, 1110), "messages"), Thing("我的", (360, 1030, 540, 1110), "mine"),
        )),
        Look("messages", (
            row(0, "没有新消息"),
            Thing("首页", (0, 1030, 180, 1110), "main"), Thing("消息", (180, 1030, 360, 1110), "messages"), Thing("我的", (360, 1030, 540, 1110), "mine"),
        )),
        Look("mine", (
            row(0, "张三的主页"), row(1, "我的订单", "!harm"), row(2, "设置", "settings"), row(3, "意见反馈", "complaint"),
            Thing("首页", (0, 1030, 180, 1110), "main"), Thing("消息", (180, 1030, 360, 1110), "messages"), Thing("我的", (360, 1030, 540, 1110), "mine"),
        )),
        Look("settings", (Thing("设置", (0, 60, WIDE, 130)), row(0, "账号与安全", "account"), row(1, "隐私设置", "privacy"), row(2, "清除缓存", "!harm"), row(3, "退出登录", "!harm")), activity=".SettingsActivity"),
        Look("account", (Thing("账号与安全", (0, 60, WIDE, 130)), row(0, "修改密码"), row(1, "注销账号", "cancel")), activity=".AccountActivity"),
        Look("cancel", (Thing("注销账号", (0, 60, WIDE, 130)), row(0, "注销后，您的个人信息将被删除，无法恢复。请确认您要注销账号。"), Thing("确认注销", (60, 900, 480, 980), "!harm", "android.widget.Button")), activity=".CancelActivity"),
        Look("privacy", (Thing("隐私设置", (0, 60, WIDE, 130)), row(0, "隐私政策", "policy"), row(1, "个性化推荐", "personal")), activity=".PrivacyActivity"),
        Look("policy", (Thing("隐私政策", (0, 60, WIDE, 130)), *(row(n, POLICY) for n in range(8))), activity=".WebActivity"),
        Look("personal", (Thing("个性化推荐", (0, 60, WIDE, 130)), Thing("个性化内容推荐", (0, 140, 400, 220)), Thing("", (420, 140, 520, 220), None, "android.widget.Switch", checked=True)), activity=".PrivacyActivity"),
        Look("complaint", (Thing("投诉与建议", (0, 60, WIDE, 130)), row(0, "请描述您要投诉的问题"), row(1, "联系方式"), Thing("提交", (60, 900, 480, 980), "!harm", "android.widget.Button")), activity=".FeedbackActivity"),
    ]  # fmt: skip
    return {one.name: one for one in made}


class Lines:
    """Lines that go to whoever listens."""

    def __init__(self, head: Callable[[], list[str]]) -> None:
        self._head, self._listeners, self.ended = head, [], threading.Event()
        self._lock = threading.Lock()

    def listen(self, put: Callable[[str], None]) -> None:
        with self._lock:
            self._listeners.append(put)
        for line in self._head():
            put(line)

    def leave(self, put: Callable[[str], None]) -> None:
        with self._lock:
            self._listeners.remove(put)

    def put(self, *lines: str) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            for line in lines:
                listener(line)

    @property
    def heard(self) -> bool:
        return bool(self._listeners)


@dataclass
class FakePhone:
    """The phone; its clock is ``ahead`` seconds before this machine's, its events count from its start."""

    ahead: float = -37.5
    asleep: float = 1000.0
    """Seconds that it slept since its start: its events' clock stood still."""
    restless: bool = False
    """A screen that never rests: uiautomator gives up."""
    touchable: bool = True
    fractions: bool = True
    launched: bool = False
    wakefulness: str = "Awake"
    level: int = 34
    keys: bool = True
    """A bar with keys; without it, the system's gestures and a thin line."""
    keyboard: tuple[int, int, int, int] | None = None
    asks: tuple[str, ...] = ("consent", "again")
    """The windows whose way on is an agreement."""
    looks: dict[str, Look] = field(default_factory=looks)
    patience: int = 3
    """The splash goes after it was taken and its window looked at so often: no timer, so that no test hangs on speed."""
    files: dict[str, bytes] = field(default_factory=dict)
    harmed: list[str] = field(default_factory=list)
    done: list[tuple[str, str, float]] = field(default_factory=list)
    """What happened to whom when, by the phone's own clock: the truth that recordings are compared with."""

    def __post_init__(self) -> None:
        self.shown = "home"
        self.stack: list[str] = []
        self.agreed = self.launched
        self.granted: bool | None = None
        self.events = Lines(lambda: [f"add device 1: {PANEL}", '  name:     "panel"'])
        self.log = Lines(lambda: ["--------- beginning of main"])
        self._window, self._looks = 7, 0
        self._lock = threading.RLock()

    def now(self) -> float:
        """The phone's clock."""
        return time.time() + self.ahead

    def uptime(self) -> float:
        """The clock of its events."""
        return time.monotonic() + 5000 - self.asleep

    # --- what is done to it

    def person_taps(self, text: str, *, hold: float = 0.02) -> None:
        """A finger goes down and up on the thing of that text."""
        thing = next(one for one in self.looks[self.shown].things if one.text == text)
        self.finger((thing.box[0] + thing.box[2]) // 2, (thing.box[1] + thing.box[3]) // 2, hold=hold)

    def finger(self, x: int, y: int, to: tuple[int, int] | None = None, *, hold: float = 0.02) -> None:
        """A touch of the screen, perhaps drawn to another point."""
        self._events(self._at(x, y), ("EV_ABS", "ABS_MT_TRACKING_ID", "0000002a"), ("EV_KEY", "BTN_TOUCH", "DOWN"))
        time.sleep(hold)
        if to is not None:
            self._events(self._at(*to))
        with self._lock:
            self._events((), ("EV_ABS", "ABS_MT_TRACKING_ID", "ffffffff"), ("EV_KEY", "BTN_TOUCH", "UP"))
            if to is None:
                self.tapped(x, y)
            else:
                self._drawn((x, y), to)

    def _at(self, x: int, y: int) -> tuple[tuple[str, str, str], ...]:
        raw = (x * (MOST[0] + 1) // WIDE + 2, y * (MOST[1] + 1) // HIGH + 2)
        return tuple(
            ("EV_ABS", f"ABS_MT_POSITION_{axis}", f"{value:08x}") for axis, value in zip("XY", raw, strict=True)
        )

    def _events(self, first: tuple[tuple[str, str, str], ...], *more: tuple[str, str, str]) -> None:
        stamp = f"[{self.uptime():15.6f}] {PANEL}: "
        rows = [*more[:1], *first, *more[1:], ("EV_SYN", "SYN_REPORT", "00000000")]
        self.events.put(*(f"{stamp}{kind:12} {code:20} {value:20}" for kind, code, value in rows))

    def key(self, name: str) -> None:
        """A key of the case."""
        stamp = f"[{self.uptime():15.6f}] /dev/input/event0: "
        self.events.put(*(f"{stamp}{'EV_KEY':12} {name:20} {value:20}" for value in ("DOWN", "UP")))
        self._home() if name == "KEY_HOMEPAGE" else self._back()

    def tapped(self, x: int, y: int) -> None:
        """A touch, by a person or by `input`."""
        with self._lock:
            self.done.append(("tap", self.shown, self.now()))
            if self.keys and BAR[1] <= y:
                return self._back() if x < WIDE // 3 else self._home() if x < 2 * WIDE // 3 else None
            hit = [one for one in self.looks[self.shown].things if one.leads and _inside(one.box, x, y)]
            if hit:
                self._lead(hit[-1])
        return None

    def _lead(self, thing: Thing) -> None:
        leads = thing.leads or ""
        self.agreed = self.agreed or (self.shown in self.asks and leads == "ask")
        if leads == "!harm":
            self.harmed.append(thing.text)
        elif leads == "!exit":
            self._home()
        elif leads == "splash":
            self.launch()
        elif leads:
            if self.shown == "ask":
                self.granted = thing.text == "仅在使用中允许"
                self._logged(self.granted)
                self.stack = []
            elif self.shown not in self.asks:
                self.stack.append(self.shown)
            self.show(leads)

    def show(self, name: str) -> None:
        """Another window comes to the front."""
        with self._lock:
            self.shown = name
            self._window += 1

    def launch(self) -> None:
        """The app starts: its splash, then what it asks or its main screen."""
        self.launched, self.stack = True, []
        self.done.append(("launch", self.shown, self.now()))
        self._looks = 0
        self.show("splash")

    def _home(self) -> None:
        self.show("home")

    def _back(self) -> None:
        with self._lock:
            if self.looks[self.shown].package == APP and self.shown not in ("consent", "again", "splash"):
                self.show(self.stack.pop() if self.stack else "home")

    def _drawn(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        below = self.looks[self.shown].scrolls
        if not self.keys and start[0] < 0.05 * WIDE and end[0] - start[0] > 50:
            self._back()
        elif not self.keys and start[1] > 0.95 * HIGH and start[1] - end[1] > 100:
            self._home()
        elif below and start[1] > end[1]:
            self.show(below)

    def _logged(self, granted: bool) -> None:
        when = dt.datetime.fromtimestamp(self.now(), ZONE).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " +0800"
        self.log.put(
            f"{when}  1234  1250 I SomethingElse: of no concern",
            f"{when}  1234  1250 I GrantPermissionsActivity: Permission grant result requestId=1 callingUid=10200 "
            f"callingPackage={APP} permission=android.permission.ACCESS_FINE_LOCATION isImplicit=false result={5 if granted else 7}",
        )

    # --- what it answers

    def shell(self, command: str) -> tuple[int, bytes]:
        """Exit code and output of a command."""
        for pattern, answer in _COMMANDS:
            if found := re.fullmatch(pattern, command, re.DOTALL):
                said = answer(self, found)
                code, out = said if isinstance(said, tuple) else (0, said)
                return code, out if isinstance(out, bytes) else out.encode()
        return 127, f"/system/bin/sh: {command.partition(' ')[0]}: inaccessible or not found\n".encode()

    def date(self) -> str:
        now = self.now()
        return f"{int(now)}.{int(now % 1 * 1e9):09d}\n" if self.fractions else f"{int(now)}.%N\n"

    def window(self) -> str:
        if self.shown == "splash" and self._looks:
            self._looks += 1
            if self._looks > self.patience:
                self.show("main" if self.agreed else "consent")
        look = self.looks[self.shown]
        left, top, right, bottom = self.keyboard or (0, 0, 0, 0)
        typed = f"[{left},{top}][{right},{bottom}]"
        return (
            f"    InsetsSource id=1 type=navigationBars frame=[0,{BAR[1] if self.keys else HIGH - 20}][{WIDE},{HIGH}] visible=true flags=\n"
            f"    InsetsSource id=3 type=ime frame={typed} visible={_word(self.keyboard is not None)} flags=\n"
            f"  mCurrentFocus=Window{{{self._window:x}a u0 {look.package}/{_full(look)}}}\n"
            f"  mFocusedApp=ActivityRecord{{88 u0 {look.package}/{look.activity} t9}}\n"
        )

    def tree(self) -> bytes:
        look = self.looks[self.shown]
        nodes = [_node(look, one) for one in look.things]
        root = _node(look, Thing("", (0, 0, WIDE, HIGH), cls="android.widget.FrameLayout"))
        holder = {
            **_node(look, Thing("", (0, 40, WIDE, BAR[1]), cls="android.widget.ScrollView")),
            "scrollable": look.scrolls is not None,
        }
        return written({**root, "children": [{**holder, "children": nodes}]}).encode()

    def dumped(self, path: str) -> tuple[int, str]:
        if self.restless:
            return 0, "ERROR: could not get idle state.\n"
        self.files[path] = self.tree()
        return 0, f"UI hierchary dumped to: {path}\n"

    def picture(self) -> bytes:
        self._looks = max(self._looks, 1)
        shade = 30 + 11 * sorted(self.looks).index(self.shown)
        lines = (b"\0" + bytes([shade]) * WIDE) * HIGH
        chunks = (
            (b"IHDR", struct.pack(">IIBBBBB", WIDE, HIGH, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(lines, 1)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )

    def digest(self) -> str:
        return f"{zlib.crc32(self.shown.encode()):032x}  -\n"

    def package(self, name: str) -> str:
        if name != APP:
            return f"Unable to find package: {name}\n"
        return (
            "Packages:\n"
            f"  Package [{APP}] (a1b2c3):\n    userId=10200\n    versionCode=42 minSdk=24 targetSdk=34\n    versionName=3.1.4\n"
            "    firstInstallTime=2026-01-01 10:00:00\n    lastUpdateTime=2026-01-01 10:00:00\n"
            "    requested permissions:\n      android.permission.ACCESS_FINE_LOCATION\n"
            f"    User 0: ceDataInode=1 installed=true hidden=false suspended=false stopped={_word(not self.launched)} "
            f"notLaunched={_word(not self.launched)} enabled=0\n"
            "      runtime permissions:\n"
            f"        android.permission.ACCESS_FINE_LOCATION: granted={_word(bool(self.granted))}, flags=[{' USER_SET' if self.granted is not None else ''}]\n"
        )

    def cleared(self, name: str) -> tuple[int, str]:
        if name != APP:
            return 1, "Failed\n"
        self.agreed, self.granted = False, None
        self.done.append(("clear", self.shown, self.now()))
        if self.looks[self.shown].package != LAUNCHER:
            self.show("home")
        return 0, "Success\n"

    def started(self, name: str) -> str:
        if name != APP:
            return "** No activities found to run, monkey aborted.\n"
        if self.looks[self.shown].package != APP:
            self.launch()
        return "Events injected: 1\n"

    def panel(self) -> str:
        if not self.touchable:
            return "could not open /dev/input/event2, Permission denied\n"
        axes = "".join(
            f"                ABS_MT_POSITION_{a}   : value 0, min 0, max {m}, fuzz 0, flat 0, resolution 0\n"
            for a, m in zip("XY", MOST, strict=True)
        )
        keys = 'add device 1: /dev/input/event0\n  name:     "gpio-keys"\n  events:\n    KEY (0001): KEY_BACK              KEY_HOMEPAGE\n  input props:\n    <none>\n'
        return f'{keys}add device 2: {PANEL}\n  name:     "panel"\n  events:\n    KEY (0001): BTN_TOUCH\n    ABS (0003): ABS_MT_SLOT           : value 0, min 0, max 9, fuzz 0, flat 0, resolution 0\n{axes}  input props:\n    INPUT_PROP_DIRECT\n'


_COMMANDS: list[tuple[str, Callable[[FakePhone, re.Match[str]], Any]]] = [
    (r"date \+%s\.%N", lambda p, _: p.date()),
    (r"date \+%s\.%N; dumpsys gfxinfo .*; date \+%s\.%N", lambda p, _: f"{p.date()}Uptime: {int(p.uptime() * 1000)} Realtime: {int((p.uptime() + p.asleep) * 1000)}\n{p.date()}"),
    (r"getprop .*", lambda p, _: f"Fake 1\n14\n{p.level}\n+0800\n"),
    (r"wm size", lambda p, _: f"Physical size: {WIDE}x{HIGH}\n"),
    (r"wm density", lambda p, _: "Physical density: 240\n"),
    (r"dumpsys window.*", lambda p, _: p.window()),
    (r"rm -f (\S+); uiautomator dump \1", lambda p, m: (p.files.pop(m[1], None), p.dumped(m[1]))[1]),
    (r"rm -f (\S+)", lambda p, m: str(p.files.pop(m[1], None) or "")[:0]),
    (r"screencap -p", lambda p, _: p.picture()),
    (r"screencap \| md5sum", lambda p, _: p.digest()),
    (r"getevent -lp", lambda p, _: p.panel()),
    (r"input tap (\d+) (\d+)", lambda p, m: p.tapped(int(m[1]), int(m[2])) or ""),
    (r"input swipe (\d+) (\d+) (\d+) (\d+) \d+", lambda p, m: p._drawn((int(m[1]), int(m[2])), (int(m[3]), int(m[4]))) or ""),
    (r"input keyevent 4", lambda p, _: p._back() or ""),
    (r"input keyevent 3", lambda p, _: p._home() or ""),
    (r"cmd package resolve-activity --brief -c \S+ (\S+)", lambda p, m: f"priority=0 isDefault=true\n{m[1]}/.SplashActivity\n" if m[1] == APP and p.level >= 24 else "No activity found\n"),
    (r"am start -a \S+ -c \S+ -n (\S+)/\S+", lambda p, m: p.started(m[1])),
    (r"monkey -p (\S+) .*", lambda p, m: p.started(m[1])),
    (r"dumpsys power \| grep mWakefulness=", lambda p, _: f"  mWakefulness={p.wakefulness}\n"),
    (r"pm clear (\S+)", lambda p, m: p.cleared(m[1])),
    (r"dumpsys package (\S+)", lambda p, m: p.package(m[1])),
    (r"dumpsys appops --package (\S+)", lambda p, _: (255, "Unknown option: --package\n")),
    (r"cmd appops get (\S+)", lambda p, _: "FINE_LOCATION: allow; time=+12s345ms ago\n"),
]  # fmt: skip


def _full(look: Look) -> str:
    return look.package + look.activity if look.activity.startswith(".") else look.activity


def _inside(box: tuple[int, int, int, int], x: int, y: int) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _word(truth: bool) -> str:
    return "true" if truth else "false"


def _node(look: Look, thing: Thing) -> dict[str, Any]:
    return {
        "text": thing.text, "rid": "", "class": thing.cls, "package": look.package, "desc": thing.description,
        "checkable": thing.checked is not None, "checked": bool(thing.checked), "clickable": thing.leads is not None or thing.checked is not None,
        "enabled": True, "focusable": False, "focused": False, "scrollable": False, "long": False, "password": False, "selected": False,
        "bounds": list(thing.box), "children": [],
    }  # fmt: skip
