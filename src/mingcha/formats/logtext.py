"""Text that a device or a tester's terminal wrote, as lines: in UTF-8, in GBK, or as PowerShell redirects it (UTF-16)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from mingcha.errors import FormatError

LARGEST = 128 << 20
LINES = 2_000_000
_BINARY = 0.01
_SERVICE = re.compile(r"DUMP OF SERVICE (?:\S+ )*?(\S+):")


@dataclass(frozen=True, slots=True)
class LogText:
    """The lines, and whether something was lost: ``damaged`` bytes that are no text, ``cut`` a last line without its end."""

    lines: tuple[str, ...]
    encoding: str
    damaged: bool
    cut: bool


def read_text(data: bytes) -> LogText:
    """Bytes as lines. Raises FormatError for what is no text or is too large."""
    if len(data) > LARGEST:
        raise FormatError(f"log of more than {LARGEST >> 20} MB")
    if data.count(b"\n") > LINES:
        raise FormatError(f"log of more than {LINES} lines")
    text, encoding, damaged = _decoded(data)
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    cut = bool(lines[-1])
    return LogText(tuple(lines if cut else lines[:-1]), encoding, damaged, cut)


def section(text: LogText, service: str) -> tuple[int, int]:
    """First and last line of one service's part of a whole ``dumpsys``; everything where the text holds one part only."""
    starts = [(n, found[1]) for n, line in enumerate(text.lines) if (found := _SERVICE.search(line))]
    ends = [n for n, _ in starts[1:]] + [len(text.lines)]
    for (start, name), end in zip(starts, ends, strict=bool(starts)):
        if name == service:
            return start + 1, end
    return 0, len(text.lines)


def _decoded(data: bytes) -> tuple[str, str, bool]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), "utf-16", len(data) % 2 == 1
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.count(0) > len(data) * _BINARY:
        raise FormatError("this is no text", data.find(0))
    for encoding in ("utf-8", "gb18030"):
        for tail in range(min(4, len(data) + 1)):  # a cut file may end inside a character
            try:
                return data[: len(data) - tail].decode(encoding), encoding, tail > 0
            except UnicodeDecodeError as error:
                if error.start < len(data) - 4:
                    break
    return data.decode("utf-8", "replace"), "utf-8", True
