"""One value, one sequence of bytes: JSON after RFC 8785, without fractions, so that a hash means the same on every machine."""

from __future__ import annotations

import json
from typing import Any

from mingcha.errors import UsageError

DEPTH = 40
"""How deep a value may be nested."""
LARGEST = 2**53 - 1
"""Beyond this a reader whose numbers are doubles would read another number."""

_LITERALS = {None: "null", True: "true", False: "false"}
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def canonical(value: Any, depth: int = DEPTH) -> bytes:
    """The value as canonical JSON: keys sorted as UTF-16, no blanks, UTF-8, text left as it is. Raises UsageError.

    ``depth`` is how many levels there may be.
    """
    try:
        return _written(value, depth).encode()
    except UnicodeEncodeError as error:
        raise UsageError("half of a character (a lone surrogate) cannot be written down") from error


def _written(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict) and depth:
        return _object(value, depth - 1)
    if value is None or isinstance(value, bool):
        return _LITERALS[value]
    if isinstance(value, int):
        return _number(value)
    if depth == 0:
        raise UsageError("a value nested so deep cannot be written down")
    if isinstance(value, list | tuple):
        return "[" + ",".join([_written(one, depth - 1) for one in value]) + "]"
    raise UsageError(
        f"{type(value).__name__}: only text, whole numbers, true, false, null, lists and objects are hashed"
    )


def _number(value: int) -> str:
    if abs(value) > LARGEST:
        raise UsageError("a number beyond 2^53 is not the same number everywhere: write it as text")
    return int.__repr__(value)


def _object(value: dict[Any, Any], depth: int) -> str:
    if not all(isinstance(key, str) for key in value):
        raise UsageError("the keys of an object must be text")
    keys = sorted(value)
    if not "".join(keys).isascii():  # the order of code points is another one, beyond the first 65,536 characters
        keys.sort(key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join([f"{_quoted(key)}:{_written(value[key], depth)}" for key in keys]) + "}"
