"""A fact as a sentence and a place that a reader can go to."""

from __future__ import annotations

import re
from dataclasses import replace

from mingcha.model.artefact import Place
from mingcha.model.fact import Fact, Grade, SdkPresent
from mingcha.render.reading import Reading
from mingcha.render.view import Evidence, Spot
from mingcha.render.wording import fill

_QUOTED = ("way", "purpose", "condition", "text", "title", "name", "of", "on")
"""Fields that our sentences put in quotation marks; marks they bring along are taken off."""

_MEMBER = re.compile(r"^(\[*)L([^;]+);(?:->([^(:]+)(\(.*)?)?")
_POTENTIAL = frozenset({
    "PermissionDeclared", "SdkPresent", "SensitiveCall", "InformationFlow", "HostNamed", "ComponentDeclared", "QueryDeclared",
})  # fmt: skip
_DECLARED = frozenset({
    "PolicyDocument", "ProvisionStated", "InformationNamedInPolicy", "PolicyDenial", "PurposeStated", "SdkNamed", "RecipientNamed",
})  # fmt: skip
_OBSERVED = frozenset({
    "InformationRead", "HostContacted", "PermissionRequested", "PermissionGranted", "PermissionChanged", "ConsentPrompt",
    "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "ThirdPartyOpened", "FieldAsked",
})  # fmt: skip


def evidence(reading: Reading, fact: Fact) -> Evidence:
    """The fact as readers see it."""
    grade = grade_of(fact)
    kind = type(fact).__name__
    spot = spot_of(reading, fact.place)
    if kind == "SensitiveCall" and reading.reader != "regulator":
        spot = replace(spot, quote="")  # the sentence names the call already
    return Evidence(
        id=fact.id,
        kind=kind,
        grade=grade,
        grade_word=reading.value("evidence_word", "answered" if _answered(reading, fact) else grade) if grade else "",
        sentence=sentence(reading, fact),
        spot=spot,
        place=f"{spot.file}{reading.words.labels['place_join']}{spot.position}",
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
    if kind == "InformationSent":
        return "transmitted"
    tables: tuple[tuple[frozenset[str], Grade], ...] = (
        (_POTENTIAL, "potential"), (_DECLARED, "declared"), (_OBSERVED, "observed"),
    )  # fmt: skip
    return next((grade for table, grade in tables if kind in table), None)


def sentence(reading: Reading, fact: Fact) -> str:
    """What the fact says, in one sentence."""
    kind = type(fact).__name__
    template = reading.words.facts.get(kind, reading.words.kinds.get(kind, kind))
    return fill(template, blanks(reading, fact), reading.words.labels["unknown"])


def blanks(reading: Reading, fact: Fact) -> dict[str, str]:
    """Every field of a fact in words; members as source code names them, but for the regulator as the DEX file does."""
    kind = type(fact).__name__
    said = {name: reading.value(name, getattr(fact, name), kind) for name in fact.__struct_fields__}
    said |= {name: said[name].strip('“”"') for name in _QUOTED if name in said}
    if isinstance(fact, SdkPresent):
        said["signals"] = reading.shortened(fact.signals)
    if reading.reader != "regulator":
        said |= {name: readable_member(said[name]) for name in ("caller", "callee") if said.get(name)}
    return said


def readable_member(smali: str) -> str:
    """``Lcom/a/B;->run(I)V`` as ``com.a.B.run``: the way source code names it."""
    match = _MEMBER.match(smali)
    if not match:
        return smali
    return ".".join(filter(None, (match[2].replace("/", "."), match[3]))) + match[1].replace("[", "[]")


def spot_of(reading: Reading, place: Place) -> Spot:
    """Where to look, in words and in numbers."""
    artefact = reading.artefacts.get(place.sha256)
    name = artefact.name if artefact else place.sha256[:12]
    return Spot(
        file=f"{name} › {place.path}" if place.path and place.path != name else name,
        artefact=name,
        sha256=place.sha256,
        path=place.path,
        position=position(reading, place),
        quote=place.quote,
        at=place.at,
        unit=place.unit,
    )


def position(reading: Reading, place: Place) -> str:
    """The position in words: a byte offset in both bases, a paragraph, an entry, or the whole file."""
    if place.at is None:
        return reading.words.say("whole")
    return reading.words.say(place.unit, at=place.at, hex=f"0x{max(place.at, 0):X}")
