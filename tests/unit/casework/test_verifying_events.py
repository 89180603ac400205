"""E1 on events: changed, left out, put in, moved, restored from an old backup, written anew: found, and its place named."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.casework.chain import digest
from mingcha.casework.merkle import Tree
from mingcha.casework.package import Event, line, write
from mingcha.casework.verifying import verify
from mingcha.errors import UsageError
from tests.build.chains import (
    OLD,
    STRANGER,
    at,
    checkpoint,
    contents,
    package,
    packed,
    relisted,
    rewritten,
)  # fmt: skip
from tests.build.opened import DATA, EVENTS, FILES, KEYS, LINKS, events, found, with_events


@pytest.mark.parametrize("field", ["time", "actor", "act", "object", "body", "seq", "previous"])
def test_one_field_of_an_event_is_found(field: str) -> None:
    """A changed field of event 9 is named at event 9, although the manifests were made anew."""
    rows = events()
    value = {"time": at(1), "body": {}, "seq": 10, "previous": "0" * 64}.get(field, "somebody else")
    rows[2] = msgspec.structs.replace(rows[2], link=msgspec.structs.replace(rows[2].link, **{field: value}))
    assert ("event-altered", EVENTS, 10 if field == "seq" else 9) in found(with_events(rows))


def test_an_event_made_anew_with_its_hash_is_found() -> None:
    """A changed event with a fitting hash is not where the signed chain has another one."""
    rows = events()
    forged = msgspec.structs.replace(rows[2].link, actor="somebody else")
    forged = msgspec.structs.replace(forged, hash=digest(forged))
    rows[2] = msgspec.structs.replace(rows[2], link=forged)
    assert {("event-unproven", EVENTS, 9), ("event-extra", EVENTS, 9)} <= found(with_events(rows))


def test_a_proof_of_another_place_is_found() -> None:
    """An event with another one's proof, or with none, is not proved."""
    rows = events()
    rows[2] = msgspec.structs.replace(rows[2], proof=rows[3].proof)
    rows[4] = msgspec.structs.replace(rows[4], proof=())
    assert {("event-unproven", EVENTS, 9), ("event-unproven", EVENTS, 15)} <= found(with_events(rows))


@pytest.mark.parametrize("place", [0, 5, 12])
def test_a_deleted_event_is_named(place: int) -> None:
    """First, middle, last: the seal knows which events there were."""
    rows = events()
    gone = rows.pop(place).link.seq
    assert ("event-missing", EVENTS, gone) in found(with_events(rows))


def test_a_cut_tail_is_named() -> None:
    """All events that were cut are named."""
    assert {("event-missing", EVENTS, 36), ("event-missing", EVENTS, 39)} <= found(with_events(events()[:-2]))


def test_events_in_another_order_are_named() -> None:
    """The event that stands too late is named."""
    rows = events()
    rows[3], rows[4] = rows[4], rows[3]
    assert ("event-reordered", EVENTS, 12) in found(with_events(rows))


def test_an_event_twice_or_put_in_is_named() -> None:
    """The same event twice; an event of another case that was not in the package."""
    rows = events()
    assert ("event-inserted", EVENTS, 9) in found(with_events([*rows[:3], *rows[2:]]))
    tree = Tree(one.hash for one in LINKS)
    foreign = Event(link=LINKS[9], proof=tree.proof(10))
    assert ("event-extra", EVENTS, 10) in found(with_events([*rows[:3], foreign, *rows[3:]]))


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(13)), st.sets(st.integers(0, 12), max_size=3))
def test_any_other_row_of_events(order: list[int], dropped: set[int]) -> None:
    """Any order but the right one, any events left out: every one left out is named, and it is never genuine."""
    rows = events()
    result = verify(packed(with_events([rows[at] for at in order if at not in dropped])), KEYS)
    missing = {one.seq for one in result.found if one.code == "event-missing"}
    assert missing == {rows[at].link.seq for at in dropped}
    assert (result.verdict == "genuine") == (not dropped and list(order) == list(range(13)))


def test_custody_that_says_otherwise_is_named() -> None:
    """A changed line, and a line for an event that never was."""
    rows = FILES["data/custody.jsonl"].splitlines(keepends=True)
    changed = rows[0].replace(b"inspector-1", b"inspector-3")
    invented = rows[0].replace(b'"seq":3', b'"seq":4')
    result = found(relisted(FILES | {"data/custody.jsonl": changed + invented + b"".join(rows[2:])}))
    assert {("custody-differs", "data/custody.jsonl", 1), ("custody-differs", "data/custody.jsonl", 2)} <= result
    assert ("custody-differs", "data/custody.jsonl", 3) not in result


