"""What is inspected, who runs it, where it is offered, and how it is found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mingcha.service.models.thing import Thing

KINDS = ("app", "mini-program", "sdk", "website", "device", "venue")


class Operator(models.Model):
    """A handler of personal information 个人信息处理者."""

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, blank=True, db_index=True)
    contact = models.CharField(max_length=120, blank=True)
    officer = models.CharField(max_length=80, blank=True)
    verified = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Platform(models.Model):
    """A store or platform that distributes apps 应用分发平台."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Subject(Thing):
    """An app, mini program, SDK, website, device or venue 检查对象. The ladder of cases is for apps; the others can be complained about."""

    PROCESS = "subject"
    kind = models.CharField(max_length=16, default="app")
    name = models.CharField(max_length=120)
    package = models.CharField(max_length=160, blank=True, db_index=True)
    operator = models.ForeignKey(Operator, null=True, blank=True, on_delete=models.PROTECT)
    signer = models.CharField(max_length=64, blank=True)
    app_type = models.PositiveSmallIntegerField(null=True, blank=True)
    registered = models.DateTimeField()

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Open(models.Manager["Version"]):
    """The versions that are not an operator's own secret: whoever does not ask for more gets these."""

    def get_queryset(self) -> models.QuerySet[Version]:
        """Without what an operator handed in for itself."""
        return super().get_queryset().filter(withheld=None)


class Version(models.Model):
    """One version of a subject, with the sample and the policy it was inspected with 版本、样本."""

    objects = Open()
    every: ClassVar[models.Manager[Version]] = models.Manager()
    """With those that operators hold back: for pages of the operator that asks, and for whom it filed them to."""

    subject = models.ForeignKey(Subject, related_name="versions", on_delete=models.PROTECT)
    name = models.CharField(max_length=60, blank=True)
    code = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    sample = models.ForeignKey("service.Evidence", null=True, related_name="+", on_delete=models.PROTECT)
    policy = models.ForeignKey("service.Evidence", null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    answers = models.ForeignKey("service.Evidence", null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    signer = models.CharField(max_length=64, blank=True)
    withheld = models.ForeignKey(Operator, null=True, blank=True, related_name="+", on_delete=models.PROTECT)
    """The operator that handed it in for its own check and filed it nowhere."""
    obtained = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        """As people write it."""
        return self.name or (str(self.code) if self.code is not None else "—")


class Listing(models.Model):
    """A subject in one store, and whether it stands there."""

    subject = models.ForeignKey(Subject, related_name="listings", on_delete=models.PROTECT)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, default="listed")
    since = models.DateTimeField()

    class Meta:
        """Once per store."""

        constraints = (models.UniqueConstraint(fields=["subject", "platform"], name="listed_once"),)


class Gram(models.Model):
    """Two neighbouring characters of a subject's name, package or operator: the index of the look-up (`search.py`)."""

    gram = models.CharField(max_length=2)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE)
    rank = models.PositiveSmallIntegerField(default=0)
    """Small where the pair begins the name, and the name is short: what is found comes out of the index in this order."""

    class Meta:
        """Looked up by the pair of characters, read in the order of rank."""

        constraints = (models.UniqueConstraint(fields=["gram", "subject"], name="gram_once"),)
        indexes = (models.Index(fields=["gram", "rank", "subject"], name="gram_rank"),)
