"""Made-up runs of an app with a known truth: screens, a hook log and a capture on clocks that go apart.

The truth (what happened when, and what the person had chosen by then) is settled first; the files are written from it.

python -m tests.build.runs FOLDER [SEED]   # one run as a folder, with truth.json beside it
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

import yaml

from tests.build.hartraffic import Planted, device, entries_of, har, plan

PACKAGE = "com.example.tested"
ZONE = timezone(timedelta(hours=8))
SDK_HOSTS = {"ulogs.umeng.com": "umeng-analytics", "api.own-host.example": None, "t.other-party.example": None}
READS = {
    "dev.imei": ("android.telephony.TelephonyManager", "getImei"),
    "dev.imsi": ("android.telephony.TelephonyManager", "getSubscriberId"),
    "dev.mac": ("android.net.wifi.WifiInfo", "getMacAddress"),
    "dev.app_list": ("android.content.pm.PackageManager", "getInstalledPackages"),
    "dev.iccid": ("android.telephony.TelephonyManager", "getSimSerialNumber"),
}
STACKS = {"app": "com.example.tested.Start.onCreate:12", "umeng-analytics": "com.umeng.analytics.MobclickAgent.init:88"}
AGREE = ("同意", "同意并继续", "我已阅读并同意", "Agree and continue")
REFUSE = ("不同意", "不同意并退出", "暂不同意", "Disagree")
Choice = Literal["agree", "refuse", "never", "unseen"]


@dataclass(frozen=True)
class Happened:
    """One thing that happened, in seconds of the device's clock since the run began, with the phase that was true then."""

    what: str
    at: float
    phase: str
    outcome: str = "value"
    actor: str | None = None
    host: str | None = None


@dataclass
class Truth:
    """Everything that happened; ``choice`` "unseen" is an agreement that the walk does not show."""

    choice: Choice
    start: Literal["clean", "used"]
    complete: bool
    chosen: float | None
    reads: list[Happened] = field(default_factory=list)
    sent: list[tuple[Planted, Happened]] = field(default_factory=list)


@dataclass(frozen=True)
class MadeRun:
    """The files of a run by name, and its truth."""

    files: dict[str, bytes]
    truth: Truth
    values: dict[str, list[str]]


def made(seed: int, *, planted: bool = True, requests: int = 40) -> MadeRun:
    """One run; ``planted`` false leaves out all values and all reads."""
    rng = random.Random(seed)
    begin = datetime(2026, 1, 5, 10, 0, tzinfo=ZONE) + timedelta(seconds=rng.randrange(86_400))
    values = device(rng)
    steps, truth = _story(rng)
    end = steps[-1]["at"]
    if planted:
        truth.reads = sorted(_reads(rng, truth, end), key=lambda one: one.at)
    ahead = rng.choice([0.0, 12.25, -3.5, 3600.0])
    moments = sorted(rng.uniform(0.2, end) for _ in range(requests))
    plans = plan(rng, values, requests, 0.4) if planted else []
    truth.sent = [(one, _sent(rng, truth, one, moments[one.index])) for one in plans]
    files = {
        "run.yaml": _record(rng, truth, ahead),
        "profile.yaml": yaml.safe_dump({"package": PACKAGE, "values": values}, allow_unicode=True).encode(),
        "hook.jsonl": b"".join(_hook_lines(begin, truth.reads, end)),
        "capture.har": _capture(rng, begin, truth, values, moments, ahead),
        **dict(_walk(rng, begin, steps)),
    }
    return MadeRun(files, truth, values)


# --- what happens --------------------------------------------------------------------------------------------------


def _story(rng: random.Random) -> tuple[list[dict[str, Any]], Truth]:
    """The screens with their acts, and what the person chose when."""
    choice: Choice = rng.choice(["agree", "agree", "agree", "refuse", "never", "unseen"])
    start: Literal["clean", "used"] = rng.choice(["clean", "clean", "clean", "used"])
    asked = rng.uniform(8, 12)
    steps: list[dict[str, Any]] = [
        {"at": 0.0, "screen": "launcher", "act": {"kind": "clear"} if start == "clean" else {"kind": "none"}},
        {"at": asked, "screen": "consent", "act": {"kind": "start"}},
    ]
    at = asked
    if rng.random() < 0.4:  # reads the policy first
        steps.append({"at": at + 4, "screen": "policy", "act": {"kind": "tap", "on": "link"}})
        steps.append({"at": at + 9, "screen": "consent", "act": {"kind": "back"}})
        at += 9
    chosen = at + rng.uniform(2, 20)
    truth = Truth(choice, start, choice != "unseen", None if choice == "never" else chosen)
    if choice == "never":
        steps.append({"at": chosen, "screen": "consent", "act": {"kind": "none"}})
        steps.append({"at": chosen + 30, "screen": "consent", "act": {"kind": "none"}})
    elif choice == "refuse":
        steps.append({"at": chosen + 1, "screen": "browse", "act": {"kind": "tap", "on": "refuse"}})
        steps.append({"at": chosen + 30, "screen": "browse", "act": {"kind": "none"}})
    else:
        on = "agree" if choice == "agree" else None
        steps.append({"at": chosen + 1, "screen": "main", "act": {"kind": "tap", "on": on} if on else None})
        steps.append({"at": chosen + 40, "screen": "main", "act": {"kind": "none"}})
    return steps, truth


