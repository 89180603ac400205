"""What holds in every Android: which permissions come with which others, and which XML stands in which resources alone."""

from __future__ import annotations

from collections.abc import Mapping

_ANDROID = "android.permission."
GRANTED_WITH: Mapping[bytes, frozenset[str]] = {
    (_ANDROID + name).encode(): frozenset(_ANDROID + one for one in (name, *others))
    for name, *others in (
        ("ACCESS_COARSE_LOCATION", "ACCESS_FINE_LOCATION"), ("ACCESS_FINE_LOCATION",), ("CAMERA",), ("RECORD_AUDIO",),
        ("READ_CONTACTS",), ("WRITE_CONTACTS",), ("GET_ACCOUNTS",), ("READ_CALENDAR",), ("WRITE_CALENDAR",), ("SEND_SMS",),
        ("RECEIVE_SMS",), ("READ_SMS",), ("CALL_PHONE",),
    )
}  # fmt: skip
"""Permissions that no app has unless it declares one of these. Others Android may give together with something else."""

HELD_BY = {b"font-family": "font"}
"""XML elements that stand in resources of one type alone: build tools take them from the folder of that name."""
RESOURCE_TYPES = tuple(sorted(set(HELD_BY.values())))
