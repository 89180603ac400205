"""The public pages under load, against a bare Django view in the same server processes.

    python -m tests.bench.service_load [--databases sqlite postgresql] [--apps N] [--findings N] [--rounds N] [--seconds S] [--keep DIR]

Fills a fresh database of each kind, starts the product's own server, and loads it over 16 kept connections from this process, by turns
with the bare view (one row by its key, no middleware) and with the mix: 70 % app pages, 20 % searches of two characters, 10 % JSON, of
uniformly chosen apps; a tenth of all in English. Nothing is asked for beforehand. Then the mix at half the rate that it reached. Exit 1
when a bar of issue 6 ("Done when" 4) is missed. ``--keep`` leaves the data for another run (and for PostgreSQL needs ``--url``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mingcha.service.serving import web_command
from tests.bench.service_client import Request, Result, load
from tests.service.postgres import cluster, free_port, why_not

RATIO, P95 = 0.3, 150.0
_APPLICATION = "tests.bench.service_bare:application"
_ROOT = Path(__file__).parents[2]
_WAIT = 60
_KINDS, _WEIGHTS = ("app", "search", "api"), (70, 20, 10)
_ENGLISH = 0.1


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    apps: int
    findings: int
    rounds: int
    seconds: float


def main() -> None:
    """Each database in its turn."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    asked.add_argument("--apps", type=int, default=100_000)
    asked.add_argument("--findings", type=int, default=200_000)
    asked.add_argument("--rounds", type=int, default=6)
    asked.add_argument("--seconds", type=float, default=5)
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--url", help="a PostgreSQL database that exists, instead of a cluster of our own")
    given = asked.parse_args()
    plan = Plan(given.apps, given.findings, given.rounds, given.seconds)
    passed = [_one(database, plan, given.keep, given.url) for database in given.databases]
    sys.exit(0 if all(passed) else 1)


def _one(database: str, plan: Plan, keep: Path | None, url: str | None) -> bool:
    with tempfile.TemporaryDirectory(prefix="mingcha-load-") as made:
        folder = (keep or Path(made)) / database
        folder.mkdir(parents=True, exist_ok=True)
        if database == "sqlite":
            return _measured(database, f"sqlite:///{folder / 'mingcha.sqlite3'}", folder, plan)
        if url:
            return _measured(database, url, folder, plan)
        if reason := why_not():
            print(f"{database}: {reason}")
            return False
        with cluster() as running:
            return _measured(database, running.database("mingcha"), folder, plan)


def _measured(database: str, url: str, folder: Path, plan: Plan) -> bool:
    environment = os.environ | {"MINGCHA_MODE": "test", "MINGCHA_DATA": str(folder), "MINGCHA_DATABASE_URL": url}
    file = folder / "world.json"
    if not file.exists():
        command = [sys.executable, "-m", "tests.bench.service_data", str(plan.apps), str(plan.findings), str(file)]
        subprocess.run(command, check=True, env=environment, cwd=_ROOT)  # our own interpreter, no shell
    world = json.loads(file.read_text())
    with server(environment) as port:
        return told(database, world, *measured(port, world, plan))


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    """The product's web server, with the bare view beside the product; gives its port when it answers."""
    port = free_port()
    command = web_command("127.0.0.1", port, 2, _APPLICATION)
    running = subprocess.Popen(
        command, env=environment | {"DJANGO_SETTINGS_MODULE": "mingcha.service.settings"}, cwd=_ROOT
    )  # as above
    try:
        _answers(port)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def _answers(port: int) -> None:
    until = time.monotonic() + _WAIT
    while not _answered(port):
        if time.monotonic() > until:
            raise TimeoutError("the server does not answer")
        time.sleep(0.2)


def _answered(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/about/", timeout=5) as answer:
            return bool(answer.read())
    except OSError:
        return False


def measured(port: int, world: dict[str, Any], plan: Plan) -> tuple[list[Result], list[Result], Result]:
    """Bare and mix by turns, then the mix at half its rate."""
    chance = random.Random(11)
    for requests in (bare(chance, world), mix(chance, world)):
        load(port, requests, 2)
    bares, mixes = [], []
    for _ in range(plan.rounds):
        bares.append(load(port, bare(chance, world), plan.seconds))
        mixes.append(load(port, mix(chance, world), plan.seconds))
    rate = statistics.median(one.rate for one in mixes) / 2
    return bares, mixes, load(port, mix(chance, world), plan.rounds * plan.seconds, rate=rate)


def bare(chance: random.Random, world: dict[str, Any]) -> Iterator[Request]:
    """One row by its key."""
    while True:
        pk = _any(chance, world)
        yield Request(f"/bare/{pk}/", b'"id": %d' % pk, "bare")


def mix(chance: random.Random, world: dict[str, Any]) -> Iterator[Request]:
    """What people and programs ask for."""
    while True:
        kind = chance.choices(_KINDS, _WEIGHTS)[0]
        prefix = "/en" if chance.random() < _ENGLISH else ""
        pk = _any(chance, world)
        if kind == "app":
            yield Request(f"{prefix}/app/{pk}/", b"/app/%d/feed/" % pk, kind)
        elif kind == "search":
            yield Request(f"{prefix}/?q={quote(chance.choice(world['questions']))}", b'class="results"', kind)
        else:
            yield Request(f"/api/v1/apps/{pk}", b'"id"', kind)


def _any(chance: random.Random, world: dict[str, Any]) -> int:
    first = int(world["first"])
    return chance.randrange(first, first + int(world["apps"]))


def told(database: str, world: dict[str, Any], bares: list[Result], mixes: list[Result], half: Result) -> bool:
    """Print what was measured; whether all bars are met."""
    ratios = [mixed.rate / max(plain.rate, 1) for plain, mixed in zip(bares, mixes, strict=True)]
    ratio, errors = statistics.median(ratios), [error for one in (*bares, *mixes, half) for error in one.errors]
    print(
        f"{database}: {world['apps']} apps, {world['findings']} findings, {world['events']} events; load {os.getloadavg()[0]:.1f}"
    )
    _line("bare", bares)
    _line("mix", mixes)
    print(f"  ratio {ratio:.2f} (by round {', '.join(f'{one:.2f}' for one in ratios)}); bar {RATIO}")
    print(
        f"  at {half.rate:.0f}/s (half): p50 {half.share(0.5):.1f} ms, p95 {half.share(0.95):.1f} ms; bar {P95:.0f} ms"
    )
    print(f"  errors {len(errors)} {errors[:3]}", flush=True)
    return ratio >= RATIO and half.share(0.95) <= P95 and not errors


def _line(name: str, results: list[Result]) -> None:
    whole = Result(seconds=sum(one.seconds for one in results), took=[took for one in results for took in one.took])
    size = sum(one.bytes for one in results) / max(len(whole.took), 1) / 1000
    kinds: dict[str, list[float]] = {}
    for one in results:
        for kind, took in one.by_kind.items():
            kinds.setdefault(kind, []).extend(took)
    each = "; ".join(f"{kind} {statistics.median(took) * 1000:.1f} ms" for kind, took in sorted(kinds.items()))
    print(
        f"  {name}: {whole.rate:.0f}/s, p50 {whole.share(0.5):.1f} ms, p95 {whole.share(0.95):.1f} ms, {size:.0f} KB each ({each})"
    )


if __name__ == "__main__":
    main()
