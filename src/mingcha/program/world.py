"""One app of a case as the interpreter sees it: its program, its objects, its stores, and what was started in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mingcha.formats.dex import Dex, text
from mingcha.program.code import Method, Program
from mingcha.program.decode import Body
from mingcha.program.flagged import flag
from mingcha.program.heap import Heap
from mingcha.program.library import Library
from mingcha.program.relevance import Relevance
from mingcha.program.surroundings import Surroundings, View
from mingcha.program.values import Site, Thing

_KEPT = frozenset({"static", "store", "one"})
STORE = b"store"
"""What stands for the type of an app's stores."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as an instruction names it; ``key`` is how objects keep it."""

    cls: bytes
    name: bytes
    type: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A method as an instruction names it; ``slots`` are the places of receiver-less parameters among the registers."""

    cls: bytes
    name: bytes
    parameters: tuple[bytes, ...]
    result: bytes
    signature: bytes
    slots: tuple[int, ...]

    @property
    def full(self) -> bytes:
        """Smali notation."""
        return self.cls + b"->" + self.signature


class Refs:
    """Names of one image by number, each made once."""

    def __init__(self, dex: Dex) -> None:
        self._dex = dex
        self._types: dict[int, bytes] = {}
        self._fields: dict[int, Field] = {}
        self._calls: dict[int, Call] = {}

    def string(self, index: int) -> str:
        """A string constant."""
        return text(self._dex.string_bytes(index)[:4096])

    def type(self, index: int) -> bytes:
        """A type descriptor."""
        known = self._types.get(index)
        if known is None:
            known = self._types[index] = self._dex.type_bytes(index)
        return known

    def field(self, index: int) -> Field:
        """A field."""
        known = self._fields.get(index)
        if known is None:
            cls, name, kind = self._dex.field_parts(index)
            known = self._fields[index] = Field(cls, name, kind, b"." + name)
        return known

    def call(self, index: int) -> Call:
        """A method."""
        known = self._calls.get(index)
        if known is None:
            cls, name, parameters, result = self._dex.method_parts(index)
            slots, place = [], 0
            for kind in parameters:
                slots.append(place)
                place += 2 if kind in (b"J", b"D") else 1
            signature = name + b"(" + b"".join(parameters) + b")" + result
            known = self._calls[index] = Call(cls, name, parameters, result, signature, tuple(slots))
        return known


class World:
    """One app. ``heap`` is the layer that outlives every component: static fields, stores, started components."""

    def __init__(self, number: int, program: Program, library: Library, around: Surroundings) -> None:
        self.number = number
        self.program = program
        self.library = library
        self.around = around
        self.refs = [Refs(image.dex) for image in program.images]
        self.heap = Heap()
        self.initialised: set[bytes] = set()
        self._fixed: dict[tuple[bytes, bytes], int | str | None] = {}
        self._extents: dict[int, tuple[list[int], list[int]]] = {}
        self._kept: list[Thing] = []
        self._things: dict[Any, Thing] = {}
        self._statics: dict[bytes, Thing] = {}
        self.one_of: dict[Thing, bytes] = {}
        """Of which class an object is the only one."""
        self.static_of: dict[Thing, list[bytes]] = {}
        """Whose static fields an object stands for."""
        self.relevance: Relevance | None = None
        """What is worth reading; None: everything."""
        self.reach: Relevance | None = None
        """What can run, whether or not only relevant code is read."""
        self.loaded: frozenset[int] = frozenset()
        self.round = 0
        self.life = 0
        """Which life of a component is being run, counted over all rounds."""
        self._contexts: dict[tuple[int, int, int, int], int] = {}

    def body(self, number: int) -> Body:
        """A method's blocks. Raises FormatError."""
        return self.program.body(number)

    def can_run(self, number: int) -> bool:
        """Whether a method is reached, or lies in code that the app loads by itself."""
        if self.relevance is None or number in self.relevance.reached():
            return True
        return self.program.image_of(number) in self.loaded

    def fixed(self, ref: Field) -> int | str | None:
        """The one number or string that a static field holds whenever code runs, or None."""
        if ref.type not in (b"Z", b"I", b"Ljava/lang/String;"):
            return None
        key = (ref.cls, ref.name)
        if key not in self._fixed:
            self._fixed[key] = flag(self.program, self.reach, ref.cls, ref.name, text=ref.type[:1] == b"L")
        return self._fixed[key]

    def extent(self, method: Method) -> tuple[int, int]:
        """First and end unit of a method's code."""
        extents = self._extents.get(method.image)
        if extents is None:
            table = self.program.images[method.image].dex.methods
            extents = self._extents[method.image] = (table.first.tolist(), table.end.tolist())
        return extents[0][method.row], extents[1][method.row]

    def context(self, above: int, caller: int, unit: int, number: int) -> int:
        """The number of a chain of calls: the chain above and the call."""
        key = (above, caller, unit, number)
        return self._contexts.setdefault(key, len(self._contexts) + 1)

    def thing(self, key: Any, kind: bytes, site: Site | None = None) -> tuple[Thing, bool]:
        """The object kept under a key, and whether it was there before."""
        known = self._things.get(key)
        if known is not None:
            return known, True
        made = Thing(len(self._things) + 1, kind, app=self.program.own(kind), site=site)
        self._things[key] = made
        if key[0] in _KEPT:
            self._kept.append(made)
        return made, False

    def statics(self, cls: bytes) -> Thing:
        """The static fields of a class, as an object. A subclass may name its parent's: a line of classes shares one."""
        known = self._statics.get(cls)
        if known is None:
            top = cls
            for parent in self.program.line(cls):
                if self.library.foreign(parent):
                    break
                top = parent
            known = self._statics[cls] = self.thing(("static", top), b"Ljava/lang/Object;")[0]
            self.static_of.setdefault(known, []).append(cls)
        return known

    def store(self, name: str) -> Thing:
        """A store of the whole app."""
        return self.thing(("store", name), STORE)[0]

    def some(self, kind: bytes) -> Thing:
        """All objects of a type that nobody was seen to make."""
        of, _ = self.thing(("some", kind), kind)
        of.many = True
        return of

    def one(self, kind: bytes) -> Thing:
        """The only object of a class."""
        of, known = self.thing(("one", kind), kind)
        if not known:
            of.many = True  # its fields are what any code was seen to write
            self.one_of[of] = kind
        return of

    def kept(self) -> list[Thing]:
        """What outlives every component: static fields, stores, single objects."""
        return self._kept

    def stores(self, name: str) -> list[Thing]:
        """All stores of this name, however they are told apart."""
        return [of for key, of in self._things.items() if key[0] == "store" and key[1].partition("/")[0] == name]

    @cached_property
    def layouts(self) -> dict[int, list[View]]:
        """The views of each layout by its resource id."""
        found: dict[int, list[View]] = {}
        for view in self.around.views:
            found.setdefault(view.layout, []).append(view)
        return found

    @cached_property
    def views(self) -> dict[int, Sequence[View]]:
        """The layouts' views by resource id."""
        found: dict[int, list[View]] = {}
        for view in self.around.views:
            found.setdefault(view.id, []).append(view)
        return {key: tuple(rows) for key, rows in found.items()}
