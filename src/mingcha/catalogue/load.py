"""The catalogue as one frozen value, read from the YAML beside this file and compiled once per digest.

Reading some 250 YAML files takes seconds, reading the compiled form milliseconds: the compiled form is kept in the user's
cache folder under the digest of all source files, so that it can never be stale.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from mingcha.catalogue import conditions
from mingcha.catalogue.cache import cached, digest_in, keep, state_of
from mingcha.errors import CatalogueError
from mingcha.model.android import Callback, Registration, Sink, Summary
from mingcha.model.clause import Clause, Followed, Regulation
from mingcha.model.drafts import Draft
from mingcha.model.measured import Measured
from mingcha.model.sdk import AppType, Information, Interface, Likeness, Marks, Permission, Sdk
from mingcha.model.terms import Terms

_MODEL = (Callback, Registration, Sink, Summary, Draft)
HOME = Path(__file__).parent
R = TypeVar("R")
_DIGITS, _LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyz"


class Catalogue(Struct, frozen=True, kw_only=True, dict=True):
    """All data the inspection needs; ``digest`` is the SHA-256 of the files it was read from."""

    digest: str
    regulations: dict[str, Regulation]
    information: dict[str, Information]
    interfaces: dict[str, Interface]
    permissions: dict[str, Permission]
    sdks: dict[str, Sdk]
    app_types: dict[int, AppType]
    terms: dict[str, Terms]
    measured: tuple[Measured, ...] = ()
    marks: Marks = Marks()
    drafts: dict[str, dict[str, Draft]] = {}
    libraries: tuple[str, ...] = ()
    likeness: dict[str, Likeness] = {}
    callbacks: tuple[Callback, ...] = ()
    registrations: tuple[Registration, ...] = ()
    summaries: tuple[Summary, ...] = ()
    foreign: tuple[str, ...] = ()
    sinks: tuple[Sink, ...] = ()

    def clause(self, identity: str) -> Clause:
        """A clause by id. Raises CatalogueError naming the ids near it."""
        regulation = self.regulations.get(identity.partition("/")[0])
        for clause in regulation.clauses if regulation else ():
            if clause.id == identity:
                return clause
        raise CatalogueError([f"no clause {identity!r}; `mingcha catalogue list` names them all"])

    def is_a(self, child: str, parent: str) -> bool:
        """Whether ``child`` is ``parent`` or lies below it in the taxonomy of information."""
        seen: set[str] = set()
        step: str | None = child
        while step is not None and step not in seen:
            if step == parent:
                return True
            seen.add(step)
            row = self.information.get(step)
            step = row.parent if row else None
        return False


def load() -> Catalogue:
    """The shipped catalogue, from the compiled cache where there is one. Raises CatalogueError."""
    state = cached(f"files-{state_of(HOME)}.txt")
    known = digest_in(state)
    found = _from_cache(_cache_file(known)) if known else None
    return found or _read_anew(state)


def _read_anew(state: Path) -> Catalogue:
    """The catalogue by its content; its digest is kept beside what the files look like from outside, for the next start."""
    sources = read_sources(HOME)
    digest = digest_of(sources)
    kept = _cache_file(digest)
    catalogue = _from_cache(kept) or _compiled(sources, digest, kept)
    keep(state, digest.encode())
    return catalogue


def read_sources(home: Path) -> dict[str, bytes]:
    """Every YAML file below ``home``: relative path → bytes, sorted."""
    found: dict[str, bytes] = {}
    for folder, folders, files in os.walk(home):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".yaml"):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, home).replace(os.sep, "/")] = file.read()
    return found


def digest_of(sources: Mapping[str, bytes]) -> str:
    """SHA-256 over names, lengths and contents."""
    total = hashlib.sha256()
    for name, data in sorted(sources.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _cache_file(digest: str) -> Path:
    rows = (
        Catalogue,
        Regulation,
        Clause,
        Followed,
        Information,
        Interface,
        Permission,
        Sdk,
        AppType,
        Terms,
        Measured,
        Marks,
        *_MODEL,
    )
    shape = hashlib.sha256(repr([(row.__name__, row.__struct_fields__) for row in rows]).encode()).hexdigest()
    return cached(f"{digest[:24]}-{shape[:8]}.msgpack")


def _from_cache(path: Path) -> Catalogue | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Catalogue)
    except (OSError, msgspec.DecodeError):
        return None


def _compiled(sources: Mapping[str, bytes], digest: str, kept: Path) -> Catalogue:
    catalogue = build(sources, digest)
    keep(kept, msgspec.msgpack.encode(catalogue))
    return catalogue


# --- from YAML -----------------------------------------------------------------------------------------------------


def build(sources: Mapping[str, bytes], digest: str = "") -> Catalogue:
    """The catalogue from YAML bytes by relative path. Raises CatalogueError with every problem found."""
    problems: list[str] = []
    parsed = {name: _parsed(name, data, problems) for name, data in sources.items()}
    if problems:
        raise CatalogueError(problems)
    raw = {
        "digest": digest,
        "regulations": _linked(_regulations(parsed, problems), problems),
        "information": _keyed(parsed.get("information.yaml")),
        "interfaces": _interfaces(parsed.get("interfaces.yaml")),
        "permissions": _keyed(parsed.get("permissions.yaml")),
        "sdks": dict(_sdks(parsed, problems)),
        "app_types": {row["number"]: row for row in parsed.get("app_types.yaml") or ()},
        "terms": _terms(parsed, problems),
        "measured": parsed.get("measured.yaml") or (),
        "marks": parsed.get("marks.yaml") or {},
        "drafts": {name[7:-5]: rows for name, rows in parsed.items() if name.startswith("drafts/")},
        "libraries": parsed.get("libraries.yaml") or (),
        "likeness": {
            name[9:-5]: {**row, "id": name[9:-5]} for name, row in parsed.items() if name.startswith("likeness/")
        },
        "callbacks": _of_classes(parsed.get("callbacks.yaml")),
        "registrations": _of_classes(parsed.get("registrations.yaml")),
        "summaries": list(_summaries(parsed.get("summaries.yaml"))),
        "foreign": (parsed.get("summaries.yaml") or {}).get("foreign", ()),
        "sinks": _of_classes(parsed.get("sinks.yaml")),
    }
    if problems:
        raise CatalogueError(problems)
    return _converted(raw)


def _terms(parsed: Mapping[str, Any], problems: list[str]) -> dict[str, dict[str, Any]]:
    """The word tables of each language, put together from the files of its folder."""
    found: dict[str, dict[str, Any]] = {}
    for name, tables in parsed.items():
        if name.startswith("terms/"):
            row = found.setdefault(name.split("/")[1], {"language": name.split("/")[1]})
            for table, rows in (tables or {}).items():
                problems += [f"{name}: {table}: {key!r} stands in another file too" for key in _twice(row, table, rows)]
                row[table] = {**row.get(table, {}), **rows} if isinstance(rows, dict) else [*row.get(table, ()), *rows]
    return found


def _twice(row: dict[str, Any], table: str, rows: Any) -> list[str]:
    return [key for key in row.get(table, ()) if key in rows] if isinstance(rows, dict) else []


def _converted(raw: dict[str, Any]) -> Catalogue:
    try:
        return msgspec.convert(raw, Catalogue, str_keys=False)
    except msgspec.ValidationError as error:
        table = str(error).partition("`$.")[2].partition("[")[0]
        raise CatalogueError([f"{table or 'catalogue'}.yaml: {error}"]) from error


def _parsed(name: str, data: bytes, problems: list[str]) -> Any:
    import yaml  # only when the cache is cold

    try:
        return yaml.load(data, Loader=yaml_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problems.append(f"{name}:{mark.line + 1 if mark else 1}: {getattr(error, 'problem', error)}")
        return None


@cache
def yaml_loader() -> Any:
    """A safe loader that refuses the same key twice and leaves dates and ``yes``/``no`` as they are written."""
    import re

    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc, valid-type]
        """YAML 1.2 booleans only; no dates."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, rule) for tag, rule in rules if not tag.endswith((":timestamp", ":bool"))]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
    Loader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)
    return Loader


