"""What operators do on their own: claiming an app 认领, and checking themselves 自查自纠."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.accounts import Account, Authority
from mingcha.service.models.cases import Task
from mingcha.service.models.evidence import Evidence
from mingcha.service.models.subjects import Operator, Subject, Version
from mingcha.service.models.thing import Thing


class Claim(Thing):
    """Somebody says that he runs an app 认领申请: proved by the key that signs the app, or confirmed by a person."""

    PROCESS = "claim"
    subject = models.ForeignKey(Subject, related_name="claims", on_delete=models.PROTECT)
    account = models.ForeignKey(Account, related_name="claims", on_delete=models.PROTECT)
    operator = models.ForeignKey(Operator, null=True, blank=True, related_name="claims", on_delete=models.PROTECT)
    """For whom he claims it; null while the name he gave is no operator on record."""
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, blank=True)
    note = models.TextField(blank=True)
    nonce = models.CharField(max_length=43)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    """Digest of the certificate whose key signed the challenge."""
    asked = models.DateTimeField()

    def __str__(self) -> str:
        """What is claimed, and for whom."""
        return f"{self.subject} · {self.operator or self.name}"


class SelfCheck(Thing):
    """An operator's own check of one version, its own business until it files it."""

    PROCESS = "selfcheck"
    operator = models.ForeignKey(Operator, related_name="selfchecks", on_delete=models.PROTECT)
    subject = models.ForeignKey(Subject, related_name="selfchecks", on_delete=models.PROTECT)
    version = models.ForeignKey(Version, related_name="selfchecks", on_delete=models.PROTECT)
    task = models.ForeignKey(Task, null=True, related_name="selfchecks", on_delete=models.PROTECT)
    """The newest inspection."""
    answers = models.JSONField(default=list)
    """Answers to the questions of the report, as its answers file holds them."""
    statement = models.JSONField(null=True)
    """What was signed: name, role, date, and the hashes it speaks of; null since something changed."""
    salt = models.BinaryField(null=True)
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT)
    """To whom it was filed."""
    filed = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)
    """Why it was returned."""
    begun = models.DateTimeField()

    def __str__(self) -> str:
        """Which app, which version."""
        return f"{self.subject} {self.version}"


class Entry(models.Model):
    """What the operator says to one clause of its check, with a file that shows it."""

    selfcheck = models.ForeignKey(SelfCheck, related_name="entries", on_delete=models.PROTECT)
    clause = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        """In the order in which it was said."""

        ordering = ("pk",)
