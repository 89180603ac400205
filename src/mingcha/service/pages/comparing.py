"""What changed between two reports on one app, without the verdicts that the reader was not told of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mingcha.catalogue.load import load
from mingcha.judge import findings
from mingcha.render.comparison import comparison_text
from mingcha.service.pages.reports import stored
from mingcha.service.pages.request import language

Values = dict[str, Any]


def compared(old: str, new: str, known: Callable[[str], bool]) -> tuple[list[Values], int]:
    """Headings with their lines; verdicts only on clauses that are known, and how many were held back. Reports are named by their hashes."""
    before, after = stored(old), stored(new)
    changes = findings.compare(before, after)
    verdicts = tuple(one for one in changes.verdicts if known(one[0]))
    text = comparison_text(replace(changes, verdicts=verdicts), before, after, load(), language())
    return _parts(text), len(changes.verdicts) - len(verdicts)


def _parts(text: str) -> list[Values]:
    parts: list[Values] = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" ") and parts:
            parts[-1]["lines"].append(line.strip().removeprefix("- "))
        else:
            parts.append({"head": line, "lines": []})
    return parts
