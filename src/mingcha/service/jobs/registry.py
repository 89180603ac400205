"""The kinds of job: a name and its steps, each a function of the payload and the state that gives the next state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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
_kinds: dict[str, Steps] = {}


class UnknownKind(LookupError):  # noqa: N818
    """No steps are registered under this name in this process."""


def job(kind: str) -> Callable[[Steps], Steps]:
    """Register the function that lists the steps of a kind; it is called when a job of the kind is taken up."""

    def kept(steps: Steps) -> Steps:
        _kinds[kind] = steps
        return steps

    return kept


def steps_of(kind: str) -> Sequence[Step]:
    """The steps of a kind, in order. Raises UnknownKind."""
    try:
        return tuple(_kinds[kind]())
    except KeyError:
        raise UnknownKind(kind) from None


def kinds() -> frozenset[str]:
    """The names registered in this process."""
    return frozenset(_kinds)
