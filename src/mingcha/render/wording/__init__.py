"""Every fixed word a reader sees, one module for each language, and how a sentence with blanks is filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from mingcha.model.clause import Language

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """One language: short labels, sentences with blanks, and the names of our own terms."""

    labels: Mapping[str, str]
    sentences: Mapping[str, str]
    kinds: Mapping[str, str]
    facts: Mapping[str, str]
    fields: Mapping[str, str]
    values: Mapping[str, Mapping[Any, str]]
    gaps: Mapping[str, str]
    areas: Mapping[str, str]

    def value(self, field: str, value: Any, kind: str = "") -> str | None:
        """Our word for a field's value, where we have one; a kind's own word goes before the general one."""
        for table in (f"{kind}.{field}", field):
            if value in self.values.get(table, ()):
                return self.values[table][value]
        return None

    def say(self, sentence: str, /, **blanks: object) -> str:
        """A fixed sentence with its blanks filled."""
        return fill(self.sentences[sentence], {k: "" if v is None else str(v) for k, v in blanks.items()}, "?")


def fill(template: str, values: Mapping[str, str], unknown: str) -> str:
    """The template with ``{blank}`` filled; a ``[part]`` goes when a blank in it is empty, other empty blanks read ``unknown``."""

    def part(match: re.Match[str]) -> str:
        return match[1] if all(values.get(name) for name in _BLANK.findall(match[1])) else ""

    return _BLANK.sub(lambda match: values.get(match[1]) or unknown, _OPTIONAL.sub(part, template))


@cache
def words(lang: Language) -> Words:
    """The words of one language."""
    page = import_module(f"mingcha.render.wording.{lang}")
    facts = import_module(f"mingcha.render.wording.facts_{lang}")
    paths = import_module(f"mingcha.render.wording.paths_{lang}")
    policy = import_module(f"mingcha.render.wording.policy_{lang}")
    observed = import_module(f"mingcha.render.wording.observed_{lang}")
    runs = import_module(f"mingcha.render.wording.runs_{lang}")
    return Words(
        labels={**page.LABELS, **paths.LABELS, **policy.LABELS, **runs.LABELS},
        sentences={**page.SENTENCES, **paths.SENTENCES, **policy.SENTENCES, **runs.SENTENCES},
        kinds={**facts.KINDS, **observed.KINDS},
        facts={**facts.FACTS, **observed.FACTS},
        fields={**facts.FIELDS, **observed.FIELDS},
        values=_united(page.VALUES, facts.VALUES, paths.VALUES, policy.VALUES, observed.VALUES, runs.VALUES),
        gaps={**facts.GAPS, **observed.GAPS},
        areas=page.AREAS,
    )


def _united(*modules: Mapping[str, Mapping[Any, str]]) -> dict[str, dict[Any, str]]:
    """All tables of words; tables of the same name become one."""
    found: dict[str, dict[Any, str]] = {}
    for module in modules:
        for table, rows in module.items():
            found.setdefault(table, {}).update(rows)
    return found
