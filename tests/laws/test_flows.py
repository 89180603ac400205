"""Flows of information do not depend on code that has nothing to do with them, on names, or on the order of a hash table."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

import mingcha
from mingcha.catalogue.load import load
from mingcha.collect import calls, flows
from mingcha.collect.package import Package
from mingcha.model.artefact import Artefact
from mingcha.model.fact import Fact
from mingcha.model.report import Report
from tests.build.dexmaker import Class, dex
from tests.build.renamer import defined, dexes, flattened, moved, renamed, renamed_app
from tests.unit.program import flowcase

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "demo"
REACH = ROOT / "tests" / "data" / "reach" / "reach.dex"
APPS = ("flashlight", "flashlight-fixed", *flowcase.NAMES)
OWN = {"flashlight": "Lcn/mingcha/", "flashlight-fixed": "Lcn/mingcha/"}
"""The packages of the demo that are the app's own; the small programs are all in ``t``."""


tables = cache(load)


@cache
def apk(name: str) -> bytes:
    return (DEMO / f"{name}.apk").read_bytes() if name in OWN else flowcase.apk(name)


def with_dex(data: bytes, *added: bytes) -> bytes:
    """The app with more DEX files behind its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
        first = sum(1 for _ in dexes(data)) + 1
        for number, dex in enumerate(added, first):
            new.writestr(f"classes{number}.dex", dex)
    return out.getvalue()


@cache
def unrelated() -> tuple[bytes, ...]:
    """Code of other packages: of the twin, of the programs about reach, and of two that send information themselves."""
    (twin,) = (data for _, data in dexes(apk("flashlight-fixed")))
    others = [REACH, *(flowcase.FOLDER / f"{name}.dex" for name in ("Later", "Preferences"))]
    found = [renamed(twin, {name: f"Lzz/twin/{number};" for number, name in enumerate(defined([twin]))})]
    for number, path in enumerate(others):
        data = path.read_bytes()
        found.append(renamed(data, moved(defined([data]), {"t": f"zz.other{number}"})))
    return tuple(found)


def facts(data: bytes) -> list[Fact]:
    """Calls and flows of an app."""
    package = Package(Artefact(sha256=hashlib.sha256(data).hexdigest(), kind="apk", name="a.apk", size=len(data)), data)
    found = [*calls.collect(package, tables()), *flows.collect(package, tables())]
    return [item for item in found if isinstance(item, Fact)]


def plain(fact: Fact, without: Iterable[str] = ()) -> dict[str, Any]:
    """A fact as JSON has it, without the digests of the file and of the fact."""
    found = msgspec.to_builtins(fact)
    for key in ("id", *without):
        found.pop(key, None)
    return _without(found, {"sha256"})  # type: ignore[no-any-return]


def _without(value: Any, keys: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, keys) for key, inner in value.items() if key not in keys}
    return [_without(inner, keys) for inner in value] if isinstance(value, (list, tuple)) else value


def counted(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    return Counter(msgspec.json.encode(row, order="sorted").decode() for row in rows)


@cache
def counted_before(name: str) -> Counter[str]:
    """Calls and flows of the app as it is."""
    return counted(plain(fact) for fact in facts(apk(name)))


# --- code that has nothing to do with it ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", APPS)
def test_unrelated_code_changes_no_flow_and_no_reach(name: str) -> None:
    """Four DEX files with other packages behind the app's own change nothing about any call or flow in it."""
    after = [f for f in facts(with_dex(apk(name), *unrelated())) if f.place.path == "classes.dex"]
    assert counted(plain(fact) for fact in after) == counted_before(name)
    assert counted_before(name) or name == "Setter"


SHADOWED = (
    "android.app.Activity", "android.content.Context", "android.content.Intent", "android.os.Bundle", "android.util.Log",
    "android.telephony.TelephonyManager", "java.lang.StringBuilder", "java.lang.Thread", "android.os.AsyncTask", "java.util.HashMap",
)  # fmt: skip


@pytest.mark.parametrize("name", ["flashlight", "Explicit", "Later", "Keys"])
def test_copies_of_androids_classes_hide_nothing(name: str) -> None:
    """Android loads its own classes and not the app's of the same name, so these change nothing either."""
    copies = dex([Class(f"L{cls.replace('.', '/')};") for cls in SHADOWED])
    after = [f for f in facts(with_dex(apk(name), copies)) if f.place.path == "classes.dex"]
    assert counted(plain(fact) for fact in after) == counted_before(name)


