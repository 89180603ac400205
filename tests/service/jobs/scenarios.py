"""What the tests of the outbox, the fence and the worker do to a database, run by name in a process of its own.

`python -m tests.service.jobs.scenarios quick` runs them and prints one JSON line each: the name, and what went wrong.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import django

Scenario = Callable[[], None]
QUICK: list[Scenario] = []
SLOW: list[Scenario] = []


def scenario(act: Scenario) -> Scenario:
    """One of the quick ones."""
    QUICK.append(act)
    return act


def slow(act: Scenario) -> Scenario:
    """One that starts several workers."""
    SLOW.append(act)
    return act


django.setup()

from django.db import IntegrityError, OperationalError, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.db.models.functions import Now  # noqa: E402

from mingcha.service.jobs import lives  # noqa: E402
from mingcha.service.jobs.fence import Cancelled, Fenced, Taken, WorkerGone, take  # noqa: E402
from mingcha.service.jobs.keeper import Keeper  # noqa: E402
from mingcha.service.jobs.outbox import again, cancel, enqueue  # noqa: E402
from mingcha.service.models.jobs import Job, JobWorker, Outbox  # noqa: E402
from tests.service.jobs.drill import TERMS, Worker, end_all, lines, tables, until  # noqa: E402

FOLDER = Path(tempfile.gettempdir())


def _refused(kind: type[BaseException], act: Callable[[], object]) -> None:
    try:
        act()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was not raised")


def _taken(key: str, worker: str = "one") -> Taken:
    if not JobWorker.objects.filter(name=worker).exists():
        lives.arrive(worker, "here", 1)
    taken = take(key, worker, attempts=3)
    assert taken is not None
    return taken


@contextmanager
def _worker() -> Iterator[Worker]:
    worker = Worker(FOLDER)
    until(worker.at_work)
    try:
        yield worker
    finally:
        assert worker.end() == 0


@scenario
def an_event_that_is_rolled_back_causes_no_job() -> None:
    """Neither the job nor its outbox row outlives the transaction of its event."""

    def event() -> None:
        with transaction.atomic():
            enqueue("drill", {}, "rolled-back")
            raise IntegrityError

    _refused(IntegrityError, event)
    assert not Job.objects.filter(key="rolled-back").exists()
    assert not Outbox.objects.filter(key="rolled-back").exists()


@scenario
def a_key_asked_twice_is_one_job() -> None:
    """The second asking gives the first job, and one outbox row waits."""
    assert enqueue("drill", {}, "twice").pk == enqueue("drill", {}, "twice").pk
    assert Outbox.objects.filter(key="twice").count() == 1


@scenario
def an_older_fence_is_refused_everywhere() -> None:
    """After a second taking up the first may write nothing: not the end, not a message, not results elsewhere."""
    enqueue("drill", {}, "fenced")
    old, new = _taken("fenced"), _taken("fenced", "two")
    assert (old.fence, new.fence) == (1, 2)

    def elsewhere() -> None:
        with old.accepted():
            Outbox.objects.create(key="of the old one", kind="drill")

    for act in (lambda: old.end("done"), lambda: old.say("hello"), old.go_on, elsewhere):
        _refused(Fenced, act)
    assert not Outbox.objects.filter(key="of the old one").exists()
    new.end("done", result={"a": 1})
    _refused(Fenced, lambda: new.end("done", result={"a": 2}))
    assert Job.objects.get(key="fenced").result == {"a": 1}
    assert take("fenced", "two", attempts=3) is None


@scenario
def a_worker_given_up_takes_nothing_up() -> None:
    """A silent worker is given up after the timeout by the database's clock, one whose process ended here at once; neither comes back."""
    enqueue("drill", {}, "late")
    lives.arrive("silent", "here", 1)
    assert "silent" not in lives.give_up(60)
    JobWorker.objects.filter(name="silent").update(heartbeat=Now() - __import__("datetime").timedelta(seconds=61))
    assert "silent" in lives.give_up(60)
    assert not lives.beat("silent")
    _refused(WorkerGone, lambda: take("late", "silent", attempts=3))
    lives.arrive("ended", lives.this_host(), 2**22 + 1)
    lives.arrive("elsewhere", "another host", 2**22 + 1)
    lives.arrive("beside", lives.this_host(), os.getpid())
    went = lives.give_up(60, lives.this_host())
    assert [name in went for name in ("ended", "elsewhere", "beside")] == [True, False, False]
    assert Job.objects.get(key="late").state == "todo"


