"""What lies around the code and decides when it runs: components, layouts, resources. Filled by `collect/`, plain data here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ComponentKind = Literal["activity", "service", "receiver", "provider"]


@dataclass(frozen=True, slots=True)
class Filter:
    """One intent filter; empty tuples ask for nothing. ``schemes``, ``hosts`` and ``types`` are its data."""

    actions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the manifest; ``cls`` is a descriptor. An alias stands under the class it points to."""

    kind: ComponentKind
    cls: bytes
    exported: bool | None = None
    enabled: bool = True
    filters: tuple[Filter, ...] = ()
    authorities: tuple[str, ...] = ()
    order: int = 0
    """A provider's ``initOrder``; higher is made earlier."""
    launcher: bool = False
    process: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view of a layout: resource id and name, its class as written, and what decides what a person types there."""

    id: int
    name: str
    cls: str
    layout: int
    text: str = ""
    hint: str = ""
    input_type: int | None = None
    password: bool = False
    on_click: str = ""
    """Method name that ``android:onClick`` gives."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of it for one app. ``names`` and ``texts`` go by resource id: ``id/btn_agree``, the string's default value."""

    package: str = ""
    application: bytes | None = None
    factory: bytes | None = None
    """``android:appComponentFactory``."""
    components: tuple[Component, ...] = ()
    initializers: tuple[bytes, ...] = ()
    """AndroidX start-up initializers named in the manifest."""
    views: tuple[View, ...] = ()
    min_sdk: int = 1
    """The lowest version of Android that installs it."""
    permissions: frozenset[str] | None = None
    """Permissions it declares; None: not known, or it shares those of another app."""
    lacking: frozenset[str] = frozenset()
    """Types of resources that it certainly has none of."""
    names: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
