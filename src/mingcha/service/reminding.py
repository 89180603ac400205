"""Reminders: one message a day to each recipient, all clocks in it, no personal data in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q

from mingcha.casework.reminders import Reminder, Watch, group_reminders
from mingcha.service import models, terms
from mingcha.service.clock import SHANGHAI
from mingcha.service.roles import Role
from mingcha.service.ticking import MISSED

_AHEAD = timedelta(days=3)
_JUST = timedelta(days=2)
"""How far back it looks for clocks that the engine ended: their handler hears that it did."""
_KEPT = timedelta(days=120)
SUBJECT = "明察：期限提醒 / Mingcha: deadlines"


def send(now: datetime) -> int:
    """Remind everybody who was not reminded today; gives how many messages. Each clock is told once per stage."""
    day = now.astimezone(SHANGHAI).date()
    before = models.Reminder.objects.filter(day__gte=day - _KEPT)
    told = {key for keys in before.values_list("deadlines", flat=True) for key in keys}
    today = set(before.filter(day=day).values_list("recipient", flat=True))
    found = [one for one in group_reminders(_watches(now), now, _AHEAD, told) if one.recipient not in today]
    for one in found:
        _deliver(one, now)
    return len(found)


def _deliver(one: Reminder, now: datetime) -> None:
    with transaction.atomic():
        keys = [entry.key for entry in one.entries]
        models.Reminder.objects.create(
            recipient=one.recipient, day=now.astimezone(SHANGHAI).date(), deadlines=keys, sent=now
        )
        account = models.Account.objects.filter(username=one.recipient).first()
        if account is not None and account.email:
            body = "\n".join(f"{line.zh}\n{line.en}" for line in one.lines)
            send_mail(SUBJECT, body, None, [account.email])


def _watches(now: datetime) -> Iterator[Watch]:
    rows = models.Deadline.objects.filter(
        Q(state="running", due__lt=now + _AHEAD) | Q(state="missed", clock__in=MISSED, ended__gte=now - _JUST)
    ).select_related("case__handler", "case__authority", "complaint__authority")
    officers: dict[int, list[str]] = {}
    for row in rows.iterator(chunk_size=2000):
        deadline = terms.kept(row)
        for name in _recipients(row, officers):
            yield Watch(deadline=deadline, case=str(row.case or row.complaint), recipient=name)


def _recipients(row: models.Deadline, officers: dict[int, list[str]]) -> list[str]:
    """The case's handler; for a complaint every complaint officer of its authority (asked for once per authority)."""
    if row.case is not None:
        return [row.case.handler.username]
    assert row.complaint is not None
    body = row.complaint.authority_id
    if body not in officers:
        grants = models.Grant.objects.filter(
            role=Role.COMPLAINT_OFFICER, authority=body, ended=None, account__is_active=True
        )
        officers[body] = sorted(set(grants.values_list("account__username", flat=True)))
    return officers[body]
