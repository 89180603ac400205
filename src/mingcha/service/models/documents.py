"""Documents with number, hash and signature."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.cases import Case
from mingcha.service.models.evidence import Evidence
from mingcha.service.models.thing import Thing


class Document(Thing):
    """One official paper 文书. ``data`` is all its template gets; the same data gives the same bytes."""

    PROCESS = "document"
    kind = models.CharField(max_length=16)
    number = models.CharField(max_length=40, null=True, unique=True)
    case = models.ForeignKey(Case, related_name="documents", on_delete=models.PROTECT)
    data = models.JSONField()
    template = models.CharField(max_length=16)
    data_hash = models.CharField(max_length=64)
    pdf = models.ForeignKey(Evidence, null=True, related_name="+", on_delete=models.PROTECT)
    signature = models.JSONField(null=True)
    issued = models.DateTimeField(null=True)
    served = models.DateTimeField(null=True)
    served_to = models.CharField(max_length=120, blank=True)
    """Who took it: for the file alone, and never in the chain, for it may be a person."""
    published = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        """Its number, or that it has none yet."""
        return self.number or f"({self.kind})"


class Counter(models.Model):
    """The last number given in a series and year; locked while a number is given, so that none is given twice or left out."""

    series = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row per series and year."""

        constraints = (models.UniqueConstraint(fields=["series", "year"], name="counter_once"),)