def _unique_mapping(loader: Any, node: Any) -> dict[Any, Any]:
    import yaml

    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _keyed(rows: Any) -> dict[str, Any]:
    return {key: {"id": key, **row} for key, row in (rows or {}).items()}


def _interfaces(rows: Any) -> dict[str, Any]:
    return {key: {"id": key, "cls": row.pop("class"), **row} for key, row in (rows or {}).items()}


def _of_classes(rows: Any) -> list[dict[str, Any]]:
    """Rows whose key ``class``, no name in Python, becomes ``cls``."""
    return [{("cls" if key == "class" else key): value for key, value in row.items()} for row in rows or ()]


def _summaries(table: Any) -> Iterable[dict[str, Any]]:
    """A row for each member of each class."""
    for cls, members in (table or {}).get("rows", {}).items():
        for member, moves in members.items():
            yield {"cls": cls, "member": str(member), "moves": moves}


def _sdks(parsed: Mapping[str, Any], problems: list[str]) -> Iterable[tuple[str, Sdk]]:
    for name, row in parsed.items():
        if name.startswith("sdks/"):
            sdk = _row(name, row, Sdk, problems)
            if sdk is not None and _named(name, sdk.id, name[5:-5], problems):
                yield sdk.id, sdk


def _row(name: str, row: Any, shape: type[R], problems: list[str]) -> R | None:
    """A file's content as a row; what is wrong is appended as ``file: message``."""
    try:
        return msgspec.convert(row, shape)
    except msgspec.ValidationError as error:
        problems.append(f"{name}: {error}")
        return None


