"""L2: many people send complaints at once through the form; each is from his own address, with his draft and his proof of work ready.

What a person does before he sends (two pages of the form, a second of computing) is prepared in bulk; the sending itself is the real
request to the real server. No limit is lifted: the drill stands where the proxy stands, and names another address for each person. Only the
proof of work is made easy, by tasks that the installation's own secret signs.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections import Counter
from importlib import import_module
from statistics import quantiles
from typing import Any

from tests.service.drills import world
from tests.service.drills.client import Browser, Server

EASY = 2


def main() -> None:
    """Prepare, send for so many seconds, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=24_000)
    parser.add_argument("--connections", type=int, default=16)
    given = parser.parse_args()
    world.begin()
    from mingcha.service import demo

    authority = demo.make().authority.pk
    ready = list(zip(*_people(given.people), strict=True))
    server = Server()
    told: Counter[str] = Counter()
    times: list[float] = []
    try:
        server.start()
        Browser(server.port, address="10.0.0.1").get("/complain/")
        worked = server.cpu()
        end = time.monotonic() + given.seconds
        threads = [
            threading.Thread(target=_send, args=(server.port, ready, authority, end, told, times))
            for _ in range(given.connections)
        ]
        started = time.monotonic()
        [one.start() for one in threads]
        [one.join() for one in threads]
        seconds, worked = time.monotonic() - started, server.cpu() - worked
    finally:
        server.kill()
    cuts = quantiles(times, n=100)
    rate = {
        "per_second": round(told["accepted"] / seconds, 1),
        "cpu_ms": round(worked * 1000 / told["accepted"], 1),
        "p50_ms": round(cuts[49] * 1000),
        "p99_ms": round(cuts[98] * 1000),
    }
    print(json.dumps({**rate, "told": told, "left": len(ready), **_found()}))


def _people(count: int) -> tuple[list[str], list[dict[str, str]]]:
    """Sessions with a finished draft, and solved tasks."""
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from mingcha.service import vault
    from mingcha.service.intake import work

    kept = import_module(settings.SESSION_ENGINE).SessionStore()
    story = {
        "kind": "complaint",
        "subject_kind": "app",
        "subject_name": "演示手电筒",
        "category": "no-consent",
        "narrative": "没点同意就读了我的通讯录。",
    }
    data = kept.encode({"complaint-draft": vault.seal(story).decode()})
    until = timezone.now() + timedelta(hours=1)
    names = [f"drill{at:027d}" for at in range(count)]
    Session.objects.bulk_create(
        [Session(session_key=name, session_data=data, expire_date=until) for name in names], 2000
    )
    secret = settings.CONFIGURATION.secret("work").encode()
    return names, [_solved(work.challenge(secret, "complaint", time.time(), EASY)) for _ in range(count)]


def _solved(task: str) -> dict[str, str]:
    from mingcha.service.intake import work

    nonce = next(str(at) for at in range(10_000) if work.is_solution(task, str(at), EASY))
    return {"work_challenge": task, "work_nonce": nonce}


def _send(port: int, ready: list[Any], authority: int, end: float, told: Counter[str], times: list[float]) -> None:
    browser = Browser(port)
    while time.monotonic() < end and ready:
        at = len(ready)
        browser.session, work = ready.pop()
        browser.address = f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"
        began = time.monotonic()
        try:
            status, where = browser.post(
                "/complain/send/", authority=str(authority), name="某人", phone="13800000000", **work
            )
        except ConnectionError as problem:
            told[str(problem)] += 1
            continue
        times.append(time.monotonic() - began)
        told["accepted" if status == 302 and where.endswith("/complain/receipt/") else str(status)] += 1


def _found() -> dict[str, Any]:
    from mingcha.service.commands import problems
    from mingcha.service.models import Complaint, Deadline, Event, Identity

    numbers = list(Complaint.objects.values_list("number", flat=True))
    return {
        "complaints": len(numbers),
        "numbers": len(set(numbers)),
        "identities": Identity.objects.exclude(sealed=None).count(),
        "clocks": Deadline.objects.filter(clock="complaint-acceptance", state="running").count(),
        "events": Event.objects.filter(process="complaint", act="receive").count(),
        "problems": list(problems())[:5],
    }


if __name__ == "__main__":
    main()
