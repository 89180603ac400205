"""A thousand made-up runs read: planted transmissions found, phases told, and nobody falsely accused.

python -m tests.bench.runs [COUNT] [FIRST_SEED]

A run's truth is settled before its files are written (tests/build/runs.py). Counted: transmissions of planted values that were
found with their kind and host; sendings and reads told to be before consent or after refusal that were not; values found in
runs in which none was planted; and how many of those truly before consent were told so, where clocks and screens allow it.
Exit 1 when recall is below 0.99 or anything is false.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from mingcha.catalogue.load import Catalogue, load
from mingcha.inspection import collect_facts, open_case
from mingcha.model.fact import InformationRead, InformationSent
from mingcha.model.report import FactsFile
from tests.build.runs import Happened, MadeRun, made, write

RECALL = 0.99


def read(run: MadeRun, tables: Catalogue) -> FactsFile:
    """The facts of a run, through a folder as a person would hand it in."""
    with tempfile.TemporaryDirectory() as folder:
        write(run, Path(folder, "run"))
        return collect_facts(open_case([], runs=[Path(folder, "run")]), tables, strict=True)


def counted(run: MadeRun, facts: FactsFile) -> Counter[str]:
    """What is right and wrong of one run."""
    found: Counter[str] = Counter()
    sent = [
        f for f in facts.base.of_kind("InformationSent") if isinstance(f, InformationSent) and f.confidence == "planted"
    ]
    told = Counter((f.information, f.host) for f in sent for _ in range(f.count))
    for key, number in Counter((one.tag, happened.host) for one, happened in run.truth.sent).items():
        found["transmissions"] += number
        found["transmissions found"] += min(number, told[key])
    true = {(one.tag, happened.host) for one, happened in run.truth.sent}
    found["false values"] += sum(1 for f in sent if (f.information, f.host) not in true)
    if not run.truth.sent and not run.truth.reads:
        found["false values"] += len(facts.base.of_kind("InformationSent"))
    reads = [f for f in facts.base.of_kind("InformationRead") if isinstance(f, InformationRead)]
    found["false reads"] += abs(sum(f.count for f in reads) - len(run.truth.reads))
    found += _phases(
        [happened for _, happened in run.truth.sent],
        sent,
        "sent",
        lambda h: (h.what, h.host),
        lambda f: (f.information, f.host),
    )
    found += _phases(
        run.truth.reads,
        reads,
        "read",
        lambda h: (h.what, h.outcome, h.actor),
        lambda f: (f.information, f.outcome, f.actor),
    )
    return found


def _phases(happened: list[Happened], facts: list[Any], what: str, of_truth: Any, of_fact: Any) -> Counter[str]:
    """How many are told before consent or after refusal, and how many of these cannot be true."""
    found: Counter[str] = Counter()
    for phase in ("P1", "P2", "P3"):
        can_be = Counter(of_truth(one) for one in happened if one.phase == phase)
        told = Counter(of_fact(f) for f in facts if f.phase == phase for _ in range(f.count))
        found[f"{what} told {phase}"] += told.total()
        found[f"{what} falsely {phase}"] += sum(max(0, number - can_be[key]) for key, number in told.items())
    found[f"{what} truly P1"] += sum(one.phase == "P1" for one in happened)
    return found


def outside(run: MadeRun, facts: FactsFile) -> Iterator[str]:
    """Facts told to be before consent whose time is not before it."""
    if run.truth.chosen is None:
        return
    begin = (
        min(datetime.fromisoformat(f.time) for f in facts.base.of_kind("ScreenSeen") if f.time)
        if facts.base.of_kind("ScreenSeen")
        else None
    )
    for kind in ("InformationSent", "InformationRead"):
        for fact in facts.base.of_kind(kind):
            if (
                begin
                and fact.phase == "P1"
                and (datetime.fromisoformat(fact.last) - begin).total_seconds() >= run.truth.chosen
            ):
                yield f"{kind} {fact.information} at {fact.last}"


def main() -> None:
    """Read the runs, a tenth of them with nothing planted, and print the sums."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    tables, total, late = load(), Counter[str](), []
    for seed in range(first, first + count):
        run = made(seed, planted=seed % 10 != 0)
        facts = read(run, tables)
        total += counted(run, facts)
        total["empty runs"] += seed % 10 == 0
        total[f"choice {run.truth.choice}"] += 1
        late += [f"run {seed}: {one}" for one in outside(run, facts)]
    for name, number in sorted(total.items()):
        print(f"{name}: {number}")
    print(*late, sep="\n")
    recall = total["transmissions found"] / max(1, total["transmissions"])
    false = sum(number for name, number in total.items() if "false" in name) + len(late)
    print(f"{count} runs: recall {recall:.4f} of {total['transmissions']} transmissions; false {false}")
    sys.exit(recall < RECALL or false > 0)


if __name__ == "__main__":
    main()
