"""Running clocks."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.cases import Case
from mingcha.service.models.complaints import Complaint


class Deadline(models.Model):
    """One clock of one case or complaint 期限, with how it was reckoned; its states are `casework.deadlines.State`. ``due`` is null where the law says only "timely"."""

    clock = models.CharField(max_length=40)
    case = models.ForeignKey(Case, null=True, blank=True, related_name="deadlines", on_delete=models.PROTECT)
    complaint = models.ForeignKey(Complaint, null=True, blank=True, related_name="deadlines", on_delete=models.PROTECT)
    started = models.DateTimeField()
    length = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=12)
    extended = models.PositiveIntegerField(default=0)
    due = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    reckoning = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="running")
    ended = models.DateTimeField(null=True)

    class Meta:
        """The engine asks for what is due; pages ask for what runs."""

        indexes = (models.Index(fields=["state", "due"]),)


class Reminder(models.Model):
    """One message about several deadlines to one recipient on one day."""

    recipient = models.CharField(max_length=80)
    day = models.DateField()
    deadlines = models.JSONField()
    sent = models.DateTimeField(null=True)

    class Meta:
        """One per recipient and day."""

        constraints = (models.UniqueConstraint(fields=["recipient", "day"], name="reminded_once"),)
