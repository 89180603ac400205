"""Hosts written in the code and resources, and whose they are where the catalogue knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.package import Package
from mingcha.model.fact import HostNamed


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """One fact for each host. Never complete: hosts may be put together at run time or come from a server."""
    owners = domain_owners(tables)
    for host, (path, at) in package.bounded(package.hosts.items(), "hosts"):
        yield HostNamed(place=package.place(path, at, host), host=host, owner=owner_of(host, owners))


COLLECTOR = Collector("hosts", "apk", ("HostNamed",), collect)


def domain_owners(tables: Catalogue) -> dict[str, str | None]:
    """Domain → the one SDK that names it (verified), or None where several share it."""
    owners: dict[str, str | None] = {}
    for sdk in tables.sdks.values():
        for signature in sdk.signatures:
            if signature.form == "host" and signature.verified:
                owners[signature.value] = None if signature.value in owners else sdk.id
    return owners


def owner_of(host: str, owners: Mapping[str, str | None]) -> str | None:
    """The SDK whose domain the host is in, longest domain first; None if unknown or shared."""
    while "." in host:
        if host in owners:
            return owners[host]
        host = host.partition(".")[2]
    return None
