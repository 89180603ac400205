"""Two acts at once that lock in opposite orders: one writes an event and then numbers, the other numbers and then writes its event."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

from tests.service.drills import world

PAUSE = 0.4


def main() -> None:
    """Both, side by side; what each met."""
    world.begin()
    from mingcha.service import demo, ledger
    from mingcha.service.clock import now
    from mingcha.service.numbers import next_number

    made = demo.make()
    met: list[str] = []

    def event(name: str) -> None:
        ledger.record(made.accounts[name], "grant", "engine", now(), {})

    def number(_: str) -> None:
        met.append(next_number("lead"))

    both = [("handler", event, number), ("officer", number, event)]
    threads = [threading.Thread(target=_act, args=(one, met)) for one in both]
    [one.start() for one in threads]
    [one.join() for one in threads]
    from mingcha.service.commands import problems

    print(json.dumps({"met": sorted(met), "problems": list(problems())}))


def _act(steps: tuple[str, Callable[[str], None], Callable[[str], None]], met: list[str]) -> None:
    from django.db import DatabaseError, connections, transaction

    name, first, second = steps
    try:
        with transaction.atomic():
            first(name)
            time.sleep(PAUSE)
            second(name)
    except DatabaseError as problem:
        met.append(type(problem).__name__)
    finally:
        connections.close_all()


if __name__ == "__main__":
    main()
