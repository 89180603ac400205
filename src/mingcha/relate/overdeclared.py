"""What the policy says although the app does not show it, and a policy that speaks as another app.

Both are no breach by themselves (TC260-PG-20203A, 2.7, names them as common problems): a policy may serve several apps or
systems. So each is a fact for a person to weigh, and only what was wholly looked at counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case
from mingcha.model.fact import (
    AppDeclared,
    Fact,
    ForeignNameInPolicy,
    InformationNamedInPolicy,
    InformationTaken,
    PermissionDeclared,
    PermissionNamedInPolicy,
    PolicyDocument,
    PolicyParagraph,
    SaidNotDone,
    SdkNamed,
    SdkPresent,
)
from mingcha.model.factbase import FactBase

_FINITE = frozenset({"sdks.table_is_finite"})
"""A gap over SDKs of which the catalogue knows nothing; those that a policy names by a known name are none of them."""
_BY_DEVICE = ("dev", "loc", "comm", "contacts")
"""Roots of information that comes from the device alone: the rest people may type in or hand over themselves."""


def said_not_done(base: FactBase, _: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Fact]:
    """Permissions not asked for, SDKs not inside, information that no permission opens and no code reads."""
    if not base.of_kind("AppDeclared"):
        return
    if base.is_complete("PermissionDeclared", {}):
        declared = {f.permission for f in base.of_kind("PermissionDeclared") if isinstance(f, PermissionDeclared)}
        yield from _permissions(base, declared)
        yield from _information(base, tables, declared)
    yield from _sdks(base)


def _permissions(base: FactBase, declared: set[str]) -> Iterator[SaidNotDone]:
    seen: set[str] = set()
    for fact in base.of_kind("PermissionNamedInPolicy"):
        if isinstance(fact, PermissionNamedInPolicy) and fact.permission not in declared | seen:
            seen.add(fact.permission)
            yield SaidNotDone(place=fact.place, sources=(fact.id,), what="permission", value=fact.permission)


def _sdks(base: FactBase) -> Iterator[SaidNotDone]:
    """Not where code is hidden; a name that may mean several SDKs is not inside only if none of them is."""
    if any("SdkPresent" in gap.hides and gap.code not in _FINITE for gap in base.gaps):
        return
    inside = {fact.sdk for fact in base.of_kind("SdkPresent") if isinstance(fact, SdkPresent)}
    named: dict[str, list[SdkNamed]] = {}
    for fact in base.of_kind("SdkNamed"):
        if isinstance(fact, SdkNamed) and "ios" not in fact.name.lower():
            named.setdefault(fact.name, []).append(fact)
    for name, facts in named.items():
        if all(fact.sdk and fact.sdk not in inside for fact in facts):
            sources = tuple(fact.id for fact in facts)
            yield SaidNotDone(place=facts[0].place, sources=sources, what="sdk", value=name)


def _information(base: FactBase, tables: Catalogue, declared: set[str]) -> Iterator[SaidNotDone]:
    """Types that only permissions open, none of which is asked for, and that nothing in the app was found to take."""
    taken = {
        f.information for f in base.of_kind("InformationTaken") if isinstance(f, InformationTaken) and f.information
    }
    seen: set[str] = set()
    for fact in base.of_kind("InformationNamedInPolicy"):
        if not isinstance(fact, InformationNamedInPolicy) or fact.party != "app" or not fact.clear:
            continue
        kind = fact.information
        opens = _opened_by(kind, tables)
        if kind in seen or not opens or opens & declared or any(tables.is_a(other, kind) for other in taken):
            continue
        seen.add(kind)
        yield SaidNotDone(place=fact.place, sources=(fact.id,), what="information", value=kind)


def _opened_by(kind: str, tables: Catalogue) -> frozenset[str]:
    """All permissions that open a type; empty where some interface needs none or people may give it themselves."""
    if kind.partition(".")[0] not in _BY_DEVICE:
        return frozenset()
    rows = [row for row in tables.interfaces.values() if row.information and tables.is_a(row.information, kind)]
    if not rows or not all(row.permission for row in rows):
        return frozenset()
    by_permission = {p.id for p in tables.permissions.values() if any(tables.is_a(i, kind) for i in p.information)}
    return frozenset({permission for row in rows for permission in row.permission} | by_permission)


# --- somebody else's name ----------------------------------------------------------------------------------------------

_TITLE = re.compile(
    r"(?P<name>[^《》「」“”\"\s—\-|:：]{2,20}?)(?:app|手机|移动|软件|客户端|平台|用户|个人|应用|产品|服务)*(?:隐私|个人信息保护|个人信息处理)"
    r"(?:权|保护|信息)*(?:政策|声明|协议|指引|条款|规则)",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"^(?:关于|我们的?|本|的|您的|最新版?|儿童|未成年人|用户|app|应用|隐私|个人信息|移动|手机|软件|产品|服务|平台|协议)*$",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")


def foreign_names(base: FactBase, _: Case, __: Catalogue, ___: FactBase | None) -> Iterator[Fact]:
    """Titles that name an app of another name than the one inspected, whose own name the text has nowhere."""
    label = next((fact.label for fact in base.of_kind("AppDeclared") if isinstance(fact, AppDeclared)), None)
    if not label or len(_HAN.findall(label)) < 2:
        return
    for fact in base.of_kind("PolicyDocument"):
        if not isinstance(fact, PolicyDocument) or fact.role != "main":
            continue
        found = _TITLE.search(fact.title)
        name = found["name"] if found else ""
        if (
            len(_HAN.findall(name)) >= 2
            and not _GENERAL.match(name)
            and not _alike(name, label)
            and not _has(base, fact, label)
        ):
            yield ForeignNameInPolicy(place=fact.place, sources=(fact.id,), name=name, form="app")


def _alike(one: str, other: str) -> bool:
    """Two characters that follow one another in both: 微信读书 and 微信."""
    pairs = {one[n : n + 2] for n in range(len(one) - 1)}
    return any(other[n : n + 2] in pairs for n in range(len(other) - 1))


def _has(base: FactBase, document: PolicyDocument, label: str) -> bool:
    texts = (fact for fact in base.of_kind("PolicyParagraph") if isinstance(fact, PolicyParagraph))
    return any(label in text.text for text in texts if text.place.sha256 == document.place.sha256)
