"""The linter's rules for the model of Android: callbacks, registrations, summaries, sinks.

A row that nobody can read, that stands twice or that names a class Android does not have says nothing, silently: the
program would take the call for one that nobody knows. So each is told here, with the words an author used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mingcha.catalogue.framework import load_framework
from mingcha.catalogue.load import Catalogue, yaml_loader
from mingcha.catalogue.slots import Slot, move, slot
from mingcha.errors import CatalogueError

Path = tuple[str | int, ...]
Problem = tuple[str, Path, str]
"""File, path of keys inside it, message."""

_CLASS = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)+")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_MEMBER = re.compile(r"(?:<init>|[\w$*]+)(?:/\d+)?")
_RUN = re.compile(r"(?P<name>[A-Za-z_$][\w$]*)(?:\((?P<given>[^()]*)\))?")
_FOREIGN = re.compile(r"\w+(?:/\w+)*")
_PARTS = re.compile(r"\.\w+|\[(?:\d*|[+\-=]|\*\*)\]")


def callbacks(catalogue: Catalogue) -> Iterator[Problem]:
    """Classes and methods exist in Android; no method is told of a class twice."""
    told: Counter[tuple[str, str]] = Counter()
    for number, row in enumerate(catalogue.callbacks):
        file, path = "callbacks.yaml", (number,)
        yield from _class(file, path, row.cls)
        for method in row.methods or ("",):
            told[row.cls, method] += 1
            if told[row.cls, method] > 1:
                yield file, path, f"{method or 'every method'} of {row.cls} stands twice"
            elif method and not _overridable(row.cls, method):
                yield file, path, f"{row.cls} has no method {method!r} that can be overridden"


def registrations(catalogue: Catalogue) -> Iterator[Problem]:
    """Slots and runs can be read, a result is one of the runs, no row stands twice."""
    file = "registrations.yaml"
    for number, row in enumerate(catalogue.registrations):
        yield from _call(file, (number,), row.cls, row.member)
        yield from _slot(file, (number, "on"), row.on)
        yield from _runs((number, "runs"), row.runs)
        if row.result is not None and row.result not in {run.partition("(")[0] for run in row.runs}:
            yield file, (number, "result"), f"{row.result!r} is none of its runs"
    yield from _twice(file, catalogue.registrations, lambda row: (row.cls, row.member, row.on, row.runs))


def _runs(path: Path, runs: Iterable[str]) -> Iterator[Problem]:
    """Each is a method's name, with the slots it is given, or the names of earlier runs for what these gave."""
    earlier: set[str] = set()
    for text in runs:
        match = _RUN.fullmatch(text)
        if match is None:
            yield "registrations.yaml", path, f"{text!r} is neither a method nor a method with slots"
            continue
        for given in filter(None, map(str.strip, (match["given"] or "").split(","))):
            if given not in earlier:
                yield from _slot("registrations.yaml", path, given)
        earlier.add(match["name"])
    if not earlier:
        yield "registrations.yaml", path, "runs nothing"


def summaries(catalogue: Catalogue) -> Iterator[Problem]:
    """Moves can be read, and packages are written as paths."""
    file = "summaries.yaml"
    for row in catalogue.summaries:
        path = ("rows", row.cls, row.member)
        yield from _call(file, path, row.cls, row.member, every=True)
        for text in row.moves:
            yield from _move(path, text)
    for number, package in enumerate(catalogue.foreign):
        if not _FOREIGN.fullmatch(package):
            yield file, ("foreign", number), f"{package!r}: a package is written a/b"


def _move(path: Path, text: str) -> Iterator[Problem]:
    try:
        read = move(text)
    except CatalogueError as error:
        yield "summaries.yaml", path, "; ".join(error.problems)
        return
    if read.do == "move":
        yield from _parts("summaries.yaml", path, text.partition(" -> ")[0], read.source)
        yield from _parts("summaries.yaml", path, text, read.target)
        if read.target.base == "constant":
            yield "summaries.yaml", path, f"{text!r} moves a value into a constant"


