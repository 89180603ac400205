"""Canonical JSON: the examples of RFC 8785, what is refused, and that bytes and values go one to one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.casework.canonical import DEPTH, LARGEST, canonical
from mingcha.errors import UsageError

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_as_the_rfc_shows() -> None:
    """The sorting example of RFC 8785, 3.2.3: by UTF-16 units, so the emoji stands before U+FB33."""
    names = ["€", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "ö"]
    written = canonical(dict.fromkeys(names, 0)).decode()
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_the_rfc_shows() -> None:
    """The string example of RFC 8785, 3.2.2: short escapes where JSON has them, small hex digits, the rest as UTF-8."""
    assert (
        canonical("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f") == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    )


def test_blanks_and_literals() -> None:
    """No blanks; true, false, null; a tuple is a list."""
    assert (
        canonical({"b": (1, -2, True), "a": {"x": None, "y": False}}) == b'{"a":{"x":null,"y":false},"b":[1,-2,true]}'
    )


def test_text_is_not_normalised() -> None:
    """The two spellings of é stay two texts."""
    assert canonical("e\u0301") != canonical("\u00e9")


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), b"x", {1: 2}, {"a": {2}}, LARGEST + 1, -LARGEST - 1, "\ud800", {"\ud800": 1}, {"a": len}],
    ids=repr,
)
def test_refused(value: object) -> None:
    """What another reader would read differently, or not at all, is refused in one line."""
    with pytest.raises(UsageError) as caught:
        canonical(value)
    assert "\n" not in str(caught.value)


def test_depth_is_bounded() -> None:
    """Forty levels are written, forty-one refused, and a hostile depth does not overflow."""
    value: object = 1
    for _ in range(DEPTH):
        value = [value]
    assert canonical(value) == b"[" * DEPTH + b"1" + b"]" * DEPTH
    with pytest.raises(UsageError, match="so deep"):
        canonical([value])


@given(VALUES)
def test_reading_gives_the_value_back(value: object) -> None:
    """What is written reads as the value, and writing that again gives the same bytes."""
    read = json.loads(canonical(value))
    assert read == value
    assert canonical(read) == canonical(value)


@given(st.dictionaries(TEXT, st.integers(0, 9), min_size=2, max_size=6))
def test_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    """The same object built in another order gives the same bytes."""
    assert canonical(dict(reversed(value.items()))) == canonical(value)
