"""L5: thousands of deadlines fall due at one midnight; the clock ticks once, and once more."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.service.drills import world


def main() -> None:
    """Fill, tick twice, print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    given = parser.parse_args()
    world.begin()
    world.move_clock("2026-03-02T09:00")
    fill(given.count, given.people)
    world.move_clock("2026-03-10T00:00:01")
    from mingcha.service import ticking

    started, worked = time.monotonic(), time.process_time()
    first = ticking.tick()
    seconds, cpu = time.monotonic() - started, time.process_time() - worked
    second = ticking.tick()
    print(json.dumps({"first": first, "second": second, "seconds": round(seconds, 2), "cpu": round(cpu, 2), **found()}))


def fill(count: int, people: int) -> None:
    """Cases under an order of five working days, served on the same morning."""
    from mingcha.service import clock, demo, terms
    from mingcha.service.models import Deadline

    made = demo.make()
    rows = world.cases(made, count, "rectification", clock.now(), world.handlers(made, people))
    due = terms.reckoned("rectification", clock.now(), 5, made.authority.receives)
    Deadline.objects.bulk_create(
        (Deadline(clock="rectification", case=one, started=clock.now(), **due) for one in rows), world.BATCH
    )


def found() -> dict[str, Any]:
    """How often each case was missed, how the messages are grouped, whether everything still fits."""
    from mingcha.service.commands import problems
    from mingcha.service.models import Case, Deadline, Event, Reminder

    times = Counter(Event.objects.filter(act="miss-deadline").values_list("thing", flat=True))
    mails = [one.read_text() for one in (Path(os.environ["MINGCHA_DATA"]) / "mail").glob("*")]
    return {
        "missed_once": sum(count == 1 for count in times.values()),
        "missed_again": sum(count > 1 for count in times.values()),
        "left_running": Deadline.objects.filter(state="running").count(),
        "proposed": Case.objects.filter(state="notice-proposed").count(),
        "recipients": Reminder.objects.values("recipient").distinct().count(),
        "messages": Reminder.objects.count(),
        "told": sum(len(keys) for keys in Reminder.objects.values_list("deadlines", flat=True)),
        "mails": sum(text.count("\nTo: ") for text in mails),
        "problems": list(problems())[:5],
    }


if __name__ == "__main__":
    main()
