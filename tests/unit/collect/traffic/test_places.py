"""Places in requests: pairs of degrees in every form, near the planted place or not."""

from __future__ import annotations

import json

import pytest

from mingcha.collect.traffic.places import distance_km, places
from mingcha.collect.traffic.profile import Point
from mingcha.formats.exchange import Exchange
from mingcha.formats.layers import peel

HERE = Point("loc.precise", 39.908722, 116.397499, "loc.precise")


def found(body: object, points: tuple[Point, ...] = (HERE,)) -> list[tuple[str, int, bool]]:
    """Type, decimals and whether it is the planted place, for each place in a body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    leaves = peel(Exchange(0, "", "POST", "https://a.example", body=data)).leaves
    return [(one.information, one.decimals, one.point is not None) for one in places(leaves, points)]


@pytest.mark.parametrize(
    ("body", "decimals"),
    [
        ({"lat": 39.9087, "lng": 116.3975}, 4),
        ({"gps": {"latitude": "39.908722", "longitude": "116.397499"}}, 6),
        ({"location": "39.90872,116.39749"}, 5),
        ({"p": "116.39749;39.90872"}, 5),
        ({"x1": [116.397499, 39.908722]}, 6),
        ({"lat": 39908722, "lng": 116397499}, 6),
        (b"lon=116.3975&lat=39.9087", 4),
        ({"lat": 39.9140, "lng": 116.4036}, 3),  # the same place in GCJ-02, 700 m away
    ],
)
def test_near(body: object, decimals: int) -> None:
    """The planted place is known in every form."""
    assert found(body) == [("loc.precise" if decimals >= 4 else "loc.coarse", decimals, True)]


@pytest.mark.parametrize(
    "body",
    [
        {"lat": 39.95, "lng": 116.39},
        {"price": 39.9087, "x": 12.5},
        {"a": 39.9, "b": 116.4},
        {"v": "1.2.3"},
        {"y": 1.25, "x": 2.25},
    ],
)
def test_not_near(body: object) -> None:
    """Another place with few decimals, prices, versions and positions on a screen are no places."""
    assert found(body) == []


def test_not_planted() -> None:
    """Named degrees inside of China are a place, though not the planted one."""
    assert found({"lat": 31.23042, "lng": 121.4737}) == [("loc.precise", 4, False)]
    assert found({"lat": 31.23042, "lng": 121.4737}, ()) == [("loc.precise", 4, False)]
    assert found({"lat": 48.85341, "lng": 2.3488}, ()) == []


def test_distance() -> None:
    """A degree of latitude is 111 km."""
    assert distance_km(39, 116, 40, 116) == pytest.approx(111.2, abs=0.3)
