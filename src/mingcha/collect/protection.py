"""What keeps static reading from seeing the code: packers, other runtimes, loading at run time, reflection, damage.

Each finding is a CodeProtected fact where there is something to point at, and a gap over the kinds of fact it may hide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import FROM_CODE, Collector, Finding
from mingcha.collect.package import Code, Package, dotted
from mingcha.collect.sdks import inside
from mingcha.errors import FormatError
from mingcha.formats.dex import Dex, Site
from mingcha.model.fact import CodeProtected
from mingcha.model.factbase import Covered, Gap, Reason
from mingcha.program.constants import MethodConstants

_CALLS = ("SensitiveCall", "InformationFlow")


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """Facts and gaps; the kind itself is covered, since all that can be looked at is."""
    yield from package.once("protection", lambda: tuple(_found(package, tables)))


def hides_calls(package: Package, tables: Catalogue) -> bool:
    """Whether code may be there that is not seen, or that nobody is seen to call."""
    return any(isinstance(found, Gap) and "SensitiveCall" in found.hides for found in collect(package, tables))


def _found(package: Package, tables: Catalogue) -> Iterator[Finding]:
    yield from _damage(package)
    yield from _packers(package, tables)
    yield from _missing_components(package)
    yield from _runtimes(package, tables)
    yield from _native(package)
    yield from _loading(package, tables)
    yield from _reflection(package, tables)
    yield Covered(kind="CodeProtected", collector="protection")


COLLECTOR = Collector("protection", "apk", ("CodeProtected",), collect, vouches=FROM_CODE)


def _gap(code: str, reason: Reason, hides: tuple[str, ...] = FROM_CODE, **values: object) -> Gap:
    filled = {name: str(value) for name, value in values.items()}
    return Gap(collector="protection", reason=reason, hides=hides, code=code, values=filled)


def _damage(package: Package) -> Iterator[Finding]:
    """Code that is there and cannot be read, and no code at all."""
    for part in package.parts:
        if bytes(part.data[:4]) == b"dex\n":  # old Androids ran it instead of the archive's code (CVE-2017-13156)
            yield _gap("code.before_archive", "unreadable", path=part.path or package.artefact.name)
        for oddity in part.archive.oddities:
            if oddity.code in ("directory-cut", "no-local-header"):
                yield _gap(
                    "archive.members_lost", "unreadable", path=part.path or package.artefact.name, why=oddity.detail
                )
    if not package.code and not package.broken_code:
        yield _gap("code.none", "missing")
    for broken in package.broken_code:
        reason: Reason = "too big" if broken.too_big else "unreadable"
        yield _gap("code.unreadable", reason, path=broken.path, why=broken.why)
    for code in package.code:
        if code.dex.methods.dropped:
            yield _gap("code.methods_dropped", "unreadable", path=code.path, count=code.dex.methods.dropped)
        if not code.main:
            yield CodeProtected(place=package.place(code.path, 0), form="dynamic loading", name=code.path)


def _packers(package: Package, tables: Catalogue) -> Iterator[Finding]:
    for fact in inside(package, tables):
        form = _FORMS.get(tables.sdks[fact.sdk].purpose)
        if form and not fact.possible:
            yield CodeProtected(place=fact.place, form=form, name=fact.sdk)
            yield _gap(f"code.{form.replace(' ', '_')}", "protected", sdk=fact.sdk)


_FORMS: dict[str, Literal["packer", "hot patch"]] = {"hardening": "packer", "hot_update": "hot patch"}


def _missing_components(package: Package) -> Iterator[Finding]:
    """Components that the manifest declares and no readable code defines: the real code is elsewhere."""
    defined = package.classes
    if not defined or not package.package_name:
        return
    try:
        application = package.manifest.find_all("application")
    except FormatError:
        return
    elements = [element for block in application for element in block.elements if element.name in _COMPONENTS]
    declared = {package.class_name(name) for e in elements if (name := package.text(e.attr("name")))}
    missing = sorted(declared - defined.keys())
    if missing:
        yield _gap("code.components_missing", "protected", count=len(missing), example=missing[0])


_COMPONENTS = frozenset({"activity", "service", "receiver", "provider"})


def _runtimes(package: Package, tables: Catalogue) -> Iterator[Finding]:
    names = [(part, name) for part in package.parts for name in part.archive.names()]
    for runtime, patterns in tables.marks.runtimes.items():
        matches = re.compile("|".join(patterns)).fullmatch
        hit = next(((part, name) for part, name in names if matches(name)), None)
        if hit:
            path = hit[0].path + hit[1]
            yield CodeProtected(place=package.place(path, None, path), form="other runtime", name=runtime)
            yield _gap("code.other_runtime", "protected", runtime=runtime)


def _native(package: Package) -> Iterator[Finding]:
    libraries = {
        name.rpartition("/")[2]: part.path + name
        for part in package.parts
        for name in part.archive.names()
        if name.startswith("lib/") and name.endswith(".so")
    }
    for name, path in libraries.items():
        yield CodeProtected(place=package.place(path, None, name), form="native", name=name)
    if libraries:
        yield _gap("code.native", "partial", count=len(libraries))


def _loading(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """Callers that bring code in at run time, one fact for each class."""
    wanted = {mark.encode() for mark in tables.marks.loaders}
    found: dict[str, Finding] = {}
    for code in package.code:
        for site, _ in _sites(package, code.dex, wanted):
            caller = code.dex.method_name(int(code.dex.methods.ids[site.method]))
            place = package.place(code.path, site.unit * 2, code.dex.method_name(site.target))
            name = dotted(caller.partition("->")[0])
            found.setdefault(name, CodeProtected(place=place, form="dynamic loading", name=name))
    yield from found.values()
    if found:
        yield _gap("code.dynamic_loading", "protected", count=len(found))


def _reflection(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """Reflection whose target no constant names, counted."""
    marks = {mark.encode(): argument for mark, argument in tables.marks.reflection.items()}
    unknown = sum(_unnamed(package, code, marks) for code in package.code)
    if unknown:
        yield _gap("code.reflection", "partial", _CALLS, count=unknown)


def _unnamed(package: Package, code: Code, marks: dict[bytes, int]) -> int:
    constants = cache(lambda method: MethodConstants(code.dex, method))
    sites = _sites(package, code.dex, set(marks))
    return sum(constants(site.method).argument(site.unit, marks[mark]) is None for site, mark in sites)


def _sites(package: Package, dex: Dex, wanted: set[bytes]) -> Iterator[tuple[Site, bytes]]:
    """Calls of methods given as ``Lcls;->name``, any descriptor."""
    targets: dict[int, bytes] = {}
    for mark in wanted:
        descriptor, _, name = mark.partition(b"->")
        cls = dex.find_type(descriptor)
        for index in dex.methods_of(cls) if cls is not None else ():
            if dex.member_bytes(index, field=False) == name:
                targets[index] = mark
    for site in package.bounded(dex.sites(targets), "call sites"):
        yield site, targets[site.target]
