"""Files that come in: kept by their hash, with the three dates, and one event of custody each."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from mingcha.service import ledger
from mingcha.service.actions.acting import Doing
from mingcha.service.models import Evidence
from mingcha.service.shelf import shelf


def keep(
    doing: Doing, stream: BinaryIO, name: str, kind: str, *, captured: datetime | None = None, source: str = "", method: str = "",
    sealed: bool = False,
) -> Evidence:  # fmt: skip
    """Store the bytes, write down that they came, and by whom. Raises IntakeError where the disk is full."""
    kept = shelf().keep(stream)
    row = Evidence.objects.create(
        sha256=kept.sha256, sm3=kept.sm3 or "", size=kept.size, name=name[:200], kind=kind, captured=captured, received=doing.at,
        source=source, method=method, sealed=sealed,
    )  # fmt: skip
    doing.record(row, "receive", sha256=kept.sha256, sm3=kept.sm3 or "", size=kept.size, kind=kind)
    return row


def read(doing: Doing, row: Evidence, why: str) -> bytes:
    """The bytes of a file, its reading written down."""
    ledger.record(row, "read", doing.doer.name, doing.at, {"why": why})
    with shelf().open(row.sha256) as stream:
        return stream.read()
