"""What time alone brings about: deadlines missed, reminders, identities erased, the daily checkpoint.

`python -m mingcha.service.ticking` does it every minute; two of them at once do it once.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingcha.service.models import Case

SECONDS = 60
_ALIVE = 20
_READ = 500
"""Pages read anew in one tick, so that no tick takes long."""
_TOGETHER = 50
MISSED = {"rectification": "miss-deadline", "notice": "miss-notice"}
"""What the engine does when a clock of a case runs out."""
log = logging.getLogger(__name__)


def tick() -> dict[str, int]:
    """Do everything that is due; says how much of each."""
    from mingcha.service import clock, packages, passing, projections, telling
    from mingcha.service.models import Head

    now = clock.now()
    done = {
        "missed": missed(now),
        "reminded": reminded(now),
        "erased": erased(now),
        "swept": swept(),
        **telling.everything(now),
        "read": projections.caught_up(_READ),
    }
    if Head.objects.get(pk=1).count and not _checked_today(now):
        packages.checkpoint()
    passing.sweep()
    return done


def missed(now: datetime) -> int:
    """Cases whose time is over move on by the engine; each once, because the act stops the clock."""
    from mingcha.service import terms
    from mingcha.service.models import Deadline

    count = 0
    for clock, act in MISSED.items():
        rows = Deadline.objects.filter(state="running", due__lt=now, clock=clock, case__isnull=False).order_by("case")
        over = [row for row in rows.select_related("case__authority") if terms.state(row, now) == "missed"]
        cases = [row.case for row in over if row.case is not None]
        count += sum(_missed_together(act, cases[at : at + _TOGETHER]) for at in range(0, len(cases), _TOGETHER))
    return count


def _missed_together(act: str, cases: Sequence[Case]) -> int:
    """So many in one transaction: thousands fall due at one midnight."""
    from mingcha.service import projections
    from mingcha.service.actions.acting import ENGINE, Refused, perform_each

    with projections.later():
        done = perform_each("case", act, ENGINE, cases)
    for refused in (one for one in done if isinstance(one, Refused)):  # somebody was quicker
        log.warning("%s: %s", act, refused)
    return len([one for one in done if not isinstance(one, Refused)])


def reminded(now: datetime) -> int:
    """One message a day to each handler or officer about all clocks that end soon or are over."""
    from mingcha.service import reminding

    return reminding.send(now)


def erased(now: datetime) -> int:
    """Identities whose term is over go."""
    from mingcha.service.actions.acting import ENGINE, perform
    from mingcha.service.models import Complaint

    rows = Complaint.objects.filter(identity__erased=None, identity__erase_after__lt=now)
    for row in rows:
        perform(row.kind, "erase-identity", ENGINE, row)
    return len(rows)


def swept() -> int:
    """Uploads nobody went on with are forgotten."""
    import time

    from mingcha.service.pages.uploading import taking

    return taking.swept(time.time())  # noqa: TID251  # the age of a file, not a legal term


def _checked_today(now: datetime) -> bool:
    from mingcha.service.models import Checkpoint

    return Checkpoint.objects.filter(time__startswith=now.date().isoformat()).exists()


def main() -> None:
    """Tick until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingcha.service.settings")
    import django

    django.setup()
    from django.core.cache import cache
    from django.db import DatabaseError, close_old_connections

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    every = float(os.environ.get("MINGCHA_TICK", SECONDS))
    while not stopping.is_set():
        try:
            if cache.add("tick", os.getpid(), min(_ALIVE, every / 2)):
                tick()
        except DatabaseError as problem:
            log.warning("no tick: %s", problem)
        close_old_connections()
        stopping.wait(every)


if __name__ == "__main__":
    main()
