"""K1 and K2 as programs: jobs under workers that are killed or stopped; what was measured is printed as JSON.

`MINGCHA_DATABASE_URL=... python -m tests.service.jobs.drill k1 --jobs 200 --kills 20 --period 5`
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import django
from django.db import connection, transaction

TERMS = {"MINGCHA_JOBS_TIMEOUT": "3", "MINGCHA_JOBS_BEAT": "0.5", "MINGCHA_JOBS_GRACE": "1"}


def tables() -> None:
    """The tables of jobs, and the drill's own."""
    from mingcha.service.models import jobs

    with connection.schema_editor() as editor:
        for model in (jobs.Job, jobs.Outbox, jobs.JobWorker):
            editor.create_model(model)
        editor.execute("CREATE TABLE accepted (job varchar(200), fence integer)")


class Worker:
    """A worker process; none outlives the drill."""

    started: ClassVar[list[Worker]] = []

    def __init__(self, folder: Path) -> None:
        self.told = folder / f"worker-{time.monotonic_ns()}"
        self.errors = open(self.told, "wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mingcha.service.jobs.worker"],
            env=os.environ | TERMS,
            stdout=self.errors,
            stderr=self.errors,
        )

        self.started.append(self)

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    def at_work(self) -> bool:
        """Whether it has told that it takes jobs up."""
        return b"is at work" in self.told.read_bytes()

    def end(self) -> int:
        """Ctrl-C, and its exit status."""
        self.send(signal.SIGINT)
        return self.process.wait(20)


def end_all() -> None:
    """Whatever still runs when the drill ends in whatever way."""
    for worker in Worker.started:
        worker.process.kill()


def holding(pid: int) -> list[tuple[str, int]]:
    """The jobs in the hands of a process, with their fence."""
    from mingcha.service.models.jobs import Job, JobWorker

    names = list(JobWorker.objects.filter(pid=pid).values_list("name", flat=True))
    return list(Job.objects.filter(worker__in=names, state="doing").values_list("key", "fence"))


def ask(number: int, seconds: float, log: Path) -> str:
    """One more job, in a transaction."""
    from mingcha.service.jobs.outbox import enqueue

    key = f"job-{number:04}"
    with transaction.atomic():
        enqueue("drill", {"seconds": seconds, "log": str(log)}, key)
    return key


