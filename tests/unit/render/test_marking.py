"""Facts of a policy find the very sentence they were read from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.model.artefact import clip
from mingcha.model.fact import Fact
from mingcha.model.factbase import FactBase
from mingcha.render import marking as marking_module
from mingcha.render.marking import Marked, marking
from tests.unit.render import sample


def marked(*facts: Fact) -> list[Marked]:
    return [paragraph for text in marking(FactBase.of(facts)).texts for paragraph in text.paragraphs]


def stretches(paragraph: Marked) -> list[str]:
    return [
        (paragraph.text if mark.cell is None else (paragraph.cells or ())[mark.cell])[mark.start : mark.end]
        for mark in paragraph.marks
    ]


def denial(at: int, quote: str) -> Fact:
    return sample.said("PolicyDenial", at, quote, information="contacts.book")


def test_a_quote_is_found_in_its_paragraph() -> None:
    """Two sentences of one paragraph are two marks, in the order of the text, each with its own facts."""
    first = marked(*sample.POLICY_TEXT, *sample.POLICY_READ)[1]
    assert stretches(first) == [sample.BOOK]
    both = marked(*sample.POLICY_TEXT, denial(4, "感谢您的信任。"), denial(4, sample.PLACE))[3]
    assert stretches(both) == [sample.PLACE, "感谢您的信任。"]
    assert [mark.anchor for mark in both.marks] == ["p1-4-1", "p1-4-2"]


def test_a_clipped_quote_marks_its_whole_sentence() -> None:
    """A sentence longer than a quote may be is marked to its full stop and no further."""
    long = "我们会收集" + "您的设备信息、" * 60 + "用于安全。"
    (only,) = marked(sample.paragraph(1, f"前言。{long}后语。"), denial(1, clip(long)))
    assert stretches(only) == [long]


def test_a_quote_that_is_not_there_marks_the_paragraph() -> None:
    """Where the quote cannot be found nothing is guessed: the whole paragraph carries the fact."""
    (only,) = marked(sample.paragraph(1, "这里没有那句话。"), denial(1, "别处的话。"))
    assert stretches(only) == ["这里没有那句话。"]


def test_white_space_does_not_hide_a_sentence() -> None:
    """Quotes are one line; the paragraph may have had breaks in it."""
    (only,) = marked(sample.paragraph(1, "We do  not\nread it. Thanks."), denial(1, "We do not read it."))
    assert stretches(only) == ["We do not read it."]


def test_rows_are_marked_in_a_cell_or_as_a_whole() -> None:
    """A quote of one cell marks that cell, a quote of the row marks the row."""
    row = sample.paragraph(1, " | ".join(sample.ROW), cells=sample.ROW)
    (cell,) = marked(row, denial(1, "OAID"))
    assert [(mark.cell, mark.start, mark.end) for mark in cell.marks] == [(1, 0, 4)]
    (whole,) = marked(row, denial(1, "OAID"), denial(1, " | ".join(sample.ROW)))
    assert [mark.cell for mark in whole.marks] == [None]
    assert len(whole.marks[0].facts) == 2


@given(
    st.text(alphabet="甲乙。 \n", min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), max_size=6),
)
def test_marks_never_overlap(text: str, spans: list[tuple[int, int]]) -> None:
    """Whatever was read from a paragraph, its marks are in order, apart from each other, within it, and lose no fact."""
    facts = [denial(1, clip(text[start : start + length])) for start, length in spans]
    (only,) = marked(sample.paragraph(1, text), *facts)
    ends = [0, *(point for mark in only.marks for point in (mark.start, mark.end)), len(only.text)]
    assert ends == sorted(ends)
    assert {fact.id for mark in only.marks for fact in mark.facts} == {fact.id for fact in FactBase.of(facts).facts}


def test_long_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the room there is only headings and paragraphs with marks are kept, and the rest is counted."""
    for name, limit in (("CHARACTERS_SHOWN", 10), ("MARKS_SHOWN", 2), ("HEADINGS_SHOWN", 1)):
        monkeypatch.setattr(marking_module, name, limit)
    plain: list[Any] = [sample.paragraph(n, "很长的一段话" * 5) for n in range(1, 6)]
    facts = [
        *plain,
        sample.paragraph(6, "标题" * 9, 1),
        sample.paragraph(7, "标题" * 9, 1),
        denial(2, "很长"),
        denial(3, "很长"),
        denial(4, "很长"),
    ]
    (text,) = marking(FactBase.of(facts)).texts
    assert [paragraph.place.at for paragraph in text.paragraphs] == [2, 3, 6]
    assert text.left_out == 4
