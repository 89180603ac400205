"""Both languages say everything, and every blank of a sentence is a field that exists."""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

import mingcha
from mingcha.catalogue.load import load
from mingcha.model.fact import KINDS, Fact
from mingcha.model.factbase import Gap, Reason
from mingcha.model.words import Channel, StepKind
from mingcha.render.charset import has
from mingcha.render.missing import gap_sentence
from mingcha.render.reading import Reading
from mingcha.render.wording import Words, fill, words
from tests.unit.render import sample

SILENT = {"debuggable", "allow_backup", "cleartext", "before_23", "dangerous", "sensitive", "enabled"}
"""Yes-or-no fields that no sentence prints."""


def test_both_languages_have_the_same_words() -> None:
    """No label, sentence, kind, field, value, gap or area is missing in one language."""
    zh, en = words("zh"), words("en")
    for table in Words.__slots__:
        assert set(getattr(zh, table)) == set(getattr(en, table)), table
    for field, values in zh.values.items():
        assert set(values) == set(en.values[field]), field


@pytest.mark.parametrize("table", ["labels", "sentences", "facts", "gaps"])
def test_both_languages_fill_the_same_blanks(table: str) -> None:
    """A sentence has the same blanks in Chinese and in English."""
    for key, text in getattr(words("zh"), table).items():
        there = getattr(words("en"), table)[key]
        assert set(re.findall(r"\{(\w+)\}", text)) >= set(re.findall(r"\{(\w+)\}", there)) - {"ids"}, key


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_name_and_a_sentence_of_its_fields(kind: str, lang: Literal["zh", "en"]) -> None:
    """Each kind of fact can be told, from fields that it has."""
    told = words(lang)
    assert told.kinds[kind]
    assert set(re.findall(r"\{(\w+)\}", told.facts[kind])) <= set(KINDS[kind].__struct_fields__)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_fixed_value_has_a_word(kind: str, lang: Literal["zh", "en"]) -> None:
    """Every value that a field may take by its type, yes and no included, is told in words."""
    for field, hint in _own_hints(KINDS[kind]).items():
        for value in _fixed(hint):
            assert words(lang).value(field, value, kind) is not None, (field, value)


def _own_hints(cls: type[Fact]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {f: hints[f] for f in cls.__struct_fields__ if f not in {"place", "id", "sources"} | SILENT}


def _fixed(hint: Any) -> list[Any]:
    if hint is bool:
        return [True, False]
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    return [value for part in get_args(hint) for value in _fixed(part)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_field_and_reason_has_a_word(lang: Literal["zh", "en"]) -> None:
    """What a trace tests and why a gap is there can be named."""
    fields = {f for cls in KINDS.values() for f in cls.__struct_fields__} - {"place", "sources"}
    assert fields <= set(words(lang).fields)
    assert set(get_args(Reason)) <= set(words(lang).values["reason"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_and_channel_has_a_word(lang: Literal["zh", "en"]) -> None:
    """What a step does and where information may go can be told, with and without the thing dealt with."""
    told = words(lang)
    assert {f"step_{does}" for does in get_args(StepKind)} <= set(told.sentences)
    assert set(get_args(StepKind)) <= set(told.values["does"])
    assert set(get_args(Channel)) == set(told.values["outlet"]) == set(told.values["channel"])


def test_every_gap_that_a_collector_writes_has_a_sentence() -> None:
    """Each code that stands in our own source is told in a sentence of its own."""
    source = Path(mingcha.__file__).parent
    codes = {
        code
        for path in source.rglob("*.py")
        for code in re.findall(r'code="([a-z_]+\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert len(codes) > 8
    assert codes <= set(words("zh").gaps)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_our_own_words_are_in_the_shipped_fonts(lang: Literal["zh", "en"]) -> None:
    """No fixed word of ours would print as a number in the PDF."""
    told = words(lang)
    tables = [
        told.labels,
        told.sentences,
        told.kinds,
        told.facts,
        told.fields,
        told.gaps,
        told.areas,
        *told.values.values(),
    ]
    assert {c for table in tables for text in table.values() for c in text if not has(c)} == set()


def test_optional_parts_go_when_a_blank_is_empty() -> None:
    """A bracketed part vanishes with its blank; a blank outside reads as unknown; values are never read as templates."""
    assert fill("a{x}[, {y}]", {"x": "", "y": ""}, "?") == "a?"
    assert fill("a{x}[, {y}]", {"x": "{y}", "y": "[z]"}, "?") == "a{y}, [z]"


@pytest.mark.parametrize(("lang", "word"), [("zh", "没有追到"), ("en", "not followed")])
def test_nothing_is_not_counted(lang: Literal["zh", "en"], word: str) -> None:
    """A gap that counts none of something does not say so."""
    for count, told in (("0", False), ("3", True)):
        gap = Gap(
            collector="flows",
            reason="partial",
            hides=("InformationFlow",),
            code="flows.outward",
            values={"count": count},
        )
        assert (word in gap_sentence(Reading(sample.report(), sample.catalogue(), "operator", lang), gap)) is told


def test_every_hard_condition_is_told_in_english() -> None:
    """What the Chinese terms may read as the condition of closing an account has a word in both languages."""
    for condition in load().terms["zh"].words["hard_condition"]:
        assert words("en").value("form", condition, "ProvisionStated")
        assert words("zh").value("form", condition, "ProvisionStated") == condition


def test_no_type_is_named_by_more_than_one_of_its_words() -> None:
    """A word of a policy is read as a type: its name says "or", because the policy said no more than that word."""
    names = [row.name for row in load().information.values()]
    assert not [name["zh"] for name in names if re.search("[与和]|（[^）]*、", name["zh"])]
    assert not [name["en"] for name in names if re.search(r"\([^)]*,", name["en"])]
