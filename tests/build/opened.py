"""One honest package, opened: its files, its events, and ways to change them, for the tests that see what the checker finds."""

from __future__ import annotations

import msgspec

from mingcha.casework.package import Event, line
from mingcha.casework.verifying import verify
from tests.build.chains import chain, keys, package, packed, relisted, unpacked

LINKS = chain()
DATA = package(LINKS, (10, 25))
FILES = unpacked(DATA)
KEYS = keys()
EVENTS = "data/events.jsonl"
PATHS = sorted(FILES)


def found(files: dict[str, bytes]) -> set[tuple[str, str, int | None]]:
    """What the checker finds in files packed by anybody's tool."""
    return {(one.code, one.where, one.seq) for one in verify(packed(files), KEYS).found}


def flipped(path: str, at_byte: int, bit: int = 1) -> dict[str, bytes]:
    """The files with one byte of one of them changed."""
    data = bytearray(FILES[path])
    data[at_byte] ^= bit
    return FILES | {path: bytes(data)}


def events() -> list[Event]:
    """The events of the package."""
    return [msgspec.json.decode(row, type=Event) for row in FILES[EVENTS].splitlines()]


def with_events(rows: list[Event]) -> dict[str, bytes]:
    """The files with other events, and manifests made anew, as one without the key can do it."""
    return relisted(FILES | {EVENTS: b"".join(map(line, rows))})