@scenario
def a_job_that_brings_workers_down_is_given_up() -> None:
    """After as many attempts as the terms allow it is failed and says so."""
    enqueue("drill", {}, "poison")
    for _ in range(3):
        _taken("poison")
    assert take("poison", "one", attempts=3) is None
    job = Job.objects.get(key="poison")
    assert (job.state, job.attempts, job.message) == ("failed", 3, "given up after 3 attempts")


@scenario
def a_waiting_job_is_cancelled_at_once_and_can_be_asked_again() -> None:
    """Cancelled before anyone took it up; asked again, it is one new job however often it is asked."""
    job = enqueue("drill", {"x": 1}, "cancelled")
    assert cancel(job)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert take("cancelled", "one", attempts=3) is None
    assert not cancel(job)
    assert again(job).key == again(job).key == "cancelled~2"
    assert again(job).payload == {"x": 1}


@scenario
def a_running_job_learns_that_it_is_to_stop() -> None:
    """Between two steps, and while a child runs, the asking for an end is seen; a database that is away stops nothing."""
    job = enqueue("drill", {}, "stopping")
    taken = _taken("stopping")
    taken.go_on()
    with mock.patch.object(QuerySet, "first", side_effect=OperationalError):
        taken.go_on()
    assert cancel(job)
    _refused(Cancelled, taken.go_on)
    assert take("stopping", "one", attempts=3) is None
    assert Job.objects.get(key="stopping").state == "cancelled"


@scenario
def a_worker_ends_each_job_in_its_way() -> None:
    """Done, failed for a reason told, failed by a defect, of an unknown kind, cancelled: each ends as such, and its kind hears of it."""
    Job.objects.all().delete()
    Outbox.objects.all().delete()
    log = FOLDER / "scenario-log"
    payload = {"seconds": 0.05, "log": str(log)}
    for kind in ("drill", "refused", "broken", "nobody-knows"):
        enqueue(kind, payload, f"ends-{kind}")
    stopped = enqueue("drill", payload | {"seconds": 0.6}, "ends-cancelled")
    cancel(enqueue("drill", payload, "ends-waiting"))
    with _worker():
        until(lambda: any(line[1] == stopped.key for line in lines(log)))
        cancel(stopped)
        until(lambda: not Job.objects.filter(state__in=["todo", "doing"]).exists())
    ended = {job.key: job for job in Job.objects.all()}
    assert ended["ends-drill"].state == "done"
    assert ended["ends-drill"].result == {"did": [0, 1, 2, 3, 4, 5]}
    assert (ended["ends-drill"].step, ended["ends-drill"].steps_total) == (6, 6)
    assert ended["ends-refused"].state == "failed"
    assert ended["ends-refused"].result == {"outcome": "refused", "detail": "an archive with two members of one name"}
    assert ended["ends-broken"].result == {"outcome": "defect", "detail": "ZeroDivisionError"}
    assert ended["ends-nobody-knows"].message == "no steps are known for nobody-knows"
    assert ended["ends-cancelled"].state == "cancelled"
    told = {line[1]: line[2] for line in lines(log) if line[0] == "ended"}
    assert told == {
        "ends-drill": "done",
        "ends-refused": "failed",
        "ends-cancelled": "cancelled",
        "ends-waiting": "cancelled",
    }
    assert all(job.finished for job in ended.values())
    assert not Outbox.objects.filter(dispatched=None).exists()


