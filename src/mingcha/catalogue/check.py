"""The linter of the catalogue: every problem as ``file:line: message``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from mingcha.catalogue.check_android import ANDROID, Problem, misshapen
from mingcha.catalogue.check_screens import screens
from mingcha.catalogue.check_wording import wording_problems
from mingcha.catalogue.load import HOME, Catalogue, build, read_sources
from mingcha.errors import CatalogueError
from mingcha.model.clause import (
    All,
    Any_,
    Ask,
    AtLeast,
    Clause,
    Condition,
    Followed,
    Not,
    Question,
    Regulation,
    Seen,
    Some,
)
from mingcha.model.fact import KINDS
from mingcha.model.sdk import Sdk

_SHORTEST_PREFIX = 2
_FEWEST_EXAMPLES = 3


_Found = Iterator[tuple[tuple[str | int, ...], str]]


def problems(home: Path = HOME) -> list[str]:
    """All problems of the catalogue below ``home``, in the order of the files. Empty when it is sound."""
    sources = read_sources(home)
    if wrong := _told(misshapen(sources), sources):
        return wrong
    try:
        catalogue = build(sources)
    except CatalogueError as error:
        return [_with_line(problem, sources) for problem in error.problems]
    return _told((problem for rule in RULES for problem in rule(catalogue)), sources)


def _told(found: Iterable[Problem], sources: Mapping[str, bytes]) -> list[str]:
    """Problems as ``file:line: message``."""
    return [
        f"{file}:{_line(sources.get(file, b''), path)}: {message}" for file, path, message in sorted(found, key=str)
    ]


def _with_line(problem: str, sources: Mapping[str, bytes]) -> str:
    """A problem of loading (``file: message - at `$.path```) with the line its path leads to."""
    file, _, message = problem.partition(": ")
    if file not in sources or re.match(r"\d+: ", message):
        return problem
    at = re.search(r"`\$\.?([^`]*)`", message)
    path = tuple(int(p) if p.isdigit() else p for p in re.split(r"[.\[\]]+", at.group(1)) if p) if at else ()
    if path[:1] == (file.removesuffix(".yaml"),):  # a table of the catalogue; the file begins below it
        path = path[1:]
    return f"{file}:{_line(sources[file], path)}: {message}"


def _line(data: bytes, path: tuple[str | int, ...]) -> int:
    """The line of the deepest node that the path still reaches."""
    import yaml

    try:
        node = yaml.compose(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 1
    line = 1
    for step in path:
        key, node = _child(node, step)
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


def _child(node: Any, step: str | int) -> tuple[Any, Any]:
    if isinstance(node.value, list) and node.id == "mapping":
        return next(((k, v) for k, v in node.value if k.value == str(step)), (None, None))
    if node.id == "sequence" and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None


# --- tables ----------------------------------------------------------------------------------------------------------


def taxonomy(catalogue: Catalogue) -> Iterator[Problem]:
    """Parents exist, nobody is its own ancestor, an alias means one type."""
    aliases = Counter(alias for row in catalogue.information.values() for alias in row.aliases)
    for row in catalogue.information.values():
        if row.parent is not None and row.parent not in catalogue.information:
            yield "information.yaml", (row.id, "parent"), f"no information {row.parent!r}"
        if row.parent is not None and catalogue.is_a(row.parent, row.id):
            yield "information.yaml", (row.id, "parent"), f"{row.id} is its own ancestor"
        for alias in row.aliases:
            if aliases[alias] > 1:
                yield "information.yaml", (row.id, "aliases"), f"alias {alias!r} stands for several types"


def interfaces(catalogue: Catalogue) -> Iterator[Problem]:
    """Each gives a known information or an event, and its patterns compile."""
    for row in catalogue.interfaces.values():
        if (row.information is None) == (row.event is None):
            yield "interfaces.yaml", (row.id,), "gives either an information or an event"
        yield from _unknown("interfaces.yaml", (row.id, "information"), [row.information], catalogue)
        for number, predicate in enumerate(row.when):
            if predicate.pattern is not None:
                yield from _pattern("interfaces.yaml", (row.id, "when", number), predicate.pattern)


def permissions(catalogue: Catalogue) -> Iterator[Problem]:
    """What a permission opens is known."""
    for row in catalogue.permissions.values():
        yield from _unknown("permissions.yaml", (row.id, "information"), row.information, catalogue)


def types(catalogue: Catalogue) -> Iterator[Problem]:
    """Types 1 to 39, each once; what they need is known."""
    if set(catalogue.app_types) != set(range(1, 40)):
        yield "app_types.yaml", (), "the types are numbered 1 to 39"
    for number, row in enumerate(catalogue.app_types.values()):
        yield from _unknown("app_types.yaml", (number, "necessary"), row.necessary, catalogue)


def sdks(catalogue: Catalogue) -> Iterator[Problem]:
    """Declared information is known, patterns compile, and no short prefix decides."""
    for sdk in catalogue.sdks.values():
        file = f"sdks/{sdk.id}.yaml"
        yield from _unknown(file, ("declared",), sdk.declared, catalogue)
        yield from _unknown(file, ("declared_optional",), sdk.declared_optional, catalogue)
        yield from _signatures(file, sdk)


def _signatures(file: str, sdk: Sdk) -> Iterator[Problem]:
    for number, signature in enumerate(sdk.signatures):
        path = ("signatures", number, "value")
        if signature.pattern:
            yield from _pattern(file, path, signature.value)
        short = signature.value.count(".") + 1 < _SHORTEST_PREFIX
        if signature.form == "package" and signature.verified and short:
            yield file, path, "a prefix of one segment must not decide: mark it `verified: false`"


def terms(catalogue: Catalogue) -> Iterator[Problem]:
    """Terms name known information."""
    for language, row in catalogue.terms.items():
        yield from _unknown(
            f"terms/{language}/information.yaml", ("information",), getattr(row, "information", {}), catalogue
        )


def _unknown(file: str, path: tuple[str | int, ...], names: Any, catalogue: Catalogue) -> Iterator[Problem]:
    for name in names:
        if name is not None and name not in catalogue.information:
            yield file, path, f"no information {name!r}"


def _pattern(file: str, path: tuple[str | int, ...], pattern: str) -> Iterator[Problem]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield file, path, f"not a regular expression: {error}"


# --- clauses ---------------------------------------------------------------------------------------------------------


def regulations(catalogue: Catalogue) -> Iterator[Problem]:
    """Days are days, titles stand in both languages."""
    for regulation in catalogue.regulations.values():
        file = f"regulations/{regulation.id}/regulation.yaml"
        yield from ((file, path, message) for path, message in _days(regulation, "issued"))
        if set(regulation.title) != {"zh", "en"}:
            yield file, ("title",), "needs a title in zh and in en"


def _days(row: Regulation | Clause, *more: str) -> _Found:
    for field in (*more, "effective_from", "effective_to"):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", getattr(row, field) or "2000-01-01"):
            yield (field,), "a day is written 2024-05-31"


def clauses(catalogue: Catalogue) -> Iterator[Problem]:
    """Conditions speak of kinds, fields, values and questions that exist; wording, examples and references are whole."""
    known = {clause.id for regulation in catalogue.regulations.values() for clause in regulation.clauses}
    for regulation in catalogue.regulations.values():
        for clause in regulation.clauses:
            file = f"regulations/{regulation.id}/{clause.id.partition('/')[2]}.yaml"
            for path, message in _clause(clause, catalogue):
                yield file, path, message
            for other in {*clause.related} - known - set(catalogue.regulations):
                yield file, ("related",), f"is related to {other!r}, which is not there"
            if clause.category not in regulation.categories:
                yield file, ("category",), f"{regulation.id} has no category {clause.category!r}"


def _clause(clause: Clause, catalogue: Catalogue) -> _Found:
    asked: set[str] = set()
    for name, condition in (("breached_when", clause.breached_when), ("applies_when", clause.applies_when)):
        if condition is not None:
            for message in _condition(condition, frozenset({"case"}), clause, catalogue, asked):
                yield (name,), message
    yield from _days(clause)
    yield from _questions(clause, asked)
    yield from _examples(clause)
    yield from _machine(clause)
    for language in ("zh", "en"):
        if language not in clause.wording:
            yield ("wording",), f"no wording in {language!r}"
    yield from wording_problems(clause)
    if clause.status == "reviewed" and not (clause.reviewed_by and clause.reviewed_on):
        yield ("status",), "reviewed needs `reviewed_by` and `reviewed_on`"


def _condition(
    condition: Condition, bound: frozenset[str], clause: Clause, catalogue: Catalogue, asked: set[str]
) -> Iterator[str]:
    match condition:
        case All(parts=parts) | Any_(parts=parts):
            for part in parts:
                yield from _condition(part, bound, clause, catalogue, asked)
        case Not(part=part):
            yield from _condition(part, bound, clause, catalogue, asked)
        case Ask(question=question, about=about, of=of):
            asked |= {question} if of is None else set()
            if question not in {q.id for q in _asking(clause, of, catalogue)}:
                yield f"asks {question!r}, which is not among {f'the questions of {of}' if of else 'its questions'}"
            yield from _variable(about, bound)
        case Some(kind=kind, name=name, then=then, where=where):
            yield from _test(kind, where, bound, catalogue)
            yield from _condition(then, bound | {name}, clause, catalogue, asked)
        case AtLeast(kind=kind, by=by, where=where):
            yield from _test(kind, {**where, by: None}, bound, catalogue)
        case Seen(kind=kind, where=where):
            yield from _test(kind, where, bound, catalogue)


def _asking(clause: Clause, of: str | None, catalogue: Catalogue) -> tuple[Question, ...]:
    """The questions among which one is asked: the clause's own, or those of the clause ``of``."""
    others = (other for regulation in catalogue.regulations.values() for other in regulation.clauses)
    found = clause if of is None else next((other for other in others if other.id == of), None)
    return found.questions if found else ()


