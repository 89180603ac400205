"""Tokens with which programs act for an account: the database holds a hash, the secret was shown once."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.accounts import Account


class ApiToken(models.Model):
    """One token of one account 接口令牌. It gives what the account may do, never more, and never what asks for a fresh second factor."""

    account = models.ForeignKey(Account, related_name="tokens", on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret; the secret has 256 random bits, so that a slow hash would add nothing."""
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    """The last use, to the minute."""
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """What its holder called it."""
        return self.name
