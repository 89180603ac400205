"""The test device's own values, written down by the tester, so that they can be known again wherever they turn up.

package: com.example.app
values:
  dev.imei: "861234567890127"
  basic.phone: ["13900000000", "13900000001"]
  loc.precise: "39.908722,116.397499"
  dev.app_list: [com.example.one, com.example.two, com.example.three]
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mingcha.errors import RecordError

APP_LIST: Final = "dev.app_list"
PLACES: Final = frozenset({"loc.precise", "loc.coarse"})
_MOST_VALUES: Final = 2000
_LONGEST: Final = 400
_CONSTANTS: Final = frozenset({"020000000000", "9774d56d682e549c", "unknown", "null", "none", "undefined", "nil"})
"""Values that Android hands out in place of one: its constant MAC address and an old emulator's Android ID."""
_separators = re.compile(r"[\s:._-]+")
_place = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*").fullmatch


@dataclass(frozen=True, slots=True)
class Known:
    """One value of the device; ``tag`` names it in results (``dev.imei``, ``basic.phone#2``), never the value."""

    information: str
    value: str
    tag: str


@dataclass(frozen=True, slots=True)
class Point:
    """A planted place: degrees north and east (GCJ-02, BD-09 and WGS-84 lie near enough together)."""

    information: str
    latitude: float
    longitude: float
    tag: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All values of a device; ``ignored`` lists tags and why they cannot be looked for."""

    values: tuple[Known, ...]
    packages: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    package: str = ""
    ignored: tuple[tuple[str, str], ...] = ()


def is_placeholder(value: str) -> bool:
    """Whether a value stands for none: all zeros, one letter repeated, or a constant that every device has."""
    bare = _separators.sub("", value).lower()
    return len(set(bare)) < 2 or bare in _CONSTANTS or bare.startswith("*") or "**" in bare


def read_profile(data: bytes, types: Container[str]) -> Profile:
    """A profile out of its YAML; every scalar is taken as it is written. Raises RecordError."""
    import yaml  # only where there is a profile

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        given = yaml.load(data, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise RecordError(f"device profile: no YAML: {str(error).splitlines()[0]}") from error
    return profile_of(given, types)


def profile_of(given: Any, types: Container[str]) -> Profile:
    """A profile out of a mapping (``package``, ``values``); ``types`` are the ids of information. Raises RecordError."""
    if not isinstance(given, Mapping) or not isinstance(given.get("values"), Mapping):
        raise RecordError("device profile: `values:` must list the device's values by type of information")
    package = given.get("package") or ""
    if not isinstance(package, str):
        raise RecordError("device profile: `package:` must be one name")
    rows = list(_rows(given["values"], types))
    if len(rows) > _MOST_VALUES:
        raise RecordError(f"device profile: {len(rows)} values; at most {_MOST_VALUES} can be looked for")
    return _sorted_out(rows, package)


def _rows(values: Mapping[Any, Any], types: Container[str]) -> Iterator[Known]:
    for information, given in values.items():
        if information not in types:
            raise RecordError(f"device profile: {str(information)[:80]!r} is no type of information")
        listed = given if isinstance(given, list | tuple) else [given]
        for number, value in enumerate(listed, 1):
            text = value.strip() if isinstance(value, str) else None
            if not text or len(text) > _LONGEST:
                raise RecordError(
                    f"device profile: {information}: every value must be text of 1 to {_LONGEST} characters"
                )
            yield Known(information, text, information if len(listed) == 1 else f"{information}#{number}")


def _sorted_out(rows: list[Known], package: str) -> Profile:
    values: list[Known] = []
    packages: list[str] = []
    points: list[Point] = []
    ignored: list[tuple[str, str]] = []
    for row in rows:
        place = _place(row.value) if row.information in PLACES else None
        if is_placeholder(row.value):
            ignored.append((row.tag, "placeholder"))
        elif row.information == APP_LIST:
            # The app's own name is in most of what it sends and says nothing of other apps.
            packages.extend([row.value] if row.value != package else [])
        elif place:
            points.append(Point(row.information, float(place[1]), float(place[2]), row.tag))
        elif row.information in PLACES:
            ignored.append((row.tag, "no latitude and longitude"))
        else:
            values.append(row)
    return Profile(tuple(values), tuple(packages), tuple(points), package, tuple(ignored))
