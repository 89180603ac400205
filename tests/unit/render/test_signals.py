"""The signs of an SDK are told in the reader's language; foreign ones stay as they are."""

from __future__ import annotations

import pytest

from mingcha.model.clause import Language
from mingcha.render.reading import Reading
from mingcha.render.signals import signals
from tests.unit.render import sample

LIKENESS = "likeness 0.98 (129 of 294 strings, 37 classes)"


@pytest.mark.parametrize(
    ("lang", "sign", "told"),
    [
        ("zh", LIKENESS, "相似度0.98（294个特征字符串中有129个，37个类）"),
        ("zh", "package com.a.b (186 classes)", "包 com.a.b（186个类）"),
        ("zh", "host a.example", "主机 a.example"),
        ("zh", "com.a.b and more", "com.a.b and more"),
        ("en", LIKENESS, LIKENESS),
        ("en", "native libx.so", "native libx.so"),
    ],
)
def test_a_sign_is_told_in_the_readers_words(lang: Language, sign: str, told: str) -> None:
    """Our own words for what a sign is are translated, names are not."""
    assert signals(Reading(sample.report(), sample.catalogue(), "operator", lang), (sign,)) == told
