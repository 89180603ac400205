"""Which hits are told: the longest, the innermost; and what counts as opaque."""

from __future__ import annotations

import random

from mingcha.collect.traffic.choosing import innermost, laid_out, longest, opaque
from mingcha.collect.traffic.matcher import Hit, Target
from mingcha.formats.exchange import Exchange
from mingcha.formats.layers import Leaf, peel


def hit(value: int, variant: str, offset: int, length: int) -> Hit:
    """A hit."""
    return Hit(Target(value, variant), offset, length)


def test_longest() -> None:
    """A shape inside of a longer one of the same value is not told; beside it, or of another value, it is."""
    rows = [
        hit(0, "md5", 0, 32),
        hit(0, "middle", 8, 16),
        hit(1, "middle", 8, 16),
        hit(0, "raw", 40, 15),
        hit(0, "raw", 60, 15),
    ]
    assert longest(rows) == [rows[0], rows[2], rows[3]]


def test_innermost() -> None:
    """Of a raw text and the value inside of it, the value is told; a raw text that alone shows a value is told."""
    leaves = [
        Leaf(("body",), "", "", b"x", whole=True),
        Leaf(("body", "json"), "a", "a", b"x"),
        Leaf(("header",), "h", "h", b"x"),
    ]
    assert innermost(leaves, {0: [hit(0, "raw", 0, 9)], 1: [hit(0, "raw", 0, 9)]}) == set()
    assert innermost(leaves, {0: [hit(0, "raw", 0, 9)], 2: [hit(0, "raw", 0, 9)]}) == {(0, 0)}
    assert innermost(leaves, {0: [hit(0, "raw", 0, 9)], 1: [hit(1, "raw", 0, 9)]}) == {(0, 0)}


def test_laid_out() -> None:
    """Each text starts where its offset says."""
    starts, data = laid_out([b"ab", b"", b"c"])
    assert ([data[at : at + 1] for at in starts], data) == ([b"a", b"\n", b"c"], b"ab\n\nc")


def test_opaque() -> None:
    """Random bytes and one long word are opaque; text, JSON and short bodies are not."""
    rng = random.Random(1)

    def told(body: bytes) -> bool:
        return opaque(peel(Exchange(0, "", "POST", "https://a.example", body=body)).leaves)

    assert told(b"\xff\xf7" + rng.randbytes(200))
    assert told(rng.randbytes(64).hex().encode())
    assert not told(b'{"a": 1}' + b" " * 50)
    assert not told(b"some words of a plain text that is long enough")
    assert not told(b"\xff\x00")
