"""A privacy policy: what it states, which information it names, what it denies, and whom it names.

First form: how much of a policy these rules find has not been measured. So the collector covers nothing but the document
itself, and says of all other kinds that more may stand in the text: what was not found never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import cast

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import FROM_POLICY, Finding
from mingcha.collect.policy_channels import complaint_channels, contacts
from mingcha.collect.policy_information import GENERIC, denials, named, purposes
from mingcha.collect.policy_nearest import nearest
from mingcha.collect.policy_parties import parties, recipients, sdks_named
from mingcha.collect.policy_provisions import provisions
from mingcha.collect.policy_reading import Reading
from mingcha.collect.policy_replies import replies
from mingcha.collect.policy_statements import statements
from mingcha.collect.policy_text import plain, sentences
from mingcha.collect.policy_topics import topics
from mingcha.formats.page import Document, read
from mingcha.model.artefact import Artefact, Place, clip
from mingcha.model.fact import InformationNamedInPolicy, PolicyDocument, PolicyParagraph
from mingcha.model.factbase import Covered, Gap
from mingcha.model.terms import Terms
from mingcha.model.words import Topic

NAME = "policy"
SHOWN_LIMIT = 400_000
"""Characters of the text itself that are kept for reports, in all."""
_CERTAIN = ("PolicyDocument", "PolicyParagraph", "ProvisionNear")
"""Kinds that no rule has to find, or that decide nothing."""
_TITLE_LINES = 12
_TITLE_LIMIT = 60


def collect(artefact: Artefact, document: Document, tables: Catalogue) -> Iterator[Finding]:
    """Everything the rules see in one policy, and what that leaves open."""
    terms = _terms(document, tables)
    told = tuple(sentences(document))
    about = topics([sentence.plain for sentence in told], language=terms.language)
    reading = Reading(artefact.sha256, told, terms, tuple(about.of))
    others = parties(reading, tables)
    information = list(named(reading, tables, others))
    yield _document(reading, document, information, learnt=about.learnt)
    yield from _paragraphs(reading, document)
    yield from information
    stated = list(chain(provisions(reading), replies(reading), contacts(reading), complaint_channels(reading)))
    yield from stated
    yield from chain(
        denials(reading, others), purposes(reading), sdks_named(reading, others), recipients(reading),
        statements(reading, tables, others), nearest(reading, stated),
    )  # fmt: skip
    yield Covered(kind="PolicyDocument", collector=NAME)
    hidden = tuple(kind for kind in FROM_POLICY if kind not in _CERTAIN)
    yield Gap(collector=NAME, reason="partial", hides=hidden, code="policy.recall_unmeasured")
    if not about.learnt:
        yield Gap(collector=NAME, reason="partial", hides=hidden, code="policy.no_model")


def _terms(document: Document, tables: Catalogue) -> Terms:
    """The words of the document's language; Chinese where it is neither Chinese nor English."""
    return tables.terms["en" if document.language == "en" else "zh"]


def _paragraphs(reading: Reading, document: Document) -> Iterator[PolicyParagraph]:
    """The text itself as far as a report shows it, with the topics of its sentences."""
    about: dict[int, set[str]] = {}
    for sentence, said in zip(reading.sentences, reading.topics, strict=True):
        about.setdefault(sentence.number, set()).update(said)
    room = SHOWN_LIMIT
    for paragraph in document.paragraphs:
        room -= len(paragraph.text)
        if room < 0:
            return
        place = Place(sha256=reading.sha256, at=paragraph.number, unit="paragraph", quote=clip(paragraph.text))
        yield PolicyParagraph(
            place=place,
            text=paragraph.text,
            level=paragraph.level,
            cells=paragraph.row,
            language=document.language,
            topics=cast("tuple[Topic, ...]", tuple(sorted(about.get(paragraph.number, ())))),
        )


def _document(
    reading: Reading, document: Document, information: Iterable[InformationNamedInPolicy], *, learnt: bool
) -> PolicyDocument:
    """The document as a whole. That it has no rules is never said here: they may be worded as no rule of ours expects."""
    ruled = any(fact.party == "app" and fact.information != GENERIC for fact in information)
    return PolicyDocument(
        place=reading.whole(document),
        title=_title(reading.terms, document),
        language=document.language,
        characters=sum(len(paragraph.text) for paragraph in document.paragraphs),
        collection_rules=True if ruled else None,
        learnt=learnt,
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


def opened(artefact: Artefact, data: bytes) -> Policy:
    """The policy of an artefact. Raises FormatError."""
    return Policy(artefact, read(data, artefact.name))