def lines(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def open_jobs() -> int:
    from mingcha.service.jobs.patience import patiently
    from mingcha.service.models.jobs import OPEN, Job

    return patiently(Job.objects.filter(state__in=OPEN).count)


def k1(folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """Jobs come in evenly over the time of the kills; a killed worker is started again, as its keeper would."""
    from mingcha.service.jobs.patience import patiently

    chance = random.Random(given.seed)
    log = folder / "log"
    workers = [Worker(folder), Worker(folder)]
    until(lambda: all(worker.at_work() for worker in workers))
    begun = time.time()
    spread = given.spread or given.kills * given.period
    struck: list[Strike] = []
    asked = 0
    while asked < given.jobs or len(struck) < given.kills or open_jobs():
        passed = time.time() - begun
        assert passed < spread + 120, "jobs are left over"
        while asked < given.jobs and asked <= given.jobs * passed / spread:
            patiently(partial(ask, asked, given.seconds, log))
            asked += 1
        due = len(struck) < given.kills and passed >= (len(struck) + 1) * given.period
        if due and all(worker.at_work() for worker in workers):
            victim = chance.randrange(2)
            if given.busy and not holding(workers[victim].pid):
                continue
            struck.append(strike(workers[victim]))
            workers[victim] = Worker(folder)
        time.sleep(0.1)
    wall = time.time() - begun
    codes = [worker.end() for worker in workers]
    return k1_measured(log, struck) | {
        "wall_s": round(wall, 1),
        "exit_codes": codes,
        "jobs": given.jobs,
        "kills": len(struck),
    }


Strike = tuple[float, int, list[tuple[str, int]]]


def strike(worker: Worker) -> Strike:
    """kill -9; the moment, the process, and what it held."""
    moment = time.time()
    worker.send(signal.SIGKILL)
    worker.process.wait()
    return moment, worker.pid, holding(worker.pid)


def k1_measured(log: Path, struck: list[Strike]) -> dict[str, object]:
    """What the file of steps and the tables say."""
    from mingcha.service.models.jobs import Job

    told = lines(log)
    begins = Counter((line[1], line[2]) for line in told if line[0] == "begin")
    repeated = sum(count - 1 for count in begins.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, COUNT(*) FROM accepted GROUP BY job")
        accepted = Counter(dict(cursor.fetchall()).values())
    waits, per_kill = [], []
    for moment, pid, held in struck:
        for key, _fence in held:
            later = [
                float(line[-1])
                for line in told
                if line[0] == "begin" and line[1] == key and int(line[3]) != pid and float(line[-1]) > moment
            ]
            waits += [round(min(later) - moment, 2)] if later else []
        mine = {(line[1], line[2]) for line in told if line[0] == "begin" and int(line[3]) == pid}
        others = {
            (line[1], line[2])
            for line in told
            if line[0] == "begin" and int(line[3]) != pid and float(line[-1]) > moment
        }
        per_kill.append(len(mine & others))
    return {
        "states": dict(Counter(Job.objects.values_list("state", flat=True))),
        "accepted_per_job": {str(count): jobs for count, jobs in accepted.items()},
        "all_steps_in_results": all(
            result == {"did": list(range(6))}
            for result in Job.objects.filter(state="done").values_list("result", flat=True)
        ),
        "repeated_steps": repeated,
        "longest_silence_s": longest_silence(told),
        "most_repeated_by_one_kill": max(per_kill, default=0),
        "kills_that_hit_a_job": sum(bool(held) for _, _, held in struck),
        "takeover_max_s": max(waits, default=0.0),
        "takeovers_s": sorted(waits),
        "most_jobs_in_one_killed_worker": max((len(held) for _, _, held in struck), default=0),
        "limit_s": float(TERMS["MINGCHA_JOBS_TIMEOUT"]) + 1,
    }


def longest_silence(told: list[list[str]]) -> float:
    """The longest time in which no step ended."""
    ends = [float(line[-1]) for line in told if line[0] == "end"]
    return round(max((after - before for before, after in pairwise(ends)), default=0.0), 2)


def writable() -> bool:
    """Whether others can write. SQLite has one lock; who is stopped while holding it stops everybody, whatever the engine."""
    if connection.vendor != "sqlite":
        return True
    beside = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.1)
    engines = sqlite3.connect(Path(connection.settings_dict["NAME"]).with_suffix(".jobs.sqlite3"), timeout=0.1)
    try:
        for one in (beside, engines):
            one.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        beside.close()
        engines.close()
    return True


def k2(folder: Path) -> dict[str, object]:
    """Stop the worker that is about to store, past its timeout; let another take over; then let it go on."""
    log = folder / "log"
    first = Worker(folder)
    key = ask(0, 0.5, log)
    until(lambda: any(line[:3] == ["begin", key, "4"] for line in lines(log)))
    stopped, held = time.time(), 0
    first.send(signal.SIGSTOP)
    while not writable():
        held += 1
        first.send(signal.SIGCONT)
        time.sleep(0.02)
        first.send(signal.SIGSTOP)
    second = Worker(folder)
    until(lambda: open_jobs() == 0)
    done = time.time()
    first.send(signal.SIGCONT)
    code = first.process.wait(30)
    told = lines(log)
    after = [line for line in told if float(line[-1]) > done]
    return k1_measured(log, []) | {
        "stops_that_held_the_only_lock": held,
        "refused": sum(line[0] == "refused" and int(line[2]) == first.pid for line in after),
        "accepted_after": sum(line[0] == "accepted" for line in after),
        "accepted_by_second": sum(line[0] == "accepted" and int(line[2]) == second.pid for line in told),
        "takeover_s": round(
            min(float(line[-1]) for line in told if line[0] == "begin" and int(line[3]) == second.pid) - stopped, 2
        ),
        "exit_code_of_the_stopped": code,
        "exit_code_of_the_other": second.end(),
    }


def states() -> list[tuple[object, ...]]:
    """The jobs as they stand, for a test that fails."""
    from mingcha.service.models.jobs import Job

    return list(Job.objects.values_list("key", "state", "step", "cancel_requested", "message"))


def until(met: Callable[[], object], seconds: float = 40) -> None:
    """Wait for something to become true."""
    end = time.time() + seconds
    while not met():
        assert time.time() < end, f"waited in vain: {states()}"
        time.sleep(0.05)


def main() -> None:
    """Run one drill on an empty database."""
    reader = argparse.ArgumentParser()
    reader.add_argument("which", choices=["k1", "k2"])
    reader.add_argument("--jobs", type=int, default=10)
    reader.add_argument("--kills", type=int, default=2)
    reader.add_argument("--period", type=float, default=2.0)
    reader.add_argument("--seconds", type=float, default=0.1)
    reader.add_argument("--seed", type=int, default=7)
    reader.add_argument("--spread", type=float, default=0.0, help="seconds over which the jobs come in")
    reader.add_argument("--timeout", default="3")
    reader.add_argument("--beat", default="0.5")
    reader.add_argument(
        "--busy", action="store_true", help="kill only a worker that holds a job: a short drill must hit"
    )
    reader.add_argument(
        "--far", action="store_true", help="as if each worker were a machine of its own: only the timeout tells"
    )
    given = reader.parse_args()
    if given.far:
        TERMS.update(MINGCHA_JOBS_NEAR="0")
    TERMS.update(MINGCHA_JOBS_TIMEOUT=given.timeout, MINGCHA_JOBS_BEAT=given.beat)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.service.jobs.settings")
    django.setup()
    folder = Path(tempfile.mkdtemp(prefix="mingcha-drill-", dir=os.environ.get("DRILL_FOLDER")))
    tables()
    try:
        found = k2(folder) if given.which == "k2" else k1(folder, given)
    finally:
        end_all()
    print(json.dumps(found | {"folder": str(folder), "database": connection.vendor}, indent=1))


if __name__ == "__main__":
    main()
