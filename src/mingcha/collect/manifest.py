"""The manifest: who the app is, what it asks for, and which doors it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.owners import Owners
from mingcha.collect.package import Package
from mingcha.formats.axml import Element
from mingcha.model.artefact import Place
from mingcha.model.fact import AppDeclared, ComponentDeclared, PermissionDeclared, QueryDeclared
from mingcha.model.factbase import Covered, Gap
from mingcha.model.sdk import Permission

_PERMISSION_TAGS = ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m")
_COMPONENTS = {
    "activity": "activity", "activity-alias": "activity", "service": "service", "receiver": "receiver", "provider": "provider",
}  # fmt: skip
_FOREGROUND = {
    0x1: "dataSync", 0x2: "mediaPlayback", 0x4: "phoneCall", 0x8: "location", 0x10: "connectedDevice",
    0x20: "mediaProjection", 0x40: "camera", 0x80: "microphone", 0x100: "health", 0x200: "remoteMessaging",
    0x400: "systemExempted", 0x800: "shortService", 0x1000: "fileManagement", 0x2000: "mediaProcessing",
    0x40000000: "specialUse",
}  # fmt: skip
RUNTIME_PERMISSIONS = 23
"""API level (Android 6) from which users grant dangerous permissions one by one."""
_LOWEST = 1
"""minSdkVersion, and with it targetSdkVersion, where the manifest has none (Android's rule)."""


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """Facts of the whole manifest, which is then covered."""
    if package.manifest.attribute("split") is not None:  # a configuration split says nothing of the app as a whole
        yield Gap(collector="manifest", reason="partial", hides=COLLECTOR.yields, code="manifest.split_alone")
        return
    reader = _Reader(package, tables)
    yield reader.app()
    yield from reader.permissions()
    yield from reader.components()
    yield from reader.queries()
    yield from (Covered(kind=kind, collector="manifest") for kind in COLLECTOR.yields)


COLLECTOR = Collector(
    "manifest", "apk", ("AppDeclared", "PermissionDeclared", "ComponentDeclared", "QueryDeclared"), collect
)


class _Reader:
    def __init__(self, package: Package, tables: Catalogue) -> None:
        self._package = package
        self._tables = tables
        self._root = package.manifest
        self._path = package.base.path + "AndroidManifest.xml"
        self._application = next(iter(self._root.find_all("application")), None)
        self._owners = Owners(tables, package)

    def _place(self, element: Element, quote: str) -> Place:
        return self._package.place(self._path, element.offset, quote)

    # --- the app as a whole --------------------------------------------------------------------------------------

    def app(self) -> AppDeclared:
        """The manifest's own statements, with the defaults Android gives where it is silent."""
        levels = [element for element in self._root.elements if element.name == "uses-sdk"]
        sdk = levels[0] if levels else None
        lowest = _number(sdk.attr("minSdkVersion", _LOWEST)) if sdk else _LOWEST
        target = _number(sdk.attr("targetSdkVersion")) if sdk and sdk.attribute("targetSdkVersion") else lowest
        if len(levels) > 1:  # which one counts differs between Android versions
            lowest = target = None
        name = self._package.package_name
        return AppDeclared(
            place=self._place(sdk or self._root, f"package={name} minSdkVersion={lowest} targetSdkVersion={target}"),
            package=name,
            version_name=self._package.text(self._root.attr("versionName")),
            version_code=_number(self._root.attr("versionCode")),
            min_sdk=lowest,
            target_sdk=target,
            label=self._label(),
            debuggable=self._flag("debuggable", default=False),
            allow_backup=self._flag("allowBackup", default=True),
            cleartext=self._flag("usesCleartextTraffic", default=target is not None and target < 28),
        )

    def _label(self) -> str | None:
        value = self._application.attr("label") if self._application else None
        return self._package.text(value, "zh") or self._package.text(value)

    def _flag(self, name: str, *, default: bool) -> bool | None:
        if self._application is None or self._application.attribute(name) is None:
            return default
        value = self._application.attr(name)
        return value if isinstance(value, bool) else None

    # --- permissions ---------------------------------------------------------------------------------------------

    def permissions(self) -> Iterator[PermissionDeclared]:
        """Every permission asked for, those for Android 6 and later included."""
        for element in self._root.elements:  # Android reads them below the root alone
            name = self._package.text(element.attr("name")) if element.name in _PERMISSION_TAGS else None
            if name:
                yield self._permission(element, name)

    def _permission(self, element: Element, name: str) -> PermissionDeclared:
        row = self._tables.permissions.get(name) or self._own(name)
        last = _number(element.attr("maxSdkVersion"))
        return PermissionDeclared(
            place=self._place(element, f'<{element.name} android:name="{name}">'),
            permission=name,
            max_sdk=last,
            before_23=last is not None and last < RUNTIME_PERMISSIONS,
            group=row.group if row else None,
            dangerous=row.dangerous if row else None,
            sensitive=(row.special or row.dangerous) if row else None,
            information=row.information if row else None,
        )

    def _own(self, name: str) -> Permission | None:
        """A permission of the app's own name opens nothing of the system's; any other unknown one is not known."""
        own = self._package.package_name
        return Permission(id=name, dangerous=False) if own and name.startswith(own + ".") else None

    # --- components ----------------------------------------------------------------------------------------------

    def components(self) -> Iterator[ComponentDeclared]:
        """Every activity, service, receiver and provider."""
        for element in self._application.elements if self._application else ():
            kind = _COMPONENTS.get(element.name)
            name = self._package.text(element.attr("name"))
            if kind and name:
                yield self._component(element, kind, self._package.class_name(name))

    def _component(self, element: Element, kind: str, name: str) -> ComponentDeclared:
        filters = element.find_all("intent-filter")
        actions = {self._package.text(a.attr("name")) for f in filters for a in f.find_all("action")}
        authorities = self._package.text(element.attr("authorities"))
        quote = f"<{element.name} {name}" + (f" authorities={authorities}" if authorities else "") + ">"
        return ComponentDeclared(
            place=self._place(element, quote),
            component=cast("Literal['activity', 'service', 'receiver', 'provider']", kind),
            name=name,
            exported=_boolean(element.attr("exported"), default=bool(filters)),
            enabled=_boolean(element.attr("enabled"), default=True),
            permission=self._package.text(element.attr("permission")),
            actions=tuple(sorted(a for a in actions if a)),
            foreground=_foreground(element.attr("foregroundServiceType")),
            owner=self._owners.of(name),
        )

    # --- queries -------------------------------------------------------------------------------------------------

    def queries(self) -> Iterator[QueryDeclared]:
        """What ``<queries>`` asks to see of other apps."""
        for block in self._root.find_all("queries"):
            for element in block.elements:
                for holder in (element, *element.elements):
                    name = self._package.text(holder.attr("name")) or self._package.text(holder.attr("authorities"))
                    if name:
                        yield QueryDeclared(place=self._place(holder, f"<{element.name} {name}>"), target=name)


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


def _boolean(value: Any, *, default: bool) -> bool | None:
    if value is None:
        return default
    return value if isinstance(value, bool) else None


def _foreground(value: Any) -> tuple[str, ...]:
    flags = _number(value) or 0
    return tuple(name for bit, name in _FOREGROUND.items() if flags & bit)
