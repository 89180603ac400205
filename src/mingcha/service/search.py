"""Looking a subject up: by pairs of characters, because two Chinese characters are a word and no full-text search of SQLite finds them.

Each pair of a subject carries a rank (where it stands, how short the name is), so that the first page comes out of the index in order and a
pair that half of all subjects hold costs no more than a rare one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from mingcha.service.models import Gram, Subject

LONGEST = 60
_ENOUGH = 4000
"""Pairs held by so many subjects are as common as any."""
_NAME_AT_START, _NAME, _OPERATOR, _PACKAGE = range(4)
_STEP = 256
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn")


def plain(text: str) -> str:
    """A text as it is compared: without spaces, case, width, and without characters nobody sees."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)


def grams(text: str) -> Iterator[str]:
    """Neighbouring characters of a text; a single character stands alone."""
    word = plain(text)
    if len(word) == 1:
        yield word
    yield from dict.fromkeys(word[at : at + 2] for at in range(len(word) - 1))


def index(subject: Subject) -> None:
    """Write the index of one subject anew."""
    Gram.objects.filter(subject=subject).delete()
    Gram.objects.bulk_create(rows(subject))


def rows(subject: Subject) -> list[Gram]:
    """The index of one subject, its best rank for each pair."""
    name = plain(subject.name)
    length = min(len(name), _STEP - 1)
    best: dict[str, int] = {}
    for gram, place in _places(name, subject.operator.name if subject.operator else "", subject.package):
        best[gram] = min(best.get(gram, _STEP * _STEP), place * _STEP + length)
    return [Gram(gram=gram, subject=subject, rank=rank) for gram, rank in sorted(best.items())]


def _places(name: str, operator: str, package: str) -> Iterator[tuple[str, int]]:
    for word, place in ((name, _NAME), (operator, _OPERATOR), (package, _PACKAGE)):
        yield from ((gram, place) for gram in grams(word))
        if first := plain(word)[:1]:
            yield first, place
    yield from ((name[:length], _NAME_AT_START) for length in (1, 2) if len(name) >= length)


def find(text: str) -> QuerySet[Subject]:
    """The subjects that hold every pair of neighbouring characters asked for; names that begin so first, then short ones."""
    asked = tuple(grams(text[:LONGEST]))
    if not asked:
        return Subject.objects.none()
    rarest = _rarest(asked) if len(asked) > 1 else asked[0]
    found = Subject.objects.filter(gram__gram=rarest)
    for other in asked:
        if other != rarest:
            found = found.filter(Exists(Gram.objects.filter(gram=other, subject=OuterRef("pk"))))
    return found.select_related("operator").order_by("gram__rank", "gram__subject_id")


class Line(NamedTuple):
    """What a list of results shows of one subject."""

    id: int
    kind: str
    name: str
    package: str
    operator: str
    state: str


_LINES = """SELECT s.id, s.kind, s.name, s.package, COALESCE(o.name, ''), s.state FROM service_gram g
 JOIN service_subject s ON s.id = g.subject_id LEFT JOIN service_operator o ON o.id = s.operator_id WHERE g.gram = %s"""
_AND = " AND EXISTS (SELECT 1 FROM service_gram x WHERE x.gram = %s AND x.subject_id = g.subject_id)"
_ORDERED = " ORDER BY g.rank, g.subject_id LIMIT %s OFFSET %s"


def lines(text: str, first: int, count: int) -> list[Line]:
    """So many of what `find` finds, from the ``first`` on: its SQL written out, because a page of results is asked for so often."""
    asked = tuple(grams(text[:LONGEST]))
    if not asked:
        return []
    rarest = _rarest(asked) if len(asked) > 1 else asked[0]
    others = [one for one in asked if one != rarest]
    with connection.cursor() as cursor:
        cursor.execute(_LINES + _AND * len(others) + _ORDERED, (rarest, *others, count, first))
        return [Line(*row) for row in cursor.fetchall()]


def _rarest(asked: tuple[str, ...]) -> str:
    """The pair that fewest subjects hold; counting ends early for common ones."""
    table = connection.ops.quote_name(Gram._meta.db_table)  # noqa: SLF001  # Django's public name
    one = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE gram = %s LIMIT {_ENOUGH}) counted)"  # noqa: S608  # no text of anybody's
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(asked))}", asked)  # as above
        counts = cursor.fetchone()
    return min(zip(counts, asked, strict=True))[1]
