"""SM3 against the standard's examples and the library's own, where there is one."""

from __future__ import annotations

import hashlib
import random

import pytest

from mingcha.collect.traffic.digests import ALGORITHMS, digest, sm3


def test_examples_of_the_standard() -> None:
    """Both examples of GB/T 32905-2016 come out."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_against_the_library() -> None:
    """Our SM3 agrees with OpenSSL's on texts of every length around a block."""
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3; the standard's examples stand alone")
    rng = random.Random(1)
    for size in range(0, 140, 7):
        data = rng.randbytes(size)
        assert sm3(data) == hashlib.new("sm3", data).digest() == digest("sm3", data)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where OpenSSL lacks SM3, the digest is the same."""

    def none(name: str, *_: object, **__: object) -> None:
        raise ValueError(name)

    expected = digest("sm3", b"abc")
    monkeypatch.setattr(hashlib, "new", none)
    assert digest("sm3", b"abc") == expected
    assert ALGORITHMS == ("md5", "sha1", "sha256", "sm3")
