"""The offline check of an evidence package: genuine, altered and where, or incomplete and what is missing.

Nothing in a package vouches for itself. It is genuine only if keys known from outside signed what holds every event and every file.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from mingcha.casework import bag, package
from mingcha.casework.chain import intact
from mingcha.casework.checkpoints import Checkpoint, Kept, doubts, signed_by
from mingcha.casework.findings import Finding, Findings, finding, shown, verdict_of
from mingcha.casework.keys import Key, in_time, key_id, read_keys, trusted, unsound
from mingcha.casework.merkle import extends, leads
from mingcha.casework.package import Anchor, Event, Handled, Seal, sealed_by
from mingcha.errors import FormatError, UsageError

_T = TypeVar("_T")
_Rows = Sequence[tuple[int, _T | None]]


def verify(data: bag.Content, anchors: Sequence[Key], known: Sequence[Checkpoint] = ()) -> Findings:
    """Check a package against the keys, and the checkpoints, that the checker holds from elsewhere.

    Raises FormatError for bytes that are no package, and UsageError where cryptography is not installed.
    """
    opened = bag.read(data)
    seal, anchor, keys = _one(opened, bag.SEAL, Seal), _one(opened, package.CHECKPOINT, Anchor), _keys(opened)
    ring = _Ring(keys or (), anchors)
    ring.refuse_unsigned(known)
    # A seal or checkpoint whose own signature does not hold says nothing of the rest: nothing else is accused on its word.
    sound_seal = seal if seal and ring.made(seal, sealed_by) else None
    proved_by = anchor.checkpoint if anchor and ring.made(anchor.checkpoint, signed_by) else None
    events, hashes = _rows(opened, package.EVENTS, Event), {path: _hash(opened, path) for path in opened.paths}
    files = list(_against_seal(hashes, sound_seal) if sound_seal else _against_manifests(opened, hashes))
    found = [
        *(finding("file-missing", path) for path in package.PARTS if path not in opened),
        *_unread(opened, {bag.SEAL: seal, package.CHECKPOINT: anchor, package.KEYS: keys}),
        *(finding("key-unsound", package.KEYS, detail=name) for name in unsound(keys or ())),
        *(ring.doubts(bag.SEAL, seal, sealed_by) if seal else ()),
        *(ring.doubts(package.CHECKPOINT, anchor.checkpoint, signed_by) if anchor else ()),
        *files,
        *_events(events, proved_by),
        *(_sealed_events(events, sound_seal) if sound_seal else ()),
        *_custody(_rows(opened, package.CUSTODY, Handled), events, sound_seal),
        *_case(opened, sound_seal),
        *(() if package.EVENTS in (one.where for one in files) else _unanchored(hashes, events, files)),
        *(one for checkpoint in known if anchor and proved_by for one in _known(checkpoint, anchor, ring)),
    ]
    return _summary(opened, seal, anchor, events, tuple(dict.fromkeys(found)))


class _Ring:
    """The keys at hand: those to believe, and those that a signature can at least be tried with."""

    def __init__(self, keys: Sequence[Key], anchors: Sequence[Key]) -> None:
        self._trusted = trusted(keys, anchors)
        self._all = {**{key.id: key for key in keys if key.id == key_id(key.public)}, **self._trusted}

    def made(self, signed: Any, by: Callable[[Any, Key], bool]) -> bool:
        """Whether one of the keys at hand, believed or not, signed it."""
        key = self._all.get(signed.key_id)
        return key is not None and by(signed, key)

    def doubts(self, where: str, signed: Any, by: Callable[[Any, Key], bool]) -> Iterator[Finding]:
        """Why a signature does not vouch for what it stands under."""
        key = self._trusted.get(signed.key_id)
        if signed.key_id in self._all and not self.made(signed, by):
            yield finding("signature", where)
        elif key is None:
            yield finding("key-unknown", where, detail=signed.key_id)
        elif not in_time(key, self._trusted.values(), signed.time):
            yield finding("key-out-of-time", where, detail=key.id)

    def refuse_unsigned(self, known: Sequence[Checkpoint]) -> None:
        """A checkpoint from elsewhere that no believed key signed could only accuse falsely. Raises UsageError."""
        for one in known:
            if doubts(one, self._trusted):
                raise UsageError(f"the checkpoint of {one.time} to compare with is not signed by a key you trust")


def _one(opened: bag.Bag, path: str, shape: type[_T]) -> _T | None:
    """A file of one value, if it is there and of its form."""
    return _parsed(opened.read(path), shape) if path in opened else None


def _parsed(data: bytes, shape: type[_T]) -> _T | None:
    """A value written canonically: a text that means the same but looks another way was not written by us."""
    try:
        value = msgspec.json.decode(data, type=shape)
        return value if package.line(value) == data else None
    except (ValueError, RecursionError, UsageError, msgspec.MsgspecError):
        return None


def _keys(opened: bag.Bag) -> tuple[Key, ...] | None:
    try:
        return read_keys(opened.read(package.KEYS)) if package.KEYS in opened else None
    except FormatError:
        return None


def _rows(opened: bag.Bag, path: str, shape: type[_T]) -> _Rows[_T]:
    """The lines of a file by their number, None for one that is not of its form."""
    lines = opened.read(path).split(b"\n") if path in opened else [b""]
    whole = [*(one + b"\n" for one in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
    return [(number, _parsed(one, shape)) for number, one in enumerate(whole, 1)]


def _unread(opened: bag.Bag, parts: Mapping[str, Any]) -> Iterator[Finding]:
    return (finding("unreadable", path) for path, value in parts.items() if value is None and path in opened)


def _against_seal(hashes: Mapping[str, str], seal: Seal) -> Iterator[Finding]:
    """Every file against the seal, and the two manifests against what they must then say, byte for byte."""
    yield from _compared(seal.files, hashes)
    payload = {path: digest for path, digest in seal.files.items() if path.startswith("data/")}
    tags = {path: digest for path, digest in seal.files.items() if path not in payload} | {bag.SEAL: hashes[bag.SEAL]}
    for path, listed in ((bag.MANIFEST, payload), (bag.TAG_MANIFEST, tags)):
        if path in hashes and hashes[path] != bag.sha256(bag.manifest(listed)):
            yield finding("file-changed", path)
    yield from _extra(hashes, {*seal.files, bag.SEAL, bag.TAG_MANIFEST})


def _against_manifests(opened: bag.Bag, hashes: Mapping[str, str]) -> Iterator[Finding]:
    """Every file against the manifests, where no seal can be used; a manifest that was itself changed accuses nothing."""
    named, changed = {bag.SEAL, bag.TAG_MANIFEST}, set()
    for path in (bag.TAG_MANIFEST, bag.MANIFEST):
        try:
            listed = opened.listed(path) if path in opened else {}
        except FormatError:
            yield finding("unreadable", path)
            return
        named |= listed.keys()
        if path not in changed:
            yield from _compared(listed, hashes)
            changed = {name for name in listed if hashes.get(name) != listed[name]}
    yield from _extra(hashes, named)


def _compared(listed: Mapping[str, str], hashes: Mapping[str, str]) -> Iterator[Finding]:
    for path in sorted(listed):
        if path not in hashes:
            yield finding("file-missing", path)
        elif hashes[path] != listed[path]:
            yield finding("file-changed", path)


def _extra(hashes: Mapping[str, str], named: Container[str]) -> Iterator[Finding]:
    return (finding("file-extra", path) for path in hashes if path not in named)


def _hash(opened: bag.Bag, path: str) -> str:
    try:
        return opened.sha256(path)
    except FormatError:
        return ""  # no list holds this one: a file that cannot be unpacked is a changed one


def _events(events: _Rows[Event], checkpoint: Checkpoint | None) -> Iterator[Finding]:
    """Each event's own content, its place in the signed chain, and the order."""
    reached, seen = 0, set()
    for number, event in events:
        if event is None:
            yield finding("line-unreadable", package.EVENTS, number)
            continue
        link = event.link
        if not intact(link):
            yield finding("event-altered", package.EVENTS, link.seq)
        elif checkpoint and not leads(link.hash, link.seq, checkpoint.count, event.proof, checkpoint.root):
            yield finding("event-unproven", package.EVENTS, link.seq)
        if link.seq in seen:
            yield finding("event-inserted", package.EVENTS, link.seq)
        elif link.seq < reached:
            yield finding("event-reordered", package.EVENTS, link.seq)
        seen.add(link.seq)
        reached = max(reached, link.seq)
    if not any(event for _, event in events):
        yield finding("no-events", package.EVENTS)


