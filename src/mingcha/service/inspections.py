"""The job `inspection`: read the sample in a child process, keep the report, tell the task, list what is suspected.

Each step may run twice after a crash: what it writes is found again by its hash or its task.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from mingcha.catalogue.load import load
from mingcha.model.artefact import App
from mingcha.model.report import decode_report
from mingcha.service import cards, clock
from mingcha.service.actions.acting import ENGINE, Doing, perform
from mingcha.service.jobs import child
from mingcha.service.jobs.fence import Failed, current
from mingcha.service.jobs.registry import Step, Values, job
from mingcha.service.models import Evidence, Finding, Job, Report, Task
from mingcha.service.models.jobs import State
from mingcha.service.pages.public import drawing
from mingcha.service.shelf import shelf


def ended(done: Job) -> None:
    """The job ended otherwise than by its last step: its task must not wait for it."""
    task = Task.objects.select_for_update().get(pk=done.payload["task"])
    if done.state == State.DONE or task.state not in ("planned", "running"):
        return
    perform("task", "fail", ENGINE, task, {"reason": done.message or str(done.state)})


@job("inspection", ended=ended)
def steps() -> Sequence[Step]:
    """Read, judge, keep, tell."""
    return (
        Step("start", started, "准备 / preparing"),
        Step("inspect", inspected, "检测中 / inspecting"),
        Step("keep", kept, "归档报告 / keeping the report"),
        Step("tell", told, "列出疑似问题 / listing what is suspected"),
    )


def _doing(act: str) -> Doing:
    return Doing(ENGINE, clock.now(), act)


def _task(payload: Values) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("version").get(pk=payload["task"])


def started(payload: Values, state: Values) -> Values:
    """The task is under way."""
    with current().accepted():
        task = _task(payload)
        if task.state == "planned":
            _doing("start").record(task, "start")
    return state


def inspected(payload: Values, state: Values) -> Values:
    """The report, read by a child; its bytes go to the store, their hash into the state."""
    version = (
        Task.objects.select_related("version__sample", "version__policy", "version__answers", "subject")
        .get(pk=payload["task"])
        .version
    )
    assert version is not None
    paths = {"sample": version.sample, "policy": version.policy, "answers": version.answers}
    names = {kind: row.name for kind, row in paths.items() if row is not None}
    arguments = {name: _path(row) for name, row in paths.items()} | {"type": version.subject.app_type, "names": names}
    outcome = child.run("mingcha.service.inspecting:inspected", arguments, ask=current().go_on)
    if outcome.kind != "done":
        raise Failed(outcome.kind, f"{outcome.kind}: {outcome.detail}")
    return {**state, "report": shelf().keep(io.BytesIO(outcome.data)).sha256}


def _path(row: Evidence | None) -> str | None:
    return None if row is None else str(shelf().path(row.sha256))


def kept(payload: Values, state: Values) -> Values:
    """A row for the report, with the card of the public page."""
    with shelf().open(state["report"]) as stream:
        data = stream.read()
    report, catalogue = decode_report(data), load()
    if (other := _another(payload, report.case.app)) is not None:
        raise Failed("another app", other)
    with current().accepted():
        task = _task(payload)
        assert task.version is not None
        card = cards.card(report, catalogue)
        row = task.report or Report.objects.create(
            version=task.version, sha256=state["report"], tool=report.tool.version, catalogue=report.tool.catalogue, made=clock.now(),
            card=card, face=drawing.face(card),
        )  # fmt: skip
        task.report = row
        task.save(update_fields=["report"])
        _described(task, report.case.app)
    return {**state, "suspects": cards.suspects(report, catalogue)}


def _another(payload: Values, app: App | None) -> str | None:
    """Why the sample is not of the subject it was handed in for, if so: nobody is to answer for another's app."""
    wanted = Task.objects.select_related("subject").get(pk=payload["task"]).subject.package
    found = app.package if app is not None else None
    if not wanted or found == wanted:
        return None
    return f"样本的包名 {found or '—'} 与登记的 {wanted} 不符 / the sample is {found or '—'}, not {wanted}"[:300]


def _described(task: Task, app: App | None) -> None:
    """What the sample says of itself, where nobody said it."""
    version = task.version
    if version is None or app is None:
        return
    version.name = version.name or (app.version_name or "")[:60]
    version.code = version.code if version.code is not None else app.version_code
    version.signer = version.signer or (app.signer_sha256 or "")[:64]
    version.save(update_fields=["name", "code", "signer"])


def told(payload: Values, state: Values) -> Values:
    """The task ends, with what is suspected; outside a case nothing is a finding of anybody."""
    with current().accepted():
        task = _task(payload)
        if task.state != "running":
            return state
        doing = _doing("finish")
        task.ended_at = clock.now()
        task.save(update_fields=["ended_at"])
        doing.record(task, "finish", report=state["report"], suspected=[one["clause"] for one in state["suspects"]])
        if task.case is not None and task.purpose == "first":
            for one in state["suspects"]:
                _suspected(doing, task, one)
    return {"task": task.pk, "report": state["report"]}


def _suspected(doing: Doing, task: Task, one: Values) -> None:
    made, new = Finding.objects.get_or_create(
        task=task,
        clause=one["clause"],
        defaults={"case": task.case, "subject": task.subject, "sentence": one["sentence"], "evidence": one["evidence"]},
    )
    if new:
        doing.record(made, "suspect", clause=made.clause, task=task.pk, places=len(json.dumps(one["evidence"])))
