"""What is kept of a value, and whether a value was given at all."""

from __future__ import annotations

import json
import re
from typing import Any

from mingcha.collect.runtime.ground import Seal
from mingcha.model.event import EventGrade, Outcome, Seen, ValueKind

_NOTHING = re.compile(
    r"(?:02|00|ff)(?::(?:00|ff)){5}|0[0.:\-]*|<unknown ssid>|unknown|null|undefined|2147483647|9223372036854775807",
    re.IGNORECASE,
)
"""What Android, a vendor or a switched-off identifier gives in place of a value; 02:00:00:00:00:00 since Android 6."""
_OBJECT = re.compile(r"<instance: |\[object |[\w.$]+@[0-9a-f]{1,8}$")
_INTEGER, _DECIMAL = re.compile(r"[+-]?\d{1,40}"), re.compile(r"[+-]?\d{1,40}\.\d{1,40}(?:[eE][+-]?\d{1,3})?")
_ARGUMENT = re.compile(r"参数(\d{1,2})：")


def seen(value: Any, seal: Seal) -> Seen:
    """What is kept of a value that a JSON text carried."""
    if value is None:
        return Seen(kind="null")
    if isinstance(value, bool):
        return Seen(kind="boolean")
    if isinstance(value, (list, tuple)):
        return _sealed("list", len(value), _joined(value), seal)
    if isinstance(value, dict):
        return Seen(kind="object", length=len(value))
    return seen_text(value if isinstance(value, str) else str(value), seal)


def seen_text(text: str, seal: Seal) -> Seen:
    """What is kept of a value written as text; null is a word of the caller's, so it is not looked for here."""
    if not text:
        return Seen(kind="empty", length=0)
    if _OBJECT.match(text):
        return Seen(kind="object")
    kind: ValueKind = "integer" if _INTEGER.fullmatch(text) else "decimal" if _DECIMAL.fullmatch(text) else "text"
    return _sealed(kind, len(text), text, seal)


def _sealed(kind: ValueKind, length: int, text: str, seal: Seal) -> Seen:
    digest, tag = seal(text)
    return Seen(kind=kind, length=length, hash=digest, tag=tag)


def _joined(values: Any) -> str:
    """A list as one text: bytes that a recorder spelt as numbers are sealed together."""
    return json.dumps(values, ensure_ascii=False, default=str)


def outcome(value: Any) -> Outcome:
    """Whether this result is a value, or one of the forms of none."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _text_outcome(value.strip())
    if isinstance(value, (list, tuple, dict)):
        return "value" if value else "empty"
    return "zeroed" if not value else _text_outcome(str(value))


def _text_outcome(text: str) -> Outcome:
    if text in ("", "[]", "{}"):
        return "empty"
    return "zeroed" if _NOTHING.fullmatch(text) else "value"


def grade(result: Outcome) -> EventGrade | None:
    """A call that gave a value was observed, one that gave none is an attempt; where that is not told it is neither."""
    if result == "unknown":
        return None
    return "observed" if result == "value" else "attempt"


def written_arguments(text: str) -> tuple[Any, ...]:
    """The arguments in a column of camille's, each written as JSON behind its number, as values."""
    parts = _ARGUMENT.split(text[:LONGEST])
    numbered = dict(zip(parts[1::2], parts[2::2], strict=False))
    return tuple(_read(numbered.get(str(n), "")) for n in range(len(numbered)))


LONGEST = 1 << 16


def _read(text: str) -> Any:
    """One argument; what its recorder could not write as JSON stays the text it is."""
    try:
        return json.loads(text.strip())
    except (ValueError, RecursionError):
        return text.strip()
