"""Complaints and reports, who sent them (sealed), and what was written between them and the officer."""

from __future__ import annotations

from django.db import models

from mingcha.service.models.accounts import Account, Authority
from mingcha.service.models.evidence import Evidence
from mingcha.service.models.subjects import Subject
from mingcha.service.models.thing import Thing


class Complaint(Thing):
    """A complaint 投诉 (own dispute) or a report 举报 (clue): one form, two procedures. ``number`` is public, ``code`` is the hash of the secret."""

    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=32, unique=True)
    code = models.CharField(max_length=64, unique=True)
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT)
    subject_kind = models.CharField(max_length=16, default="app")
    subject_name = models.CharField(max_length=120)
    version = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=40)
    narrative = models.TextField()
    wish = models.TextField(blank=True)
    happened = models.DateField(null=True, blank=True)
    contacted = models.DateField(null=True, blank=True)
    """When the person turned to the operator first."""
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    to_operator = models.BooleanField(default=False)
    """The person agreed that the operator learns who complains."""
    public = models.BooleanField(default=False)
    """The person agreed that the story is published, after redaction."""
    outcome = models.CharField(max_length=16, blank=True)
    solved = models.CharField(max_length=8, blank=True)
    answer = models.TextField(blank=True)
    lead = models.ForeignKey("service.Lead", null=True, blank=True, related_name="complaints", on_delete=models.PROTECT)
    received = models.DateTimeField()

    @property
    def process(self) -> str:
        """Two ladders share the table."""
        return self.kind

    def __str__(self) -> str:
        """Its number."""
        return self.number


class Identity(models.Model):
    """Who complained: encrypted with the key of the vault, and a salted commitment for the chain. Erased at the end of its term."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT)
    sealed = models.BinaryField(null=True)
    commitment = models.CharField(max_length=64)
    erase_after = models.DateTimeField()
    erased = models.DateTimeField(null=True, blank=True)


class Message(models.Model):
    """A line between the person and the officer. What the person writes is encrypted like the identity."""

    complaint = models.ForeignKey(Complaint, related_name="messages", on_delete=models.PROTECT)
    from_person = models.BooleanField()
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT)
    sealed = models.BinaryField(null=True)
    sent = models.DateTimeField()


class Attachment(models.Model):
    """A picture of a complaint: the sealed original and the copy without metadata that others may see."""

    complaint = models.ForeignKey(Complaint, related_name="attachments", on_delete=models.PROTECT)
    original = models.ForeignKey(Evidence, related_name="+", on_delete=models.PROTECT)
    shared = models.ForeignKey(Evidence, related_name="+", on_delete=models.PROTECT)
