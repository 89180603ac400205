"""Lines of a terminal fit, lose nothing and break where they may."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mingcha.render.lines import WIDTH, width, wrapped


@given(st.text(alphabet="ab 中文，。（【x", max_size=400))
def test_wrapping_loses_nothing_but_spaces(text: str) -> None:
    """Every character arrives in order, in lines that fit; only white space may go."""
    made = list(wrapped(text, 2, 4))
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert max(map(width, made)) <= WIDTH


def test_chinese_marks_stand_on_their_side_of_a_break() -> None:
    """A closing mark does not begin a line and an opening bracket does not end one."""
    assert next(iter(wrapped("中" * 49 + "，" + "文"))) == "中" * 49 + "，"
    assert next(iter(wrapped("中" * 48 + "（" + "文"))) == "中" * 48


def test_wide_characters_count_twice() -> None:
    """Sixty Chinese characters take two lines, the first one short of the columns kept for closing marks."""
    assert [width(line) for line in wrapped("中" * 60)] == [98, 22]