def _sealed_events(events: _Rows[Event], seal: Seal) -> Iterator[Finding]:
    """The events that are there against those the seal lists."""
    there = {event.link.seq: event.link.hash for _, event in events if event}
    listed = dict(seal.events)
    for seq in sorted(listed.keys() - there.keys()):
        yield finding("event-missing", package.EVENTS, seq)
    for seq in sorted(there):
        if listed.get(seq) != there[seq]:
            yield finding("event-extra", package.EVENTS, seq)


def _custody(rows: _Rows[Handled], events: _Rows[Event], seal: Seal | None) -> Iterator[Finding]:
    """Each line of the custody record against its event, if that is there as it was; else the event has its own finding."""
    sound = [event.link for _, event in events if event and intact(event.link)]
    listed = {seq for seq, _ in seal.events} if seal else {row.seq for _, row in rows if row}
    said = {link.seq: package.handled(link) for link in sound}
    lost = listed - said.keys()
    for number, row in rows:
        if row is None:
            yield finding("line-unreadable", package.CUSTODY, number)
        elif row.seq not in lost and said.get(row.seq) != row:
            yield finding("custody-differs", package.CUSTODY, number)


def _case(opened: bag.Bag, seal: Seal | None) -> Iterator[Finding]:
    """The case file's form and number."""
    if package.CASE not in opened:
        return
    case = _parsed(opened.read(package.CASE), dict)
    if case is None:
        yield finding("unreadable", package.CASE)
    elif seal and case.get("number") != seal.case:
        yield finding("case-differs", package.CASE)


