"""What decides when code runs, read from the manifest, the layouts and the resource table as plain data.

A manifest that cannot be read is the manifest collector's gap; here it leaves everything empty, and whoever orders the
code must then say that he does not know. A layout that cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from mingcha.collect.layouts import views
from mingcha.collect.package import Package
from mingcha.errors import FormatError
from mingcha.formats.axml import Element, Reference
from mingcha.program.given import RESOURCE_TYPES
from mingcha.program.surroundings import Component, ComponentKind, Filter, Surroundings

_KINDS = {
    "activity": "activity", "activity-alias": "activity", "service": "service", "receiver": "receiver", "provider": "provider",
}  # fmt: skip
_LAUNCHERS = frozenset({
    "android.intent.category.LAUNCHER", "android.intent.category.LEANBACK_LAUNCHER", "android.intent.category.HOME",
})  # fmt: skip
_STARTUP_PROVIDER = "androidx.startup.InitializationProvider"
_STARTUP = "androidx.startup"
_NAMED = ("id", "string", "layout", "menu")
"""Types of resources whose names and texts code refers to by number."""


def surroundings_of(package: Package) -> Surroundings:
    """What ``surroundings`` gives, made once for all collectors."""
    return package.once("surroundings", lambda: surroundings(package))


def surroundings(package: Package) -> Surroundings:
    """Components, start-up initializers, views, and names and texts of resources."""
    names, texts = _resources(package)
    application = _application(package)
    if application is None:
        return Surroundings(package=package.package_name or "", names=names, texts=texts)
    return Surroundings(
        package=package.package_name or "",
        application=_class(package, application.attr("name")),
        factory=_class(package, application.attr("appComponentFactory")),
        components=tuple(_components(package, application)),
        initializers=tuple(_initializers(package, application)),
        views=tuple(views(package, names)),
        min_sdk=_lowest(package.manifest),
        permissions=_permissions(package),
        lacking=_lacking(package),
        names=names,
        texts=texts,
    )


def _lowest(manifest: Element) -> int:
    """The lowest version that the manifest lets install the app; the first of all where it does not say so clearly."""
    levels = [element for element in manifest.elements if element.name == "uses-sdk"]
    return max(_number(levels[0].attr("minSdkVersion")), 1) if len(levels) == 1 else 1


def _permissions(package: Package) -> frozenset[str] | None:
    """What the manifest declares; nothing is known of an app that shares the permissions of others."""
    if package.manifest.attribute("sharedUserId") is not None:
        return None
    rows = (one for one in package.manifest.elements if one.name.startswith("uses-permission"))
    return frozenset(_texts(package, (one.attr("name") for one in rows)))


def _lacking(package: Package) -> frozenset[str]:
    """Types of resources of which there is none; of a set of splits only the base was read."""
    try:
        table = package.resources
        if table is None or len(package.parts) > 1:
            return frozenset()
        return frozenset(kind for kind in RESOURCE_TYPES if next(table.names((kind,)), None) is None)
    except FormatError:
        return frozenset()


def _application(package: Package) -> Element | None:
    try:
        return next(iter(package.manifest.find_all("application")), None)
    except FormatError:
        return None


def _resources(package: Package) -> tuple[dict[int, str], dict[int, str]]:
    """Names of ids, texts, layouts and menus, and the texts in the default language."""
    try:
        table = package.resources
        if table is None:
            return {}, {}
        names = dict(table.names(_NAMED))
        texts: dict[int, str] = {}
        for text in table.strings_by_language({None}):
            texts.setdefault(text.resource_id, text.text)
    except FormatError:
        return {}, {}
    return names, texts


# --- components ----------------------------------------------------------------------------------------------------


def _components(package: Package, application: Element) -> Iterator[Component]:
    everything = _boolean(package, application.attr("enabled"), default=True)
    for element in application.elements:
        name = element.attr("targetActivity" if element.name == "activity-alias" else "name")
        cls = _class(package, name)
        if element.name in _KINDS and cls is not None:
            yield _component(package, element, cls, enabled=everything is not False)


def _component(package: Package, element: Element, cls: bytes, *, enabled: bool) -> Component:
    filters = tuple(_filter(package, inner) for inner in element.elements if inner.name == "intent-filter")
    own = _boolean(package, element.attr("enabled"), default=True)
    return Component(
        kind=cast("ComponentKind", _KINDS[element.name]),
        cls=cls,
        exported=_boolean(package, element.attr("exported"), default=bool(filters)),
        enabled=enabled and own is not False,
        filters=filters,
        authorities=tuple(part for part in (package.text(element.attr("authorities")) or "").split(";") if part),
        order=_number(element.attr("initOrder")),
        launcher=element.name.startswith("activity") and any(_launches(one) for one in filters),
        process=package.text(element.attr("process")) or "",
    )


def _launches(one: Filter) -> bool:
    return "android.intent.action.MAIN" in one.actions and not _LAUNCHERS.isdisjoint(one.categories)


def _filter(package: Package, element: Element) -> Filter:
    data = [inner for inner in element.elements if inner.name == "data"]
    return Filter(
        actions=_texts(package, (inner.attr("name") for inner in element.elements if inner.name == "action")),
        categories=_texts(package, (inner.attr("name") for inner in element.elements if inner.name == "category")),
        schemes=_texts(package, (inner.attr("scheme") for inner in data)),
        hosts=_texts(package, (inner.attr("host") for inner in data)),
        types=_texts(package, (inner.attr("mimeType") for inner in data)),
    )


def _texts(package: Package, values: Iterable[Any]) -> tuple[str, ...]:
    found = (package.text(value) for value in values)
    return tuple(dict.fromkeys(text for text in found if text))


def _initializers(package: Package, application: Element) -> Iterator[bytes]:
    """Classes named by the meta-data of the AndroidX start-up provider: the name is a class, the value the mark."""
    for element in application.elements:
        if element.name == "provider" and package.text(element.attr("name")) == _STARTUP_PROVIDER:
            for inner in element.elements:
                cls = _class(package, inner.attr("name"))
                if inner.name == "meta-data" and cls and package.text(inner.attr("value")) == _STARTUP:
                    yield cls


def _class(package: Package, value: Any) -> bytes | None:
    """A class named in the manifest, as a descriptor."""
    name = package.text(value)
    return descriptor(package.class_name(name)) if name else None


def descriptor(name: str) -> bytes:
    """``com.example.Thing`` as ``Lcom/example/Thing;``."""
    return f"L{name.replace('.', '/')};".encode("utf-8", "surrogatepass")


def _boolean(package: Package, value: Any, *, default: bool) -> bool | None:
    """A boolean, also behind a resource; None where it cannot be told."""
    if value is None:
        return default
    if isinstance(value, Reference):
        try:
            value = package.resources.value(value.id) if package.resources else None
        except FormatError:
            return None
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
