"""Every exception Mingcha raises on purpose.

    MingchaError
    ├── FormatError      bytes are not what their format says (formats/)
    ├── LimitError       a size, count or time limit of ours was reached
    ├── CatalogueError   the shipped or given data is wrong; names file and line
    ├── UsageError       a call or a command line asks for something impossible
    └── RecordError      a facts, report, answers or baseline file cannot be used

Anything else that escapes is a defect: collectors turn it into ``Gap(defect)``, ``--strict`` lets it through.
"""

from __future__ import annotations


class MingchaError(Exception):
    """The one base; its text is one line that says what is wrong and what to do."""


class FormatError(MingchaError):
    """Bytes do not follow their format; ``offset`` is the byte where reading stopped, if known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"{message} (at byte {offset})")
        self.offset = offset


class LimitError(MingchaError):
    """A limit of ours was reached (size, count, time), so something was left unread."""


class CatalogueError(MingchaError):
    """Catalogue data is wrong; ``problems`` holds one ``file:line: message`` each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(MingchaError):
    """The caller asked for something that cannot be done."""


class RecordError(MingchaError):
    """A JSON or YAML file that should hold facts, a report, answers or a baseline does not."""
