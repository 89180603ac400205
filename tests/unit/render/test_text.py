"""The terminal summary: short, in the right order, in columns that fit."""

from __future__ import annotations

import pytest

from mingcha.model.clause import Language, Reader
from mingcha.render import render
from mingcha.render.lines import WIDTH, width
from mingcha.render.text import first_part
from tests.unit.render import sample


def lines(reader: Reader = "operator", lang: Language = "zh") -> list[str]:
    return (
        render(sample.report(sample.FACTS + sample.SENT), sample.catalogue(), reader, "text", lang)
        .decode()
        .splitlines()
    )


@pytest.mark.parametrize("reader", ["operator", "regulator", "public"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_summary_fits_a_terminal(reader: Reader, lang: Language) -> None:
    """No line is wider than the page, the whole is at most sixty lines, and there are no colour codes."""
    made = lines(reader, lang)
    assert max(map(width, made)) <= WIDTH
    assert len(made) <= 60
    assert "\x1b" not in "".join(made)


def test_status_comes_before_everything() -> None:
    """First the status, then breaches, then what would decide the rest, then where to get more."""
    made = lines()
    order = [
        next(n for n, line in enumerate(made) if line.startswith(start))
        for start in ("发现2项疑似违反", "✗ 3.1", "✗ 6.5", "未能判定", "其余", "没有看到的内容", "更多内容")
    ]
    assert order == sorted(order)


def test_summary_says_where() -> None:
    """A breach in the summary names file and position."""
    assert any("policy.html，第12段" in line for line in lines())


@pytest.mark.parametrize(
    ("text", "part"),
    [("甲；乙。", "甲……"), ("只有一句。", "只有一句。"), ("Use v1.2 here; then stop.", "Use v1.2 here……")],
)
def test_first_part_of_a_remedy(text: str, part: str) -> None:
    """A long remedy is cut at its first full stop or semicolon and shows that it was."""
    assert first_part(text) == part
