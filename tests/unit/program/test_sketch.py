"""Sketches of code: alike where the code is alike, whatever things are called."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from mingcha.formats.dex import Dex
from mingcha.program.sketch import PLACES, alike, of_hashes, sketch
from tests.build.renamer import defined, dexes, renamed
from tests.build.tinyapp import app, opened

DEMO = Path(__file__).parents[3] / "demo"


def images(name: str) -> list[bytes]:
    """The DEX files of a demo app."""
    return [data for _, data in dexes((DEMO / f"{name}.apk").read_bytes())]


def test_renaming_changes_nothing() -> None:
    """Every class under another name: the same sketch."""
    (data,) = images("flashlight")
    names = {name: f"Lq/x{number};" for number, name in enumerate(defined([data]))}
    other = renamed(data, names)
    assert other != data
    assert sketch([Dex(data)], lambda _: True) == sketch([Dex(other)], lambda _: True) is not None


def test_without_code_there_is_no_sketch() -> None:
    """Not one of zeros, that would be like every other."""
    assert sketch([one.dex for one in opened(app([])).code], lambda _: True) is None
    assert sketch(map(Dex, images("flashlight")), lambda _: False) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_places_in_common_follow_the_methods_in_common(share: float) -> None:
    """Of two sets of 2,000, over forty pairs, the mean of the places in common is the share that they have in common."""
    chosen = random.Random(7)
    found = []
    for _ in range(40):
        both = [chosen.getrandbits(64) for _ in range(round(4000 * share / (1 + share)))]
        one, other = (
            np.array(both + [chosen.getrandbits(64) for _ in range(2000 - len(both))], np.uint64) for _ in "ab"
        )
        found.append(alike(of_hashes(one), of_hashes(other)) / PLACES)
    assert abs(sum(found) / len(found) - share) < 0.04


def test_few_methods_fill_all_places() -> None:
    """Two sketches of the same three methods agree everywhere; no place is empty."""
    three = np.array([5 << 58, 9, (61 << 58) | 77], np.uint64)
    assert len(of_hashes(three)) == PLACES
    assert alike(of_hashes(three), of_hashes(three[::-1])) == PLACES
