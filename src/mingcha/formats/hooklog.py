"""Logs of recorders that hook methods: our own (JSON lines, form 1) and MobSF's API monitor.

Our own log is one JSON object in each line, UTF-8, written at once. ``kind`` says what a line is:

    start   v, t, agent, version, catalogue, device, host, package, process, pid, hooked (class.method …), missing (not hooked)
    call    v, t, seq, process, pid, tid, thread, class, method, descriptor, args, outcome, result, error, stack
    alive   v, t, process, pid, calls, lost, failed: every second; a silent stretch is only silent if these go on
    hooked  v, t, process, pid, hooked: what was found later and is watched from here on
    gap     v, t, process, pid, reason, class, method, descriptor: what is not watched, or from when on nothing was heard
    end     v, t, process, pid, calls, lost, reason

``t`` is ISO 8601 with milliseconds and offset, by the device's clock; ``host`` is the recorder's at the moment of ``start``.
``m`` is microseconds since the device was started, which nobody can set. A process that is joined later has its own start.
``outcome`` is value, empty, null, zeroed, exception, denied or unknown.
``args`` and ``result`` are objects: ``k`` kind (null, empty, boolean, integer, decimal, text, bytes, list, object), ``n`` length,
``h`` hash under the case's key or ``s`` the text itself, which an importer hashes and forgets, ``p`` the tag of the planted
value it equals, and for an argument ``c``: the constant of the catalogue's test that it passed ("android_id", "content://sms"),
never more of it. ``stack`` is a list of "class.method:line", nearest call first, without the recorder's own frames. ``lost``
counts calls that could not be written, ``failed`` those of which something could not be told.

MobSF writes objects one after the other, each followed by a comma, without lines, times or threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from mingcha.errors import FormatError
from mingcha.formats.logtext import read_text

LONGEST = 1 << 20
"""Longest entry that is read, in characters."""
ENTRIES = 2_000_000
_Name = Annotated[str, Meta(max_length=512)]
_Number = Annotated[int, Meta(ge=0, lt=1 << 53)]
_TEXT = r"\"(?:[^\"\\]|\\.)*+\""
_MOBSF = re.compile(rf"\{{\s*\"name\"\s*:\s*{_TEXT}\s*,\s*\"class\"\s*:\s*{_TEXT}\s*,\s*\"method\"\s*:")
"""How every entry begins; arguments can hold objects, but none that begins so."""


class AgentValue(
    Struct, frozen=True, rename={"kind": "k", "length": "n", "hash": "h", "text": "s", "passed": "c", "tag": "p"}
):
    """What the log tells of a value."""

    kind: Literal["null", "empty", "boolean", "integer", "decimal", "text", "bytes", "list", "object", "unknown"] = (
        "unknown"
    )
    length: _Number | None = None
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{8,64}$")] | None = None
    text: str | None = None
    passed: str | None = None
    tag: Annotated[str, Meta(max_length=80)] | None = None


class AgentRecord(Struct, frozen=True, rename={"cls": "class"}):
    """One line of our own log; what a kind of line does not have is null or empty."""

    v: Literal[1]
    kind: Literal["start", "call", "alive", "hooked", "gap", "end"]
    t: Annotated[str, Meta(max_length=40)]
    m: _Number | None = None
    seq: _Number | None = None
    agent: _Name = ""
    version: _Name | None = None
    catalogue: _Name | None = None
    device: _Name | None = None
    host: Annotated[str, Meta(max_length=40)] | None = None
    package: _Name | None = None
    process: _Name | None = None
    pid: _Number | None = None
    tid: _Number | None = None
    thread: _Name | None = None
    cls: _Name | None = None
    method: _Name = ""
    descriptor: Annotated[str, Meta(max_length=4096)] | None = None
    args: Annotated[tuple[AgentValue, ...], Meta(max_length=64)] = ()
    outcome: Literal["value", "empty", "null", "zeroed", "exception", "denied", "unknown"] = "unknown"
    result: AgentValue | None = None
    error: _Name | None = None
    stack: Annotated[tuple[str, ...], Meta(max_length=512)] = ()
    hooked: tuple[_Name, ...] | None = None
    missing: tuple[_Name, ...] = ()
    calls: _Number | None = None
    lost: _Number = 0
    failed: _Number = 0
    reason: _Name | None = None


@dataclass(frozen=True, slots=True)
class AgentLog:
    """Numbered records; ``unreadable`` are lines that are none, ``empty`` how many lines hold nothing."""

    lines: int
    records: tuple[tuple[int, AgentRecord], ...]
    unreadable: tuple[int, ...]
    empty: int
    partial: bool


class MobsfCall(Struct, frozen=True, rename={"cls": "class", "caller": "calledFrom", "returned": "returnValue"}):
    """One call as MobSF writes it; a result that is null, empty, zero or false is left out by it."""

    name: str
    cls: str
    method: str
    arguments: list[Any] = []
    result: Any = None
    caller: str | None = None
    returned: Any = None


@dataclass(frozen=True, slots=True)
class MobsfLog:
    """Numbered calls; ``unreadable`` are entries that could not be read."""

    entries: int
    calls: tuple[tuple[int, MobsfCall], ...]
    unreadable: tuple[int, ...]
    partial: bool


_agent = msgspec.json.Decoder(AgentRecord)
_mobsf = msgspec.json.Decoder(MobsfCall)


def read_agent(data: bytes) -> AgentLog:
    """Read our own log. Raises FormatError if no line is a record."""
    text = read_text(data)
    records: list[tuple[int, AgentRecord]] = []
    unreadable: list[int] = []
    empty = 0
    for number, line in enumerate(text.lines):
        if not line.strip():
            empty += 1
        elif (record := _decoded(_agent, line)) is None or len(records) >= ENTRIES:
            unreadable.append(number)
        else:
            records.append((number, record))
    if not records:
        raise FormatError("no record of a hook log in it")
    return AgentLog(len(text.lines), tuple(records), tuple(unreadable), empty, bool(unreadable) or text.damaged)


def read_mobsf(data: bytes) -> MobsfLog:
    """Read MobSF's API monitor. Raises FormatError if no entry can be read."""
    text = read_text(data)
    whole = "\n".join(text.lines)
    starts = [found.start() for found in _MOBSF.finditer(whole)]
    if not starts:
        raise FormatError("no entry of an API monitor in it")
    calls: list[tuple[int, MobsfCall]] = []
    unreadable: list[int] = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(whole)], strict=True)):
        entry = whole[start : min(end, start + LONGEST + 1)].rstrip(" \t\r\n,]")
        call = _decoded(_mobsf, entry)
        if call is None or len(calls) >= ENTRIES:
            unreadable.append(number)
        else:
            calls.append((number, call))
    if not calls:
        raise FormatError("no entry of an API monitor in it")
    before = bool(whole[: starts[0]].strip(" \t\r\n,["))
    return MobsfLog(len(starts), tuple(calls), tuple(unreadable), bool(unreadable) or before or text.damaged)


def _decoded(decoder: msgspec.json.Decoder[Any], text: str) -> Any:
    """The value, or None for what is none of this form."""
    if len(text) > LONGEST:
        return None
    try:
        return decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
