"""A made-up dataset of nine apps whose answers were counted by hand, in the layout of `mingcha survey run`.

| app | category | holds | code read | policy | clauses 3.1, 3.9, 6.5 |
| --- | --- | --- | --- | --- | --- |
| a1  | tools | Bugly, Umeng   | wholly             | P1: names Bugly, has a channel for complaints | breached, breached, met |
| a2  | tools | Bugly          | wholly             | P1 but for a space, of another developer      | breached, not determined, met |
| a3  | tools | Umeng          | native code unread | none                                          | not determined, all |
| a4  | tools | nothing        | wholly             | P2: no channel, and that is measured          | met, met, breached |
| a5  | games | Bugly          | wholly             | P3: a sentence near a channel                 | not applicable, breached, not determined |
| a6  | games | perhaps Bugly  | has none, packed   | P4: points to a list that was not handed in   | not determined, all |
| a7  | none  | Bugly          | wholly             | P4 word for word, of another developer        | breached, not determined, not determined |
| bad | none  | could not be read |                 | none                                          | not determined, all |

Run 1 had a1 to a6 and ``old``, an older a7 whose 3.1 was met; run 2 had a1, a2, a4, a5, a6 again, a7 and ``bad``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

import msgspec

from mingcha.model.artefact import App, Artefact, Case, Place
from mingcha.model.fact import (
    CodeProtected,
    Fact,
    HostNamed,
    PermissionDeclared,
    PolicyParagraph,
    ProvisionAbsent,
    ProvisionNear,
    ProvisionStated,
    SaidNotDone,
    SdkNamed,
    SdkPresent,
    SensitiveCall,
)
from mingcha.model.factbase import FactBase, Gap
from mingcha.model.report import FORMAT, Report, Tool
from mingcha.model.verdict import Trace, Verdict
from mingcha.survey.dataset import Dataset, Part
from mingcha.survey.keeping import record_of
from mingcha.survey.rows import ItemRow, Plan, Record
from mingcha.survey.tables import write

CLAUSES = ("idm-2019/3.1", "idm-2019/3.9", "idm-2019/6.5")
_B, _M, _U, _N = "breached", "met", "not determined", "not applicable"
_AT = Place(sha256="0" * 64, path="classes.dex")
_UNREAD = Gap(
    collector="protection",
    reason="partial",
    hides=("SensitiveCall", "InformationTaken"),
    code="code.native",
    values={"count": "2"},
)
_UNGIVEN = Gap(
    collector="policy", reason="missing", hides=("SdkNamed",), code="policy.list_not_given", values={"list": "SDK"}
)
_NO_RUN = Gap(collector="case", reason="missing", hides=("InformationRead", "InformationTaken"), code="missing.runtime")


def key(name: str) -> str:
    """The key of an app of this dataset."""
    return hashlib.sha256(name.encode()).hexdigest()


def _call(information: str, reach: str = "startup", owner: str = "app") -> Fact:
    return SensitiveCall(
        place=_AT,
        interface="x",
        information=information,
        owner=owner,
        caller="La;->a()V",
        callee="Lb;->b()V",
        reach=reach,
    )


def _sdk(sdk: str, possible: bool = False) -> Fact:
    return SdkPresent(place=_AT, sdk=sdk, score=1 if possible else 6, signals=("package x",), possible=possible)


def _policy(text: str) -> Fact:
    return PolicyParagraph(place=Place(sha256="1" * 64, at=1, unit="paragraph"), text=text)


def _permission(name: str) -> Fact:
    return PermissionDeclared(place=_AT, permission=f"android.permission.{name}", dangerous=True, sensitive=True)


_CHANNEL = ProvisionStated(place=_AT, provision="complaint_channel", form="e-mail")
_P4 = (_policy("P4"), SdkNamed(place=_AT, name="某SDK"))
_FACTS: dict[str, tuple[Fact, ...]] = {
    "a1": (
        _call("dev.imei"), _call("dev.model"), _call("loc.precise", "user-act"), _call("dev.imei", owner="umeng-analytics"),
        _sdk("bugly"), _sdk("umeng-analytics"), SdkNamed(place=_AT, name="Bugly", sdk="bugly"), _policy("P1  的文字"), _CHANNEL,
        _permission("READ_PHONE_STATE"), _permission("READ_CONTACTS"), HostNamed(place=_AT, host="a.example"),
        HostNamed(place=_AT, host="own.example"), SaidNotDone(place=_AT, what="permission", value="android.permission.CAMERA"),
    ),
    "a2": (
        _call("dev.model"), _sdk("bugly"), SdkNamed(place=_AT, name="Bugly", sdk="bugly"), _policy("P1 的文字"), _CHANNEL,
        HostNamed(place=_AT, host="a.example"), _permission("READ_CONTACTS"),
    ),
    "a3": (_call("dev.imei"), _sdk("umeng-analytics"), _permission("READ_CONTACTS"), HostNamed(place=_AT, host="a.example")),
    "a4": (
        _call("loc.precise", "user-act"), _policy("P2"),
        ProvisionAbsent(place=_AT, provision="complaint_channel", positives=299, missed=1),
    ),
    "a5": (_call("dev.imei"), _sdk("bugly"), _policy("P3"), ProvisionNear(place=_AT, provision="complaint_channel")),
    "a6": (_sdk("bugly", possible=True), CodeProtected(place=_AT, form="packer", name="360jiagu"), *_P4),
    "a7": (_sdk("bugly"), *_P4),
    "old": (_sdk("bugly"), _policy("P0")),
    "bad": (),
}  # fmt: skip
_GAPS: dict[str, tuple[Gap, ...]] = {
    "a3": (_UNREAD, _NO_RUN),
    "a6": (_UNGIVEN,),
    "a7": (_NO_RUN, _UNGIVEN),
    "a5": (_NO_RUN,),
}
_OUTCOMES = {
    "a1": (_B, _B, _M), "a2": (_B, _U, _M), "a3": (_U, _U, _U), "a4": (_M, _M, _B), "a5": (_N, _B, _U), "a6": (_U, _U, _U),
    "a7": (_B, _U, _U), "old": (_M, _U, _U), "bad": (_U, _U, _U),
}  # fmt: skip
_SIGNERS = {"a1": "s1", "a2": "s1", "a3": "s2", "a4": "s2"}
_TARGETS = {"a1": 22, "a2": 22, "a3": 33, "a4": 33, "a5": 33, "a6": None, "a7": 35, "old": 33}
_TYPES = {"a1": 38, "a2": 38, "a3": 38, "a4": 3}
_SKETCHES = {
    "a1": range(64),
    "a2": [*range(60), 900, 901, 902, 903],
    "a4": [*range(10), *range(500, 554)],
    "a5": range(700, 764),
}
_STORE: dict[str, tuple[str | None, str | None, int | None]] = {
    "a1": ("工具", "甲", 100), "a2": ("工具", "乙", 50), "a3": ("工具", "丙", None), "a4": ("工具", "丙", 5), "a5": ("游戏", "丁", 9),
    "a6": ("游戏", "戊", 1), "a7": (None, "己", 2), "old": (None, "己", 2), "bad": (None, None, None),
}  # fmt: skip


def _artefacts(name: str) -> tuple[Artefact, ...]:
    made = [Artefact(sha256=key("file" + name), kind="apk", name=f"{name}.apk", size=1000)]
    if any(isinstance(fact, PolicyParagraph) for fact in _FACTS[name]):
        made.append(Artefact(sha256=key("policy" + name), kind="policy", name="p.html", size=100))
    return tuple(made)


def _app(name: str, label: str) -> App:
    version = 1 if name == "old" else 2
    return App(
        package=None if name == "bad" else f"cn.example.{'a7' if name == 'old' else name}",
        version_name=str(version),
        version_code=version,
        target_sdk=_TARGETS.get(name),
        label=label or f"应用{name}",
        signer_sha256=_SIGNERS.get(name),
    )


def _verdicts(name: str) -> Iterable[Verdict]:
    base = FactBase.of(_FACTS[name])
    for clause, outcome in zip(CLAUSES, _OUTCOMES[name], strict=True):
        carried = tuple(fact.id for fact in base.facts if isinstance(fact, SensitiveCall))[:1] if outcome == _B else ()
        trace = Trace(word="seen", answer="yes", kind="SensitiveCall", facts=carried) if outcome == _B else None
        yield Verdict(clause=clause, outcome=outcome, trace=trace, evidence=carried)


def _record(name: str, label: str) -> Record:
    base = FactBase.of(_FACTS[name], (), _GAPS.get(name, ()))
    report = Report(
        format=FORMAT,
        tool=Tool(name="mingcha", version="0", catalogue="c"),
        case=Case(artefacts=_artefacts(name), app=_app(name, label), type=_TYPES.get(name)),
        facts=base.facts,
        gaps=base.gaps,
        regulations=("idm-2019",),
        verdicts=tuple(_verdicts(name)),
    )
    row = record_of(key(name), report, None)
    sketch = tuple(_SKETCHES[name]) if name in _SKETCHES else None
    dex_bytes = 0 if name in ("a6", "bad") else 500
    return msgspec.structs.replace(row, app=msgspec.structs.replace(row.app, sketch=sketch, dex_bytes=dex_bytes))


def _item(run: int, name: str, outcome: str) -> ItemRow:
    category, developer, downloads = _STORE[name]
    return ItemRow(
        run=run,
        name=f"apps/{'a7' if name == 'old' else name}.apk",
        key=key(name),
        outcome=outcome,
        category=category,
        developer=developer,
        downloads=downloads,
        store=None,
        seconds=1.0,
        peak_mib=10.0,
    )


def _pack(dataset: Dataset, run: int, names: Iterable[str], items: list[ItemRow], labels: dict[str, str]) -> None:
    records = [_record(name, labels.get(name, "")) for name in sorted(names, key=key)]
    rows = {
        "apps": [one.app for one in records],
        **{
            table: [row for one in records for row in getattr(one, table)]
            for table in ("facts", "verdicts", "gaps", "traces")
        },
        "items": items,
    }
    files = {
        table: write(dataset, table, part, "tables", table, f"{run:06}.parquet") for table, part in rows.items() if part
    }
    manifest = Part(number=run, run=run, files=files, keys=tuple(one.app.key for one in records))
    dataset.write(msgspec.json.encode(manifest), "parts", f"{run:06}.json")


def counted(folder: str | os.PathLike[str], runs: int = 2, labels: dict[str, str] | None = None) -> str:
    """Write the dataset, of one run or of both, and give its path; ``labels`` gives apps other names."""
    dataset = Dataset(os.fspath(folder))
    if not dataset.exists("dataset.json"):
        dataset.begin(Plan(rules=("idm-2019",), flows="values", tool="0", catalogue="c", memory=1, timeout=1.0))
        first = ["a1", "a2", "a3", "a4", "a5", "a6", "old"]
        _pack(dataset, 1, first, [_item(1, name, "done") for name in first], labels or {})
    if runs == 2:
        again = [_item(2, name, "known") for name in ("a1", "a2", "a4", "a5", "a6")]
        _pack(dataset, 2, ["a7", "bad"], [*again, _item(2, "a7", "done"), _item(2, "bad", "failed")], labels or {})
    return os.fspath(folder)
