"""Inspect the demo app and its twin and compare what is said with truth.yaml.

    python demo/check.py [--report FOLDER]

Prints one line for each difference; exit 1 when the report accuses of anything else, misses a planted item, places
evidence wrongly, accuses the twin of anything, tells otherwise when a planted call can run, or where its value can go.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

import mingcha
from mingcha.catalogue.load import load
from mingcha.model.fact import InformationFlow, SensitiveCall
from mingcha.model.report import Report
from mingcha.render import render

HERE = Path(__file__).parent
LEAVES = ("network", "sdk")
"""Channels for which the truth lists every flow."""
PLACED = {"kind", "path", "at", "quote_contains", "fields"}
"""Keys of a piece of evidence that are no fields of the fact."""


def inspected(app: str, policy: str, answers: str, type_number: int) -> Report:
    """The report on one of the two apps."""
    opened = mingcha.open_case([HERE / app], policy=[HERE / policy], answers=HERE / answers, type=type_number)
    return mingcha.inspect(opened)


def differences(report: Report, truth: dict[str, Any]) -> list[str]:
    """What the report says otherwise than the truth."""
    outcomes = {verdict.clause: verdict for verdict in report.verdicts}
    planted = {row["clause"]: row for row in truth.get("breached") or ()}
    found = {name for name, verdict in outcomes.items() if verdict.outcome == "breached"}
    wrong = [f"{name}: accused, but nothing is planted" for name in sorted(found - set(planted))]
    wrong += [f"{name}: planted, but {outcomes[name].outcome}" for name in sorted(set(planted) - found)]
    for name in sorted(found & set(planted)):
        facts = [report.base.by_id[i] for i in outcomes[name].evidence if i in report.base.by_id]
        wrong += [f"{name}: no evidence {row}" for row in planted[name]["evidence"] if not _among(row, facts)]
    for row in truth.get("not_determined_with_hint") or ():
        if outcomes[row["clause"]].outcome != "not determined":
            wrong.append(f"{row['clause']}: {outcomes[row['clause']].outcome}, needs evidence nobody gave")
        wrong += [
            f"{row['clause']}: no fact {fact}" for fact in row.get("facts") or () if not _among(fact, report.facts)
        ]
    return wrong


def _among(row: dict[str, Any], facts: Any) -> bool:
    return any(_is(row, fact) for fact in facts)


def _is(row: dict[str, Any], fact: Any) -> bool:
    """Whether a fact is the one a row of the truth describes."""
    place = fact.place
    return (
        type(fact).__name__ == row["kind"]
        and row.get("path", place.path) == place.path
        and row.get("at", place.at) == place.at
        and row.get("quote_contains", "") in place.quote
        and all(_same(getattr(fact, name), value) for name, value in _fields(row).items())
    )


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in PLACED} | (row.get("fields") or {})


def _same(value: Any, wanted: Any) -> bool:
    return list(value) == list(wanted) if isinstance(value, tuple) else bool(value == wanted)


def reaches(facts: Iterable[Any], truth: dict[str, Any]) -> list[str]:
    """Where the facts tell otherwise than the truth when a planted call can run, and by which way."""
    rows = truth["facts_expected"]["calls"]
    found = {(f.place.at, f.information): f for f in facts if isinstance(f, SensitiveCall) and f.information}
    pairs = [(row, found.get((row["at"], row["information"]))) for row in rows]
    wrong = [line for row, fact in pairs for line in _otherwise_reached(row, fact)]
    planned = {(row["at"], row["information"]) for row in rows}
    early = [f for key, f in found.items() if f.reach == "startup" and key not in planned]
    wrong += [f"{f.information} in {f.caller}: startup, but nothing is planted" for f in early]
    return wrong + _out_of_order([(row, fact) for row, fact in pairs if fact and "order" in row])


def _otherwise_reached(row: dict[str, Any], fact: SensitiveCall | None) -> list[str]:
    name = f"{row['information']} in {row['caller']}"
    if fact is None:
        return [f"{name}: no call found at byte {row['at']}"]
    if fact.reach != row["reach"]:
        return [f"{name}: {fact.reach}, but planted {row['reach']}"]
    ways = [step.method for step in fact.steps]
    return [] if _in_order(row["through"], ways) else [f"{name}: the way is {ways}, not through {row['through']}"]


def _out_of_order(pairs: list[tuple[dict[str, Any], SensitiveCall]]) -> list[str]:
    """Calls that stand otherwise among the moments of the start than planted."""
    moments = sorted({fact.order for _, fact in pairs if fact.order is not None})
    ranks = {order: rank for rank, order in enumerate(moments, start=1)}
    wrong = [(row, fact) for row, fact in pairs if ranks.get(fact.order) != row["order"]]
    return [
        f"{row['information']} in {row['caller']}: order {fact.order} among {moments}, not rank {row['order']}"
        for row, fact in wrong
    ]


def flows(facts: Iterable[Any], truth: dict[str, Any]) -> list[str]:
    """Which planted flows the facts lack, and which they have that nobody planted."""
    found = [f for f in facts if isinstance(f, InformationFlow)]
    rows, noisy = truth["facts_expected"]["flows"], truth["facts_expected"].get("noisy_flows", [])
    missing = [row for row in rows if not any(_flows_so(row, fact) for fact in found)]
    leaving = [fact for fact in found if fact.channel in LEAVES and not fact.implicit]
    others = [fact for fact in leaving if not any(_flows_so(row, fact) for row in rows + noisy)]
    return [
        f"{row['information']} to {row['sink']} at byte {row['at']}: planted, but no such flow" for row in missing
    ] + [
        f"{f.information} from {f.source} to {f.sink} ({f.channel}, host {f.host}, receiver {f.receiver}, "
        f"{'-'.join(f.transforms) or 'plain'}, through {[step.method for step in f.steps]}): not planted so"
        for f in others
    ]


def _flows_so(row: dict[str, Any], fact: InformationFlow) -> bool:
    """Whether a flow is the one a row of the truth describes."""
    plain = ("information", "owner", "sink", "channel", "host", "receiver")
    return (
        all(getattr(fact, name) == row[name] for name in plain)
        and fact.place.at == row["at"]
        and {"call": fact.source, "at": fact.source_place.at} in row["from"]
        and _in_order(row["transforms"], fact.transforms)
        and _in_order(row["through"], [step.method for step in fact.steps])
    )


def _in_order(wanted: Iterable[str], found: Iterable[str]) -> bool:
    """Whether the wanted words stand among the found ones in this order."""
    rest = iter(found)
    return all(word in rest for word in wanted)


def main() -> int:
    """Compare both apps with the truth."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--report", type=Path, help="write the report on the demo app into this folder")
    asked = options.parse_args()
    truth = yaml.safe_load((HERE / "truth.yaml").read_text("utf-8"))
    wrong = []
    for name, part in (("demo app", truth), ("twin", truth["twin"])):
        app = part.get("app", part)
        report = inspected(app["file"], app["policy"], app["answers"], truth["app"]["type"])
        found = [verdict.clause for verdict in report.verdicts if verdict.outcome == "breached"]
        differing = differences(report, part) + reaches(report.facts, part) + flows(report.facts, part)
        print(f"{name}: breached {' '.join(c.partition('/')[2] for c in found) or 'nothing'}")
        wrong += [f"{name}: {line}" for line in differing]
        if asked.report and name == "demo app":
            _write(report, asked.report)
    print("\n".join(wrong) if wrong else "equal to demo/truth.yaml")
    return 1 if wrong else 0


def _write(report: Report, folder: Path) -> None:
    tables = load()
    folder.mkdir(parents=True, exist_ok=True)
    for reader in ("operator", "regulator", "public"):
        (folder / f"demo-{reader}.html").write_bytes(render(report, tables, reader, "html", "zh"))
    (folder / "demo.json").write_bytes(render(report, tables, "operator", "json"))
    print(f"report: {folder / 'demo-operator.html'} (also demo-regulator.html, demo-public.html, demo.json)")


if __name__ == "__main__":
    sys.exit(main())
