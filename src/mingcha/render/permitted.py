"""Calls that cannot give what they could, because the app declares no permission that opens them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingcha.render.reading import Reading

_GUARDED = frozenset(
    f"android.permission.{name}"
    for name in (
        "READ_CALENDAR", "WRITE_CALENDAR", "READ_CONTACTS", "WRITE_CONTACTS", "READ_CALL_LOG", "WRITE_CALL_LOG", "READ_SMS",
        "RECEIVE_SMS", "RECEIVE_MMS", "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "RECORD_AUDIO", "CAMERA",
        "READ_PHONE_STATE", "READ_PHONE_NUMBERS", "READ_PRIVILEGED_PHONE_STATE", "BODY_SENSORS", "ACCESS_WIFI_STATE",
        "ACCESS_NETWORK_STATE",
    )
)  # fmt: skip
"""Permissions that every Android version asks for at the call itself; files and lists of apps can be had without theirs."""
_UNGUARDED = frozenset({"dev.network_type", "dev.carrier", "dev.sim"})
"""Types of which some calls needed no permission before one was asked for."""
_HANDED = frozenset({"Location.getLatitude", "Location.getLongitude", "Geocoder.getFromLocation"})
"""Calls on a location that another call must have given."""
_PLACES = frozenset({"android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"})


def unpermitted(reading: Reading, fact: Any) -> bool:
    """Whether all that a fact rests on are calls that need permissions of which none is declared.

    Only where the manifest was read whole; a permission that came with an app of the same maker, or with the system, is not seen.
    """
    declared = reading.declared
    if declared is None:
        return False
    kind = type(fact).__name__
    if kind == "SensitiveCall":
        return _call(fact, declared)
    if kind == "InformationTaken" and fact.grade == "potential" and fact.sources:
        return all(_resting(reading, fact.sources, declared))
    if kind == "InformationFlow":
        place = fact.source_place
        calls = reading.calls.get((place.sha256, place.path, place.at), [])
        return bool(calls) and all(_call(call, declared) for call in calls)
    return False


def _resting(reading: Reading, sources: Iterable[str], declared: frozenset[str]) -> Iterable[bool]:
    for fact in map(reading.fact, sources):
        yield type(fact).__name__ == "SensitiveCall" and _call(fact, declared)


def _call(call: Any, declared: frozenset[str]) -> bool:
    needed = _PLACES if call.interface in _HANDED else frozenset(call.permission)
    return bool(needed) and needed <= _GUARDED and not needed & declared and call.information not in _UNGUARDED
