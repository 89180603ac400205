"""Measure the reader of walks: `python -m tests.bench.screen_walks dev|held-out [--set first|second|third] [--misses] [--no-ocr]`.

Each walk of tests/accuracy/screens and its later sisters has a truth written before. Rules are scored as in `tests.bench.screens`; what the reader leaves
open (a null) is missed, never wrong. ``must not`` counts findings that the truth forbids.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.screens.findings import findings
from mingcha.collect.screens.permissions import permissions_of
from mingcha.collect.screens.walk import read_walk
from mingcha.model.artefact import Place
from mingcha.model.fact import (
    ActMade,
    Fact,
    PermissionRequested,
    RefusalOutcome,
    RepeatedAsking,
    RequestBurst,
    ScreenSeen,
    StepsTo,
)
from tests.bench.screens import KINDS, SETS, Score, home

TARGETS = {
    "policy": "policy", "cancellation": "account_cancellation", "complaint": "complaint",
    "personalised_push_switch": "personalisation_switch",
}  # fmt: skip
Row = tuple[str, frozenset[Any], frozenset[Any]]


def measure(half: str, *, ocr: bool, of: str = "first") -> dict[str, Score]:
    """Scores by rule over all walks of a half."""
    tables, found = load(), {}
    for folder in sorted((home(half, of) / "walks").iterdir()):
        truth = yaml.safe_load((folder / "truth.yaml").read_text())
        facts = facts_of(folder, truth["density"], tables, ocr=ocr)
        for rule, true, said in compare(truth, facts, tables):
            found.setdefault(rule, Score()).add(folder.name, true, said)
    return dict(sorted(found.items()))


def facts_of(folder: Path, density: float, tables: Catalogue, *, ocr: bool) -> list[Any]:
    """Everything that a walk shows, taken for a first run."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    walk = read_walk(files["steps.jsonl"], files, tables, package=None, density=density, ocr=ocr)
    return list(
        findings(walk, "run", lambda name, quote: Place(sha256="0" * 64, path=name, quote=quote), tables, clean=True)
    )


def compare(truth: dict[str, Any], facts: list[Any], tables: Catalogue) -> Iterator[Row]:
    """Rule, what is true and what was said."""
    seen = {fact.number: fact for fact in facts if isinstance(fact, ScreenSeen)}
    kinds = {number: KINDS.get(fact.screen or "", "other") for number, fact in seen.items()}
    yield "kinds", frozenset(enumerate(truth["kinds"], 1)), frozenset(kinds.items())
    acts = [fact for fact in facts if isinstance(fact, ActMade)]
    about = [act for act in acts if act.about == "policy"]
    agreed = truth["consent"]["agreed"]
    yield "agreed", frozenset([agreed] if agreed else []), _after(about, "agree")
    yield "refused", frozenset(truth["consent"]["refused"]), _after(about, "refuse", "skip")
    yield from _dialogs(truth, facts, acts, tables)
    yield "taps", *_taps(truth, facts)
    bursts = frozenset((row["count"], row["exit_after"]) for row in truth["bursts"])
    yield "bursts", bursts, frozenset((f.count, f.exit_on_refusal) for f in facts if isinstance(f, RequestBurst))
    yield "repeated", *_repeated(truth, facts, tables)
    exits = any(isinstance(f, RefusalOutcome) and f.outcome == "exit" for f in facts)
    exits |= any(isinstance(f, RequestBurst) and f.exit_on_refusal for f in facts)
    yield (
        "exit",
        frozenset({True} if truth["exit_after_refusal"]["happened"] else ()),
        frozenset({True} if exits else ()),
    )


def _after(acts: list[ActMade], *choices: str) -> frozenset[int]:
    """The truth names the step that a tap led to, the fact the screen it was made on."""
    return frozenset(act.number + 1 for act in acts if act.choice in choices)


def _dialogs(truth: dict[str, Any], facts: list[Fact], acts: list[ActMade], tables: Catalogue) -> Iterator[Row]:
    rows = truth["permission_dialogs"]
    told = frozenset((p, row["purpose_before"] != "none") for row in rows for p in permissions_of(row["asks"], tables))
    said = [f for f in facts if isinstance(f, PermissionRequested)]
    yield "purposes", told, frozenset((f.permission, f.purpose_shown) for f in said if f.purpose_shown is not None)
    answers = {"grant": "allow", "deny": "deny"}
    given = frozenset((act.number, answers[act.choice]) for act in acts if act.choice in ("grant", "deny"))
    yield "answers", frozenset((row["step"], row["answer"]) for row in rows if row["answer"] in answers.values()), given


def _taps(truth: dict[str, Any], facts: list[Fact]) -> tuple[frozenset[Any], frozenset[Any]]:
    true = frozenset(
        (TARGETS[name], taps) for name, taps in truth["taps"].items() if name in TARGETS and taps is not None
    )
    return true, frozenset((f.target, f.taps) for f in facts if isinstance(f, StepsTo) and f.target in TARGETS.values())


def _repeated(truth: dict[str, Any], facts: list[Fact], tables: Catalogue) -> tuple[frozenset[Any], frozenset[Any]]:
    """Askings of the app's own within 48 hours, by subject: how many."""
    count: dict[str, int] = {}
    for row in truth["repeated_asking"]:
        about = "policy" if row["what"] == "consent" else next(iter(permissions_of([row["what"]], tables)), row["what"])
        count[about] = count.get(about, 0) + (row["asked_by"] == "app" and row["within_48h"])
    said = frozenset((f.about, f.times) for f in facts if isinstance(f, RepeatedAsking))
    return frozenset(pair for pair in count.items() if pair[1]), said


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=("dev", "held-out"))
    parser.add_argument("--set", dest="of", choices=tuple(SETS), default="first")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--no-ocr", action="store_true")
    given = parser.parse_args()
    for rule, score in measure(given.half, ocr=not given.no_ocr, of=given.of).items():
        print(score.line(rule))
        if given.misses and score.misses():
            print(*score.misses(), sep="\n")


if __name__ == "__main__":
    main()