def test_the_case_number_is_the_sealed_one() -> None:
    """Another case's file in the package is named."""
    case = json.loads(FILES["data/case.json"]) | {"number": "演示〔2026〕2号"}
    assert ("case-differs", "data/case.json", None) in found(relisted(FILES | {"data/case.json": line(case)}))


# --- a checkpoint kept elsewhere


def test_an_old_backup_is_found() -> None:
    """A package made from a restored old backup ends before the checkpoint that the checker holds: the lost events are named."""
    backup = write(
        replace(contents(LINKS[:20]), checkpoint=checkpoint(LINKS[:20], time=at(20))), "2026-11-10T09:00:00+08:00", OLD
    )
    assert verify(backup, KEYS).verdict == "genuine"
    result = verify(backup, KEYS, [checkpoint(LINKS)])
    assert result.verdict == "incomplete"
    assert [(one.code, one.seq) for one in result.found] == [("cut", 21)]
    assert "21" in result.found[0].zh
    assert "40" in result.found[0].zh


def test_a_record_written_anew_is_found() -> None:
    """The key's own holder rewrote an event and signed again: the checkpoint kept elsewhere shows it, at the same count or a later one."""
    forged = rewritten(LINKS, 7)
    for kept in (checkpoint(LINKS), checkpoint(LINKS[:10], time=at(10))):
        result = verify(package(forged, (10,)), KEYS, [kept])
        assert [(one.code, one.seq) for one in result.found] == [("forked", kept.count)]
        assert result.verdict == "altered"


def test_an_earlier_checkpoint_agrees() -> None:
    """Checkpoints that the package carries, and its own, agree; one it does not carry cannot be compared and is not genuine."""
    for kept in (checkpoint(LINKS[:10], time=at(10)), checkpoint(LINKS[:25], time=at(25)), checkpoint(LINKS)):
        assert verify(DATA, KEYS, [kept]).verdict == "genuine"
    result = verify(DATA, KEYS, [checkpoint(LINKS[:11], time=at(11))])
    assert ([one.code for one in result.found], result.verdict) == (["not-compared"], "incomplete")


def test_an_unsigned_earlier_checkpoint_accuses_nobody() -> None:
    """A changed earlier checkpoint in the package makes the file altered; the record is not called rewritten on its word."""
    kept = checkpoint(LINKS[:10], time=at(10))
    anchor = json.loads(FILES["data/checkpoint.json"])
    anchor["earlier"][0]["checkpoint"]["root"] = "0" * 64
    anchor["earlier"][0]["proof"] = []
    result = verify(packed(relisted(FILES | {"data/checkpoint.json": line(anchor)})), KEYS, [kept])
    codes = {one.code for one in result.found}
    assert "not-compared" in codes
    assert "forked" not in codes
    assert result.verdict == "altered"


def test_a_changed_count_is_not_called_a_cut() -> None:
    """Where the package's own checkpoint is broken, nothing is said about how it compares with the one that was kept."""
    changed = FILES["data/checkpoint.json"].replace(b'"count":40', b'"count":30')
    result = verify(packed(FILES | {"data/checkpoint.json": changed}), KEYS, [checkpoint(LINKS)])
    assert {one.code for one in result.found} == {"file-changed", "signature"}


def test_custody_is_not_accused_for_its_event() -> None:
    """A changed event is named; the custody line that says what the event said before is not."""
    for old, new in ((b'"seq":9,', b'"seq":8,'), (b'"actor":"inspector-1"', b'"actor":"inspector-9"')):
        rows = FILES[EVENTS].splitlines(keepends=True)
        rows[2] = rows[2].replace(old, new)
        result = found(FILES | {EVENTS: b"".join(rows)})
        assert {where for _, where, _ in result} == {EVENTS}


def test_a_checkpoint_nobody_signed_accuses_nobody() -> None:
    """A damaged checkpoint, or a stranger's, is refused instead of calling the record forged."""
    damaged = msgspec.structs.replace(checkpoint(LINKS), root="0" * 64)
    for kept in (damaged, checkpoint(LINKS, STRANGER)):
        with pytest.raises(UsageError, match="not signed"):
            verify(DATA, KEYS, [kept])
