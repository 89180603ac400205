"""Which components an intent may start, by Android's rules for explicit and implicit intents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mingcha.program.heap import Fields
from mingcha.program.surroundings import Component, Filter
from mingcha.program.values import Value


class Target(NamedTuple):
    """What the constants of an intent say of where it goes; an empty set: nothing was said, None: not known what."""

    classes: frozenset[bytes] | None
    actions: frozenset[str] | None
    data: frozenset[str] | None
    types: frozenset[str] | None
    packages: frozenset[str] | None
    categories: frozenset[str] | None


def target(fields: Fields) -> Target:
    """Read an intent's own fields."""
    classes = fields.get(b".class")
    return Target(
        None if classes is not None and classes.constants is None else frozenset(_classes(classes)),
        *(_texts(fields, key) for key in (b".action", b".data", b".type", b".package", b".category")),
    )


def _classes(value: Value | None) -> Iterable[bytes]:
    for constant in (value.constants if value is not None else None) or ():
        if isinstance(constant, tuple) and constant[0] == "class":
            yield constant[1]
        elif isinstance(constant, str) and constant:
            yield f"L{constant.replace('.', '/')};".encode()


def _texts(fields: Mapping[Any, Value], key: bytes) -> frozenset[str] | None:
    value = fields.get(key)
    if value is None:
        return frozenset()
    found = None if value.constants is None else frozenset(c for c in value.constants if isinstance(c, str))
    if found is None:
        inner = [fields_value.constants for fields_value in (value,) if fields_value.constants]
        return frozenset(c for group in inner for c in group if isinstance(c, str)) or None
    return found


def explicit(to: Target) -> bool:
    """Whether the intent names the class it goes to, known or not."""
    return to.classes is None or bool(to.classes)


def receives(component: Component, to: Target, *, own: bool, package: str) -> bool:
    """Whether an intent can start a component; ``own``: it comes from the component's own app."""
    if to.classes:
        return component.cls in to.classes and (own or component.exported is not False)
    if to.classes is None or (not own and component.exported is False):
        return False
    if to.packages and package not in to.packages:
        return False
    return any(_fits(one, to) for one in component.filters)


def _fits(one: Filter, to: Target) -> bool:
    """The tests of action, category and data; what is not known of the intent fits nothing."""
    if to.actions is None or (to.actions and not to.actions & set(one.actions)) or not (to.actions or one.actions):
        return False
    if to.categories is None or not to.categories <= set(one.categories):
        return False
    if not one.schemes and not one.types:
        return not to.data and not to.types
    return _scheme(one, to.data) and _type(one, to.types)


def _scheme(one: Filter, data: frozenset[str] | None) -> bool:
    if not one.schemes:
        return not data or any(text.startswith(("content:", "file:")) for text in data)
    return data is None or any(text.partition(":")[0] in one.schemes and _host(one, text) for text in data)


def _host(one: Filter, text: str) -> bool:
    host = text.partition("://")[2].partition("/")[0].partition(":")[0]
    return not one.hosts or host in one.hosts


def _type(one: Filter, types: frozenset[str] | None) -> bool:
    if not one.types:
        return not types
    return types is None or any(_same_type(a, b) for a in one.types for b in types)


def _same_type(a: str, b: str) -> bool:
    (left, _, right), (other, _, other_right) = a.partition("/"), b.partition("/")
    return (left in (other, "*") or other == "*") and (right in (other_right, "*") or other_right == "*")
