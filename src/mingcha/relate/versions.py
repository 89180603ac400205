"""What this version has that the previous report has not, and the other way round: in the app, and in the text of its policy.

That a sentence is new is certain where both texts are there: it does not stand in the older one. Whether it changes the
purpose, way or scope of collection is for a person to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    AppDeclared,
    Fact,
    InformationTaken,
    PermissionDeclared,
    PolicyParagraph,
    PolicyStatement,
    ProvisionStated,
    SdkNamed,
    SdkPresent,
    VersionChange,
)
from mingcha.model.factbase import Covered, FactBase, Gap

_BLANK = re.compile(r"\s+")


def changes(base: FactBase, _: Case, __: Catalogue, previous: FactBase | None) -> Iterator[Fact | Covered | Gap]:
    """What this version has that the previous report has not, and the other way round."""
    if previous is None:
        yield Gap(collector="relate", reason="missing", hides=("VersionChange",), code="missing.previous")
        return
    if _package(previous) != _package(base):
        yield Gap(collector="relate", reason="partial", hides=("VersionChange",), code="relate.previous_of_another_app")
        return
    somewhere = next((fact.place for fact in base.facts), Place(sha256=""))
    yield from _compared(_traits(previous), _traits(base), somewhere)
    yield from _of_policies(previous, base, somewhere)
    complete = {c.kind for c in base.covered if not c.where} & {c.kind for c in previous.covered if not c.where}
    if "PermissionDeclared" in complete:
        yield Covered(kind="VersionChange", where={"what": "permission"}, collector="relate")


Traits = dict[tuple[str, str], Fact]


def _compared(old: Traits, new: Traits, somewhere: Place) -> Iterator[VersionChange]:
    for (what, value), fact in new.items():
        if (what, value) not in old:
            yield _change(fact, what, value, "added", fact.place)
    for what, value in sorted(old.keys() - new.keys()):
        yield _change(None, what, value, "removed", somewhere)


def _package(base: FactBase) -> str | None:
    return next((fact.package for fact in base.facts if isinstance(fact, AppDeclared)), None)


def _change(fact: Fact | None, what: str, value: str, change: str, place: Place) -> VersionChange:
    said = {"what": what, "value": value, "change": change, "place": place, "sources": (fact.id,) if fact else ()}
    return msgspec.convert(msgspec.to_builtins({**said, "kind": "VersionChange"}), VersionChange)


def _traits(base: FactBase) -> Traits:
    """The features of a version that the clauses compare, by what they are."""
    found: Traits = {}
    for fact in base.facts:
        if isinstance(fact, PermissionDeclared):
            found.setdefault(("permission", fact.permission), fact)
        elif isinstance(fact, SdkPresent) and not fact.possible:
            found.setdefault(("sdk", fact.sdk), fact)
        elif isinstance(fact, AppDeclared) and fact.target_sdk is not None:
            found.setdefault(("target_sdk", str(fact.target_sdk)), fact)
        elif isinstance(fact, InformationTaken) and fact.information:
            found.setdefault(("information", fact.information), fact)
    return found


# --- the policy --------------------------------------------------------------------------------------------------------


def _of_policies(previous: FactBase, base: FactBase, somewhere: Place) -> Iterator[VersionChange]:
    """That the text differs, then what new sentences say and what gone ones said, and a new date; none without both texts."""
    old, new = _text(previous), _text(base)
    if not old or not new or old == new:
        return
    yield _change(None, "policy", "", "changed", somewhere)
    before, now = _said(previous), _said(base)
    added = {key: fact for key, fact in now.items() if not _stands(fact, old)}
    gone = {key: fact for key, fact in before.items() if not _stands(fact, new)}
    kept = {key: fact for key, fact in before.items() if key not in gone}
    yield from _compared(
        {**gone, **kept}, {**added, **{k: f for k, f in now.items() if k in before}, **kept}, somewhere
    )
    dates = [max(_dates(side), default="") for side in (previous, base)]
    if all(dates) and dates[0] != dates[1]:
        yield _change(None, "policy date", dates[1], "changed", somewhere)


def _text(base: FactBase) -> str:
    """All the policies' text without blanks."""
    return "".join(
        _BLANK.sub("", fact.text) for fact in base.of_kind("PolicyParagraph") if isinstance(fact, PolicyParagraph)
    )


def _stands(fact: Fact, text: str) -> bool:
    """Whether the fact's sentence, as far as it is quoted, stands in a text."""
    return _BLANK.sub("", fact.place.quote).removesuffix("…") in text


def _said(base: FactBase) -> Traits:
    """What the policy says the app itself takes, and the SDKs it names."""
    found: Traits = {}
    for fact in base.facts:
        if isinstance(fact, PolicyStatement) and fact.party == "app" and fact.does == "collect" and not fact.negated:
            found.setdefault(("said", fact.information), fact)
        elif isinstance(fact, SdkNamed):
            found.setdefault(("sdk named", fact.name), fact)
    return found


def _dates(base: FactBase) -> list[str]:
    stated = [fact for fact in base.of_kind("ProvisionStated") if isinstance(fact, ProvisionStated)]
    return [fact.way for fact in stated if fact.provision == "date" and fact.way]
