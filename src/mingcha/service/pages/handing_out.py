"""Files of the store as downloads: whoever reads another's, that he did is an event."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from mingcha.casework.ladder import ladder
from mingcha.service import clock, ledger
from mingcha.service.actions.acting import Doer, may
from mingcha.service.models import Evidence
from mingcha.service.shelf import shelf


def own(row: Evidence) -> FileResponse:
    """A file for who handed it in."""
    page = FileResponse(shelf().open(row.sha256), content_type="application/octet-stream")
    page.headers["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    return page


def read(row: Evidence, doer: Doer, why: str) -> FileResponse:
    """A file for an officer, by his role, with the event. Raises Http404."""
    if not may(doer, ladder("evidence").acts["read"], row):
        raise Http404
    with transaction.atomic():
        ledger.record(row, "read", doer.name, clock.now(), {"why": why})
    return own(row)