def judged(name: str, data: bytes, folder: Path) -> Report:
    """The demo's report, with its policy and answers, about an app that stands in its place."""
    path = folder / "app.apk"
    path.write_bytes(data)
    fixed = "-fixed" if name.endswith("-fixed") else ""
    policy, answers = DEMO / f"policy{fixed}.html", DEMO / f"answers{fixed}.yaml"
    opened = mingcha.open_case([path], policy=[policy], answers=answers, type=38)
    report: Report = mingcha.inspect(opened, tables(), strict=True)
    return report


@pytest.mark.parametrize("name", OWN)
def test_unrelated_code_changes_no_verdict(name: str, tmp_path: Path) -> None:
    """Code that meets no personal information changes the outcome of no clause."""
    harmless = REACH.read_bytes(), renamed(REACH.read_bytes(), moved(defined([REACH.read_bytes()]), {"t": "zz.again"}))
    before, after = (judged(name, with_dex(apk(name), *added), tmp_path) for added in ((), harmless))
    assert [(v.clause, v.outcome) for v in after.verdicts] == [(v.clause, v.outcome) for v in before.verdicts]
    assert len({v.outcome for v in before.verdicts}) >= 3


# --- other names ------------------------------------------------------------------------------------------------------


def plan_for(name: str, plan: str) -> dict[str, str]:
    """New names for all classes of the app itself: in one package of its own, or flattened as obfuscators do."""
    own = OWN.get(name, "Lt/")
    classes = [cls for cls in defined(data for _, data in dexes(apk(name))) if cls.startswith(own)]
    if plan == "flattened":
        return flattened(classes, seed=3)
    start = {"Lcn/mingcha/": "Lcn/mingcha/demo/flashlight/"}.get(own, own)
    order = sorted(classes, key=lambda cls: hashlib.sha256(cls.encode()).digest())
    return {cls: f"{start}r/C{number};" for number, cls in enumerate(order)}


def under_old_names(fact: Fact, back: Mapping[str, str], without: Iterable[str]) -> dict[str, Any]:
    """A fact with the old names of classes, and without positions, which other names move."""
    row = _without(plain(fact, without), {"at", "path"})
    text = msgspec.json.encode(row).decode()
    text = re.sub(r"L[\w$/-]+;", lambda match: back.get(match[0], match[0]), text)
    return msgspec.json.decode(text)  # type: ignore[no-any-return]


BY_NAME = (*OWN, "Bound", "Dispatch", "Explicit", "Interfaces", "Later", "Layout", "Reflection", "Statics")
"""Apps where most depends on which class is meant."""
PLANS = [*((name, "in its package") for name in APPS), *((name, "flattened") for name in BY_NAME)]


@pytest.mark.parametrize(("name", "plan"), PLANS)
def test_other_names_change_no_flow(name: str, plan: str) -> None:
    """With every class of the app under another name, code, manifest and layouts alike, each call and flow is found as before."""
    names = plan_for(name, plan)
    without = ("owner",) if plan == "flattened" else ()  # whose code it is, is told by names
    after = facts(renamed_app(apk(name), names))
    back = {new: old for old, new in names.items()}
    before = counted(under_old_names(fact, {}, without) for fact in facts(apk(name)))
    assert counted(under_old_names(fact, back, without) for fact in after) == before


# --- other processes --------------------------------------------------------------------------------------------------

SCRIPT = """
import hashlib, sys
from pathlib import Path
import mingcha
from mingcha.catalogue.load import load
from mingcha.inspection import collect_facts, open_case
from mingcha.model.report import encode
for path in sys.argv[1:]:
    for implicit in (False, True) if "flashlight" in path else (True,):
        found = collect_facts(open_case([path]), load(), strict=True, flows="implicit" if implicit else "values")
        print(Path(path).name, implicit, len(found.facts), hashlib.sha256(encode(found)).hexdigest())
"""


def test_processes_agree(tmp_path: Path) -> None:
    """Processes with other hash seeds write the facts of every app byte for byte alike, implicit flows or not."""
    for name in APPS:
        tmp_path.joinpath(f"{name}.apk").write_bytes(apk(name))
    paths = sorted(map(str, tmp_path.iterdir()))
    told = []
    for seed in ("1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SCRIPT, *paths]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.splitlines())
    assert len(told[0]) == len(APPS) + len(OWN)
    assert told[0] == told[1]
