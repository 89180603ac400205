"""Tiny apps and tiny catalogues for tests of collectors: a manifest said in Python, a few classes, a few files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from mingcha.catalogue.load import Catalogue
from mingcha.collect.package import Limits, Package
from mingcha.model.artefact import Artefact
from mingcha.model.sdk import Interface, Marks, Permission, Sdk, Signature
from tests.build.apkparts import Attr, Part, Ref, Tree, axml, zipped
from tests.build.dexmaker import Class, dex

PACKAGE = "com.example.app"
_IDS = {
    "label": 0x01010001, "name": 0x01010003, "permission": 0x01010006, "enabled": 0x0101000E, "debuggable": 0x0101000F,
    "exported": 0x01010010, "authorities": 0x01010018, "value": 0x01010024, "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B, "versionName": 0x0101021C, "targetSdkVersion": 0x01010270, "maxSdkVersion": 0x01010271,
    "allowBackup": 0x01010280, "usesCleartextTraffic": 0x010104EC, "foregroundServiceType": 0x01010599,
}  # fmt: skip
"""Ids that Android's platform gives these attributes."""


def element(tag: str, *children: Tree, **attributes: str | int | bool | Ref) -> Tree:
    """An element; attributes are android: ones, except ``package`` and ``split``."""
    bare = {"package", "split"}
    made = [
        Attr(name, value, None if name in bare else _IDS[name], **({"namespace": None} if name in bare else {}))
        for name, value in attributes.items()
    ]
    return tag, made, children


def manifest(*children: Tree, application: Sequence[Tree] = (), **attributes: str | int | bool | Ref) -> bytes:
    """A manifest of ``com.example.app`` with these elements, and these inside its application."""
    attributes.setdefault("package", PACKAGE)
    return axml(element("manifest", *children, element("application", *application), **attributes))


def app(
    classes: Sequence[Class] | None = None,
    members: Mapping[str, bytes] | None = None,
    *,
    xml: bytes | None = None,
    strings: Iterable[str] = (),
) -> bytes:
    """An APK: a manifest (``b""`` for none), ``classes.dex`` if there are classes or strings, and other members."""
    made = {"AndroidManifest.xml": manifest() if xml is None else xml}
    if classes is not None or strings:
        made["classes.dex"] = dex(classes or (), strings=strings)
    made.update(members or {})
    return zipped(Part(name, data) for name, data in made.items() if data)


def opened(data: bytes, **limits: int) -> Package:
    """The package, as the collectors get it."""
    artefact = Artefact(sha256=hashlib.sha256(data).hexdigest(), kind="apk", name="app.apk", size=len(data))
    return Package(artefact, data, Limits(**limits))


def catalogue(
    *,
    sdks: Iterable[Sdk] = (),
    interfaces: Iterable[Interface] = (),
    permissions: Iterable[Permission] = (),
    marks: Marks | None = None,
    libraries: Sequence[str] = (),
) -> Catalogue:
    """A catalogue of these rows alone."""
    return Catalogue(
        digest="",
        regulations={},
        information={},
        interfaces={row.id: row for row in interfaces},
        permissions={row.id: row for row in permissions},
        sdks={row.id: row for row in sdks},
        app_types={},
        terms={},
        marks=marks or Marks(),
        libraries=tuple(libraries),
    )


def sdk(name: str, *signatures: Signature, purpose: str = "analytics") -> Sdk:
    """An SDK with these signatures."""
    return Sdk(id=name, name={"zh": name, "en": name}, vendor="", purpose=purpose, signatures=signatures)
