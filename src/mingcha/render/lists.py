"""The two lists that MIIT's notice of 2021 asks apps to show, drafted from the evidence for a person to check.

What the evidence does not tell is left open («待填写»), never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mingcha.render.claims import is_root, own_address
from mingcha.render.permitted import unpermitted
from mingcha.render.reading import Reading

ABOUT_TAKING = {
    "SensitiveCall": "owner", "InformationRead": "actor", "InformationSent": "receiver", "InformationNamedInPolicy": "party",
    "InformationFlow": "receiver",
}  # fmt: skip


def by_taker(reading: Reading) -> dict[tuple[str, str], list[Any]]:
    """(party, information) → the facts that speak of it; parties nobody could name are left out."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind, field in ABOUT_TAKING.items():
        for fact in reading.all(kind):
            party, information = getattr(fact, field), fact.information
            if party and information and _counts(reading, fact):
                found[party, information].append(fact)
    for fact in reading.all("PermissionDeclared"):
        for information in fact.information or ():
            found["app", information].append(fact)
    for fact in reading.all("FieldAsked"):
        found["app", fact.information].append(fact)
    return found


def _counts(reading: Reading, fact: Any) -> bool:
    """Not what cannot run, what no permission opens, personal information as such, or the operator's own address."""
    return (
        getattr(fact, "reach", "") != "unreached"
        and not is_root(reading, fact)
        and not unpermitted(reading, fact)
        and not (type(fact).__name__ == "InformationNamedInPolicy" and own_address(reading, fact))
    )


def collected(reading: Reading) -> Iterator[tuple[str, ...]]:
    """已收集个人信息清单: what the app itself takes, with purpose and scene where the evidence tells them."""
    fill_in, check = (reading.words.labels[name] for name in ("fill_in", "to_check"))
    for (party, information), facts in sorted(by_taker(reading).items()):
        if party == "app":
            purpose = purposes_of(reading, facts) or fill_in
            scene = scenes_of(reading, facts) or fill_in
            yield reading.information(information), purpose, scene, basis(reading, facts), check


def shared(reading: Reading) -> Iterator[tuple[str, ...]]:
    """与第三方共享个人信息清单: one line for each third party that the app or its policy brings in."""
    fill_in, check = (reading.words.labels[name] for name in ("fill_in", "to_check"))
    taken: dict[str, list[Any]] = defaultdict(list)
    for (party, _), facts in by_taker(reading).items():
        if party != "app":
            taken[party].extend(facts)
    inside = {fact.sdk: fact for fact in reading.all("SdkPresent") if not fact.possible}
    for party in sorted({*taken, *inside}):
        yield (*_sharing(reading, party, taken[party], party in inside), check)
    for fact in reading.all("RecipientNamed"):
        policy = reading.words.say("basis_policy")
        yield fact.name, fill_in, fill_in, fill_in, fill_in, policy, check


def _sharing(reading: Reading, party: str, facts: list[Any], inside: bool) -> tuple[str, ...]:
    fill_in = reading.words.labels["fill_in"]
    sdk = reading.catalogue.sdks.get(party)
    named = [fact for fact in reading.all("SdkNamed") if fact.sdk == party]
    types = {fact.information for fact in facts} | {i for fact in named for i in fact.information}
    types |= set(sdk.declared) if sdk else set()
    purpose = purposes_of(reading, [*facts, *named])
    if not purpose and sdk:
        purpose = reading.value("purpose_class", sdk.purpose)
    bases = [
        *([reading.words.say("basis_code")] if inside else []),
        *filter(None, [basis(reading, facts)]),
        *([reading.words.say("basis_policy")] if named and not _has(facts, "InformationNamedInPolicy") else []),
        *([reading.words.say("basis_vendor")] if sdk and sdk.declared else []),
    ]
    vendor = reading.bracketed(sdk.vendor) if sdk and sdk.vendor else ""
    return (
        f"{reading.party(party)}{vendor}",
        reading.joined(dict.fromkeys(map(reading.information, sorted(types)))) or fill_in,
        purpose or fill_in,
        scenes_of(reading, facts) or fill_in,
        _ways(reading, facts, inside) or fill_in,
        reading.joined(bases),
    )


def _ways(reading: Reading, facts: list[Any], inside: bool) -> str:
    """How it gets the information: by its own code on the device, handed over by the app's, or both."""
    sent = _has(facts, "InformationSent") or _has(facts, "InformationFlow")
    ways = {"way_collect": inside, "way_send": sent}
    return reading.joined(reading.words.say(way) for way, known in ways.items() if known)


def _has(facts: list[Any], kind: str) -> bool:
    return any(type(fact).__name__ == kind for fact in facts)


def purposes_of(reading: Reading, facts: list[Any]) -> str:
    """The purposes that the policy gives."""
    return reading.joined(dict.fromkeys(p for fact in facts if (p := getattr(fact, "purpose", None))))


_OCCASION = re.compile(
    r"(?:时|时候|过程中|期间|后|之前|场景[中下]?|情况下)[，,]?$|^(?:当|在您|使用)|^(?:when|while|if you|as you|during)\b",
    re.IGNORECASE,
)
_NO_OCCASION = re.compile(
    r"拒绝|不提供|不同意|未提供|否则|(?:以下|下列|如下)情[形况]|征得|取得您的|同意|法律|法规|除|删除|撤回|注销|refus|do not|unless|otherwise|law|consent|following",
    re.IGNORECASE,
)


def occasion(condition: str) -> bool:
    """Whether a condition tells when something is taken; a refusal, an exception or a demand for consent does not."""
    return bool(_OCCASION.search(condition)) and not _NO_OCCASION.search(condition)


def scenes_of(reading: Reading, facts: list[Any]) -> str:
    """When it happens: what the policy says, what was observed, else when the code can run."""
    said = [fact.condition for fact in facts if occasion(getattr(fact, "condition", None) or "")]
    seen = [reading.value("phase", fact.phase) for fact in facts if getattr(fact, "phase", None)]
    reach = {getattr(fact, "reach", "") for fact in facts}
    may = [reading.words.say(f"scene_{name}") for name in ("startup", "user-act") if name in reach]
    return reading.joined(dict.fromkeys(said + (seen or may)))


def basis(reading: Reading, facts: list[Any]) -> str:
    """The kinds of evidence a line rests on, each once."""
    calls = sum(type(fact).__name__ == "SensitiveCall" for fact in facts)
    parts = [reading.words.say("basis_calls", count=calls)] if calls else []
    for fact in facts:
        kind = type(fact).__name__
        if kind == "PermissionDeclared":
            parts.append(reading.words.say("basis_permission", permission=reading.permission(fact.permission)))
        elif kind != "SensitiveCall":
            parts.append(reading.words.say(f"basis_{_BASIS[kind]}"))
    return reading.joined(dict.fromkeys(parts))


_BASIS = {
    "InformationRead": "observed",
    "InformationSent": "sent",
    "InformationNamedInPolicy": "policy",
    "FieldAsked": "form",
    "InformationFlow": "flow",
}
