"""K4: the database server goes down in the middle of decisions and comes back; pages answer again soon, and no number is given twice.

This process plays the approvers, over HTTP; whoever started it restarts the server when it prints `now`.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections import Counter
from typing import Any

from tests.service.drills import whole, world
from tests.service.drills.client import Browser, Server, signed_in

AT_ONCE = 4


def main() -> None:
    """Sign orders over HTTP until all are signed; the longest time without one is told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=150)
    given = parser.parse_args()
    world.begin()
    from mingcha.service import clock, demo

    made = demo.make()
    rows = world.cases(made, given.cases, "findings-review", clock.now(), [made.accounts["handler"]])
    world.drafts(made, rows, "order")
    session, work = signed_in(made.accounts["approver"]), [one.pk for one in rows]
    told: Counter[str] = Counter()
    times: list[float] = []
    server = Server()
    try:
        server.start()
        threads = [
            threading.Thread(target=_sign, args=(server.port, session, work, told, times)) for _ in range(AT_ONCE)
        ]
        [one.start() for one in threads]
        while len(times) < given.cases // 5:
            time.sleep(0.05)
        print("now", flush=True)
        [one.join() for one in threads]
    finally:
        server.kill()
    gaps = [after - before for before, after in zip(sorted(times), sorted(times)[1:], strict=False)]
    print(json.dumps({"longest_gap": round(max(gaps), 2), "told": told, **_end()}))


def _sign(port: int, session: str, work: list[int], told: Counter[str], times: list[float]) -> None:
    """Sign what is left; what failed is tried again until it is refused for being done."""
    browser = Browser(port, session)
    end = time.monotonic() + 90
    while work and time.monotonic() < end:
        case = work.pop()
        status, _ = browser.post(f"/desk/do/case/{case}/order/")
        told[str(status)] += 1
        if status == 302:
            times.append(time.monotonic())
        elif status >= 500:
            work.insert(0, case)
            time.sleep(0.1)


def _end() -> dict[str, Any]:
    from django.db import connections

    from mingcha.service.models import Case, Document

    connections.close_all()
    numbers = list(Document.objects.filter(number__isnull=False).values_list("number", flat=True))
    return {
        "signed": Case.objects.filter(state="rectification").count(),
        "numbers": len(numbers),
        "different": len(set(numbers)),
        "faults": whole.faults()[:10],
    }


if __name__ == "__main__":
    main()