def _unanchored(hashes: Mapping[str, str], events: _Rows[Event], files: Sequence[Finding]) -> Iterator[Finding]:
    """Evidence and documents, as far as they are the listed ones, whose hash stands in no event: the chain says nothing of them."""
    said = {text for _, event in events if event for text in _texts(event.link.body)}
    known = said | {hashes.get(one.where, "") for one in files}
    for path, digest in hashes.items():
        if path.startswith((package.EVIDENCE, package.DOCUMENTS)) and digest not in known:
            yield finding("unanchored", path)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.removeprefix("sha256:")
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _known(known: Checkpoint, anchor: Anchor, ring: _Ring) -> Iterator[Finding]:
    """The package's checkpoint against one that the checker holds; only two signatures that contradict each other show a fork."""
    ours, detail = anchor.checkpoint, known.time
    if ours.count < known.count:
        yield finding("cut", package.CHECKPOINT, ours.count + 1, known.count, detail)
        return
    same = [one for one in (Kept(checkpoint=ours, proof=()), *anchor.earlier) if one.checkpoint.count == known.count]
    if any(one.checkpoint.root != known.root and ring.made(one.checkpoint, signed_by) for one in same):
        yield finding("forked", package.CHECKPOINT, known.count, detail=detail)
    elif not any(extends(known.count, known.root, ours.count, ours.root, one.proof) for one in same):
        yield finding("not-compared", package.CHECKPOINT, known.count, detail=detail)


def _summary(
    opened: bag.Bag, seal: Seal | None, anchor: Anchor | None, events: _Rows[Event], found: tuple[Finding, ...]
) -> Findings:  # fmt: skip
    return Findings(
        verdict=verdict_of(found),
        case=shown(seal.case) if seal else "",
        events=sum(event is not None for _, event in events),
        files=len(opened.paths),
        checkpoint=shown(anchor.checkpoint.time) if anchor else "",
        count=anchor.checkpoint.count if anchor else 0,
        key=shown(anchor.checkpoint.key_id) if anchor else "",
        found=found,
    )
