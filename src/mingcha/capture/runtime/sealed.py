"""What the agent sends, turned into lines of the log: values sealed here, before anything of them is written anywhere.

The lines have the form that ``formats/hooklog.py`` describes and reads.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import UNSET

from mingcha.capture.runtime.hooks import Hook
from mingcha.capture.runtime.messages import Call, Moment, Value
from mingcha.collect.runtime.calls import DESCRIPTOR, THREAD, class_name, named
from mingcha.collect.runtime.ground import Seal
from mingcha.collect.runtime.stacks import frames
from mingcha.collect.runtime.values import outcome, seen_text

FRAMES = 48
_PLACE = re.compile(r"(?:[\w.@-]*/)*(?P<name>[^\s()/\[]+)\((?:[^()]*?:(?P<line>\d+)|[^()]*)\)")
"""A frame as Java prints it; what stands before the last "/" names the module or the loader."""
DENIED = "java.lang.SecurityException"
NO_ADDRESS = "020000000000"
"""What Android gives in place of a MAC address, as bytes."""
Line = dict[str, Any]


class Telling:
    """Tells the calls of one process. ``head`` stands in each of its lines, ``offset`` is its zone in minutes."""

    def __init__(self, hooks: Sequence[Hook], seal: Seal, head: Mapping[str, Any], offset: float) -> None:
        self._hooks = hooks
        self._seal = seal
        self._head = head
        self._zone = dt.timezone(dt.timedelta(minutes=offset))

    def line(self, kind: str, moment: Moment, **more: Any) -> Line:
        """A line of any kind, at a moment of the device; what is null is left out."""
        return _filled({"v": 1, "kind": kind, "t": self._time(moment.t), "m": moment.m, **self._head, **more})

    def _time(self, milliseconds: float) -> str:
        return dt.datetime.fromtimestamp(milliseconds / 1000, self._zone).isoformat("T", "milliseconds")

    def call(self, call: Call) -> Line:
        """One call."""
        hook = self._hooks[call.hook]
        error = None if call.error is UNSET else class_name(call.error)
        return self.line(
            "call",
            call,
            seq=call.seq,
            tid=call.tid,
            thread=self._thread(call.thread),
            **{"class": hook.cls},
            method=hook.method,
            descriptor=named(DESCRIPTOR, call.descriptor),
            args=[_filled(self._value(arg) | {"c": _constant(hook, at, arg.c)}) for at, arg in enumerate(call.args)],
            outcome=outcome_of(call.result) if call.error is UNSET else "denied" if error == DENIED else "exception",
            result=self._value(call.result) if call.result else None,
            error=error,
            stack=stack(call.stack, hook.method),
        )

    def _thread(self, name: str) -> str | None:
        """A thread's name, unless it could hold a value: libraries write the address there that they are busy with."""
        return name if named(THREAD, name) and not self._seal(name)[1] else None

    def _value(self, value: Value) -> Line:
        """A value without its text: kind, length, hash, the planted value it equals."""
        if value.s is None or value.k in ("null", "boolean", "object"):
            return _filled({"k": value.k, "n": value.n})
        if value.k == "text":
            seen = seen_text(value.s, self._seal)
            return _filled({"k": seen.kind, "n": seen.length, "h": seen.hash, "p": seen.tag})
        digest, tag = self._sealed(_spelt(value.k, value.s))
        return _filled({"k": value.k, "n": len(value.s) if value.n is None else value.n, "h": digest, "p": tag})

    def _sealed(self, forms: Sequence[str]) -> tuple[str | None, str | None]:
        """The hash of the first way to write a value, and the tag of any."""
        sealed = [self._seal(form) for form in forms]
        return sealed[0][0], next((tag for _, tag in sealed if tag), None)


def _filled(line: Line) -> Line:
    return {name: value for name, value in line.items() if value is not None}


def _constant(hook: Hook, at: int, told: str | None) -> str | None:
    """The constant that an argument passed, if it is one of the catalogue's: nothing else of an argument is written."""
    tests = (test for row in hook.rows for test in row if test.at == at)
    return told if any(told in (*test.equal, *test.start, *test.match) for test in tests) else None


def _spelt(kind: str, text: str) -> tuple[str, ...]:
    """A list as importers write it; bytes as hex, and as a MAC address is written, for that is what six bytes mostly are."""
    if kind == "list":
        return (_list(text),)
    if kind == "bytes" and len(text) == 12:
        address = ":".join(text[at : at + 2] for at in range(0, 12, 2))
        return (text, address, address.upper())
    return (text,)


def _list(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def outcome_of(result: Value | None) -> str:
    """Whether a result is a value or one of the forms of none; a method without a result does not tell."""
    if result is None:
        return "unknown"
    if result.k == "null":
        return "null"
    if result.k == "boolean":
        return outcome(result.s == "1")
    if result.k in ("bytes", "list"):
        blank = result.k == "bytes" and result.s is not None and (not result.s.strip("0") or result.s == NO_ADDRESS)
        return "empty" if result.n == 0 else "zeroed" if blank else "value"
    return "value" if result.s is None else outcome(result.s)


@lru_cache(2048)
def stack(text: str, method: str) -> tuple[str, ...]:
    """Frames as "class.method:line" from a printed stack, without the hooked method itself."""
    found = [f"{m['name']}:{m['line']}" if m["line"] else m["name"] for m in _PLACE.finditer(text)]
    own = bool(found) and found[0].partition(":")[0].endswith(f".{method}")
    return frames(found[1 : FRAMES + 1] if own else found[:FRAMES])
