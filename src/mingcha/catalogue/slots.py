"""The small language of slots: which value of a call is meant, and where a library call moves it.

``model/android.py`` explains the words; the rows of ``registrations.yaml``, ``summaries.yaml`` and ``sinks.yaml`` use them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from mingcha.errors import CatalogueError


class Slot(NamedTuple):
    """A value of a call: ``base`` is ``this``, ``result``, a parameter's number, ``store`` or ``constant``.

    ``name`` is the store's or constant's text, ``by`` the parameter, or the part of the receiver, that names the store; ``path`` leads inside.
    """

    base: str | int
    path: tuple[str, ...] = ()
    name: str = ""
    by: int | str | None = None


class Move(NamedTuple):
    """A value that goes from one slot to another; ``do`` is ``move`` or what else happens: ``clear``, ``shift``, ``intent``, ``view``."""

    do: str
    source: Slot
    target: Slot
    via: str = ""


RESULT = Slot("result")
_SLOT = re.compile(
    r"(?P<quoted>'[^']*')|(?P<base>this|result|\d+|store:(?P<store>\w+)(?:/(?P<by>\d+|this\.\w+))?)(?P<path>(?:\.\w+|\[[^\]]*\])*)"
)
_PART = re.compile(r"\.\w+|\[[^\]]*\]")


@cache
def slot(text: str) -> Slot:
    """Read a slot. Raises CatalogueError."""
    match = _SLOT.fullmatch(text.strip())
    if match is None:
        raise CatalogueError([f"{text!r} is no slot"])
    if match["quoted"]:
        return Slot("constant", (), match["quoted"][1:-1])
    path = tuple(_PART.findall(match["path"]))
    if match["store"]:
        by = match["by"]
        return Slot("store", path, match["store"], int(by) if by and by.isdigit() else by and by.removeprefix("this."))
    return Slot(int(match["base"]) if match["base"].isdigit() else match["base"], path)


def move(text: str) -> Move:
    """Read a move: ``slot -> slot``, ``slot -> slot via NAME``, ``clear slot``, ``shift slot``, ``intent``, ``view``.

    Raises CatalogueError.
    """
    if " -> " not in text:
        word, _, of = text.partition(" ")
        if word not in ("clear", "shift", "intent", "view"):
            raise CatalogueError([f"{text!r} is no move"])
        return Move(word, slot(of or "this"), RESULT)
    source, _, rest = text.partition(" -> ")
    target, _, via = rest.partition(" via ")
    return Move("move", slot(source), slot(target), via)
