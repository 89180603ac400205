"""Mail to those who follow an app: one when something public happened, never with a name in its subject; and wishes nobody confirmed go.

Called by the clock of the service (`ticking.py`). What is told is what the app's page shows, so that no mail says more than the page.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation

from mingcha.service import vault
from mingcha.service.actions.acting import ENGINE, Refused, perform
from mingcha.service.models import Event, Follow
from mingcha.service.pages.public import reading, showing
from mingcha.service.text import Text
from mingcha.service.tickets import ticket

PATIENCE = timedelta(days=7)
"""How long an address waits to be confirmed."""
SUBJECT = Text("明察：您关注的应用有新进展", "Mingcha: news of an app you follow")
_BODY = Text(
    "“{name}”：{status}\n\n{lines}\n\n{page}\n\n停止关注：{end}\n",
    "“{name}”: {status}\n\n{lines}\n\n{page}\n\nStop following: {end}\n",
)
_AT_ONCE = 500
log = logging.getLogger(__name__)


def lapse(now: datetime) -> int:
    """Erase the addresses that nobody confirmed in time."""
    rows = list(Follow.objects.filter(state="asked", asked__lt=now - PATIENCE)[:_AT_ONCE])
    for row in rows:
        perform("follow", "lapse", ENGINE, row)
    return len(rows)


def tell(now: datetime) -> int:
    """One mail to each follower of an app to which something public happened since the last."""
    latest = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    rows = Follow.objects.filter(state="confirmed", told__lt=latest).select_related("subject").order_by("subject", "pk")
    return sum(_told(row, latest, now) for row in rows[:_AT_ONCE])


def _told(row: Follow, latest: int, now: datetime) -> bool:
    """Whether there was something to tell. The number is moved first: a mail that fails is not sent again and again."""
    since = row.told
    Follow.objects.filter(pk=row.pk).update(told=latest)
    page = reading.app_page(row.subject_id, now)
    news = _news(page, since) if page is not None else []
    if page is None or not news or row.sealed is None:
        return False
    with translation.override(row.language):
        body = str(_BODY.filled(**_filled(page, news, ticket("follow", row.pk))))
        send_mail(str(SUBJECT), body, None, [str(vault.unseal(row.sealed))], fail_silently=False)
    return True


def _news(page: reading.Values, since: int) -> list[reading.Values]:
    """The lines of the page's history that are newer than what was told."""
    cases = [case["id"] for case in page["cases"]]
    acts = Event.objects.filter(seq__gt=since, process="case", thing__in=cases, act__in=showing.PUBLIC_ACTS)
    times = set(acts.values_list("time", flat=True))
    return [line for line in page["history"] if line["at"] in times]


def _filled(page: reading.Values, news: list[reading.Values], key: str) -> dict[str, Any]:
    lang = "en" if translation.get_language() == "en" else "zh"
    site = settings.CONFIGURATION.url
    return {
        "name": page["name"],
        "status": page["status"]["text"][lang],
        "lines": "\n".join(f"{line['day']} {line['what'][lang]}" for line in news),
        "page": site + reverse("app", args=[page["id"]]),
        "end": site + reverse("follow-end", args=[key]),
    }


def everything(now: datetime) -> dict[str, int]:
    """What the clock calls; mail that cannot be sent stops nothing else."""
    done = {"lapsed": lapse(now), "told": 0}
    try:
        done["told"] = tell(now)
    except (OSError, Refused) as problem:
        log.warning("mail to followers: %s", problem)
    return done
