"""What of a run's file was not seen, in one form for all its readers."""

from __future__ import annotations

from mingcha.model.factbase import Gap, Reason


def gap(collector: str, code: str, reason: Reason, file: str, hides: tuple[str, ...], **values: object) -> Gap:
    """The gap of one file; ``values`` fill the sentence of the code."""
    shown = {key: str(value) for key, value in {"file": file, **values}.items()}
    return Gap(collector=collector, reason=reason, hides=hides, code=code, values=shown)
