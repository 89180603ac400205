"""Evidence that points at an undetermined clause without deciding it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingcha.model.fact import Fact, InformationFlow
from mingcha.model.verdict import Trace, Verdict
from mingcha.render.evidence import blanks, evidence, sentence
from mingcha.render.permitted import unpermitted
from mingcha.render.reading import Reading
from mingcha.render.routes import CHANNELS, LEAVING
from mingcha.render.tracing import tested
from mingcha.render.view import Lead

LEADS_SHOWN = 5

_POINTERS: dict[str, tuple[str, ...]] = {
    "InformationTaken": ("SensitiveCall", "InformationTaken", "PermissionDeclared"),
    "InformationRead": ("SensitiveCall",),
    "InformationSent": ("InformationFlow",),
    "PermissionGranted": ("PermissionDeclared",),
    "PermissionRequested": ("PermissionDeclared",),
    "SdkNamed": ("SdkPresent",),
    "ProvisionStated": ("ProvisionNear",),
    "ProvisionAbsent": ("ProvisionNear",),
}
"""Kind that is waited for → kinds of potential evidence that point at it, and sentences that may be what no rule found."""


def leads(reading: Reading, verdict: Verdict) -> tuple[Lead, ...]:
    """Evidence that points at an undetermined clause: what decides a part of it, then what is only potential.

    What can run at the start comes first, in the order in which Android enters the app. Of many places that say the same of the same owner, the first stands for all, with their number.
    """
    carried = {fact.id: fact for fact in map(reading.fact, verdict.evidence) if fact}
    facts = dict(carried)
    for leaf in _open_leaves(verdict.applies, verdict.trace):
        facts |= {fact.id: fact for fact in _pointing(reading, leaf)}
    told = [fact for fact in facts.values() if not any(source in facts for source in fact.sources)]
    told = [fact for fact in told if not unpermitted(reading, fact) and not _idle_denial(reading, fact, told)]
    alike: dict[tuple[Any, ...], list[Fact]] = {}
    for fact in sorted(told, key=lambda fact: _urgency(reading, fact, fact.id in carried)):
        alike.setdefault(_gist(fact), []).append(fact)
    return tuple(_lead(reading, group, group[0].id in carried) for group in alike.values())


def _idle_denial(reading: Reading, fact: Any, told: list[Fact]) -> bool:
    """Whether a fact only says what is not done, and no evidence beside it speaks of that."""
    if not _denies(fact):
        return False
    taken = {getattr(other, "information", None) for other in told if not _denies(other)}
    return not any(isinstance(one, str) and reading.catalogue.is_a(one, fact.information) for one in taken)


def _denies(fact: Any) -> bool:
    return type(fact).__name__ == "PolicyDenial" or bool(getattr(fact, "negated", False))


_SAME = {
    "SensitiveCall": ("information", "owner", "reach"),
    "InformationTaken": ("information", "party", "grade", "phase"),
    "InformationFlow": ("information", "owner", "channel", "receiver", "host"),
    "PermissionDeclared": ("permission",),
    "SdkPresent": ("sdk",),
}


def _gist(fact: Fact) -> tuple[Any, ...]:
    """What makes two leads the same to a reader; other kinds stand for themselves."""
    kind = type(fact).__name__
    return (kind, *(getattr(fact, name) for name in _SAME[kind])) if kind in _SAME else (fact.id,)


def _lead(reading: Reading, group: list[Fact], near: bool) -> Lead:
    more = reading.words.say("lead_more", count=len(group) - 1) if len(group) > 1 else ""
    return Lead(f"{_hint(reading, group[0], near)}{more}", evidence(reading, group[0]))


def _open_leaves(*roots: Trace | None) -> Iterator[Trace]:
    for root in roots:
        if root is not None and root.answer == "unknown":
            if root.kind:
                yield root
            yield from _open_leaves(*root.parts)


def _pointing(reading: Reading, leaf: Trace) -> Iterator[Fact]:
    for kind in _POINTERS.get(leaf.kind or "", ()):
        yield from (fact for fact in reading.all(kind) if _points(reading, fact, leaf.where))


def _points(reading: Reading, fact: Any, where: dict[str, Any]) -> bool:
    """Whether potential evidence could turn into what ``where`` asks for; start-up code foreshadows the first phase."""
    kind = type(fact).__name__
    if kind == "SdkPresent" and fact.possible:
        return False
    if kind == "PermissionDeclared" and (not fact.information or "phase" in where):
        return False
    if kind == "InformationTaken" and fact.grade != "potential":
        return False
    if unpermitted(reading, fact):
        return False
    if kind == "InformationFlow" and fact.channel not in LEAVING:
        return False
    if kind == "ProvisionNear" and "provision" not in where:
        return False
    if "phase" in where and not (
        getattr(fact, "reach", None) in ("startup", "unknown") and tested("P1", where["phase"])
    ):
        return False
    same = {key: where[key] for key in _SHARED if key in where and hasattr(fact, key)}
    return getattr(fact, "reach", "") not in ("unreached", "consent-gated") and all(
        _agrees(reading, getattr(fact, key), test) for key, test in same.items()
    )


_SHARED = ("information", "permission", "sdk", "receiver", "provision")
"""Fields that potential evidence has in common with what is waited for."""


def _agrees(reading: Reading, value: Any, test: Any) -> bool:
    if isinstance(value, tuple):
        return any(_agrees(reading, item, test) for item in value)
    if isinstance(test, dict) and "is_a" in test:
        return value is not None and test["is_a"] is not None and reading.catalogue.is_a(value, test["is_a"])
    return tested(value, test)


def _urgency(reading: Reading, fact: Any, near: bool) -> tuple[Any, ...]:
    row = reading.catalogue.information.get(getattr(fact, "information", None) or "") if near is False else None
    reach = _REACHES.index(r) if (r := getattr(fact, "reach", "unknown")) in _REACHES else len(_REACHES)
    when = (not near, reach, getattr(fact, "order", None) or 0)
    way = CHANNELS.index(fact.channel) if isinstance(fact, InformationFlow) else 0
    what, place = (way, not (row and row.sensitive_2020), type(fact).__name__), fact.place
    return (*when, *what, place.path, place.at or 0, fact.id)


_REACHES = ("startup", "unknown", "user-act")
"""What may run earlier comes first."""
_HINTS = {
    "SensitiveCall": "lead_call", "InformationFlow": "lead_flow", "InformationTaken": "lead_taken",
    "PermissionDeclared": "lead_permission", "SdkPresent": "lead_sdk", "ProvisionNear": "lead_near",
}  # fmt: skip


def _hint(reading: Reading, fact: Any, near: bool) -> str:
    kind = type(fact).__name__
    if near or kind not in _HINTS:
        return reading.words.say("lead_fact", fact=sentence(reading, fact))
    name = "lead_startup" if getattr(fact, "reach", "") == "startup" else _HINTS[kind]
    return reading.words.say(name, **blanks(reading, fact))
