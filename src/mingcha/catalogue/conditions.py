"""A condition as YAML writes it, read into the seven words of ``model.clause``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from mingcha.errors import CatalogueError
from mingcha.model.clause import All, Any_, Ask, AtLeast, Condition, Not, Seen, Some
from mingcha.model.factbase import Operator

OPERATORS: frozenset[str] = frozenset(get_args(Operator))


def read(node: Any) -> Condition:
    """The condition a YAML node stands for. Raises CatalogueError with the offending node."""
    if not isinstance(node, dict):
        raise CatalogueError([f"a condition is a mapping, not {node!r}"])
    for word, (keys, build) in _WORDS.items():
        if word in node:
            unknown = set(node) - keys
            if unknown:
                raise CatalogueError([f"`{word}` does not take {', '.join(sorted(unknown))}"])
            return build(node)
    raise CatalogueError([f"none of the seven words in {sorted(node)}"])


def _where(node: dict[str, Any]) -> dict[str, Any]:
    where = node.get("where", {})
    if not isinstance(where, dict):
        raise CatalogueError([f"`where` is a mapping of fields, not {where!r}"])
    for field, test in where.items():
        if isinstance(test, dict) and (len(test) != 1 or not set(test) <= OPERATORS):
            raise CatalogueError([f"`{field}` is tested by one of {sorted(OPERATORS)}, not {test!r}"])
    return where


def _parts(nodes: Any) -> tuple[Condition, ...]:
    if not isinstance(nodes, list) or not nodes:
        raise CatalogueError(["`all` and `any` take a list of conditions"])
    return tuple(read(node) for node in nodes)


def _at_least(node: dict[str, Any]) -> AtLeast:
    if "seen" not in node or "by" not in node:
        raise CatalogueError(["`at_least` needs `seen: Kind` and `by: field`"])
    return AtLeast(n=node["at_least"], kind=node["seen"], by=node["by"], where=_where(node))


def _some(node: dict[str, Any]) -> Some:
    if "then" not in node:
        raise CatalogueError(["`some` needs `then:`"])
    return Some(kind=node["some"], name=node.get("as", "it"), then=read(node["then"]), where=_where(node))


_WORDS: dict[str, tuple[set[str], Callable[[dict[str, Any]], Condition]]] = {
    "at_least": ({"at_least", "seen", "by", "where"}, _at_least),
    "seen": ({"seen", "where"}, lambda node: Seen(kind=node["seen"], where=_where(node))),
    "some": ({"some", "as", "where", "then"}, _some),
    "ask": (
        {"ask", "about", "of"},
        lambda node: Ask(question=node["ask"], about=node.get("about"), of=node.get("of")),
    ),
    "all": ({"all"}, lambda node: All(parts=_parts(node["all"]))),
    "any": ({"any"}, lambda node: Any_(parts=_parts(node["any"]))),
    "not": ({"not"}, lambda node: Not(part=read(node["not"]))),
}
