"""What may be collected before consent, moment by moment as Android starts the app, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import Any

from mingcha.model.fact import SensitiveCall
from mingcha.render.paths import path
from mingcha.render.permitted import unpermitted
from mingcha.render.picture import sensitive
from mingcha.render.reading import Reading
from mingcha.render.spots import member, place_of, readable_member
from mingcha.render.view import Moment, Start, Starter

STARTS_SHOWN = 30

Group = tuple[SensitiveCall, ...]


def early_calls(reading: Reading) -> list[Group]:
    """Calls that can run at the start, by moment, owner and information, the shortest way first; sensitive information first.

    A call of which it is not settled what it obtains belongs to no group.
    """
    found: dict[tuple[Any, ...], list[SensitiveCall]] = defaultdict(list)
    for call in reading.all("SensitiveCall"):
        if call.reach == "startup" and call.information and not unpermitted(reading, call):
            found[_moment(call), call.owner, call.information].append(call)
    groups = (
        tuple(sorted(calls, key=lambda call: (len(call.steps), call.place.order, call.id))) for calls in found.values()
    )
    return sorted(groups, key=lambda group: _weight(reading, group[0]))


def nameless(reading: Reading) -> str:
    """How many calls at the start obtain nobody knows which information; empty where none does."""
    count = sum(call.reach == "startup" and not call.information for call in reading.all("SensitiveCall"))
    return reading.words.say("start_unnamed", count=count) if count else ""


def blocked(reading: Reading) -> str:
    """How many calls at the start need permissions that the app does not declare; empty where none does."""
    calls = [call for call in reading.all("SensitiveCall") if call.reach == "startup" and call.information]
    count = sum(unpermitted(reading, call) for call in calls)
    return reading.words.say("start_blocked", count=count) if count else ""


def _moment(call: SensitiveCall) -> tuple[int, str]:
    """When: the rank of the moment (unknown ranks last), and the method Android enters."""
    return (call.order if call.order is not None else 1 << 30), entry_of(call)


def entry_of(call: SensitiveCall) -> str:
    """The method that Android enters on the way to the call."""
    return call.steps[0].method if call.steps else call.caller


def _weight(reading: Reading, call: SensitiveCall) -> tuple[Any, ...]:
    others = (call.owner != "app", call.owner is None, call.owner or "")
    return (*_moment(call), *others, not sensitive(reading, call.information or ""), call.information or "")


def startup(reading: Reading) -> tuple[Moment, ...]:
    """The moments of the start, each with whose code may then obtain what."""
    shown = early_calls(reading)[:STARTS_SHOWN]
    return tuple(
        Moment(readable_member(entry), _starters(reading, list(groups)))
        for (_, entry), groups in groupby(shown, key=lambda group: _moment(group[0]))
    )


def _starters(reading: Reading, groups: list[Group]) -> tuple[Starter, ...]:
    return tuple(
        Starter(reading.party(owner), fix(reading, owner), tuple(_start(reading, group) for group in some))
        for owner, some in groupby(groups, key=lambda group: group[0].owner)
    )


def fix(reading: Reading, owner: str | None) -> str:
    """What to do about code of this owner that runs at the start."""
    who = "someone" if owner is None else "app" if owner == "app" else "sdk"
    return reading.words.say(f"fix_{who}", **({"sdk": reading.sdk(owner)} if owner and who == "sdk" else {}))


def _start(reading: Reading, group: Group) -> Start:
    first = group[0]
    return Start(
        information=reading.information(first.information),
        sensitive=sensitive(reading, first.information or ""),
        call=member(reading, first.callee),
        place=place_of(reading, first.place),
        more=reading.words.say("start_more", count=len(group) - 1) if len(group) > 1 else "",
        path=path(reading, first.steps),
    )


def startup_more(reading: Reading) -> tuple[str, ...]:
    """What the list leaves out."""
    left = len(early_calls(reading)) - STARTS_SHOWN
    rest = reading.words.say("start_rest", count=left) if left > 0 else ""
    return tuple(filter(None, (rest, blocked(reading), nameless(reading))))
