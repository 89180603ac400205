"""What a DEX file for tests is made of, and the sorted tables of everything it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.build.dexcode import Op, Try

PUBLIC, PRIVATE, STATIC, NATIVE, ABSTRACT, CONSTRUCTOR = 0x1, 0x2, 0x8, 0x100, 0x400, 0x10000


@dataclass(frozen=True, eq=False)
class Code:
    """What a method does; the same object given to several methods is written once and shared."""

    registers: int
    ops: Sequence[Op]
    tries: Sequence[Try] = ()


@dataclass(frozen=True)
class Method:
    """``name`` with its types, as in ``run(ILjava/lang/String;)V``."""

    name: str
    code: Code | None = None
    access: int = PUBLIC | STATIC

    @property
    def words(self) -> int:
        """Registers that the parameters take, the receiver included."""
        params, _ = types_of(method_parts(self.name)[2])
        return sum(2 if kind in "JD" else 1 for kind in params) + (not self.access & STATIC)


@dataclass(frozen=True)
class Class:
    """A class by its descriptor; ``fields`` are like ``name:I``, and static."""

    descriptor: str
    methods: Sequence[Method] = ()
    fields: Sequence[str] = ()
    superclass: str | None = "Ljava/lang/Object;"
    interfaces: Sequence[str] = ()
    access: int = PUBLIC


def method_parts(name: str) -> tuple[str, str, str]:
    """``La/B;->run(I)V`` as class, name and prototype."""
    cls, _, rest = name.rpartition("->")
    short, _, shape = rest.partition("(")
    return cls, short, "(" + shape


def field_parts(name: str) -> tuple[str, str, str]:
    """``La/B;->f:I`` as class, name and type."""
    cls, _, rest = name.partition("->")
    short, _, of = rest.partition(":")
    return cls, short, of


def types_of(prototype: str) -> tuple[tuple[str, ...], str]:
    """Parameter types and result type of ``(IJ)V``."""
    inside, _, result = prototype[1:].partition(")")
    found, at = [], 0
    while at < len(inside):
        start = at
        while inside[at] == "[":
            at += 1
        at = inside.index(";", at) + 1 if inside[at] == "L" else at + 1
        found.append(inside[start:at])
    return tuple(found), result


class Tables:
    """Everything the classes name: each a dictionary from thing to number, in the order of the file."""

    def __init__(self, classes: Sequence[Class], strings: Iterable[str]) -> None:
        self._seen: dict[str, set[str]] = {"string": set(strings), "type": set(), "field": set(), "method": set()}
        for cls in classes:
            self._see_class(cls)
        self.shapes = {proto: types_of(proto) for proto in {method_parts(name)[2] for name in self._seen["method"]}}
        self._number()

    def _see_class(self, cls: Class) -> None:
        self._seen["type"].update(filter(None, (cls.descriptor, cls.superclass, *cls.interfaces)))
        self._seen["field"].update(f"{cls.descriptor}->{name}" for name in cls.fields)
        self._seen["method"].update(f"{cls.descriptor}->{method.name}" for method in cls.methods)
        for code in filter(None, (method.code for method in cls.methods)):
            for kind, name in filter(None, (op.ref for op in code.ops)):
                self._seen[kind].add(name)
            self._seen["type"].update(kind for block in code.tries for kind, _ in block.catches)

    def _number(self) -> None:
        methods = {name: method_parts(name) for name in self._seen["method"]}
        fields = {name: field_parts(name) for name in self._seen["field"]}
        types = self._seen["type"]
        types.update(kind for params, result in self.shapes.values() for kind in (*params, result))
        types.update(kind for cls, _, of in fields.values() for kind in (cls, of))
        types.update(cls for cls, _, _ in methods.values())
        strings = self._seen["string"] | types | {shorty(*shape) for shape in self.shapes.values()}
        strings.update(parts[1] for parts in (*methods.values(), *fields.values()))
        self.string = _numbered(sorted(strings, key=lambda text: text.encode("utf-16-be", "surrogatepass")))
        text = self.string
        self.type = _numbered(sorted(types, key=text.__getitem__))
        of = self.type
        order = {p: (of[result], [of[kind] for kind in params]) for p, (params, result) in self.shapes.items()}
        self.proto = _numbered(sorted(self.shapes, key=order.__getitem__))
        proto = self.proto
        self.field_rows = sorted((of[cls], text[name], of[kind], key) for key, (cls, name, kind) in fields.items())
        self.method_rows = sorted((of[c], text[n], proto[p], key) for key, (c, n, p) in methods.items())
        self.field = _numbered(row[3] for row in self.field_rows)
        self.method = _numbered(row[3] for row in self.method_rows)

    def index(self, kind: str, name: str) -> int:
        """Number of what an instruction names."""
        table: dict[str, int] = getattr(self, kind)
        return table[name]


def shorty(params: Sequence[str], result: str) -> str:
    """One letter for the result and each parameter, L for every reference."""
    return "".join(kind[0].replace("[", "L") for kind in (result, *params))


def _numbered(items: Iterable[str]) -> dict[str, int]:
    return {item: number for number, item in enumerate(items)}
