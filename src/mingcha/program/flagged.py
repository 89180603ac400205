"""Static flags, numbers and strings that have one value whenever code runs: those of builds and settings nobody changes.

A flag is what the file says at first, and what code that can run writes: constants, or an argument that is the same
constant in every call that can run. If that is one number, conditions on it are decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.program.code import Program
from mingcha.program.constants import MethodConstants
from mingcha.program.relevance import Relevance, writes

_MOST = 40
"""Places that write a flag, or call what writes it, that are looked at."""


def flag(program: Program, relevance: Relevance | None, cls: bytes, name: bytes, *, text: bool) -> int | str | None:
    """The one number (or ``text``) that a static field of the app holds, or None."""
    place = program.classes.get(cls)
    if place is None or relevance is None:
        return None
    dex = program.images[place[0]].dex
    first = {dex.member_bytes(n, field=True): v for n, v in dex.static_values(place[1]).items()}
    if first.get(name) is None or (text and first[name] == 0):
        return None
    found: set[int | str | None] = {first[name]}
    own = program.members(cls).get(b"<clinit>()V")
    for count, (method, unit) in enumerate(writes(program, cls, name)):
        if method == own or method in relevance.reached():
            found.update(_stored(program, relevance, method, unit, text=text))
        if None in found or len(found) > 1 or count > _MOST:
            return None
    return found.pop() if len(found) == 1 else None


def _stored(
    program: Program, relevance: Relevance, method: int, unit: int, *, text: bool
) -> Iterator[int | str | None]:
    """The constants one instruction may store; None: not known."""
    constants = _constants(program, method)
    known = constants.stored(unit)
    if known is not None:
        yield known if text else _number(known)
        return
    place = constants.parameter(unit)
    shift = 0 if program.method(method).static else 1
    calls = relevance.calls(method)
    if place is None or place < shift or not calls or len(calls) > _MOST:
        yield None
        return
    for caller, at in calls:
        given = _constants(program, caller).argument(at, _parameter(program, method, place - shift))
        yield given if text else _number(given)


def _parameter(program: Program, method: int, place: int) -> int:
    """Which declared parameter a register holds; long and double take two."""
    for number, kind in enumerate(program.method(method).parameters):
        if place <= 0:
            return number
        place -= 2 if kind in (b"J", b"D") else 1
    return 0 if place else -1


def _constants(program: Program, method: int) -> MethodConstants:
    found = program.method(method)
    return MethodConstants(program.images[found.image].dex, found.row)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("-").isdigit() else None
