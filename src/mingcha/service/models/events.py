"""The chain of events and its signed checkpoints. Rows are only ever added."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act: who did what to what, when, with a body without personal values; hashed with its predecessor's hash."""

    seq = models.BigIntegerField(primary_key=True)
    time = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    process = models.CharField(max_length=16)
    thing = models.BigIntegerField()
    act = models.CharField(max_length=32)
    body = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        """In the order of the chain; looked up by thing."""

        ordering = ("seq",)
        indexes = (models.Index(fields=["process", "thing", "seq"]),)


class Head(models.Model):
    """The end of the chain: one row, locked by whoever writes."""

    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Checkpoint(models.Model):
    """A signed state of the chain, kept outside too (printed in notices, published)."""

    count = models.BigIntegerField(unique=True)
    head = models.CharField(max_length=64)
    time = models.CharField(max_length=40)
    document = models.JSONField()
