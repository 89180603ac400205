"""What may happen to a complaint, a lead, a case … and where it leads: the state of a thing is the fold of what was done to it.

The ladders are data (`catalogue/casework/ladders.yaml`). Everything that asks "may this be done now, and by whom" asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from mingcha.casework.clocks import Told
from mingcha.errors import CatalogueError, UsageError

_FILE = Path(__file__).parents[1] / "catalogue" / "casework" / "ladders.yaml"
ANY, OPEN = "any", "open"


class State(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state and its two names; ``ends`` where the process is over."""

    zh: str
    en: str
    ends: bool = False


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that may be done: from where, to where (None: it stays), by which roles, and the clocks it starts and stops."""

    zh: str
    en: str
    from_: tuple[str, ...] = msgspec.field(name="from")
    who: tuple[str, ...]
    to: str | None = None
    strong: bool = False
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    public: bool = False


class Ladder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One process: its states and its acts."""

    name: Told
    states: dict[str, State]
    acts: dict[str, Act]

    def may(self, act: str, state: str | None) -> bool:
        """Whether the act is possible in this state (None: the thing does not exist yet)."""
        rule = self.acts.get(act)
        if rule is None or state is None:
            return rule is not None and not rule.from_
        if state in rule.from_ or ANY in rule.from_:
            return True
        return OPEN in rule.from_ and not self.states[state].ends

    def after(self, act: str, state: str | None) -> str:
        """The state after the act. Raises UsageError, naming what is wrong, where the act is not possible."""
        if not self.may(act, state):
            raise UsageError(f"{self.name.en}: {act!r} is not possible in state {state!r}")
        return self.acts[act].to or state or ""

    def fold(self, acts: Iterable[str]) -> str | None:
        """The state after all these acts, one after another; None for none. Raises UsageError at the first impossible one."""
        state: str | None = None
        for act in acts:
            state = self.after(act, state)
        return state


@cache
def ladders() -> Mapping[str, Ladder]:
    """All processes by name. Raises CatalogueError where a ladder names what is not there."""
    found = msgspec.yaml.decode(_FILE.read_bytes(), type=dict[str, Ladder])
    problems = [f"{_FILE.name}: {name}: {what}" for name, ladder in found.items() for what in _problems(ladder)]
    if problems:
        raise CatalogueError(problems)
    return found


def ladder(process: str) -> Ladder:
    """The ladder of one process. Raises UsageError for a name that is none."""
    try:
        return ladders()[process]
    except KeyError:
        raise UsageError(f"no such process: {process}") from None


def _problems(ladder: Ladder) -> Iterator[str]:
    known = {*ladder.states, ANY, OPEN}
    for name, act in ladder.acts.items():
        yield from (f"{name}: unknown state {state!r}" for state in (*act.from_, act.to or OPEN) if state not in known)
        if not act.from_ and act.to is None:
            yield f"{name}: begins nothing"
    reached = {act.to for act in ladder.acts.values()}
    yield from (f"state {state!r} is never reached" for state in ladder.states if state not in reached)
