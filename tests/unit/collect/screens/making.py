"""Small screens for tests: dumps in uiautomator's form, and walks made of them."""

import json
from xml.sax.saxutils import quoteattr

APP, SYSTEM, LAUNCHER = "example.app", "com.android.permissioncontroller", "com.android.launcher3"
WIDE, HIGH = 540, 1170
START = "2026-03-01T10:{:02}:{:02}.000+08:00"


def node(cls="android.widget.TextView", text="", box=(0, 0, WIDE, HIGH), inside="", package=APP, **said):
    """One node; keyword arguments are its attributes with underscores for hyphens."""
    known = {"clickable": "false", "checkable": "false", "checked": "false", "enabled": "true", "password": "false"}
    fields = {
        "text": text,
        "class": cls,
        "package": package,
        **known,
        **{k.replace("_", "-"): v for k, v in said.items()},
    }
    fields["bounds"] = "[{},{}][{},{}]".format(*box)
    return (
        "<node " + " ".join(f"{name}={quoteattr(str(value))}" for name, value in fields.items()) + f">{inside}</node>"
    )


def screen(texts=(), buttons=(), boxes=(), fields=(), switches=(), tabs=(), package=APP):
    """A page from top to bottom: texts, fields to fill in, (words, ticked) boxes, (words, on) switches, buttons, tabs at the foot."""
    parts, top = [], 50
    for text in texts:
        parts.append(node(text=text, box=(30, top, 510, top + 40), package=package))
        top += 60
    for text in fields:
        parts.append(node("android.widget.EditText", text, (30, top, 510, top + 50), package=package, clickable="true"))
        top += 60
    for text, on in boxes:
        state = {"checkable": "true", "checked": str(on).lower(), "clickable": "true"}
        parts.append(node("android.widget.CheckBox", "", (30, top, 57, top + 27), package=package, **state))
        parts.append(node(text=text, box=(66, top, 510, top + 27), package=package))
        top += 60
    for text, on in switches:
        state = {"checkable": "true", "checked": str(on).lower(), "clickable": "true"}
        parts.append(node(text=text, box=(30, top, 300, top + 30), package=package))
        parts.append(node("android.widget.Switch", "", (450, top, 510, top + 30), package=package, **state))
        top += 60
    for text in buttons:
        parts.append(node("android.widget.Button", text, (75, top, 465, top + 60), package=package, clickable="true"))
        top += 80
    wide = WIDE // max(len(tabs), 1)
    for n, text in enumerate(tabs):
        parts.append(node(text=text, box=(n * wide, 1090, (n + 1) * wide, HIGH), package=package, clickable="true"))
    root = node("android.widget.FrameLayout", inside="".join(parts), package=package)
    return f'<?xml version="1.0" encoding="UTF-8"?><hierarchy rotation="0">{root}</hierarchy>'.encode()


def button_box(dump: bytes, text: str):
    """Where the button or tab with these words stands."""
    from mingcha.formats.uidump import read_dump

    return next(n.bounds for n in read_dump(dump).nodes if n.text == text and n.clickable)


def walk_of(*moments):
    """``steps.jsonl`` and its files; each moment is (act, dump), an act "start", "back", "tap 同意", "tap" or None.

    A minute lies between two moments, or as many seconds as a third value says.
    """
    files, lines, before, clock = {}, [], b"", 0
    for number, (act, dump, *seconds) in enumerate(moments, 1):
        name = f"{number:04}.xml"
        files[name] = dump
        clock += seconds[0] if seconds else 60
        lines.append(json.dumps({"time": START.format(*divmod(clock, 60)), "dump": name, "act": _act(act, before)}))
        before = dump
    return ("\n".join(lines) + "\n").encode(), files


def _act(act, before):
    if act is None:
        return None
    kind, _, on = act.partition(" ")
    if not on:
        return {"kind": kind, "at": [3, 3] if kind == "tap" else None, "on": None}
    left, top, right, bottom = button_box(before, on)
    return {"kind": kind, "at": [(left + right) // 2, (top + bottom) // 2], "on": [left, top, right, bottom]}


CONSENT = screen(
    ["个人信息保护提示", "请阅读并同意《用户协议》和《隐私政策》，我们用位置展示天气。"], ["不同意", "同意"]
)
MAIN = screen(["某某天气", "晴"], tabs=["首页", "我的"])
HOME_SCREEN = screen(["日历"], package=LAUNCHER)


def permission(question="要允许“某某”获取此设备的位置信息吗？", *more):
    """The system's dialog."""
    return screen([question, *more], ["允许", "拒绝"], package=SYSTEM)
