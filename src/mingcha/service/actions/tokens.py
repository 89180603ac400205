"""Tokens for programs: made by their holder with a fresh second factor, ended by the holder or an administrator."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from django.db.models import QuerySet
from msgspec import Struct

from mingcha.service.actions.acting import Body, Doing, Forbidden, Refused, verb
from mingcha.service.models import Account, ApiToken
from mingcha.service.roles import Role
from mingcha.service.text import Text

LONGEST = 366
MOST = 20
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


class CreateToken(Struct, frozen=True, forbid_unknown_fields=True):
    """What it is for, for how many days, and the hash of the secret: the secret itself never comes here."""

    name: str
    digest: str
    days: int = 90


class RevokeToken(Struct, frozen=True, forbid_unknown_fields=True):
    """Which one ends."""

    token: int


@verb("account", "create-token", CreateToken)
def create_token(doing: Doing, account: Account, data: CreateToken) -> Body:
    """A token for oneself alone."""
    if account.pk != doing.account.pk:
        raise Forbidden(Text("只能为自己创建令牌。", "A token is made for oneself alone."))
    if not data.name.strip() or not 1 <= data.days <= LONGEST or not _DIGEST(data.digest):
        raise Refused(
            Text(f"请写明名称和有效期（1至{LONGEST}天）。", f"Give a name and a time of 1 to {LONGEST} days.")
        )
    if living(doing.at).filter(account=account).count() >= MOST or ApiToken.objects.filter(digest=data.digest).exists():
        raise Refused(Text("令牌过多，请先吊销不用的令牌。", "There are too many tokens: revoke what you do not use."))
    made = ApiToken.objects.create(
        account=account, name=data.name.strip()[:60], digest=data.digest, created=doing.at, expires=doing.at + timedelta(days=data.days)
    )  # fmt: skip
    return {"token": made.pk, "expires": made.expires.isoformat()}


@verb("account", "revoke-token", RevokeToken)
def revoke_token(doing: Doing, account: Account, data: RevokeToken) -> Body:
    """At once."""
    if account.pk != doing.account.pk and Role.ADMIN not in doing.doer.roles:
        raise Forbidden(Text("只能吊销自己的令牌。", "Only one's own tokens can be revoked."))
    if not living(doing.at).filter(account=account, pk=data.token).update(revoked=doing.at):
        raise Refused(Text("没有这个令牌。", "There is no such token."))
    return {"token": data.token}


def digest(secret: str) -> str:
    """As the database knows it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def living(at: datetime) -> QuerySet[ApiToken]:
    """Neither ended nor expired."""
    return ApiToken.objects.filter(revoked=None, expires__gt=at)
