"""Who signed the app: certificates of all signature schemes, identified and not verified."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.package import Package
from mingcha.formats import signing
from mingcha.formats.zipped import Archive
from mingcha.model.fact import SignedBy
from mingcha.model.factbase import Covered


def collect(package: Package, _: Catalogue) -> Iterator[Finding]:
    """One fact for each scheme and certificate of the base APK."""
    archive = package.base.archive
    for signer in signing.signers(package.base.data, archive.central_directory_offset, _v1_blocks(package, archive)):
        yield SignedBy(
            place=package.place(package.base.path, signer.offset, signer.subject or ""),
            scheme=signer.scheme,
            certificate_sha256=signer.sha256,
            subject=signer.subject,
        )
    yield Covered(kind="SignedBy", collector="signer")


COLLECTOR = Collector("signer", "apk", ("SignedBy",), collect)


def _v1_blocks(package: Package, archive: Archive) -> list[tuple[str, bytes]]:
    names = [name for name in archive.names() if signing.is_v1_block(name)]
    return [(name, archive.read(name, package.limits.member)) for name in names]