def sinks(catalogue: Catalogue) -> Iterator[Problem]:
    """Something leaves by each, addresses and streams stand in slots, no row stands twice."""
    file = "sinks.yaml"
    for number, row in enumerate(catalogue.sinks):
        yield from _call(file, (number,), row.cls, row.member)
        for key, texts in (("takes", row.takes), ("host", (row.host,)), ("stream", (row.stream,))):
            for text in filter(None, texts):
                yield from _slot(file, (number, key), text)
        if not row.takes:
            yield file, (number, "takes"), "takes nothing"
        if row.descriptor is not None and not row.descriptor.startswith("("):
            yield file, (number, "descriptor"), "a descriptor begins with ("
    yield from _twice(file, catalogue.sinks, lambda row: (row.cls, row.member, row.descriptor, row.takes))


# --- classes, members, slots -----------------------------------------------------------------------------------------


def _call(file: str, path: Path, cls: str, member: str, *, every: bool = False) -> Iterator[Problem]:
    """Where ``every``, the class may be ``*``: the member of any class."""
    if not (every and cls == "*"):
        yield from _class(file, path, cls)
    if not _MEMBER.fullmatch(member):
        yield file, path, f"{member!r} is no member: a name, perhaps with *, perhaps with /number of parameters"


def _class(file: str, path: Path, cls: str) -> Iterator[Problem]:
    if not _CLASS.fullmatch(cls):
        yield file, path, f"{cls!r}: a class is written as in Java source, inner classes with $"
    elif (
        cls.startswith("android.") and not _known(cls) and _known(cls.rpartition(".")[0] + "$" + cls.rpartition(".")[2])
    ):
        yield file, path, f"{cls!r}: an inner class is joined with $"


def _descriptor(cls: str) -> bytes:
    return f"L{cls.replace('.', '/')};".encode()


def _known(cls: str) -> bool:
    return load_framework().known(_descriptor(cls))


def _overridable(cls: str, method: str) -> bool:
    """Whether a class below may bring its own; of a class that the table does not know, anything may."""
    if not _known(cls):
        return bool(_NAME.fullmatch(method))
    found = load_framework().overridable(_descriptor(cls))
    return any(name.partition(b"(")[0] == method.encode() for name in found)


def _slot(file: str, path: Path, text: str) -> Iterator[Problem]:
    try:
        read = slot(text)
    except CatalogueError as error:
        yield file, path, "; ".join(error.problems)
        return
    yield from _parts(file, path, text, read)


def _parts(file: str, path: Path, text: str, read: Slot) -> Iterator[Problem]:
    for part in read.path:
        if not _PARTS.fullmatch(part):
            yield file, path, f"{text!r}: inside brackets stands a parameter's number, +, -, =, ** or nothing"


def _twice(file: str, rows: Iterable[Any], key: Callable[[Any], Any]) -> Iterator[Problem]:
    first: dict[Any, int] = {}
    for number, row in enumerate(rows):
        if first.setdefault(key(row), number) != number:
            yield file, (number,), f"{row.cls}.{row.member} stands twice with the same slots"


ANDROID: tuple[Callable[[Catalogue], Iterator[Problem]], ...] = (callbacks, registrations, summaries, sinks)


# --- before the rows are read -----------------------------------------------------------------------------------------

_LISTS = ("callbacks.yaml", "registrations.yaml", "sinks.yaml")


def misshapen(sources: Mapping[str, bytes]) -> Iterator[Problem]:
    """Files that are not lists of rows with a class (summaries: not tables of members and moves)."""
    import yaml

    for file in (*_LISTS, "summaries.yaml"):
        try:
            table = yaml.load(sources.get(file, b""), Loader=yaml_loader())
        except yaml.YAMLError:
            continue  # the loader tells this itself, with its line
        yield from ((file, path, message) for path, message in (_list if file in _LISTS else _table)(table))


def _list(table: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(table, list | None):
        yield (), "is a list of rows"
        return
    for number, row in enumerate(table or ()):
        if not isinstance(row, dict) or not isinstance(row.get("class"), str):
            yield (number,), "a row has a class"


def _table(table: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(table, dict | None) or not isinstance((table or {}).get("rows", {}), dict):
        yield (), "has `foreign`, a list, and `rows`, a table of classes"
        return
    for key in (table or {}).keys() - {"foreign", "rows"}:
        yield (str(key),), f"unknown key {key!r}"
    for cls, members in (table or {}).get("rows", {}).items():
        if not isinstance(members, dict):
            yield ("rows", str(cls)), "a class has a table of members"
            continue
        for member, moves in members.items():
            if not isinstance(moves, list) or not all(isinstance(text, str | int) for text in moves):
                yield ("rows", str(cls), str(member)), "a member has a list of moves"
