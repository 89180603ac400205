"""What the public page of a subject says, kept as it was read last."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.cases import Report
from mingcha.service.models.subjects import Subject


class Shown(models.Model):
    """The reading of one subject (`projections.py`). It holds until something happens to the subject, or until time alone changes it."""

    subject = models.OneToOneField(Subject, primary_key=True, related_name="+", on_delete=models.CASCADE)
    changed = models.BigIntegerField()
    """The last event that concerned the subject."""
    until = models.BigIntegerField(db_index=True)
    """The second since 1970 up to which it holds; 0: it does not."""
    edition = models.CharField(max_length=16, blank=True)
    """Of the program that read it: another one reads anew."""
    said = models.TextField(blank=True)
    """The values as JSON, without what a report says: that stands drawn in its own row."""
    report = models.ForeignKey(Report, null=True, related_name="+", on_delete=models.PROTECT)
    """The report that the page rests on."""
