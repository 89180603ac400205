"""What the agent may say. It lives in the process of an app that may be hostile, so each message is checked before use."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert

_Count = Annotated[int, Meta(ge=0, lt=1 << 53)]
_Moment = Annotated[float, Meta(ge=0, lt=1 << 42)]
_Hook = Annotated[int, Meta(ge=0, lt=10_000)]
_Short = Annotated[str, Meta(max_length=4096)]
Kind = Literal["null", "boolean", "integer", "decimal", "text", "bytes", "list", "object"]


class Moment(Struct, frozen=True, kw_only=True):
    """``t`` is the device's clock in milliseconds since 1970, ``m`` microseconds since it was started."""

    t: _Moment
    m: _Count


class Value(Struct, frozen=True, kw_only=True):
    """A value before it is sealed: ``s`` is its text, ``c`` the constant of a test that it passed."""

    k: Kind
    n: _Count | None = None
    s: Annotated[str, Meta(max_length=1 << 17)] | None = None
    c: _Short | None = None


class Call(Moment, frozen=True, kw_only=True):
    """One call; ``error`` is there, though perhaps null, if it threw."""

    seq: _Count
    hook: _Hook
    descriptor: _Short
    tid: _Count
    thread: _Short
    stack: Annotated[str, Meta(max_length=1 << 14)]
    args: Annotated[tuple[Value, ...], Meta(max_length=256)]
    result: Value | None = None
    error: _Short | UnsetType | None = UNSET


class Unhooked(Struct, frozen=True, kw_only=True):
    """A method that could not be hooked, or one overload of it."""

    hook: _Hook
    reason: Annotated[str, Meta(pattern="^[a-z_]{1,40}$")]
    descriptor: _Short | None = None


class Begun(Moment, frozen=True, kw_only=True, tag="begun", tag_field="kind"):
    """Every hook that can be placed is; ``offset`` is how many minutes the device's zone is ahead of UTC."""

    pid: _Count
    process: _Short
    offset: Annotated[float, Meta(gt=-1440, lt=1440)]
    hooked: tuple[_Hook, ...]
    gaps: tuple[Unhooked, ...]


class Calls(Struct, frozen=True, kw_only=True, tag="calls", tag_field="kind"):
    """A batch of calls."""

    calls: Annotated[tuple[Call, ...], Meta(max_length=1000)]


class Counts(Moment, frozen=True, kw_only=True):
    """How many calls there were, how many of them were lost, and of how many something could not be told."""

    calls: _Count
    lost: _Count
    failed: _Count


class Alive(Counts, frozen=True, kw_only=True, tag="alive", tag_field="kind"):
    """A sign of life."""


class Later(Moment, frozen=True, kw_only=True, tag="hooked", tag_field="kind"):
    """Methods whose class came later."""

    hooked: tuple[_Hook, ...]


class Fault(Struct, frozen=True, tag="fault", tag_field="kind"):
    """The agent failed, or said what it may not say."""


class Detached(Struct, frozen=True, tag="detached", tag_field="kind"):
    """The session ended, with Frida's word for why."""

    reason: str


Message = Begun | Calls | Alive | Later
Event = Message | Fault | Detached


def checked(payload: Any) -> Event:
    """What a message says; a Fault if it is none. Texts of Java may hold half a character, which no UTF-8 has."""
    try:
        try:
            said: Event = convert(payload, Message)
        except UnicodeError:
            said = convert(_whole(payload), Message)
    except (ValidationError, RecursionError):
        return Fault()
    return said


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {name: _whole(one) for name, one in value.items()} if isinstance(value, dict) else value
