"""One thing that happened while an app ran, in one form whatever tool wrote it down.

A value is never kept: what kind it is, how long, a hash under the case's key, and the tag of the planted value it equals.
Phases are not here: they come from the screens' timeline, never from what a tool or a tester's key press says.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mingcha.model.artefact import Place

EventKind = Literal["call", "access", "asked", "shown", "answered", "alive", "mark"]
"""A method call; an operation the system noted; a permission asked for, its dialog shown, its answer; a sign that the
recorder lives; something else the tool wrote down (a button pressed)."""
Outcome = Literal["value", "empty", "null", "zeroed", "exception", "denied", "unknown"]
ValueKind = Literal["null", "empty", "boolean", "integer", "decimal", "text", "bytes", "list", "object", "unknown"]
EventGrade = Literal["observed", "attempt"]


class Seen(Struct, frozen=True, kw_only=True):
    """What is kept of a value: never the value itself."""

    kind: ValueKind
    length: int | None = None
    hash: str | None = None
    tag: str | None = None


class Clock(Struct, frozen=True, kw_only=True):
    """When it happened: ``time`` is ISO 8601 with offset, ``local`` the tool's own clock without one, ``told`` the tool's text.

    ``step`` is how fine that clock writes, in milliseconds. Each is null where it is not known.
    """

    time: str | None = None
    local: str | None = None
    told: str = ""
    step: int | None = None


class Operation(Struct, frozen=True, kw_only=True):
    """What was called: ``cls`` and ``method`` as the tool names them; of an operation of the system only ``method``."""

    cls: str | None = None
    method: str = ""
    descriptor: str | None = None
    args: tuple[Seen, ...] = ()


class Actor(Struct, frozen=True, kw_only=True):
    """Whose code did it. ``id`` is an SDK of the catalogue; ``asked_by`` names the owner of the code that called that owner's.

    ``kind`` "library" is code of many apps that nobody is accused of; ``frame`` is where in the stack the answer stands.
    """

    kind: Literal["app", "sdk", "library", "unknown"] = "unknown"
    id: str | None = None
    by: Literal["stack", "process", "none"] = "none"
    frame: str | None = None
    asked_by: str | None = None


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened. ``grade`` is null where the tool does not tell whether a value was given.

    ``interfaces`` and ``information`` are rows of the catalogue; none means *other*, not *harmless*. ``count`` is how many
    rows of the source this stands for, ``last`` when the last of them happened.
    """

    kind: EventKind
    place: Place
    tool: str
    clock: Clock = Clock()
    operation: Operation = Operation()
    package: str | None = None
    process: str | None = None
    pid: int | None = None
    uid: str | None = None
    thread: str | None = None
    outcome: Outcome = "unknown"
    grade: EventGrade | None = None
    result: Seen | None = None
    interfaces: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    event: str | None = None
    permission: str | None = None
    actor: Actor = Actor()
    stack: tuple[str, ...] = ()
    state: str | None = None
    duration: int | None = None
    count: int = 1
    last: Clock | None = None
    remarks: tuple[str, ...] = ()


class Imported(Struct, frozen=True, kw_only=True):
    """Everything read from one file of a tool. ``rows`` is the sum of ``accounted``: no row disappears silently.

    ``hooked`` names what the recorder says it watches (class.method); null where it does not say, and then "no read"
    means nothing. ``partial`` is true where the file was cut off, damaged or longer than we read.
    """

    tool: str
    rows: int
    accounted: dict[str, int]
    events: tuple[Event, ...] = ()
    hooked: tuple[str, ...] | None = None
    partial: bool = False
    remarks: tuple[str, ...] = ()
