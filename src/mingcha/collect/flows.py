"""Flows of personal information through the code, as facts: from where, over which steps, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.collect.calls import by_class, members, tells
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.owners import Owners
from mingcha.collect.package import Package
from mingcha.collect.surroundings import surroundings_of
from mingcha.collect.whole import program_of, reach_of
from mingcha.formats.dex import Dex
from mingcha.model.artefact import Place
from mingcha.model.fact import InformationFlow
from mingcha.model.factbase import Covered, Gap, Reason
from mingcha.model.sdk import Interface
from mingcha.model.words import Step
from mingcha.program.code import Program
from mingcha.program.flows import DEEP, STEPS, App, Flows, flows
from mingcha.program.library import Model
from mingcha.program.session import Leak
from mingcha.program.surroundings import Surroundings, View
from mingcha.program.values import Site, Trail


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """A fact for each flow, coverage, and gaps for what the analysis did not look into."""
    if package.follow == "nothing":
        yield Gap(collector="flows", reason="missing", hides=("InformationFlow",), code="flows.off")
        return
    packages = (package, *(Package(artefact, data) for artefact, data in package.others))
    found = flows(
        [_app(p, tables) for p in packages],
        model_of(tables),
        owner=Owned(tables, packages),
        asked=asked,
        implicit=package.follow == "implicit",
        steps=STEPS if package.follow == "values" else DEEP,
    )
    yield from Facts(packages, Owned(tables, packages)).of(found)
    yield Covered(kind="InformationFlow", collector="flows")
    yield from _gaps(found)


def _app(package: Package, tables: Catalogue) -> App:
    program, reach = program_of(package), reach_of(package, tables).reach
    if not program.count:
        return App(program, Surroundings())
    loaded = frozenset(number for number, code in enumerate(package.code) if not code.main)
    relevance = reach.relevance() if reach is not None else None
    return App(program, surroundings_of(package), relevance, frozenset(_sources(package, tables, program)), loaded)


def _sources(package: Package, tables: Catalogue, program: Program) -> Iterator[int]:
    """Methods where information may enter: calls and fields of the catalogue, reflection, texts of views."""
    wanted = by_class(tables.interfaces.values())
    for number, code in enumerate(package.code):
        known, fields = members(code.dex, wanted)
        methods = list(known)
        if any(view.password for view in surroundings_of(package).views):
            methods = [*methods, *_named(code.dex, _TEXTS)]
        for site in package.bounded(code.dex.sites(methods, fields), "sources"):
            yield program.bases[number] + site.method
        reflected = list(code.dex.sites(_named(code.dex, _REFLECTION)))
        if len(reflected) <= _FEW:
            yield from (program.bases[number] + site.method for site in reflected)


_TEXTS = ((b"Landroid/widget/EditText;", b"getText"), (b"Landroid/widget/TextView;", b"getText"))
_REFLECTION = ((b"Ljava/lang/reflect/Method;", b"invoke"),)
_FEW = 40
"""Calls by reflection that are all looked into; of more than that only what other places lead to."""


def _named(dex: Dex, members_: Iterable[tuple[bytes, bytes]]) -> list[int]:
    """Ids of methods given by class and name."""
    found = []
    for cls, name in members_:
        kind = dex.find_type(cls)
        ids = dex.methods_of(kind) if kind is not None else ()
        found += [index for index in ids if dex.member_bytes(index, field=False) == name]
    return found


COLLECTOR = Collector("flows", "apk", ("InformationFlow",), collect)


def model_of(tables: Catalogue) -> Model:
    """The rows of the catalogue that the interpreter goes by."""
    rows = [row for row in tables.interfaces.values() if tells(row) and _gives(row, tables)]
    return Model(tables.summaries, tables.sinks, tables.registrations, rows, tables.foreign)


def _gives(row: Interface, tables: Catalogue) -> bool:
    """Whether the value of a call is the information that the call is about."""
    information = tables.information.get(row.information or "")
    return row.carried and information is not None and information.carried


class Owned:
    """Whose code a class of one of the apps is."""

    def __init__(self, tables: Catalogue, packages: tuple[Package, ...]) -> None:
        self._owners = [Owners(tables, package) for package in packages]

    def __call__(self, world: int, cls: bytes) -> str | None:
        """Owner of a class, given as descriptor."""
        return self._owners[world].of_descriptor(cls.decode("utf-8", "replace"))


class Facts:
    """Turns leaks into facts with places."""

    def __init__(self, packages: tuple[Package, ...], owner: Owned) -> None:
        self._packages = packages
        self._programs = [program_of(package) for package in packages]
        self._owner = owner

    def of(self, found: Flows) -> Iterator[InformationFlow]:
        """A fact for each leak."""
        for leak in found.leaks:
            yield self._fact(leak)

    def _fact(self, leak: Leak) -> InformationFlow:
        source = leak.taint.source
        return InformationFlow(
            place=self._place(leak.site, leak.callee),
            information=source.information,
            source=source.callee.decode("utf-8", "replace"),
            source_place=self._place(source.site, source.callee),
            sink=leak.callee.decode("utf-8", "replace"),
            channel=leak.channel,
            owner=self._owner_at(source.site),
            receiver=leak.into,
            host=leak.host,
            transforms=leak.taint.changes,
            steps=tuple(self._steps(leak)),
            implicit=leak.taint.implicit,
        )

    def _owner_at(self, site: Site) -> str | None:
        return self._owner(site.world, self._programs[site.world].method(site.method).cls)

    def _steps(self, leak: Leak) -> list[Step]:
        found = [Step(method=self._name(leak.site), does="sends", place=self._place(leak.site, leak.callee))]
        trail: Trail | None = leak.taint.trail
        while trail is not None:
            found.append(
                Step(method=self._name(trail.site), does=trail.does, place=self._place(trail.site, trail.quote))
            )
            trail = trail.before
        return found[::-1]

    def _name(self, site: Site) -> str:
        return self._programs[site.world].method(site.method).full

    def _place(self, site: Site, quote: bytes) -> Place:
        package = self._packages[site.world]
        method = self._programs[site.world].method(site.method)
        code = package.code[method.image]
        return package.place(code.path, site.unit * 2, quote.decode("utf-8", "replace"))


def asked(view: View) -> str | None:
    """What a person types into a view that hides it: a password."""
    return "net.password" if view.password else None


def _gaps(found: Flows) -> Iterator[Gap]:
    """What was not looked into: the budget, code too large, methods that could not be read."""
    reasons: tuple[tuple[Reason, str, str, int | None], ...] = (
        ("too slow", "flows.too_slow", "steps", found.steps if found.spent else None),
        ("partial", "flows.outward", "count", found.beyond),
        ("partial", "flows.not_read", "count", found.cut or None),
    )
    for reason, code, name, value in reasons:
        if value is not None:
            hides = ("InformationFlow",)
            yield Gap(collector="flows", reason=reason, hides=hides, code=code, values={name: str(value)})
