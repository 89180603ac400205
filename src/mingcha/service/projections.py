"""The values of a public page, kept ready: read when something happened to the subject, not each time somebody looks.

An event marks what is kept as over in its own transaction (`changed`, called by the ledger); after the commit it is read anew. Whatever is
not ready, or was read by another edition of the program, or is over by the clock (an operator's time to answer has passed), is read from
the rows themselves: what is kept makes a page quicker, never different. `tests/service/test_projections.py` compares the two after every act.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection, transaction

from mingcha.service import clock
from mingcha.service.models import Document, Finding, Shown, Subject
from mingcha.service.models.thing import Thing

Values = dict[str, Any]
OVER, FOREVER = 0, 2**62
_TOGETHER = 100
_LATER: ContextVar[bool] = ContextVar("later", default=False)
_HERE = Path(__file__).parent
_CATALOGUE = _HERE.parent / "catalogue"
_SUBJECT = {"subject": "pk", "case": "subject_id", "task": "subject_id", "finding": "subject_id"}
_HELD = (
    "SELECT s.said, r.face FROM service_shown s LEFT JOIN service_report r ON r.id = s.report_id"
    " WHERE s.subject_id = %s AND s.until >= %s AND s.edition = %s"
)


def page(subject: int) -> Values | None:
    """The values of the public page of a subject, kept or read now; None where there is no such subject."""
    from mingcha.service.pages.public import reading

    now = clock.now()
    return held(subject, now) or reading.app_page(subject, now)


def held(subject: int, now: datetime) -> Values | None:
    """What is kept, where it holds."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, (subject, math.ceil(now.timestamp()), edition()))
        row = cursor.fetchone()
    if row is None:
        return None
    said, face = row
    values: Values = msgspec.json.decode(said)
    values["parts"] = msgspec.json.decode(face)["parts"] if face else None
    return values


# --- keeping ---------------------------------------------------------------------------------------------------------


def changed(thing: Thing, event: int) -> None:
    """In the transaction of an event: what is kept of its subject is over; it is read anew after the commit."""
    subject = _subject(thing)
    if subject is None:
        return
    if not Shown.objects.filter(pk=subject).update(changed=event, until=OVER):
        Shown.objects.create(pk=subject, changed=event, until=OVER)
    if not _LATER.get():
        transaction.on_commit(lambda: refresh(subject), robust=True)  # a partial has no name for Django's log


@contextmanager
def later() -> Iterator[None]:
    """Many subjects change at once: what is over is read from the rows until the ticking clock comes to it."""
    token = _LATER.set(True)
    try:
        yield
    finally:
        _LATER.reset(token)


def _subject(thing: Thing) -> int | None:
    """Whose page a thing may change; None for what no public page tells of."""
    if isinstance(thing, Document):
        return thing.case.subject_id
    name = _SUBJECT.get(thing.process)
    return None if name is None else int(getattr(thing, name))


def refresh(subject: int) -> None:
    """Read a subject anew, unless what is kept holds. Where another event comes in between, what was read is not kept."""
    now = clock.now()
    row = Shown.objects.filter(pk=subject).values_list("changed", "until", "edition").first()
    if row is None or (row[1] >= now.timestamp() and row[2] == edition()):
        return
    _keep(subject, row[0], _read(subject, now))


def _read(subject: int, now: datetime) -> Values:
    """The columns of a reading."""
    from mingcha.service.pages.public import reading

    read = reading.app_page(subject, now)
    assert read is not None
    said = msgspec.json.encode({key: value for key, value in read.items() if key != "parts"}).decode()
    return {
        "said": said,
        "report": read["report"]["id"] if read["report"] else None,
        "edition": edition(),
        "until": _until(subject, now),
    }


def _keep(subject: int, event: int, read: Values) -> None:
    """Unless something happened to the subject after this event."""
    Shown.objects.filter(pk=subject, changed=event).update(**read)


def _until(subject: int, now: datetime) -> int:
    """When time alone will change the page: the next end of an operator's time to answer."""
    from mingcha.service.pages.public import showing

    told = Finding.objects.filter(subject=subject, state__in=showing.WAITING, notified__isnull=False).values_list(
        "notified", flat=True
    )
    ends = (showing.answer_ends(one) for one in told if one is not None)
    return min((int(end.timestamp()) for end in ends if end is not None and end >= now), default=FOREVER)


def caught_up(most: int) -> int:
    """Read anew what is over, at most so many; says how many. The ticking clock does it for what no commit did."""
    now = clock.now()
    over = Shown.objects.filter(until__lt=math.ceil(now.timestamp())) | Shown.objects.exclude(edition=edition())
    rows = iter(list(over.values_list("pk", "changed")[:most]))
    count = 0
    while part := list(islice(rows, _TOGETHER)):
        ready = [(subject, event, _read(subject, now)) for subject, event in part]
        with transaction.atomic():  # reading is the long part: nobody waits for it
            for one in ready:
                _keep(*one)
        count += len(part)
    return count


def begun() -> int:
    """A row for each subject that has none: those from before there were any."""
    missing = Subject.objects.filter(pk__gt=0).exclude(pk__in=Shown.objects.values("pk")).values_list("pk", flat=True)
    made = Shown.objects.bulk_create(
        (Shown(pk=pk, changed=0, until=OVER) for pk in missing.iterator()), batch_size=1000
    )
    return len(made)


@cache
def edition() -> str:
    """Of what a reading follows from beside the rows: the modules that read, the words of the ladder, clocks and calendar."""
    files = sorted(
        [
            *(_HERE / "pages" / "public").glob("*.py"),
            *_CATALOGUE.glob("casework/*.yaml"),
            *_CATALOGUE.glob("calendar.yaml"),
        ]
    )
    whole = hashlib.sha256()
    for file in (*files, _HERE / "terms.py", Path(__file__)):
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:16]
