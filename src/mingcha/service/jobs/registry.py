"""The kinds of job: a name and its steps, each a function of the payload and the state that gives the next state."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from mingcha.service.models.jobs import Job

Values = dict[str, Any]
"""What JSON can hold; small: bytes are kept in a store and named here by their digest."""


@dataclass(frozen=True)
class Step:
    """One part of a job, recorded when done. After a crash it may run once more, so it must bear being run twice."""

    name: str
    run: Callable[[Values, Values], Values]
    label: str = ""
    """What a person reads while it runs."""


Steps = Callable[[], Sequence[Step]]
Ended = Callable[["Job"], object]


@dataclass(frozen=True)
class Kind:
    """What is registered under a name."""

    steps: Steps
    ended: Ended | None = None


_kinds: dict[str, Kind] = {}


class UnknownKind(LookupError):  # noqa: N818
    """No steps are registered under this name."""


def job(kind: str, *, ended: Ended | None = None) -> Callable[[Steps], Steps]:
    """Register the function that lists the steps of a kind; it is called when a job of the kind is taken up.

    ``ended`` is called with the job in the transaction that ends it, done, failed or cancelled.
    """

    def kept(steps: Steps) -> Steps:
        _kinds[kind] = Kind(steps, ended)
        return steps

    return kept


def steps_of(kind: str) -> Sequence[Step]:
    """The steps of a kind, in order. Raises UnknownKind."""
    found = _found(kind)
    if found is None:
        raise UnknownKind(kind)
    return tuple(found.steps())


def ended_of(kind: str) -> Ended | None:
    """What a kind does at the end of its jobs, if anything."""
    found = _found(kind)
    return None if found is None else found.ended


def _found(kind: str) -> Kind | None:
    """Looked for in the modules that the setting names, which are read when the first kind is asked for."""
    for module in getattr(settings, "MINGCHA_JOBS", ()):
        importlib.import_module(module)
    return _kinds.get(kind)
