"""Values that nobody planted: by key and form, by form alone, by digits anywhere."""

from __future__ import annotations

import random

import pytest

from mingcha.collect.traffic.unknown import alone, by_key, numbers
from mingcha.formats.layers import Leaf
from tests.build.hartraffic import device, id_number


def leaf(key: str, value: str) -> Leaf:
    """A value under a key."""
    return Leaf(("body", "json"), key, key, value.encode())


@pytest.mark.parametrize(
    ("key", "value", "information"),
    [
        ("idcard", "11010519491231002X", "identity.id_number"),
        ("mobile", "13800138000", "basic.phone"),
        ("oaid", "1f2e3d4c5b6a7988", "dev.oaid"),
        ("imei", "d41d8cd98f00b204e9800998ecf8427e", "dev.imei"),
        ("realName", "欧阳测试", "basic.name"),
    ],
)
def test_by_key(key: str, value: str, information: str) -> None:
    """A key and a value of its form are probable."""
    found = by_key(leaf(key, value))
    assert found is not None
    assert (found.information, found.confidence) == (information, "probable")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("imei", "0" * 15),
        ("mobile", "138****8000"),
        ("oaid", ""),
        ("phone", "yes"),
        ("model", "X 13"),
        ("idcard", "110105194912310021"),
    ],
)
def test_not_by_key(key: str, value: str) -> None:
    """Placeholders, masked values and values of another form are nothing."""
    assert by_key(leaf(key, value)) is None


def test_alone() -> None:
    """An IMEI with its check digit and a hardware address are possible without a key; their neighbours are not."""
    values = device(random.Random(1))
    assert alone(leaf("k", values["dev.imei"][0])).information == "dev.imei"  # type: ignore[union-attr]
    assert alone(leaf("k", values["dev.mac"][0])).information == "dev.mac"  # type: ignore[union-attr]
    assert alone(leaf("k", "02:00:00:00:00:00")) is None
    assert alone(leaf("k", "123456789012345")) is None


def test_numbers() -> None:
    """Identity and SIM card numbers are found anywhere, at their places, and not inside of longer words."""
    rng = random.Random(2)
    for _ in range(100):
        number = id_number(rng)
        data = f"x={number}, y".encode()
        assert [(at, one.value) for at, one in numbers(data)] == [(2, number)]
        assert not list(numbers(f"a{number}".encode()))
        assert not list(numbers(f"{number}b".encode()))
        assert [one.value for _, one in numbers(number.encode())] == [number]
    assert [one.information for _, one in numbers(b"sim 89860123456789012345.")] == ["dev.iccid"]
    assert not list(numbers(b""))
