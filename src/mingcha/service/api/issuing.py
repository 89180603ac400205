"""API tokens of the account that asks: made, and listed."""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import QuerySet

from mingcha.service import clock
from mingcha.service.actions.acting import Doer, perform
from mingcha.service.actions.tokens import digest, living
from mingcha.service.models import ApiToken

_PREFIX = "mingcha_"
"""By which a secret is known that lies about somewhere."""


def issued(doer: Doer, data: dict[str, Any]) -> str:
    """A new token: its secret, of which we keep the hash alone. ``data`` are its name and days. Raises Refused."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    perform("account", "create-token", doer, doer.account, {**data, "digest": digest(secret)})
    return secret


def living_of(doer: Doer) -> QuerySet[ApiToken]:
    """Those that hold, the oldest first."""
    return living(clock.now()).filter(account=doer.account).order_by("pk")
