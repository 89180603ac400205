"""Looking a subject up: by pairs of characters, because two Chinese characters are a word and no full-text search of SQLite finds them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from django.db.models import Count, QuerySet

from mingcha.service.models import Gram, Subject

LONGEST = 60


def grams(text: str) -> Iterator[str]:
    """Neighbouring characters of a text, without spaces, case and width; a single character stands alone."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if len(plain) == 1:
        yield plain
    yield from dict.fromkeys(plain[at : at + 2] for at in range(len(plain) - 1))


def index(subject: Subject) -> None:
    """Write the index of one subject anew."""
    words = [subject.name, subject.package, subject.operator.name if subject.operator else ""]
    wanted = {gram for word in words for gram in grams(word)} | {word[0].casefold() for word in words if word}
    Gram.objects.filter(subject=subject).exclude(gram__in=wanted).delete()
    Gram.objects.bulk_create([Gram(gram=gram, subject=subject) for gram in sorted(wanted)], ignore_conflicts=True)


def find(text: str) -> QuerySet[Subject]:
    """The subjects that hold every pair of neighbouring characters asked for, the shortest name first (a close match is short)."""
    asked = tuple(grams(text[:LONGEST]))
    if not asked:
        return Subject.objects.none()
    if len(asked) == 1:
        found = Subject.objects.filter(gram__gram=asked[0])
    else:
        hits = (
            Gram.objects.filter(gram__in=asked).values("subject").annotate(hits=Count("gram")).filter(hits=len(asked))
        )
        found = Subject.objects.filter(pk__in=hits.values("subject"))
    return found.select_related("operator").order_by("name", "pk")
