"""The views that layouts, menus and navigation graphs describe: what a person types into or taps on, and the classes named there.

Which files are layouts is told by the resource table, since build tools may give them any path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mingcha.collect.package import Package
from mingcha.errors import FormatError
from mingcha.formats import axml
from mingcha.formats.axml import Element, Reference
from mingcha.program.surroundings import View

_TYPES = ("layout", "menu", "navigation", "xml")
"""Types of resources whose files name views, menu items, fragments and preferences."""
_LARGEST = 1 << 20
_MOST_BYTES = 32 << 20
_MOST_INCLUDED = 64
"""A layout, all of them, and how many one may include; more is no screen."""
_CLASS_NAMED = frozenset({"fragment", "view"})
_VARIATIONS = {1: frozenset({0x80, 0x90, 0xE0}), 2: frozenset({0x10})}
"""Password variations of ``inputType`` by its class (text, number)."""


def views(package: Package, names: Mapping[int, str]) -> Iterator[View]:
    """Every element that has an id, a handler, an input type or a class of the app, in each layout that shows it."""
    reader = _Reader(package, names)
    own: dict[int, list[View]] = {}
    for layout, path in _files(package):  # several files of one layout are its forms for different screens
        own.setdefault(layout, []).extend(reader.views(layout, path))
    for layout in own:
        for part in _with_included(layout, reader.included):
            yield from (view if part == layout else replace(view, layout=layout) for view in own.get(part, ()))


def _with_included(layout: int, included: Mapping[int, list[int]]) -> Iterator[int]:
    """A layout and those it includes, each once; what includes itself ends."""
    found = {layout: None}
    queue = [layout]
    for current in queue:
        for part in included.get(current, ()):
            if part not in found and len(found) < _MOST_INCLUDED:
                found[part] = None
                queue.append(part)
    yield from queue


def _files(package: Package) -> list[tuple[int, str]]:
    """Resource id and path of every file, each path once."""
    found: dict[str, int] = {}
    try:
        for text in package.resources.strings_by_language(None, _TYPES) if package.resources else ():
            if text.text.endswith(".xml"):
                found.setdefault(text.text, text.resource_id)
    except FormatError:
        return []
    return [(layout, path) for path, layout in found.items()]


class _Reader:
    def __init__(self, package: Package, names: Mapping[int, str]) -> None:
        self._package = package
        self._names = names
        self._room = _MOST_BYTES
        self.included: dict[int, list[int]] = {}
        """Layout → layouts that it includes."""

    def views(self, layout: int, path: str) -> Iterator[View]:
        root = self._parsed(path)
        for element in root.iter() if root is not None else ():
            shown = element.attr("layout") if element.name == "include" else None
            if isinstance(shown, Reference):
                self.included.setdefault(layout, []).append(shown.id)
            view = self._view(layout, element)
            if view.id or view.on_click or view.input_type is not None or "." in view.cls:
                yield view

    def _parsed(self, path: str) -> Element | None:
        """The file's root, from the first part that has it; None where it cannot be read or is no screen."""
        for part in self._package.parts:
            member = part.archive.get(path)
            if member is not None and member.size <= min(_LARGEST, self._room):
                self._room -= member.size
                try:
                    return axml.parse(part.archive.read(member, _LARGEST))
                except FormatError:
                    return None
        return None

    def _view(self, layout: int, element: Element) -> View:
        given: dict[str, Any] = {}
        for attribute in element.attributes:
            if attribute.name in _READ and (attribute.resource_id is not None or attribute.name not in given):
                given[attribute.name] = attribute.value
        number = given.get("id")
        identity = number.id if isinstance(number, Reference) else 0
        kind = given.get("inputType")
        kind = kind if isinstance(kind, int) and not isinstance(kind, bool) else None
        return View(
            id=identity,
            name=self._names.get(identity, "").removeprefix("id/"),
            cls=self._class(element, given),
            layout=layout,
            text=self._text(given.get("text", given.get("title"))),
            hint=self._text(given.get("hint")),
            input_type=kind,
            password=given.get("password") is True or _is_password(kind),
            on_click=self._text(given.get("onClick")),
        )

    def _class(self, element: Element, given: Mapping[str, Any]) -> str:
        """The class an element stands for: a fragment or a ``<view>`` names its own."""
        named = given.get("class") or given.get("name") or given.get("fragment")
        if named and (element.name in _CLASS_NAMED or element.name.endswith(("FragmentContainerView", "Preference"))):
            return self._text(named) or element.name
        return element.name

    def _text(self, value: Any) -> str:
        return self._package.text(value) or "" if value is not None else ""


_READ = frozenset({
    "id", "text", "title", "hint", "inputType", "password", "onClick", "class", "name", "fragment",
})  # fmt: skip


def _is_password(kind: int | None) -> bool:
    return kind is not None and kind & 0xFF0 in _VARIATIONS.get(kind & 0xF, frozenset())