@slow
def an_inspection_gives_a_report_and_can_be_stopped() -> None:
    """The demo app and its policy become a report by a child; a missing file is refused; asked to stop, it stops its child."""
    from mingcha.model.report import decode_report

    demo = Path(__file__).parents[3] / "demo"
    given = {"files": [str(demo / "flashlight.apk")], "policy": [str(demo / "policy.html")]}
    wrong = {"files": [str(FOLDER / "missing.apk")], "policy": []}
    report = str(FOLDER / "report.json")
    enqueue("inspection", {"given": given, "report": report}, "inspection-1")
    enqueue("inspection", {"given": wrong, "report": report}, "inspection-2")
    with _worker():
        until(lambda: not Job.objects.filter(state__in=["todo", "doing"], kind="inspection").exists(), 60)
        stopped = enqueue("inspection", {"given": given, "report": report}, "inspection-3")
        until(lambda: list(FOLDER.glob("mingcha-job-*")))
        cancel(stopped)
        until(lambda: Job.objects.get(key="inspection-3").state == "cancelled", 5)
    first, second = Job.objects.get(key="inspection-1"), Job.objects.get(key="inspection-2")
    assert first.state == "done", first.message
    found = decode_report(Path(report).read_bytes())
    assert {artefact.name for artefact in found.case.artefacts} == {"flashlight.apk", "policy.html"}
    assert any(verdict.outcome == "breached" for verdict in found.verdicts)
    assert (second.state, second.result["outcome"]) == ("failed", "refused")
    assert not list(FOLDER.glob("mingcha-job-*"))


@slow
def a_job_that_the_engine_forgot_is_handed_over_again() -> None:
    """After restoring a backup without the engine's tables, open jobs whose rows say dispatched still run."""
    enqueue("drill", {"seconds": 0, "log": str(FOLDER / "scenario-log")}, "forgotten")
    Outbox.objects.filter(key="forgotten").update(dispatched=Now())
    with _worker():
        until(lambda: Job.objects.get(key="forgotten").state == "done")


@slow
def a_worker_that_leaves_hands_its_job_on_at_once() -> None:
    """Asked to leave in the middle of a job, it does within its grace; the next worker goes on where it was, with no timeout."""
    log = FOLDER / "leaving-log"
    enqueue("drill", {"seconds": 0.8, "log": str(log)}, "leaving")
    with _worker():
        until(lambda: any(line[2] == "2" for line in lines(log)))
    begun = time.time()
    with _worker():
        until(lambda: len({line[3] for line in lines(log) if line[0] == "begin"}) == 2)
        assert time.time() - begun < 15, "half the timeout"
        until(lambda: Job.objects.get(key="leaving").state == "done")
    assert sum(line[0] == "begin" and line[2] == "0" for line in lines(log)) == 1


@slow
def a_job_taken_by_a_worker_just_given_up_is_not_lost() -> None:
    """A worker that was given up and does not know it yet may dequeue; the job waits for another, it does not fail."""
    TERMS.update(MINGCHA_JOBS_BEAT="30")
    first = Worker(FOLDER)
    TERMS.update(MINGCHA_JOBS_BEAT="0.5")
    until(lambda: JobWorker.objects.filter(pid=first.pid).update(gone=Now()))
    enqueue("drill", {"seconds": 0, "log": str(FOLDER / "scenario-log")}, "just-late")
    until(lambda: Outbox.objects.get(key="just-late").dispatched)
    time.sleep(0.6)
    assert Job.objects.get(key="just-late").state == "todo"
    with _worker():
        until(lambda: Job.objects.get(key="just-late").state == "done")
    first.send(9)


@slow
def a_keeper_starts_its_worker_again_and_ends_it() -> None:
    """A killed worker is replaced, and none is left when the keeper stops."""
    keeper = Keeper(os.environ | TERMS)
    keeper.start()
    until(lambda: JobWorker.objects.filter(pid=keeper.pid, gone=None).exists())
    first = keeper.pid
    assert first is not None
    os.kill(first, 9)
    until(lambda: keeper.pid != first and JobWorker.objects.filter(pid=keeper.pid, gone=None).exists())
    second = keeper.pid
    keeper.stop()
    assert JobWorker.objects.exclude(gone=None).filter(pid=second).exists()
    assert not Path(f"/proc/{second}").exists()


def main(which: str) -> None:
    """The quick or the slow ones, on an empty database."""
    tables()
    TERMS.update(MINGCHA_JOBS_TIMEOUT="30")
    for act in {"quick": QUICK, "slow": SLOW}[which]:
        wrong = ""
        begun = time.time()
        try:
            act()
        except Exception:  # noqa: BLE001  # told to the test
            wrong = traceback.format_exc()
        print(json.dumps([act.__name__, wrong, round(time.time() - begun, 2)]), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    finally:
        end_all()
