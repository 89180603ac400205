"""Typed netstrings, the form mitmproxy keeps its flows in: ``length:data`` and a letter that says what the data is."""

from __future__ import annotations

from typing import Any, Final

from mingcha.errors import FormatError

_DEEPEST = 32
_MOST = 2_000_000
"""Values in one record; a flow has some hundreds, one for each header and message."""
_DIGITS: Final = 12


def record(data: bytes | memoryview, offset: int) -> tuple[Any, int]:
    """The value at ``offset`` and where it ends; text is str, raw bytes are bytes. Raises FormatError."""
    return _Reader(memoryview(data)).value(offset, len(data), 0)


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._left = _MOST

    def value(self, at: int, limit: int, depth: int) -> tuple[Any, int]:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise FormatError("a record nested or filled beyond reason", at)
        start, end = self._bounds(at, limit)
        return self._converted(start, end, self._data[end], depth), end + 1

    def _bounds(self, at: int, limit: int) -> tuple[int, int]:
        head = bytes(self._data[at : min(at + _DIGITS + 1, limit)])
        digits, colon, _ = head.partition(b":")
        if not colon or not digits.isdigit():
            raise FormatError("no length where a value should begin", at)
        start = at + len(digits) + 1
        end = start + int(digits)
        if end >= limit:
            raise FormatError("a value runs out of the file", at)
        return start, end

    def _converted(self, start: int, end: int, tag: int, depth: int) -> Any:
        match chr(tag):
            case ",":
                return bytes(self._data[start:end])
            case ";":
                return bytes(self._data[start:end]).decode("utf-8", "replace")
            case "#" | "^":
                return self._number(start, end, whole=tag == ord("#"))
            case "!":
                return bytes(self._data[start:end]) == b"true"
            case "~":
                return None
            case "]":
                return self._items(start, end, depth)
            case "}":
                items = self._items(start, end, depth)
                return {_name(key): item for key, item in zip(items[::2], items[1::2], strict=False)}
        raise FormatError("a value of a kind that does not exist", end)

    def _number(self, start: int, end: int, *, whole: bool) -> int | float:
        text = bytes(self._data[start : min(end, start + 40)])
        try:
            return int(text) if whole else float(text)
        except ValueError as error:
            raise FormatError("a number that is none", start) from error

    def _items(self, start: int, end: int, depth: int) -> list[Any]:
        items = []
        while start < end:
            item, start = self.value(start, end, depth + 1)
            items.append(item)
        return items


def _name(key: Any) -> str:
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)[:200]
