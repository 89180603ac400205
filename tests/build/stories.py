"""A story of a run (what was seen, done, called, sent and installed when) as a folder of the files a tester would hand in.

python -m tests.build.stories CLAUSE STORY FOLDER   # tests/golden/runs/CLAUSE.yaml, one story of it, as files
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import yaml

from mingcha.model.fact_observed import Target
from tests.build.hartraffic import device, entry_of, har
from tests.build.runs import PACKAGE, READS, ZONE
from tests.build.storyscreens import Shown, page_of, picture_of, shown
from tests.build.tinyapp import app, element, manifest

FOLDER = Path(__file__).parent.parent / "golden" / "runs"
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
VALUES = {**device(random.Random(11)), "loc.precise": ["31.230416,121.473701"], "dev.model": ["MADE-PHONE-7X21"]}
CALLS: dict[str, tuple[str, str, tuple[dict[str, Any], ...]]] = {
    **{what: (cls, method, ()) for what, (cls, method) in READS.items()},
    "dev.android_id": (
        "android.provider.Settings$Secure", "getString", ({"k": "object"}, {"k": "text", "n": 10, "c": "android_id"}),
    ),
    "dev.clipboard": ("android.content.ClipboardManager", "getPrimaryClip", ()),
    "loc.precise": ("android.location.LocationManager", "getLastKnownLocation", ({"k": "text", "n": 3},)),
    "dev.model": ("android.os.Build", "getModel", ()),
}  # fmt: skip
STACKS: dict[str, list[str]] = {
    "app": [f"{PACKAGE}.Start.onCreate:12", "android.app.Activity.performCreate:8000"],
    "umeng-analytics": ["com.umeng.analytics.MobclickAgent.init:88", f"{PACKAGE}.Start.onCreate:12"],
    "nobody": [],
    "android": [
        "android.widget.TextView.paste:13000",
        "android.widget.TextView.onTextContextMenuItem:12000",
        "android.os.Handler.dispatchMessage:106",
        "android.app.ActivityThread.main:7000",
    ],
}
_ENCODINGS = {
    "raw": lambda value: value,
    "md5": lambda value: hashlib.md5(value.encode()).hexdigest(),  # what SDKs really send
}
_ANDROID = "android.permission."


def stories(clause: str) -> list[dict[str, Any]]:
    """The stories of a clause (``3.1``), a twin completed from the one it is a twin of."""
    return read(yaml.safe_load((FOLDER / f"{clause}.yaml").read_text("utf-8")))


def read(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The stories of one file. ``change`` of a twin replaces entries of the run and of what stands beside it, no others."""
    by_name: dict[str, dict[str, Any]] = {}
    for row in told["stories"]:
        story = {**row, "clause": told["clause"]}
        if "twin_of" in row:
            first = by_name[row["twin_of"]]
            changed = deepcopy({key: first[key] for key in ("run", "policy", "answers", "type", "app") if key in first})
            for key, value in row["change"].items():
                _place(changed, key.split("."), value)
            story = {**changed, **story}
        if row["name"] in by_name:
            raise ValueError(f"two stories named {row['name']}")
        by_name[row["name"]] = story
    return list(by_name.values())


def _place(whole: Any, path: list[str], value: Any) -> None:
    """``run.walk.2.by`` set to a value; null is "not told"."""
    *way, last = path
    for part in way:
        whole = whole[int(part)] if isinstance(whole, list) else whole.setdefault(part, {})
    if isinstance(whole, list):
        whole[int(last)] = value
    else:
        whole[last] = value


# --- files ---------------------------------------------------------------------------------------------------------


def files_of(run: dict[str, Any]) -> dict[str, bytes]:
    """The files of the run's folder by name."""
    unknown = set(run) - {
        "start",
        "acts",
        "walk",
        "calls",
        "sent",
        "idle",
        "dumps",
        "ahead",
        "error",
        "only_app",
        "notes",
        "until",
        "package",
        "account",
        "not_found",
        "language",
    }
    if unknown:
        raise ValueError(f"a run has no {sorted(unknown)}")
    files: dict[str, bytes] = dict(_walk(run.get("walk", ()), run.get("package", PACKAGE)))
    if "calls" in run:
        files["hook.jsonl"] = b"".join(_hook_lines(run))
    if "sent" in run:
        files["capture.har"] = _capture(run, run["sent"])
    if "idle" in run:
        files["idle.har"] = _capture(run, run["idle"])
    for number, dump in enumerate(run.get("dumps", ())):
        files[f"packages-{number}.txt"] = _dump(dump)
    files["profile.yaml"] = yaml.safe_dump({"package": PACKAGE, "values": VALUES}, allow_unicode=True).encode()
    files["run.yaml"] = _record(run)
    return files


