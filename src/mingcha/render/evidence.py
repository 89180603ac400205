"""A fact as a sentence and a place that a reader can go to."""

from __future__ import annotations

import msgspec

from mingcha.model.fact import Fact, SdkPresent
from mingcha.model.words import Grade, Step
from mingcha.render.citing import sources_cited
from mingcha.render.claims import excepted
from mingcha.render.paths import path
from mingcha.render.reading import Reading
from mingcha.render.signals import signals
from mingcha.render.spots import member, spot_of
from mingcha.render.view import Evidence
from mingcha.render.wording import fill

_QUOTED = ("way", "purpose", "condition", "text", "title", "name", "of", "on")
"""Fields that our sentences put in quotation marks; marks they bring along are taken off."""

_MEMBERS = ("caller", "callee", "source", "sink")
_UNTOLD = frozenset({"place", "sources", "source_place", "steps"})
"""Fields that no sentence prints, and that take long to."""

_POTENTIAL = frozenset({
    "PermissionDeclared", "SdkPresent", "SensitiveCall", "InformationFlow", "HostNamed", "ComponentDeclared", "QueryDeclared",
})  # fmt: skip
_DECLARED = frozenset({
    "PolicyDocument", "ProvisionStated", "InformationNamedInPolicy", "PolicyDenial", "PurposeStated", "SdkNamed", "RecipientNamed",
})  # fmt: skip
_OBSERVED = frozenset({
    "InformationRead", "HostContacted", "ScreenSeen", "ActMade", "PermissionRequested", "PermissionGranted", "PermissionChanged", "ConsentPrompt",
    "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "ThirdPartyOpened", "FieldAsked",
})  # fmt: skip


def evidence(reading: Reading, fact: Fact) -> Evidence:
    """The fact as readers see it."""
    grade = grade_of(fact)
    kind = type(fact).__name__
    spot = spot_of(reading, fact.place)
    steps: tuple[Step, ...] = getattr(fact, "steps", ())
    if kind == "SensitiveCall" and reading.reader != "regulator":
        spot = msgspec.structs.replace(spot, quote="")  # the sentence names the call already
    return Evidence(
        id=fact.id,
        kind=kind,
        grade=grade,
        grade_word=reading.value("evidence_word", "answered" if _answered(reading, fact) else grade) if grade else "",
        sentence=sentence(reading, fact),
        spot=spot,
        place=f"{spot.file}{reading.words.labels['place_join']}{spot.position}",
        path=path(reading, steps) if reading.full and steps else None,
        cites=sources_cited(reading, fact),
    )


def _answered(reading: Reading, fact: Fact) -> bool:
    """Whether a person's answer is all that shows the fact."""
    artefact = reading.artefacts.get(fact.place.sha256)
    return artefact is not None and artefact.kind == "answers"


def grade_of(fact: Fact) -> Grade | None:
    """Which of the four grades the fact is evidence of; null where none applies."""
    kind = type(fact).__name__
    if hasattr(fact, "grade"):
        grade: Grade = fact.grade
        return grade
    if kind in ("InformationSent", "PlainTransport"):
        return "transmitted"
    tables: tuple[tuple[frozenset[str], Grade], ...] = (
        (_POTENTIAL, "potential"), (_DECLARED, "declared"), (_OBSERVED, "observed"),
    )  # fmt: skip
    return next((grade for table, grade in tables if kind in table), None)


def sentence(reading: Reading, fact: Fact) -> str:
    """What the fact says, in one sentence."""
    kind = type(fact).__name__
    template = reading.words.facts.get(kind, reading.words.kinds.get(kind, kind))
    if kind == "PolicyStatement" and excepted(fact):
        template = reading.words.sentences["statement_excepted"]
    return fill(template, blanks(reading, fact), reading.words.labels["unknown"])


def blanks(reading: Reading, fact: Fact) -> dict[str, str]:
    """Every field of a fact in words; members as source code names them, but for the regulator as the DEX file does."""
    kind = type(fact).__name__
    told = (name for name in fact.__struct_fields__ if name not in _UNTOLD)
    said = {name: reading.value(name, getattr(fact, name), kind) for name in told}
    said |= {name: said[name].strip('“”"') for name in _QUOTED if name in said}
    if isinstance(fact, SdkPresent):
        said["signals"] = signals(reading, fact.signals)
    return said | {name: member(reading, said[name]) for name in _MEMBERS if said.get(name)}