def _true_phase(truth: Truth, at: float) -> str:
    """What was true, whether or not a reader can know it: before any choice, or after which; "used" where it was made earlier."""
    if truth.chosen is None or at < truth.chosen:
        return "P1" if truth.start == "clean" else "used"
    return "P2" if truth.choice == "refuse" else "P3"


def _reads(rng: random.Random, truth: Truth, end: float) -> Iterator[Happened]:
    """Reads all over the run, some of them close to the choice."""
    for _ in range(rng.randrange(4, 14)):
        near = truth.chosen is not None and rng.random() < 0.3
        at = (truth.chosen or 0) + rng.uniform(-1.2, 1.2) if near else rng.uniform(0.2, end)
        outcome = rng.choice(["value", "value", "value", "null", "exception", "zeroed", "denied"])
        yield Happened(rng.choice(sorted(READS)), at, _true_phase(truth, at), outcome, rng.choice(sorted(STACKS)))


def _sent(rng: random.Random, truth: Truth, one: Planted, at: float) -> Happened:
    return Happened(one.tag, at, _true_phase(truth, at), host=rng.choice(sorted(SDK_HOSTS)))


# --- the files -----------------------------------------------------------------------------------------------------


def _time(begin: datetime, at: float) -> str:
    return (begin + timedelta(seconds=at)).isoformat("T", "milliseconds")


def _record(rng: random.Random, truth: Truth, ahead: float) -> bytes:
    """``run.yaml``; in one of four runs nobody related the capture's clock."""
    note: dict[str, Any] = (
        {"ahead": ahead, "error": 0.2, "only_app": True} if rng.random() < 0.75 else {"only_app": True}
    )
    record = {
        "run": "made", "package": PACKAGE, "by": "maker", "start": truth.start,
        "acts": "complete" if truth.complete and rng.random() < 0.7 else "partial",
        "device": {"model": "Made 1", "system": "14", "offset": "+08:00", "density": 160},
        "profile": "profile.yaml", "files": {"capture.har": note},
    }  # fmt: skip
    return yaml.safe_dump(record, allow_unicode=True).encode()


def _hook_lines(begin: datetime, reads: list[Happened], end: float) -> Iterator[bytes]:
    hooked = [f"{cls}.{method}" for cls, method in READS.values()]
    shared = {"v": 1, "process": PACKAGE, "pid": 4321}
    lines = [(0.1, {"kind": "start", "agent": "maker", "package": PACKAGE, "hooked": hooked})]
    lines += [(one.at, _call(number, one)) for number, one in enumerate(reads)]
    lines += [(float(at), {"kind": "alive", "calls": 0, "lost": 0}) for at in range(5, int(end), 5)]
    lines.append((end, {"kind": "end", "calls": len(reads), "lost": 0}))
    for at, line in sorted(lines, key=lambda line: line[0]):
        yield json.dumps({**shared, "t": _time(begin, at), **line}).encode() + b"\n"


def _call(number: int, one: Happened) -> dict[str, Any]:
    cls, method = READS[one.what]
    result = {"k": "text", "n": 15, "h": f"{number:016x}"} if one.outcome == "value" else {"k": "null"}
    return {
        "kind": "call", "seq": number, "thread": "main", "class": cls, "method": method, "args": [], "outcome": one.outcome,
        "result": result, "error": "java.lang.SecurityException" if one.outcome == "exception" else None,
        "stack": [STACKS[one.actor or "app"], "android.app.Activity.performCreate:8000"],
    }  # fmt: skip