def write(story: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The story's files on disk, as the arguments of ``open_case`` and the list of files to inspect beside the run."""
    given: dict[str, Any] = {"files": []}
    if "run" in story:
        for name, data in files_of(story["run"]).items():
            path = folder / "run" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        given["runs"] = [folder / "run"]
    folder.mkdir(parents=True, exist_ok=True)
    if "policy" in story:
        (folder / "policy.md").write_text(story["policy"], "utf-8")
        given["policy"] = [folder / "policy.md"]
    if "answers" in story:
        rows = [{"clause": story["clause"], "role": "tester", **row} for row in story["answers"]]
        (folder / "answers.yaml").write_text(yaml.safe_dump({"answers": rows}, allow_unicode=True), "utf-8")
        given["answers"] = folder / "answers.yaml"
    if "app" in story:
        (folder / "app.apk").write_bytes(_app(story["app"]))
        given["files"] = [folder / "app.apk"]
    if story.get("type") is not None:
        given["type"] = story["type"]
    return given


def _time(at: float) -> str:
    return (BEGIN + timedelta(seconds=at)).isoformat("T", "milliseconds")


def _record(run: dict[str, Any]) -> bytes:
    notes: dict[str, Any] = deepcopy(run.get("notes", {}))
    if "sent" in run:
        clock = {} if run.get("ahead", 0) is None else {"ahead": run.get("ahead", 0.0), "error": run.get("error", 0.1)}
        notes.setdefault("capture.har", {"only_app": run.get("only_app", True), **clock})
    if "idle" in run:
        notes.setdefault("idle.har", {"role": "baseline"})
    for number, dump in enumerate(run.get("dumps", ())):
        told = {"dumped": _time(dump["at"])} if dump.get("at") is not None else {}
        notes.setdefault(f"packages-{number}.txt", {"role": dump.get("role", "evidence"), **told})
    record = {
        "run": "story", "package": run.get("package", PACKAGE), "by": "maker", "acts": run.get("acts", "complete"),
        "device": {"model": "Made 1", "system": "14", "offset": "+08:00", "density": 160, **({"language": run["language"]} if run.get("language") else {})},
        "profile": "profile.yaml", "files": notes, **{key: run[key] for key in ("start", "account") if run.get(key)},
        "not_found": run.get("not_found", [*get_args(Target)] if run.get("account") else []),
    }  # fmt: skip
    return yaml.safe_dump(record, allow_unicode=True).encode()


def _walk(moments: Iterable[dict[str, Any]], own: str) -> Iterator[tuple[str, bytes]]:
    """``screens/``: a dump for each moment. ``by`` is what led there: "tap 同意" on the screen before, "touch 30 40", "draw up", "start", "none" … or null."""
    lines, before = [], None
    for number, moment in enumerate(moments):
        one = shown(page_of(moment["see"]), own)
        name = f"{number:04}.xml"
        yield f"screens/{name}", one.dump
        line = {"time": _time(moment["at"]), "dump": name, "package": one.package, "act": _act(moment, before)}
        if moment.get("picture"):
            line["picture"] = f"{number:04}.png"
            yield f"screens/{number:04}.png", picture_of(page_of(moment["see"]))
        lines.append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        before = one
    if lines:
        yield "screens/steps.jsonl", b"".join(lines)


def _act(moment: dict[str, Any], before: Shown | None) -> dict[str, Any] | None:
    if moment.get("by") is None:
        return None
    kind, _, on = moment["by"].partition(" ")
    act: dict[str, Any] = {"kind": "swipe" if kind == "draw" else kind}
    if moment.get("done") is not None:
        act["time"] = _time(moment["done"])
    if kind == "draw":
        act |= {"at": [270, 900 if on == "up" else 300], "to": [270, 300 if on == "up" else 900]}
    elif kind == "touch":
        act |= {"kind": "tap", "at": [int(one) for one in on.split()]}
    elif on:
        assert before is not None
        left, top, right, bottom = before.targets[on]
        act |= {"at": [(left + right) // 2, (top + bottom) // 2], "on": [left, top, right, bottom]}
    return act


def _end(run: dict[str, Any]) -> float:
    times = [row["at"] for part in ("walk", "calls", "sent") for row in run.get(part, ())]
    return float(run.get("until", max(times, default=0.0) + 1))


def _hook_lines(run: dict[str, Any]) -> Iterator[bytes]:
    end = _end(run)
    calls = sorted(_repeated(run["calls"]), key=lambda row: row["at"])
    hooked = [f"{cls}.{method}" for cls, method, _ in CALLS.values()]
    lines = [(0.1, {"kind": "start", "agent": "maker", "package": PACKAGE, "hooked": hooked})]
    lines += [(row["at"], _call(number, row)) for number, row in enumerate(calls)]
    lines += [(float(at), {"kind": "alive", "calls": 0, "lost": 0}) for at in range(5, int(min(end, 600)), 5)]
    lines.append((end, {"kind": "end", "calls": len(calls), "lost": 0}))
    for at, line in sorted(lines, key=lambda row: row[0]):
        yield json.dumps({"v": 1, "process": PACKAGE, "pid": 4321, "t": _time(at), **line}).encode() + b"\n"


def _repeated(calls: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in calls:
        for number in range(row.get("times", 1)):
            yield {**row, "at": row["at"] + number * row.get("every", 0)}


def _call(number: int, row: dict[str, Any]) -> dict[str, Any]:
    cls, method, args = CALLS[row["what"]]
    outcome = row.get("outcome", "value")
    result = {"k": "text", "n": 15, "h": f"{number:016x}"} if outcome == "value" else {"k": "null"}
    return {
        "kind": "call", "seq": number, "thread": "main", "class": cls, "method": method, "args": list(args),
        "outcome": outcome, "result": result, "error": "java.lang.SecurityException" if outcome == "exception" else None,
        "stack": STACKS[row.get("by", "app")],
    }  # fmt: skip


def _capture(run: dict[str, Any], requests: list[dict[str, Any]]) -> bytes:
    """The requests, on a clock that is ``ahead``; each carries its value in its query, or nothing; ``answered`` stands in the answer."""
    rng = random.Random(5)
    entries = []
    for number, row in enumerate(sorted(requests, key=lambda row: row["at"])):
        entry = entry_of(rng, number, 0)
        entry["startedDateTime"] = _time(row["at"] + (run.get("ahead") or 0))
        value = _value(row)
        entry["request"]["url"] = f"{row.get('scheme', 'https')}://{row['host']}/v1/collect" + (
            f"?u={value}" if value else ""
        )
        entry["request"]["headers"][0]["value"] = row["host"]
        if "answered" in row:
            entry["response"]["content"]["text"] = json.dumps({"u": VALUES[row["answered"]][0]})
        entries.append(entry)
    return har(iter(entries))


def _value(row: dict[str, Any]) -> str | None:
    if "value" in row:
        return str(row["value"])
    return _ENCODINGS[row.get("as", "raw")](VALUES[row["what"]][0]) if "what" in row else None


def _dump(dump: dict[str, Any]) -> bytes:
    """What ``dumpsys package`` prints of the app; ``open`` and ``closed`` name permissions with their flags, ``target`` its Android."""
    states = [(name, True, flags) for name, flags in dump.get("open", {}).items()]
    states += [(name, False, flags) for name, flags in dump.get("closed", {}).items()]
    rows = "".join(
        f"        {_ANDROID}{name}: granted={str(granted).lower()}, flags=[ {flags}]\n"
        for name, granted, flags in states
    )
    return (
        f"Packages:\n  Package [{PACKAGE}] (d151a2):\n    userId=10143\n"
        f"    versionCode={dump.get('version', 7)} minSdk=21 targetSdk={dump.get('target', 33)}\n    versionName=1.0\n"
        f"    firstInstallTime={dump.get('installed', '2026-03-01 10:00:00')}\n"
        f"    lastUpdateTime={dump.get('updated', '2026-03-01 10:00:00')}\n"
        f"    User 0: ceDataInode=1 installed=true hidden=false\n      runtime permissions:\n{rows}\nQueries:\n"
    ).encode()


def _app(told: dict[str, Any]) -> bytes:
    """An APK of the app: what its manifest declares; or a ``file`` of this repository."""
    if "file" in told:
        return (FOLDER.parent.parent.parent / told["file"]).read_bytes()
    asked = [element("uses-permission", name=_ANDROID + name) for name in told.get("permissions", ())]
    sdk = element("uses-sdk", minSdkVersion=21, targetSdkVersion=told.get("target_sdk", 33))
    return app((), xml=manifest(sdk, *asked, package=PACKAGE, versionCode=7, versionName="1.0"))


def main() -> None:
    """The command line."""
    clause, name, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    write(next(story for story in stories(clause) if story["name"] == name), folder)


if __name__ == "__main__":
    main()
