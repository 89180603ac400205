"""Accounts, what they may do and for whom, and the authorities."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from mingcha.service.models.thing import Thing


class Authority(models.Model):
    """A supervising body 监管部门. None is named until an office configures one; the demonstration's are made up."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    code = models.SlugField(max_length=24, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    receives = models.CharField(max_length=40, default="general")
    """Whose rules of complaints hold: a group of clocks (`clocks.yaml`)."""
    needs_identity = models.BooleanField(default=True)
    """Whether a complaint 投诉 needs a name and a way to reach the person; a report 举报 never does."""

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Account(AbstractUser, Thing):
    """A person who signs in, or a machine with a token."""

    PROCESS = "account"
    title = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        """The name shown in files."""
        return self.title or self.username


class Grant(models.Model):
    """One role of one account, for one body. Never deleted: ended."""

    account = models.ForeignKey(Account, related_name="grants", on_delete=models.PROTECT)
    role = models.CharField(max_length=24)
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT)
    operator = models.ForeignKey("service.Operator", null=True, blank=True, on_delete=models.PROTECT)
    platform = models.ForeignKey("service.Platform", null=True, blank=True, on_delete=models.PROTECT)
    given_by = models.ForeignKey(Account, null=True, related_name="+", on_delete=models.PROTECT)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The roles of an account are read at each request."""

        indexes = (models.Index(fields=["account", "ended"]),)
