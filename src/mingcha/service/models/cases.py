"""Leads, cases, inspection tasks, reports, findings and what operators file."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.accounts import Account, Authority
from mingcha.service.models.subjects import Operator, Subject, Version
from mingcha.service.models.thing import Thing


class Lead(Thing):
    """A reason to look 线索: complaints and reports merged, media, sampling."""

    PROCESS = "lead"
    SOURCES = ("complaint", "report", "media", "referral", "sampling", "self-report", "court")
    number = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=16)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    summary = models.TextField(blank=True)
    handler = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    registered = models.DateTimeField()

    def __str__(self) -> str:
        """Its number."""
        return self.number


class Case(Thing):
    """One matter of one subject, carried along the ladder 案件."""

    PROCESS = "case"
    number = models.CharField(max_length=32, unique=True)
    subject = models.ForeignKey(Subject, related_name="cases", on_delete=models.PROTECT)
    operator = models.ForeignKey(Operator, null=True, blank=True, on_delete=models.PROTECT)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    lead = models.OneToOneField(Lead, null=True, blank=True, on_delete=models.PROTECT)
    handler = models.ForeignKey(Account, related_name="+", on_delete=models.PROTECT)
    opened = models.DateTimeField()
    returned = models.BooleanField(default=False)
    """A failed re-inspection has already led back to rectification once."""

    class Meta:
        """No second open case on one subject: checked in the action, kept fast by this index."""

        indexes = (models.Index(fields=["subject", "state"]),)

    def __str__(self) -> str:
        """Its number."""
        return self.number


class Seat(models.Model):
    """What somebody did in a case, so that nobody approves or repeats alone what he did before; ``recused`` bars him."""

    case = models.ForeignKey(Case, related_name="seats", on_delete=models.CASCADE)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    role = models.CharField(max_length=24)
    recused = models.BooleanField(default=False)

    class Meta:
        """Once per role."""

        constraints = (models.UniqueConstraint(fields=["case", "account", "role"], name="seat_once"),)


class Report(models.Model):
    """The result of one inspection: the report file by its hash, and what pages show of it."""

    version = models.ForeignKey(Version, related_name="reports", on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    tool = models.CharField(max_length=40)
    catalogue = models.CharField(max_length=64)
    made = models.DateTimeField()
    card = models.JSONField()
    """For the public page: counts by clause group, what it takes, who gets it, what nobody looked at (`cards.py`)."""
    face = models.JSONField(default=dict)
    """The parts of the public page that follow from the report alone, drawn in both languages when it came (`pages/public/drawing.py`)."""


class Task(Thing):
    """One inspection of one version 检测任务, first or repeated, by two inspectors; or asked for by the public or an operator."""

    PROCESS = "task"
    PURPOSES = ("first", "re-inspection", "request", "self-check")
    case = models.ForeignKey(Case, null=True, blank=True, related_name="tasks", on_delete=models.PROTECT)
    subject = models.ForeignKey(Subject, related_name="tasks", on_delete=models.PROTECT)
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=16)
    first = models.ForeignKey(Account, null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    second = models.ForeignKey(Account, null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT)
    message = models.CharField(max_length=300, blank=True)
    planned = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """What is inspected."""
        return f"№{self.pk} {self.subject} {self.version or ''}".strip()


class Finding(Thing):
    """One clause held breached 问题, first suspected by the machine, confirmed by a person or not."""

    PROCESS = "finding"
    case = models.ForeignKey(Case, null=True, blank=True, related_name="findings", on_delete=models.PROTECT)
    subject = models.ForeignKey(Subject, related_name="findings", on_delete=models.PROTECT)
    task = models.ForeignKey(Task, related_name="findings", on_delete=models.PROTECT)
    clause = models.CharField(max_length=40)
    sentence = models.JSONField()
    """What was found: {zh, en} as the report says it to the public, {file} as it says it to the regulator."""
    evidence = models.JSONField(default=list)
    """Places: artefact, path, position, masked quote."""
    answer = models.TextField(blank=True)
    """The operator's statement or denial."""
    answered = models.DateTimeField(null=True, blank=True)
    notified = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One finding per clause and task."""

        constraints = (models.UniqueConstraint(fields=["task", "clause"], name="finding_once"),)
        indexes = (models.Index(fields=["subject", "state"]),)

    def __str__(self) -> str:
        """Its clause."""
        return self.clause


class Filing(models.Model):
    """What an operator filed to show that it rectified 整改报告: a sentence per finding, and the new version."""

    case = models.ForeignKey(Case, related_name="filings", on_delete=models.PROTECT)
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT)
    answers = models.JSONField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT)
    filed = models.DateTimeField()
