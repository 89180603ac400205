"""Refusals: every one has a line in both languages, and every line is used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from mingcha.errors import MingchaError
from mingcha.service.intake import refusals
from mingcha.service.intake.refusals import CODES, IntakeError, in_units


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def raised() -> set[str]:
    """The codes that the modules name."""
    folder = Path(refusals.__file__).parent
    texts = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "refusals.py")
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', texts)) & CODES


def test_every_line_is_used_and_every_code_has_one() -> None:
    """No module names a code without a line (it would fail when it is raised), and no line stands unused."""
    assert raised() == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_lines_are_one_sentence_in_each_language(code: str) -> None:
    """Each refusal is one line, ends as a sentence of its language, and both languages fit the same refusal."""
    zh, en = refusals._WORDS[code]
    assert fields(zh) - {"wan"} == fields(en) - {"mega"}
    assert zh.endswith("。")
    assert en.endswith(".")
    assert "\n" not in zh + en
    assert not re.search(r"[,;:?!]", re.sub(r"\{[^}]*\}", "", zh)), "half-width punctuation in Chinese"


def test_a_refusal_speaks_both_languages() -> None:
    """The text for a reader is in the reader's language and names the value; names with braces are only shown."""
    error = IntakeError("member-damaged", name="{limit}<b>")
    assert isinstance(error, MingchaError)
    assert error.text("zh") == "压缩包内的 {limit}<b> 已损坏或与目录所述不符，请重新打包。"
    assert error.text("en") == str(error)
    assert "{limit}<b>" in error.en


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "1.5 KB"), (8 << 20, "8 MB"), (2 << 30, "2 GB")]
)  # fmt: skip
def test_sizes_are_said_in_units(count: int, said: str) -> None:
    """Sizes are said as people say them."""
    assert in_units(count) == said
