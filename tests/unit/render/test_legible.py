"""Text from an artefact cannot hide anything or turn a line around."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mingcha.render.legible import all_legible, legible
from mingcha.render.view import Table


def test_direction_marks_are_shown() -> None:
    """A name that would print backwards prints its control character instead."""
    assert legible("gpj\u202e.apk") == "gpj[U+202E].apk"


def test_white_space_becomes_a_space() -> None:
    """Line breaks and odd spaces cannot make a text look like two."""
    assert legible("a\r\nb\u2028c\u3000d\te") == "a  b c\u3000d e"


def test_invisible_characters_are_shown() -> None:
    """Zero-width characters, tags and lone surrogates are named."""
    assert legible("a\u200bb\U000e0041\ud800") == "a[U+200B]b[U+E0041][U+D800]"


def test_heaps_of_marks_are_shown() -> None:
    """Combining marks that would climb over other lines are named; one on a letter stays."""
    assert legible("e\u0301") == "e\u0301"
    assert legible("e\u0301\u0302\u0303\u0304") == "e[U+0301][U+0302][U+0303][U+0304]"


@given(st.text())
def test_no_control_or_format_character_is_left(text: str) -> None:
    """Whatever comes in, nothing that comes out is a control, format, surrogate or private character."""
    assert not {unicodedata.category(c) for c in legible(text)} & {"Cc", "Cf", "Cs", "Co"}


def test_every_string_of_a_page_is_reached() -> None:
    """The walk goes through tuples, dataclasses and dictionaries."""
    table = Table("t", "a\u202e", ("b\x00",), (("c\u200d",),))
    assert all_legible({"k": table})["k"] == Table("t", "a[U+202E]", ("b[U+0000]",), (("c[U+200D]",),))