def _named(name: str, identity: str, wanted: str, problems: list[str]) -> bool:
    """Whether the id is the one that the file's place gives it."""
    if identity != wanted:
        problems.append(f"{name}: the id is {identity!r}, its place says {wanted!r} - at `$.id`")
    return identity == wanted


def _regulations(parsed: Mapping[str, Any], problems: list[str]) -> dict[str, Regulation]:
    found: dict[str, Regulation] = {}
    folders = {name.split("/")[1]: name for name in parsed if name.startswith("regulations/")}
    for folder, name in folders.items():
        head = f"regulations/{folder}/regulation.yaml"
        if head not in parsed:
            problems.append(f"{name}: its folder has no regulation.yaml")
            continue
        regulation = _row(head, parsed[head], Regulation, problems)
        if regulation is not None and _named(head, regulation.id, folder, problems):
            clauses = tuple(_clauses(f"regulations/{folder}", parsed, problems))
            found[folder] = msgspec.structs.replace(regulation, clauses=clauses)
    return found


def _clauses(folder: str, parsed: Mapping[str, Any], problems: list[str]) -> Iterable[Clause]:
    names = [n for n in parsed if n.startswith(folder + "/") and not n.endswith("/regulation.yaml")]
    for name in sorted(names, key=_number):
        if not _all_there(name, parsed, problems):
            continue
        clause = clause_from(name, _told_alike(parsed[name], parsed), problems)
        wanted = name.removeprefix("regulations/").removesuffix(".yaml")
        if clause is not None and _named(name, clause.id, wanted, problems):
            yield clause


def _number(name: str) -> list[tuple[int, str]]:
    """``1.5b`` → [(1, ""), (5, "b")]: 10 stands after 9, and the parts of an item stand after it."""
    stem = name.rpartition("/")[2].removesuffix(".yaml")
    return [(int(part.rstrip(_LETTERS) or 0), part.lstrip(_DIGITS)) for part in stem.split(".")]


def _all_there(name: str, parsed: Mapping[str, Any], problems: list[str]) -> bool:
    """Whether every clause that a row follows is a file."""
    follows = parsed[name].get("follows") if isinstance(parsed[name], dict) else None
    named = follows if isinstance(follows, list) else []
    lost = [one for one in named if f"regulations/{one}.yaml" not in parsed]
    problems += [f"{name}: follows a clause that is not there: {one!r} - at `$.follows`" for one in lost]
    return not lost


def _told_alike(row: Any, parsed: Mapping[str, Any]) -> Any:
    """A clause that follows one other speaks in its words wherever it has none of its own."""
    followed = row.get("follows") if isinstance(row, dict) else None
    if not isinstance(followed, list) or len(followed) != 1 or not isinstance(row.get("wording"), dict):
        return row
    other = (parsed.get(f"regulations/{followed[0]}.yaml") or {}).get("wording", {})
    return {**row, "wording": {lang: {**other.get(lang, {}), **(own or {})} for lang, own in row["wording"].items()}}


def clause_from(name: str, row: Any, problems: list[str]) -> Clause | None:
    """One clause file's content as a Clause; problems are appended as ``file: message``."""
    try:
        raw = {**row, "questions": list(_keyed(row.get("questions")).values())}
        raw["follows"] = _named_there(row)
        for key in ("breached_when", "applies_when"):
            if raw.get(key) is not None:
                raw[key] = msgspec.to_builtins(conditions.read(raw[key]))
        return msgspec.convert(raw, Clause)
    except (msgspec.ValidationError, CatalogueError, TypeError, KeyError, AttributeError) as error:
        problems.append(f"{name}: {error}")
        return None


def _named_there(row: Any) -> list[dict[str, str]]:
    """The clauses a row follows, by name. A row that tests nothing would always be met, and is refused."""
    if not row.get("follows") and row.get("breached_when") is None:
        raise CatalogueError(["a clause has `breached_when`, `follows` or both"])
    return [{"clause": identity} for identity in row.get("follows", ())]


def _linked(regulations: dict[str, Regulation], problems: list[str]) -> dict[str, Regulation]:
    """Every clause that follows others with what those are tested by."""
    known = {clause.id: clause for regulation in regulations.values() for clause in regulation.clauses}

    def filled(clause: Clause, above: tuple[str, ...]) -> tuple[Followed, ...]:
        return tuple(one for name in clause.follows if (one := followed(name.clause, (*above, clause.id))))

    def followed(name: str, above: tuple[str, ...]) -> Followed | None:
        if name not in known:  # its own file is broken, and that is told
            return None
        if name in above:
            problems.append(f"regulations/{above[-1]}.yaml: follows itself by way of {name!r} - at `$.follows`")
            return None
        rule = known[name]
        return Followed(
            clause=name,
            breached_when=rule.breached_when,
            applies_when=rule.applies_when,
            follows=filled(rule, above),
        )

    return {
        key: msgspec.structs.replace(
            regulation,
            clauses=tuple(msgspec.structs.replace(c, follows=filled(c, ())) for c in regulation.clauses),
        )
        for key, regulation in regulations.items()
    }
