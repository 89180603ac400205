"""The screens of the lists of wordings as dumps, and what must hold on each."""

from functools import cache
from pathlib import Path

import yaml

from mingcha.catalogue.load import load
from mingcha.collect.screens.screen import Reader
from mingcha.collect.screens.wording import Words
from tests.unit.collect.screens.making import APP, HIGH, WIDE, node

ROLES = {
    "agree": ("个人信息保护提示", "请阅读《用户协议》与《隐私政策》，并作出选择。", "[不同意]"),
    "refuse": ("个人信息保护提示", "请阅读《用户协议》与《隐私政策》，并作出选择。", "[同意]"),
    "skip": ("个人信息保护提示", "请阅读《用户协议》与《隐私政策》，并作出选择。", "[同意]"),
}
KINDS = ("cancellation", "complaint", "personalisation", "withdrawal", "consent", "purpose", "login", "policy")
ENTRIES = {"complaint_entry": "complaint", "cancel_entry": "account_cancellation"}
LISTS = (
    "wordings.yaml",
    "wordings_fifth.yaml",
    "wordings_sixth.yaml",
    "wordings_seventh.yaml",
    "wordings_eighth.yaml",
    "wordings_ninth.yaml",
)


@cache
def reader(own=APP):
    """One reader for all."""
    return Reader(Words(load()), own, use_ocr=False)


def rows(*names):
    """(rule, "holds", "missed", "innocent" or "accused", row) of all files, or of those named."""
    for name in names or LISTS:
        table = yaml.safe_load(Path(__file__).with_name(name).read_text())
        for rule, lists in table.items():
            for side, found in lists.items():
                for row in found:
                    yield rule, side, row


def dump_of(parts, package=APP):
    """The parts one under the other."""
    nodes, top = [], 60
    for part in parts:
        nodes += _nodes(part, top, package)
        top += 70
    root = node("android.widget.FrameLayout", inside="".join(nodes), package=package, box=(0, 0, WIDE, HIGH))
    return f'<?xml version="1.0" encoding="UTF-8"?><hierarchy rotation="0">{root}</hierarchy>'.encode()


def _nodes(part, top, package):
    inner = part[1:-1]
    line = (30, top, 510, top + 50)
    touched = {"package": package, "clickable": "true"}
    match part[0], part[-1]:
        case "[", "]":
            return [node("android.widget.Button", inner, line, **touched)]
        case "<", ">":
            return [node(text=inner, box=line, **touched)]
        case "_", "_":
            return [node("android.widget.EditText", inner, line, **touched)]
        case "{", "}":
            state = {**touched, "checkable": "true", "checked": "true"}
            return [
                node(text=inner, box=(30, top, 420, top + 30), package=package),
                node("android.widget.Switch", "", (450, top, 510, top + 30), **state),
            ]
        case (("☐" | "☑" as box), _):
            state = {**touched, "checkable": "true", "checked": str(box == "☑").lower()}
            return [
                node("android.widget.CheckBox", "", (30, top, 57, top + 27), **state),
                node(text=part[1:], box=(66, top, 510, top + 27), package=package),
            ]
        case _:
            return [node(text=part, box=line, package=package)]


def holds(rule, row):
    """Whether the reader says that the rule holds on this row."""
    if rule in ROLES:
        return row in {button.text for button in getattr(_read([*ROLES[rule], f"[{row}]"]), rule)}
    if rule == "system":
        package, *parts = row.rpartition(" => ")[0].split(" / ")
        reading = reader().read(dump_of(parts, package), None).reading
        groups = row.rpartition(" => ")[2].strip('"').split()
        asked = list(reading.permission.groups) if reading.permission and reading.kind == "permission" else []
        return bool(asked) and (not groups or asked == groups)
    row, _, told = row.partition(" => ")
    reading = _read(_PAGES[rule](row) if rule in _PAGES else row.split(" / "))
    if rule in KINDS:
        return reading.kind == rule
    if rule in ENTRIES:
        return any(entry.to == ENTRIES[rule] and entry.text == row for entry in reading.entries)
    if rule == "answers":
        yes, _, no = told.partition("|")
        return (_texts(reading.agree), _texts(reading.refuse + reading.skip)) == (_parts(yes), _parts(no))
    if rule == "asks":
        return reading.permission is not None and set(reading.permission.groups) == set(told.split())
    if rule.startswith("purpose_"):
        asked = reading.permission
        said = rule.removeprefix("purpose_")
        return asked is not None and asked.purpose == said and not (said == "none" and asked.unsure)
    return {
        "link": bool(reading.links) or any(entry.to == "policy" for entry in reading.entries),
        "passive": reading.passive is not None,
        "reward": reading.reward is not None,
        "asks_again": reading.asks_again,
        "shuts_out": reading.shuts_out,
        "bundled": reading.bundled,
        "no_refuse": reading.no_refuse is True,
        "switch": bool(reading.switches),
    }[rule]


def _texts(buttons):
    return {button.text for button in buttons}


def _parts(told):
    return {told.strip()} - {""}


_PAGES = {
    "complaint_entry": lambda row: ["设置", "<通知>", f"<{row}>", "<清除缓存>"],
    "cancel_entry": lambda row: ["设置", "<通知>", f"<{row}>", "<清除缓存>"],
    "switch": lambda row: ["设置", "<通知>", f"{{{row}}}", "<清除缓存>"],
}


def _read(parts):
    return reader().read(dump_of(parts), None).reading
