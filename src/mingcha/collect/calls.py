"""Every call site of an interface that hands out personal information: by whom, where, and with which constant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.owners import Owners
from mingcha.collect.package import Code, Package
from mingcha.collect.whole import reach_of, steps_of
from mingcha.errors import LimitError
from mingcha.formats.dex import Dex, Site
from mingcha.model.fact import SensitiveCall
from mingcha.model.factbase import Covered, Gap
from mingcha.model.sdk import Interface
from mingcha.model.verdict import Answer
from mingcha.program.constants import MethodConstants


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """A fact for each site; coverage of all DEX that could be read (what hides code is the protection collector's word)."""
    owners = Owners(tables, package)
    wanted = by_class(tables.interfaces.values())
    skipped = 0
    for image in range(len(package.code)):
        reader = _Reader(package, tables, image, owners, wanted)
        yield from reader.facts()
        skipped += reader.skipped
    if package.code:
        yield Covered(kind="SensitiveCall", collector="calls")
    yield from reach_of(package, tables).gaps
    if skipped:
        yield Gap(
            collector="calls",
            reason="partial",
            hides=("SensitiveCall",),
            code="calls.arguments_unknown",
            values={"count": str(skipped)},
        )


COLLECTOR = Collector("calls", "apk", ("SensitiveCall",), collect)

_Wanted = Mapping[bytes, Mapping[bytes, list[Interface]]]


def by_class(rows: Iterable[Interface]) -> _Wanted:
    """The interfaces that tell something, by class descriptor and member name."""
    table: dict[bytes, dict[bytes, list[Interface]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if tells(row):
            table[f"L{row.cls.replace('.', '/')};".encode()][row.member.encode()].append(row)
    return table


def tells(row: Interface) -> bool:
    """Whether a call site of this row says anything: events, noise, and common calls without an argument test do not."""
    return row.information is not None and not row.noisy and bool(row.when or row.unresolved == "unknown")


class _Reader:
    """One DEX image; ``skipped`` counts common calls whose telling argument is no constant."""

    def __init__(self, package: Package, tables: Catalogue, image: int, owners: Owners, wanted: _Wanted) -> None:
        self._package = package
        self._tables = tables
        self._image = image
        self._code: Code = package.code[image]
        self._dex = self._code.dex
        self._owners = owners
        self._methods, self._fields = members(self._dex, wanted)
        self._caller = cache(self._caller_of)
        self._constants = cache(lambda method: MethodConstants(self._dex, method))
        self._names = 0
        self.skipped = 0

    def _caller_of(self, method: int) -> str:
        return self._dex.method_name(int(self._dex.methods.ids[method]))

    def facts(self) -> Iterator[SensitiveCall]:
        """Facts of this image, by address."""
        for site in self._package.bounded(self._dex.sites(self._methods, self._fields), "call sites"):
            field = site.target in self._fields and site.opcode < 0x6E
            rows = self._fields[site.target] if field else self._methods[site.target]
            yield from self._told(site, rows, field=field)

    def _told(self, site: Site, rows: list[Interface], *, field: bool) -> Iterator[SensitiveCall]:
        unsure: list[Interface] = []
        for row in rows:
            answer, argument = self._fits(site, row)
            if answer == "yes":
                yield self._fact(site, row.id, row.information, row, argument, field=field)
            elif answer == "unknown":
                unsure.append(row)
        if unsure and unsure[0].unresolved == "unknown":
            yield self._fact(site, unsure[0].id.partition("/")[0], None, unsure[0], None, field=field)
        self.skipped += bool(unsure and unsure[0].unresolved == "skip")

    def _fits(self, site: Site, row: Interface) -> tuple[Answer, str | None]:
        """Whether the constants of the call meet the row's predicates, and the constant that told."""
        value: str | None = None
        for predicate in row.when:
            value = self._constants(site.method).argument(site.unit, predicate.argument)
            if value is None:
                return "unknown", None
            if not predicate.meets(value):
                return "no", None
        return "yes", value

    def _fact(
        self, site: Site, interface: str, information: str | None, row: Interface, argument: str | None, *, field: bool
    ) -> SensitiveCall:
        caller = self._caller(site.method)
        callee = self._dex.field_name(site.target) if field else self._dex.method_name(site.target)
        found = reach_of(self._package, self._tables).at(self._image, site, callee)
        self._names += len(caller) + len(callee) + sum(len(step.method) + len(step.quote) for step in found.steps)
        if self._names > self._package.limits.names:
            raise LimitError("the names of call sites are longer than any app's")
        quote = f'{callee} "{argument}"' if argument is not None else callee
        return SensitiveCall(
            place=self._package.place(self._code.path, site.unit * 2, quote),
            interface=interface,
            information=information,
            owner=self._owners.of_descriptor(caller.partition("->")[0]),
            caller=caller,
            callee=callee,
            argument=argument,
            permission=row.permission,
            reach=found.reach,
            order=found.order,
            steps=steps_of(self._package, found),
        )


def members(dex: Dex, wanted: _Wanted) -> tuple[dict[int, list[Interface]], dict[int, list[Interface]]]:
    """Method ids and field ids of this image that some row names."""
    methods: dict[int, list[Interface]] = {}
    fields: dict[int, list[Interface]] = {}
    for descriptor, members in wanted.items():
        cls = dex.find_type(descriptor)
        if cls is None:
            continue
        for index in dex.methods_of(cls):
            rows = [r for r in members.get(dex.member_bytes(index, field=False), ()) if _has_shape(dex, index, r)]
            if rows:
                methods[index] = rows
        for index in dex.fields_of(cls):
            rows = [r for r in members.get(dex.member_bytes(index, field=True), ()) if r.field]
            if rows:
                fields[index] = rows
    return methods, fields


def _has_shape(dex: Dex, index: int, row: Interface) -> bool:
    if row.field:
        return False
    return row.descriptor is None or dex.method_name(index).endswith("->" + row.member + row.descriptor)
