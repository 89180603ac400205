"""Files as they came: named by their hash, written once."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.thing import Thing


class Evidence(Thing):
    """One file 电子数据. When it shows what it shows, when it was taken and when it came are three dates."""

    PROCESS = "evidence"
    sha256 = models.CharField(max_length=64, db_index=True)
    sm3 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=24)
    effective = models.DateTimeField(null=True, blank=True)
    captured = models.DateTimeField(null=True, blank=True)
    received = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=120, blank=True)
    sealed = models.BooleanField(default=False)
    """Only for those who handle the file: originals of pictures, with whatever their metadata tells."""
