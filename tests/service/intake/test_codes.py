"""Receipt codes: easy for their owner, hopeless for anybody else."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.service.intake.codes import ALPHABET, LENGTH, new_code, normalise, shown, stored

PEPPER = b"p" * 32


@given(st.binary(min_size=8, max_size=8))
def test_codes_have_one_form(random: bytes) -> None:
    """A code has twelve characters without I, L, O and U, and what is shown reads back as itself."""
    code = new_code(lambda count: random[:count])
    assert len(code) == 12
    assert not set(code) & set("ILOUilou")
    assert normalise(shown(code)) == code


def test_codes_hold_60_bits() -> None:
    """Each of the lowest 60 random bits changes the code, and each place takes all 32 characters."""
    codes = {new_code(lambda _, bit=bit: (1 << bit).to_bytes(8, "big")) for bit in range(60)}
    assert len(codes) == 60
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    places: dict[int, set[str]] = collections.defaultdict(set)
    for _ in range(2000):
        for place, character in enumerate(new_code()):
            places[place].add(character)
    assert [len(places[place]) for place in range(LENGTH)] == [32] * 12


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB", "0123456789ab", " 0123 4567 89ab ", "O123-4567-89AB", "oI23-4567-89ab", "0l23.4567.89AB",
        "０１２３－４５６７－８９ＡＢ", "0123—4567–89AB", "\t0123\u30004567\u00a089AB\n",
    ],
)  # fmt: skip
def test_typing_is_forgiven(typed: str) -> None:
    """Small letters, spaces, strokes, wide characters of a Chinese keyboard, O for 0, I and L for 1 are understood."""
    assert normalise(typed) == "0123456789AB"


@pytest.mark.parametrize(
    "typed", ["", "0123-4567-89A", "0123-4567-89ABC", "0123-4567-89A中", "0" * 5000, "0123-4567-89Aé"]
)
def test_other_texts_are_no_codes(typed: str) -> None:
    """What has not twelve of our characters is no code."""
    assert normalise(typed) is None


@given(st.text(max_size=80))
def test_any_text_can_be_typed(typed: str) -> None:
    """Any text is a code in our form or none."""
    code = normalise(typed)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_what_is_kept_tells_nothing() -> None:
    """What the database holds differs by code and by pepper and holds no part of the code."""
    kept = stored("0123456789AB", PEPPER)
    assert kept != stored("0123456789AC", PEPPER)
    assert kept != stored("0123456789AB", b"q" * 32)
    assert "0123456789AB" not in kept.upper()


def test_a_short_pepper_is_refused() -> None:
    """A pepper that could be guessed is refused."""
    with pytest.raises(ValueError, match="32 random bytes"):
        stored("0123456789AB", b"short")


def test_the_chance_of_a_guess() -> None:
    """10,000 addresses with ten tries an hour against a million live codes: less than one in a million hours (H1)."""
    assert 10_000 * 10 * 1_000_000 / 32**LENGTH < 1e-6
