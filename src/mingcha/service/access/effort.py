"""Proof of work on a form, or, for those whose browser runs no script, a wait."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest

from mingcha.service.access.limits import allowed, once
from mingcha.service.actions.acting import Refused
from mingcha.service.intake import work
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.text import Text

DIFFICULTY = 17
"""About 130,000 hashes: a second on a phone."""
WAIT = 60
_WITHOUT = 3
_HOUR = 3600
SENDINGS = 10


def challenge(purpose: str) -> str:
    """A new task for a form."""
    return work.challenge(_secret(), purpose, _now(), DIFFICULTY)


def shown(request: HttpRequest, purpose: str) -> None:
    """The form that was sent carries a solution nobody used before, or was held back for a minute. Raises Refused."""
    if not allowed(request, purpose, SENDINGS, _HOUR):
        raise Refused(Text("提交过于频繁，请一小时后再试。", "Too many in a short time: try again in an hour."))
    task, nonce = request.POST.get("work_challenge", ""), request.POST.get("work_nonce", "")
    try:
        identifier = (
            work.solved(_secret(), task, nonce, _now(), purpose=purpose) if nonce else _waited(request, task, purpose)
        )
    except IntakeError as problem:
        raise Refused(Text(problem.zh, problem.en)) from None
    if not once("work", identifier, work.LIFETIME):
        raise Refused(Text("表单已提交过，请刷新后重试。", "This form was sent before: load it again."))


def _waited(request: HttpRequest, task: str, purpose: str) -> str:
    if not allowed(request, f"{purpose}-slow", _WITHOUT, _HOUR):
        raise Refused(Text("提交过于频繁，请一小时后再试。", "Too many in a short time: try again in an hour."))
    return work.waited(_secret(), task, _now(), purpose=purpose, seconds=WAIT)


def _secret() -> bytes:
    return settings.CONFIGURATION.secret("work").encode()


def _now() -> float:
    return time.time()  # noqa: TID251  # the age of a form, not a legal term
