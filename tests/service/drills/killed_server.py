"""K3, any moment: a real web server is killed with signal 9 while orders and warnings are signed and published over HTTP."""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from collections import Counter
from typing import Any

from tests.service.drills import whole, world
from tests.service.drills.client import Browser, Server, signed_in

AT_ONCE = 3
Steps = list[tuple[str, str]]


def main() -> None:
    """Kill, start again, check, until every case is done and so many kills are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    world.begin()
    work = _work(given.cases)
    server = Server()
    told: Counter[str] = Counter()
    faults: list[str] = []
    try:
        for kill in range(given.kills):
            server.start()
            threads = [threading.Thread(target=_act, args=(server.port, work, told)) for _ in range(AT_ONCE)]
            [one.start() for one in threads]
            time.sleep(chance.uniform(0.05, 1.2))
            server.kill()
            [one.join() for one in threads]
            faults += [f"after kill {kill + 1}: {one}" for one in _settled()]
        server.start()
        while work:
            _act(server.port, work, told)
    finally:
        server.kill()
    faults += whole.faults()
    print(json.dumps({"kills": given.kills, "answers": told, "faults": faults[:20], **_end()}))


def _work(count: int) -> list[Steps]:
    """The requests to send, each until it gets through: session and path; those of one case one after another."""
    from mingcha.service import clock, demo

    made = demo.make()
    people = [made.accounts["handler"]]
    review = world.cases(made, count, "findings-review", clock.now(), people)
    proposed = world.cases(made, count, "notice-proposed", clock.now(), people)
    world.drafts(made, review, "order")
    world.drafts(made, proposed, "notice")
    who = {name: signed_in(made.accounts[name]) for name in ("approver", "publisher")}
    orders = [[(who["approver"], f"/desk/do/case/{case.pk}/order/")] for case in review]
    warnings = [
        [
            (who["approver"], f"/desk/do/case/{case.pk}/issue-notice/"),
            (who["publisher"], f"/desk/do/case/{case.pk}/publish/"),
        ]
        for case in proposed
    ]
    return [one for pair in zip(orders, warnings, strict=True) for one in pair]


def _act(port: int, work: list[Steps], told: Counter[str]) -> None:
    """Send what is to be sent until the server is gone. What was cut off is sent again later, and refused if it had got through."""
    browser = Browser(port)
    while work:
        steps = work.pop(0)
        while steps:
            browser.session, path = steps[0]
            try:
                status, _ = browser.post(path)
            except ConnectionError:
                told["cut off"] += 1
                work.insert(0, steps)
                return
            told[str(status)] += 1
            if status not in (302, 404, 422):
                raise AssertionError(f"{path}: {status}")
            steps.pop(0)


def _settled() -> list[str]:
    """The faults, once the database has noticed that its clients are gone."""
    from django.db import connections

    connections.close_all()
    return whole.faults()


def _end() -> dict[str, Any]:
    from mingcha.service.models import Case, Document

    return {
        "cases": dict(Counter(Case.objects.values_list("state", flat=True))),
        "documents": dict(Counter(Document.objects.values_list("state", flat=True))),
    }


if __name__ == "__main__":
    main()
