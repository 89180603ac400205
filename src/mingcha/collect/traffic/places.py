"""Where a request says the device is: pairs of degrees beside each other, compared with the planted place by distance."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

from mingcha.collect.traffic.keys import LATITUDES, LONGITUDES, PAIRS, plain
from mingcha.collect.traffic.profile import Point
from mingcha.formats.layers import Leaf

NEAR_KM: Final = 1.0
"""The coordinate systems in use in China lie up to 700 m apart."""
PRECISE: Final = 4
"""Decimals from which a place is precise: eleven metres."""
_LEAST_DECIMALS: Final = 2
_SOUTH, _NORTH, _WEST, _EAST = 3.8, 53.6, 73.5, 135.1
_degrees = re.compile(rb"-?\d{1,3}\.(\d{1,17})").fullmatch
_micro = re.compile(rb"-?\d{7,9}").fullmatch
_pair = re.compile(rb"(-?\d{1,3}\.\d{2,17})\s{0,2}[,;|_ ]\s{0,2}(-?\d{1,3}\.\d{2,17})").search
_LONGEST_NUMBER, _LONGEST_TEXT = 24, 200
_MICRO_LENGTHS: Final = frozenset({7, 8, 9, 10})


class Degrees(NamedTuple):
    """One number that may be a latitude or a longitude; ``axis`` is what its key says."""

    value: float
    decimals: int
    axis: str
    leaf: Leaf


class Found(NamedTuple):
    """A place in a request; ``point`` is the planted one it lies near, if any."""

    leaf: Leaf
    information: str
    decimals: int
    point: Point | None


def places(leaves: Sequence[Leaf], points: Sequence[Point]) -> Iterator[Found]:
    """Every place that the values of one exchange tell: near a planted one, or named by keys and inside of China."""
    groups: dict[tuple[tuple[str, ...], str], list[Degrees]] = defaultdict(list)
    numbers = [
        leaf
        for leaf in leaves
        if (b"." in leaf.value or (leaf.key and len(leaf.value) in _MICRO_LENGTHS)) and not leaf.whole
    ]
    for leaf in numbers:
        if (one := _one(leaf)) is not None:
            groups[leaf.steps, _container(leaf.path)].append(one)
        elif len(leaf.value) <= _LONGEST_TEXT and leaf.value.count(b".") >= 2 and (pair := _pair(leaf.value)):
            yield from _judged(*_both(leaf, pair), points)
    for group in groups.values():
        if len(group) > 1:
            yield from _grouped(group, points)


def _container(path: str) -> str:
    """The object or array that a value stands in."""
    return path[: path.rfind("[")] if path.endswith("]") else path.rpartition(".")[0]


def _one(leaf: Leaf) -> Degrees | None:
    value = leaf.value
    if len(value) > _LONGEST_NUMBER:
        return None
    name = plain(leaf.key)
    axis = "lat" if name in LATITUDES else "lng" if name in LONGITUDES else "pair" if name in PAIRS else ""
    if found := _degrees(value):
        return Degrees(float(value), len(found[1]), axis, leaf)
    if axis in {"lat", "lng"} and _micro(value):
        return Degrees(int(value) / 1e6, 6, axis, leaf)
    return None


def _both(leaf: Leaf, pair: re.Match[bytes]) -> tuple[Degrees, Degrees]:
    axis = "pair" if plain(leaf.key) in PAIRS else ""
    first, second = (Degrees(float(part), len(part.partition(b".")[2]), axis, leaf) for part in pair.groups())
    return first, second


def _grouped(group: list[Degrees], points: Sequence[Point]) -> Iterator[Found]:
    """Neighbours in one object: latitude and longitude by their keys, else any two that lie near a planted place."""
    north = [one for one in group if one.axis == "lat"]
    east = [one for one in group if one.axis == "lng"]
    for one, other in zip(north, east, strict=False):
        yield from _judged(one, other, points)
    if not north or not east:
        for one, other in itertools.pairwise(group):
            yield from _judged(one, other, points)


def _judged(one: Degrees, other: Degrees, points: Sequence[Point]) -> Iterator[Found]:
    decimals = min(one.decimals, other.decimals)
    if decimals < _LEAST_DECIMALS:
        return
    information = "loc.precise" if decimals >= PRECISE else "loc.coarse"
    for point in points:
        if _near(one.value, other.value, point) or _near(other.value, one.value, point):
            yield Found(one.leaf, information, decimals, point)
            return
    named = {one.axis, other.axis} == {"lat", "lng"} or one.axis == other.axis == "pair"
    if (
        named
        and decimals > _LEAST_DECIMALS
        and (_in_china(one.value, other.value) or _in_china(other.value, one.value))
    ):
        yield Found(one.leaf, information, decimals, None)


def _in_china(latitude: float, longitude: float) -> bool:
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def _near(latitude: float, longitude: float, point: Point) -> bool:
    if abs(latitude - point.latitude) > 0.01 or abs(longitude - point.longitude) > 1:
        return False
    return distance_km(latitude, longitude, point.latitude, point.longitude) <= NEAR_KM


def distance_km(north: float, east: float, other_north: float, other_east: float) -> float:
    """The way over the ground between two places."""
    one, two = radians(north), radians(other_north)
    turn = sin((one - two) / 2) ** 2 + cos(one) * cos(two) * sin(radians(east - other_east) / 2) ** 2
    return 12742 * asin(sqrt(min(1.0, turn)))
