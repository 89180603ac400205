"""The numbers a worker works by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """Seconds and counts. A worker is lost when its last sign of life is older than ``timeout``."""

    slots: int = 1
    beat: float = 1.0
    timeout: float = 10.0
    watch: float = 0.25
    """How often the lost are looked for, the outbox is emptied."""
    poll: float = 0.2
    attempts: int = 10
    near: int = 1
    """Whether processes that ended on our own machine are seen as such; 0 leaves them to the timeout."""
    grace: float = 5.0
    """How long what runs may go on when the worker is asked to leave."""


def terms(environment: Mapping[str, str]) -> Terms:
    """The terms of this process: ``MINGCHA_JOBS_TIMEOUT=3`` and so on change one number."""
    given = {
        name: kind(environment[f"MINGCHA_JOBS_{name.upper()}"])
        for name, kind in (
            ("slots", int),
            ("beat", float),
            ("timeout", float),
            ("watch", float),
            ("poll", float),
            ("attempts", int),
            ("near", int),
            ("grace", float),
        )
        if f"MINGCHA_JOBS_{name.upper()}" in environment
    }
    return Terms(**given)  # type: ignore[arg-type]
