"""A privacy policy: what it states, which information it names, what it denies, and whom it names.

The rules miss some of what a text says (docs/accuracy-policies.md). So the collector covers nothing but the document itself, and
says of all other kinds that more may stand in the text: what was not found never decides (but see ``relate/absence.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import cast

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import FROM_POLICY, Finding
from mingcha.collect.policy.channels import complaint_channels, contacts
from mingcha.collect.policy.definitions import definitions
from mingcha.collect.policy.headings import marks_headings, without_number
from mingcha.collect.policy.information import GENERIC, Told, denials, named, purposes
from mingcha.collect.policy.nearest import nearest
from mingcha.collect.policy.parties import Parties, parties, recipients, sdks_named
from mingcha.collect.policy.permissions import permissions
from mingcha.collect.policy.provisions import provisions
from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.replies import replies
from mingcha.collect.policy.roles import frame_of, lists_named, of_rows, role_of
from mingcha.collect.policy.statements import statements
from mingcha.collect.policy.text import plain, sentences
from mingcha.collect.policy.topics import topics
from mingcha.formats.page import Document, read
from mingcha.model.artefact import Artefact, Place, clip
from mingcha.model.fact import Fact, InformationNamedInPolicy, PolicyDocument, PolicyParagraph, ProvisionStated
from mingcha.model.factbase import Covered, Gap
from mingcha.model.terms import Terms
from mingcha.model.words import DocumentRole, Topic

NAME = "policy"
SHOWN_LIMIT = 400_000
"""Characters of the text itself that are kept for reports, in all."""
_CERTAIN = ("PolicyDocument", "PolicyParagraph", "ProvisionNear")
"""Kinds that no rule has to find, or that decide nothing."""
_TITLE_LINES = 12
_TITLE_LIMIT = 60


def collect(
    artefact: Artefact, document: Document, tables: Catalogue, role: DocumentRole | None = None
) -> Iterator[Finding]:
    """Everything the rules see in one document, and what that leaves open; ``role`` is what it is known to be.

    A document in two languages is read in two parts, each sentence once and with the words of its own language.
    """
    role = role or role_of(document, artefact.name, tables.terms)
    parts = _parts(artefact, document, tables, role)
    stated = [fact for part in parts for fact in part.stated()]
    yield _document(parts, document, role)
    yield from _paragraphs([part.reading for part in parts], document)
    yield from stated
    for part in parts:
        yield from part.found(tables, stated)
    yield from lists_named(artefact.sha256, document, role, parts[0].reading.terms)
    yield Covered(kind="PolicyDocument", collector=NAME)
    hidden = tuple(kind for kind in FROM_POLICY if kind not in _CERTAIN)
    yield Gap(collector=NAME, reason="partial", hides=hidden, code="policy.recall_unmeasured")
    if not all(part.learnt for part in parts):
        yield Gap(collector=NAME, reason="partial", hides=hidden, code="policy.no_model")


@dataclass(frozen=True, slots=True)
class _Part:
    """The sentences of one language, and what all rules read from them."""

    reading: Reading
    learnt: bool
    others: Parties
    told: tuple[Told, ...]
    information: tuple[InformationNamedInPolicy, ...]

    def stated(self) -> Iterator[ProvisionStated]:
        """The provisions."""
        reading = self.reading
        return chain(provisions(reading), replies(reading), contacts(reading), complaint_channels(reading))

    def found(self, tables: Catalogue, stated: list[ProvisionStated]) -> Iterator[Fact]:
        """All else; ``stated`` are the provisions of the whole document."""
        reading, others = self.reading, self.others
        return chain(
            self.information,
            denials(reading, others), purposes(reading), sdks_named(reading, others), recipients(reading),
            definitions(reading), (told.fact for told in self.told), permissions(reading, tables), nearest(reading, stated),
        )  # fmt: skip


def _parts(artefact: Artefact, document: Document, tables: Catalogue, role: DocumentRole) -> list[_Part]:
    """The document by languages, its own first: Chinese where it is neither Chinese nor English."""
    main = "en" if document.language == "en" else "zh"
    frame = frame_of(role, tables.terms[main])
    told = sentences(document, frame)
    marked = marks_headings(document.paragraphs) or bool(frame.heading)
    parts = []
    for language in sorted({main, *(sentence.language for sentence in told)}, key=lambda own: own != main):
        own = tuple(sentence for sentence in told if sentence.language == language)
        headings = ["|".join(map(_bare, sentence.path)) for sentence in own] if marked else None
        about = topics([sentence.plain for sentence in own], headings, language)
        of = tuple(found | of_rows(role, sentence) for found, sentence in zip(about.of, own, strict=True))
        reading = Reading(artefact.sha256, own, tables.terms[language], of, role)
        others = parties(reading, tables)
        said = statements(reading, tables, others)
        parts.append(_Part(reading, about.learnt, others, said, tuple(named(reading, others, said))))
    return parts


def _bare(heading: str) -> str:
    return without_number(heading) or heading


def _paragraphs(readings: Iterable[Reading], document: Document) -> Iterator[PolicyParagraph]:
    """The text itself as far as a report shows it, with the topics of its sentences."""
    about: dict[int, set[str]] = {}
    levels: dict[int, int] = {}
    sha256 = ""
    for reading in readings:
        sha256 = reading.sha256
        for sentence, said in zip(reading.sentences, reading.topics, strict=True):
            about.setdefault(sentence.number, set()).update(said)
            if sentence.title and not sentence.row:
                levels[sentence.number] = len(sentence.path)
    last = {p.text: p.number for p in document.paragraphs}  # a table of contents tells each heading before its section
    room = SHOWN_LIMIT
    for paragraph in document.paragraphs:
        room -= len(paragraph.text)
        if room < 0:
            return
        place = Place(sha256=sha256, at=paragraph.number, unit="paragraph", quote=clip(paragraph.text))
        yield PolicyParagraph(
            place=place,
            text=paragraph.text,
            level=paragraph.level
            or (levels.get(paragraph.number, 0) if last[paragraph.text] == paragraph.number else 0),
            cells=paragraph.row,
            language=paragraph.language,
            topics=cast("tuple[Topic, ...]", tuple(sorted(about.get(paragraph.number, ())))),
        )


def _document(parts: list[_Part], document: Document, role: DocumentRole) -> PolicyDocument:
    """The document as a whole. That it has no rules is never said here: they may be worded as no rule of ours expects."""
    ruled = any(fact.information != GENERIC for part in parts for fact in part.information)
    return PolicyDocument(
        place=parts[0].reading.whole(document),
        title=_title(parts[0].reading.terms, document),
        language=document.language,
        characters=sum(len(paragraph.text) for paragraph in document.paragraphs),
        collection_rules=True if ruled else None,
        role=role,
        learnt=all(part.learnt for part in parts),
    )


def _title(terms: Terms, document: Document) -> str:
    """The title if it says it is a policy, else the first line that does, else the title all the same."""
    lines = (document.title, *(p.text for p in document.paragraphs[:_TITLE_LINES] if len(p.text) <= _TITLE_LIMIT))
    return clip(next((line for line in lines if terms.has("policy", plain(line))), document.title))


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy opened for the collector."""

    artefact: Artefact
    document: Document
    role: DocumentRole | None = None


def opened(artefact: Artefact, data: bytes, role: DocumentRole | None = None) -> Policy:
    """The policy of an artefact; ``role`` is what it is known to be. Raises FormatError."""
    return Policy(artefact, read(data, artefact.name), role)
