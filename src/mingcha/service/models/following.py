"""Who wants to be told by e-mail what becomes of an app."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.subjects import Subject
from mingcha.service.models.thing import Thing


class Follow(Thing):
    """One address that follows one app. The address is encrypted, and erased when following ends."""

    PROCESS = "follow"
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT)
    sealed = models.BinaryField(null=True)
    mark = models.CharField(max_length=64, unique=True)
    """Keyed hash of address and subject, so that nobody follows twice and no mail is sent twice."""
    language = models.CharField(max_length=8, default="zh-hans")
    asked = models.DateTimeField()
    told = models.BigIntegerField(default=0)
    """Number of the last event of which mail was sent."""

    class Meta:
        """Asked for by subject when something happened."""

        indexes = (models.Index(fields=["subject", "state"]),)
