"""Digests under a key, and texts without values."""

from __future__ import annotations

import pytest

from mingcha.collect.traffic.sealing import Seal, masked
from mingcha.errors import UsageError


def test_seal() -> None:
    """The same value gives the same digest within a case, in any case and with any separators, and another in another."""
    one, other = Seal(b"a" * 16), Seal(b"b" * 16)
    assert one.of("3C:AA:BB") == one.of("3caabb")
    assert one.of("3caabb") != other.of("3caabb")
    assert len(one.of("")) == 16
    with pytest.raises(UsageError):
        Seal(b"short")


@pytest.mark.parametrize(
    "secret",
    ["13900001111", "a.b@mail.example", "3c:aa:bb:cc:dd:e1", "1f2e3d4c-5b6a-7988-90a1-b2c3d4e5f607", "欧阳测试"],
)
def test_masked(secret: str) -> None:
    """Nothing that could be a person's value is left of a text."""
    text = masked(f"POST /v2/{secret}/log body > json > {secret}.x")
    assert secret not in text
    assert text.startswith("POST /v2/")
    assert "body > json" in text


def test_names_stay() -> None:
    """Names of paths and keys stay."""
    assert (
        masked("POST /v2/log body > json > android_id_sha256[0].deep")
        == "POST /v2/log body > json > android_id_sha256[0].deep"
    )
