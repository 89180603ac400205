"""A privacy policy: what it states, which information it names, what it denies, and whom it names.

First form: how much of a policy these rules find has not been measured. So the collector covers nothing but the document
itself, and says of all other kinds that more may stand in the text: what was not found never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import FROM_POLICY, Finding
from mingcha.collect.policy_channels import complaint_channels, contacts
from mingcha.collect.policy_information import GENERIC, denials, named, purposes
from mingcha.collect.policy_parties import parties, recipients, sdks_named
from mingcha.collect.policy_provisions import provisions
from mingcha.collect.policy_reading import Reading
from mingcha.collect.policy_replies import replies
from mingcha.collect.policy_text import plain, sentences
from mingcha.formats.page import Document, read
from mingcha.model.artefact import Artefact, clip
from mingcha.model.fact import InformationNamedInPolicy, PolicyDocument
from mingcha.model.factbase import Covered, Gap
from mingcha.model.terms import Terms

NAME = "policy"
_TITLE_LINES = 12
_TITLE_LIMIT = 60


def collect(artefact: Artefact, document: Document, tables: Catalogue) -> Iterator[Finding]:
    """Everything the rules see in one policy, and what that leaves open."""
    terms = _terms(document, tables)
    reading = Reading(artefact.sha256, tuple(sentences(document)), terms)
    others = parties(reading, tables)
    information = list(named(reading, tables, others))
    yield _document(reading, document, information)
    yield from information
    yield from chain(
        denials(reading, others), purposes(reading), sdks_named(reading, others), recipients(reading), provisions(reading),
        replies(reading), contacts(reading), complaint_channels(reading),
    )  # fmt: skip
    yield Covered(kind="PolicyDocument", collector=NAME)
    yield Gap(collector=NAME, reason="partial", hides=FROM_POLICY[1:], code="policy.recall_unmeasured")


def _terms(document: Document, tables: Catalogue) -> Terms:
    """The words of the document's language; Chinese where it is neither Chinese nor English."""
    return tables.terms["en" if document.language == "en" else "zh"]


def _document(reading: Reading, document: Document, information: Iterable[InformationNamedInPolicy]) -> PolicyDocument:
    """The document as a whole. That it has no rules is never said here: they may be worded as no rule of ours expects."""
    ruled = any(fact.party == "app" and fact.information != GENERIC for fact in information)
    return PolicyDocument(
        place=reading.whole(document),
        title=_title(reading.terms, document),
        language=document.language,
        characters=sum(len(paragraph.text) for paragraph in document.paragraphs),
        collection_rules=True if ruled else None,
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
