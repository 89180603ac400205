"""Rows of the catalogue: types of information, interfaces, permissions, SDKs and app types."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.model.clause import Label


class Information(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A type of information: a leaf, or a parent of leaves (``parent`` of another row).

    ``sensitive_2020`` follows GB/T 35273-2020 annex B, ``sensitive_2025`` the eight groups of GB/T 45574-2025 (RECALLED).
    """

    id: str
    name: dict[str, str]
    parent: str | None = None
    group: str = ""
    sensitive_2020: bool = False
    sensitive_2025: bool = False
    aliases: tuple[str, ...] = ()
    carried: bool = True
    """Whether what an interface gives back is the information itself; the path of a folder is not the photos in it."""
    whole: bool = False
    """Whether naming it names all below it: its children are degrees or forms of one thing, as of location."""
    akin: tuple[str, ...] = ()
    """Types by which policies say much the same in other words."""
    describes: bool = False
    """Whether it only tells what kind of device it is or how it is set: beside an identifier it says something of a person, alone
    it does not, so that reading it at run time is shown and breaches nothing by itself."""


class Predicate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a constant argument must be: argument number (from 0, receiver not counted) and one of the tests."""

    argument: int
    equals: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    pattern: str | None = None

    def meets(self, value: str) -> bool:
        """Whether a constant passes one of the tests."""
        if self.equals and value in self.equals:
            return True
        if self.prefix and value.startswith(self.prefix):
            return True
        return self.pattern is not None and re.search(self.pattern, value) is not None


class Interface(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A method or field that hands out information (or an event, where ``event`` is set instead).

    ``descriptor`` null means any. ``when`` restricts by constant arguments; ``unresolved`` says what a call site is worth
    whose argument is no constant: "unknown" (a fact with information null) or "skip" (too common; counted in one gap).
    """

    id: str
    cls: str
    member: str
    information: str | None = None
    event: str | None = None
    descriptor: str | None = None
    field: bool = False
    permission: tuple[str, ...] = ()
    when: tuple[Predicate, ...] = ()
    unresolved: Literal["unknown", "skip"] = "unknown"
    noisy: bool = False
    carried: bool = True
    """Whether the value it gives is the information; false: it leads there (a list of interfaces to their addresses)."""
    notes: str = ""


class Permission(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An Android permission, whether it is dangerous (null: unknown), and the information it opens."""

    id: str
    dangerous: bool | None = None
    group: str | None = None
    information: tuple[str, ...] = ()
    special: bool = False
    label: Label = "D"
    name: dict[str, str] = {}


class Signature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way an SDK shows itself; ``verified`` false must never decide alone."""

    form: Literal["class", "package", "component", "native", "meta-data", "authority", "asset", "host"]
    value: str
    verified: bool = True
    pattern: bool = False


class Sdk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A third-party SDK, what it shows itself by, and what its vendor says it takes (a snapshot of one version)."""

    id: str
    name: dict[str, str]
    vendor: str
    purpose: str
    signatures: tuple[Signature, ...]
    vendor_checked: bool = False
    declared: tuple[str, ...] = ()
    declared_optional: tuple[str, ...] = ()
    declared_source: str = ""
    signature_source: str = ""
    domain_source: str = ""
    strength: Literal["high", "medium", "low"] = "medium"
    aliases: tuple[str, ...] = ()
    notes: str = ""


class Likeness(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Strings that classes of an SDK load and nothing else we know does, and the versions they were learnt from."""

    id: str
    learnt: tuple[str, ...]
    strings: tuple[str, ...]


class AppType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the 39 types of npi-2021: what its basic function is and what that needs."""

    number: int
    name: dict[str, str]
    function: dict[str, str]
    necessary: tuple[str, ...] = ()
    necessary_text: str = ""
    label: Label = "V"


class Marks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Marks of other runtimes (file patterns), of code brought in at run time, of reflection, and of texts about privacy."""

    runtimes: dict[str, tuple[str, ...]] = {}
    loaders: tuple[str, ...] = ()
    reflection: dict[str, int] = {}
    texts: dict[str, tuple[str, ...]] = {}