def _test(kind: str, where: Mapping[str, Any], bound: frozenset[str], catalogue: Catalogue) -> Iterator[str]:
    if kind not in KINDS:
        yield f"no kind of fact {kind!r}"
        return
    hints = {field.name: field.type for field in msgspec.structs.fields(KINDS[kind])}
    for field, test in where.items():
        if field not in hints:
            yield f"{kind} has no field {field!r}"
            continue
        for value in _values(test):
            yield from _variable(value, bound)
            yield from _value(kind, field, hints[field], value, catalogue)


def _values(test: Any) -> list[Any]:
    operand = next(iter(test.values())) if isinstance(test, dict) else test
    return list(operand) if isinstance(operand, (list, tuple)) else [operand]


def _value(kind: str, field: str, hint: Any, value: Any, catalogue: Catalogue) -> Iterator[str]:
    if value is None or (isinstance(value, str) and value.startswith("$")):
        return
    if field == "information" and value not in catalogue.information:
        yield f"no information {value!r}"
    allowed = _choices(hint)
    if allowed and value not in allowed:
        yield f"{kind}.{field} is never {value!r}; it is one of {', '.join(map(str, allowed))}"


def _choices(hint: Any) -> tuple[Any, ...]:
    """The values of a Literal, also inside a union; empty for any other type."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(value for part in get_args(hint) for value in _choices(part))


def _variable(value: Any, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("$") and value[1:].partition(".")[0] not in bound:
        yield f"{value!r} names nothing here"


def _questions(clause: Clause, asked: set[str]) -> _Found:
    for question in clause.questions:
        path = ("questions", question.id)
        if question.states is None and question.id not in asked:
            yield path, "is never asked by the condition and states no fact"
        yield from ((path, message) for message in _states(question))
        for language in ("zh", "en"):
            if language not in question.text:
                yield path, f"has no text in {language!r}"


def _states(question: Question) -> Iterator[str]:
    if question.states is None:
        return
    kind = KINDS.get(question.states.get("kind", ""))
    if kind is None:
        yield "states a fact of no known kind"
        return
    for field in {*question.states, *(question.covers or {})} - {"kind"} - set(kind.__struct_fields__):
        yield f"{kind.__name__} has no field {field!r}"
    hints = {field.name: str(field.type) for field in msgspec.structs.fields(kind)}
    for field, value in question.states.items():
        if isinstance(value, str) and value.startswith("$") and value not in ("$answer", "$about"):
            yield f"{value!r} is neither $answer nor $about"
        if value == "$answer" and question.answer != ("yes/no" if "bool" in hints.get(field, "bool") else "number"):
            yield f"{kind.__name__}.{field} takes {'yes or no' if 'bool' in hints[field] else 'a number: add `answer: number`'}"


def _examples(clause: Clause) -> _Found:
    outcomes = {example.outcome for example in clause.examples}
    if len(clause.examples) < _FEWEST_EXAMPLES or not {"breached", "not determined"} <= outcomes:
        yield ("examples",), "needs three or more, among them breached and not determined"
    if not outcomes & {"met", "not applicable"}:
        yield ("examples",), "needs one that is met or not applicable"
    for number, example in enumerate(clause.examples):
        for place, fact in enumerate(example.facts):
            kind = KINDS.get(fact.get("kind", ""))
            unknown = set(fact) - {"kind", *kind.__struct_fields__} if kind else {"kind"}
            if unknown:
                yield ("examples", number, "facts", place), f"unknown {', '.join(sorted(unknown))} in {fact}"


def _machine(clause: Clause) -> _Found:
    """Full and fail-only mean that evidence alone can prove a breach, human that it cannot."""
    alone = _alone(clause)
    if clause.machine in ("full", "fail-only") and not alone:
        yield ("machine",), f"is {clause.machine!r}, but no evidence proves a breach without a person"
    if clause.machine == "human" and alone:
        yield ("machine",), "is 'human', but evidence alone can make it breached"


def _alone(rule: Clause | Followed) -> bool:
    """Whether evidence alone can breach it, or one of the clauses it follows."""
    own = rule.breached_when is not None and _provable(rule.breached_when, wanted=True)
    return own or any(map(_alone, rule.follows))


def _provable(condition: Condition, *, wanted: bool) -> bool:
    """Whether the condition can become yes (no) with every question unanswered."""
    match condition:
        case Ask():
            return False
        case Not(part=part):
            return _provable(part, wanted=not wanted)
        case All(parts=parts):
            return (all if wanted else any)(_provable(part, wanted=wanted) for part in parts)
        case Any_(parts=parts):
            return (any if wanted else all)(_provable(part, wanted=wanted) for part in parts)
        case Some(then=then):
            return _provable(then, wanted=True) if wanted else True
        case _:
            return True


RULES: tuple[Callable[[Catalogue], Iterator[Problem]], ...] = (
    taxonomy, interfaces, permissions, types, sdks, terms, screens, *ANDROID, regulations, clauses,
)  # fmt: skip
