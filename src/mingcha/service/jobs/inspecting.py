"""The kind ``inspection``: six steps around the library's own calls; what the service adds to them is passed in.

@job("inspection")
def inspection() -> tuple[Step, ...]:
return steps(Parts(fetch=..., check=..., path_of=..., keep=..., store=..., finish=...))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingcha.errors import MingchaError
from mingcha.service.jobs import child
from mingcha.service.jobs.fence import Failed, current
from mingcha.service.jobs.patience import patiently
from mingcha.service.jobs.registry import Step, Values
from mingcha.service.models.jobs import Job

READING = "mingcha.service.jobs.reading"


@dataclass(frozen=True)
class Parts:
    """What an inspection needs of the service. All but ``store`` and ``finish`` may be called twice for one job."""

    fetch: Callable[[Values], Values]
    """Payload in; out: ``files`` and ``policy``, lists of ``{"ref", "name"}``, and maybe ``previous`` (a ref), ``type``, ``on``."""
    check: Callable[[Path], object]
    """Looks at an uploaded file before anything reads it; raises MingchaError or Failed with what is wrong."""
    path_of: Callable[[str], Path]
    """Where the bytes of a ref lie on this machine, to be read only."""
    keep: Callable[[bytes, str], str]
    """Keeps bytes of a kind (``facts``, ``report``) and names them; the same bytes get the same ref."""
    store: Callable[[Job, Values, Values], Values]
    """In a transaction that commits only while this worker holds the job: job, payload, state in; more state out."""
    finish: Callable[[Job, Values, Values], Values]
    """The same; what it gives is the job's result."""
    limits: child.Limits = field(default_factory=child.Limits)


def steps(parts: Parts) -> tuple[Step, ...]:
    """The six steps."""
    return (
        Step("fetch", lambda payload, _state: parts.fetch(payload), "取得样本"),
        Step("check", lambda _payload, state: _checked(parts, state), "检查文件"),
        Step("collect", lambda payload, state: _collected(parts, payload, state), "提取事实"),
        Step("judge", lambda payload, state: _judged(parts, payload, state), "逐条判断"),
        Step("store", lambda payload, state: _accepted(parts.store, payload, state), "保存报告"),
        Step("finish", lambda payload, state: _finished(parts.finish, payload, state), "完成"),
    )


def _checked(parts: Parts, state: Values) -> Values:
    for given in (*state["files"], *state.get("policy", ())):
        try:
            parts.check(parts.path_of(given["ref"]))
        except MingchaError as wrong:
            raise Failed("refused", f"{given['name']}: {wrong}") from wrong
    return state


def _collected(parts: Parts, payload: Values, state: Values) -> Values:
    """The facts, by the one process that reads what was uploaded."""

    def placed(name: str) -> list[dict[str, str]]:
        return [{"path": str(parts.path_of(one["ref"])), "name": one["name"]} for one in state.get(name, ())]

    previous = state.get("previous")
    arguments = {
        "files": placed("files"),
        "policy": placed("policy"),
        "previous": str(parts.path_of(previous)) if previous else None,
        "type": state.get("type"),
        "on": state.get("on"),
        "flows": payload.get("flows", "values"),
    }
    return state | {"facts": _read(parts, "facts", arguments)}


def _judged(parts: Parts, payload: Values, state: Values) -> Values:
    arguments = {"facts": str(parts.path_of(state["facts"])), "regulations": payload.get("regulations", [])}
    return state | {"report": _read(parts, "report", arguments)}


def _read(parts: Parts, kind: str, arguments: dict[str, Any]) -> str:
    """Run a function of `reading` in a child, stopped when a person asks, and keep what it gives."""
    taken = current()
    outcome = child.run(f"{READING}:{kind}", arguments, parts.limits, lambda: patiently(taken.go_on))
    if outcome.kind != "done":
        raise Failed(outcome.kind, outcome.detail)
    return parts.keep(outcome.data, kind)


def _accepted(act: Callable[[Job, Values, Values], Values], payload: Values, state: Values) -> Values:
    with current().accepted() as job:
        return state | act(job, payload, state)


def _finished(act: Callable[[Job, Values, Values], Values], payload: Values, state: Values) -> Values:
    with current().accepted() as job:
        return act(job, payload, state)