def _capture(
    rng: random.Random, begin: datetime, truth: Truth, values: dict[str, list[str]], moments: list[float], ahead: float
) -> bytes:
    """The requests at their moments, as a clock that is ``ahead`` writes them; a planted one goes to its host."""
    told = {one.index: happened for one, happened in truth.sent}
    entries = []
    for index, entry in enumerate(entries_of(rng, values, [one for one, _ in truth.sent], len(moments))):
        entry["startedDateTime"] = _time(begin, moments[index] + ahead)
        if index in told:
            scheme, _, rest = entry["request"]["url"].partition("://")
            entry["request"]["url"] = f"{scheme}://{told[index].host}/{rest.partition('/')[2]}"
        entries.append(entry)
    return har(iter(entries))


_SCREENS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "launcher": (("天气", "android.widget.TextView", "label"),),
    "policy": (
        ("隐私政策", "android.widget.TextView", "title"),
        ("我们如何收集和使用您的个人信息……", "android.widget.TextView", "text"),
    ),
    "main": (("首页", "android.widget.TextView", "tab"), ("我的", "android.widget.TextView", "tab2")),
    "browse": (("仅浏览模式", "android.widget.TextView", "title"), ("热门内容", "android.widget.TextView", "text")),
}


def _nodes(rng: random.Random, screen: str) -> list[tuple[str, str, str, tuple[int, int, int, int]]]:
    """Words, class, id and bounds of what a screen shows."""
    if screen == "consent":
        text = "欢迎使用。请您阅读并同意《用户协议》和《隐私政策》后再使用我们的服务。"
        return [
            ("个人信息保护提示", "android.widget.TextView", "title", (60, 300, 480, 350)),
            (text, "android.widget.TextView", "link", (60, 360, 480, 560)),
            (AGREE[rng.randrange(4)], "android.widget.Button", "agree", (60, 600, 480, 660)),
            (REFUSE[rng.randrange(4)], "android.widget.Button", "refuse", (60, 680, 480, 730)),
        ]
    return [
        (words, cls, rid, (20, 80 + 60 * n, 520, 130 + 60 * n)) for n, (words, cls, rid) in enumerate(_SCREENS[screen])
    ]


def _dump(nodes: list[tuple[str, str, str, tuple[int, int, int, int]]], package: str) -> bytes:
    rows = "".join(
        f'<node index="{n}" text={quoteattr(words)} resource-id="{package}:id/{rid}" class="{cls}" package="{package}" content-desc="" '
        f'checkable="false" checked="false" clickable="{str(cls.endswith("Button") or rid == "link").lower()}" enabled="true" focusable="true" focused="false" '
        f'scrollable="false" long-clickable="false" password="false" selected="false" bounds="[{b[0]},{b[1]}][{b[2]},{b[3]}]" />'
        for n, (words, cls, rid, b) in enumerate(nodes)
    )
    root = (
        f'<node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="{package}" content-desc="" checkable="false" checked="false" '
        f'clickable="false" enabled="true" focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" '
        f'bounds="[0,0][540,1170]">{rows}</node>'
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">{root}</hierarchy>".encode()
    )


def _walk(rng: random.Random, begin: datetime, steps: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """``screens/``: one dump for each step; an act names the bounds of what was touched on the screen before."""
    lines, before, held = [], {}, rng.getstate()
    for number, step in enumerate(steps):
        rng.setstate(held)  # a dialog that comes back has the same words
        package = "com.android.launcher3" if step["screen"] == "launcher" else PACKAGE
        nodes = _nodes(rng, step["screen"])
        name = f"{number:04}.xml"
        yield f"screens/{name}", _dump(nodes, package)
        line = {"time": _time(begin, step["at"]), "dump": name, "package": package, "act": _act(step["act"], before)}
        lines.append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        before = {rid: bounds for _, _, rid, bounds in nodes}
    yield "screens/steps.jsonl", b"".join(lines)


def _act(act: dict[str, Any] | None, before: dict[str, tuple[int, int, int, int]]) -> dict[str, Any] | None:
    if act is None or "on" not in act:
        return act
    left, top, right, bottom = before[act["on"]]
    return {"kind": act["kind"], "at": [(left + right) // 2, (top + bottom) // 2], "on": [left, top, right, bottom]}


def write(made_run: MadeRun, folder: Path) -> None:
    """The run as a folder."""
    for name, data in made_run.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main() -> None:
    """The command line."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7
    one = made(seed)
    truth = {"choice": one.truth.choice, "chosen": one.truth.chosen, "reads": [vars(r) for r in one.truth.reads]}
    folder.mkdir(parents=True, exist_ok=True)
    folder.with_suffix(".truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), "utf-8")
    write(one, folder)


if __name__ == "__main__":
    main()
