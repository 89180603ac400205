"""Inspect the demo app and its twin and compare what is said with truth.yaml.

    python demo/check.py [--report FOLDER]

Prints one line for each planted item; exit 1 when the report accuses of anything else, misses a planted item, places
evidence wrongly, or accuses the twin of anything.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

import mingcha
from mingcha.catalogue.load import load
from mingcha.model.report import Report
from mingcha.render import render

HERE = Path(__file__).parent


def inspected(app: str, policy: str, answers: str, type_number: int) -> Report:
    """The report on one of the two apps."""
    opened = mingcha.open_case(
        [HERE / app], policy=[HERE / policy], answers=HERE / answers, type=type_number
    )
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
        wrong += [f"{row['clause']}: no fact {fact}" for fact in row.get("facts") or () if not _among(fact, report.facts)]
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
        and all(_same(getattr(fact, name), value) for name, value in (row.get("fields") or {}).items())
    )


def _same(value: Any, wanted: Any) -> bool:
    return list(value) == list(wanted) if isinstance(value, tuple) else bool(value == wanted)


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
        differing = differences(report, part)
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
