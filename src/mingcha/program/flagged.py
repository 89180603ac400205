"""Static flags, numbers and strings that have one value whenever code runs: those of builds and settings nobody changes.

A flag is what the file says at first, and what code that can run writes: constants, or an argument that is the same
constant in every call that can run. If that is one number, conditions on it are decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.errors import FormatError
from mingcha.program.code import Program
from mingcha.program.constants import MethodConstants
from mingcha.program.decode import IF
from mingcha.program.fields import writes
from mingcha.program.relevance import Relevance

_MOST = 40
"""Places that write a flag, or call what writes it, that are looked at."""
_FOLLOW = 4
"""Calls upwards through which a parameter is followed."""
_EQUAL, _OTHER = 0x32, 0x33
"""Jumps if a register is the other (here: zero), if it is not."""


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
    if _passed_over(program, relevance, method, unit):
        return
    known = constants.stored(unit)
    if known is not None:
        yield known if text else _number(known)
        return
    place = constants.parameter(unit)
    yield from [None] if place is None else _handed(program, relevance, method, place, _FOLLOW, text=text)


def _handed(
    program: Program, relevance: Relevance, method: int, place: int, steps: int, *, text: bool
) -> Iterator[int | str | None]:
    """The constants that the calls that can run hand over in a parameter's register; None: not known."""
    shift = 0 if program.method(method).static else 1
    calls = relevance.calls(method)
    if place < shift or not calls or len(calls) > _MOST or not steps:
        yield None
        return
    number = _parameter(program, method, place - shift)
    for caller, at in calls:
        constants = _constants(program, caller)
        given, further = constants.argument(at, number), constants.handed_on(at, number)
        if given is None and further is not None:
            yield from _handed(program, relevance, caller, further, steps - 1, text=text)
        else:
            yield given if text else _number(given)


def _passed_over(program: Program, relevance: Relevance, method: int, unit: int) -> bool:
    """Whether an instruction stands behind conditions on parameters that no call that can run fulfils."""
    try:
        blocks = program.body(method).blocks
    except FormatError:
        return False
    constants = _constants(program, method)
    held, queue = {0: constants.parameters()}, [0]
    while queue:
        number = queue.pop()
        block = blocks[number]
        if any(i[1] == unit for i in block.code):
            return False
        after = constants.parameters_after(held[number], [i[1] for i in block.code])
        ways = set(block.after)
        last = block.code[-1] if block.code else None
        if (
            last is not None
            and last[0] == IF
            and last[2] in (_EQUAL, _OTHER)
            and last[4] is None
            and len(block.after) == 2
            and last[3] in after
        ):
            given = set(_handed(program, relevance, method, after[last[3]], _FOLLOW, text=False))
            if given and None not in given:
                ways = {block.after[0 if (value == 0) == (last[2] == _EQUAL) else 1] for value in given}
        for way in (*ways, *block.caught):
            known = held.get(way)
            both: dict[int, int] = {} if way in block.caught else after
            if known is not None:
                both = dict(known.items() & both.items())
            if both != known:
                held[way] = both
                queue.append(way)
    return True


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
