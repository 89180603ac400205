"""The chain: every way to tamper with it is found and its place is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.casework.chain import GENESIS, Fault, Link, check, digest, link
from mingcha.errors import UsageError
from tests.build.chains import chain

LINKS = chain(12)


def changed(number: int, **fields: object) -> list[Link]:
    """The chain with fields of one link changed, its hash left."""
    links = list(LINKS)
    links[number - 1] = msgspec.structs.replace(links[number - 1], **fields)
    return links


def rehashed(number: int, **fields: object) -> list[Link]:
    """The chain with fields of one link changed and its own hash made anew."""
    links = changed(number, **fields)
    one = links[number - 1]
    links[number - 1] = msgspec.structs.replace(one, hash=digest(one))
    return links


def test_an_honest_chain_is_whole() -> None:
    """Links made one after another have no fault, nor has the empty chain."""
    assert check(LINKS) == []
    assert check([]) == []
    assert [one.seq for one in LINKS] == list(range(1, 13))
    assert LINKS[0].previous == GENESIS


def test_the_hash_is_what_the_page_says() -> None:
    """SHA-256 over a fixed line and the canonical JSON of the other seven fields, reckoned here by other means."""
    one = msgspec.to_builtins(LINKS[4])
    stated = one.pop("hash")
    text = json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert stated == hashlib.sha256(b"mingcha link 1\n" + text.encode()).hexdigest()


@pytest.mark.parametrize(
    "fields",
    [
        {"time": "2026-11-01T05:30:01+08:00"}, {"actor": "inspector-9"}, {"act": "evidence.lost"}, {"object": "case-3"},
        {"body": {"n": 6}}, {"body": {"fraction": 0.5}}, {"hash": "0" * 64},
    ],
    ids=lambda fields: next(iter(fields)),
)  # fmt: skip
def test_a_changed_field_is_found(fields: dict[str, object]) -> None:
    """A field of link 5 that no longer fits its hash is named at link 5."""
    assert Fault(seq=5, what="altered") in check(changed(5, **fields))


def test_a_link_made_anew_is_found_by_the_next() -> None:
    """A changed link with a new hash of its own no longer has the successor that was made after it."""
    assert check(rehashed(5, actor="inspector-9")) == [Fault(seq=6, what="unlinked")]


def test_a_changed_hash_of_the_one_before_is_found() -> None:
    """A link tied to another one before it is named."""
    assert check(rehashed(5, previous="0" * 64)) == [Fault(seq=5, what="unlinked"), Fault(seq=6, what="unlinked")]


def test_a_deleted_link_is_named() -> None:
    """A hole of one or of three links is one fault that names them; at the front as well."""
    assert check(LINKS[:4] + LINKS[5:]) == [Fault(seq=5, what="missing", until=5)]
    assert check(LINKS[:4] + LINKS[7:]) == [Fault(seq=5, what="missing", until=7)]
    assert check(LINKS[2:]) == [Fault(seq=1, what="missing", until=2)]


def test_links_that_changed_places_are_named() -> None:
    """Of two links that changed places the one that now stands too late is named, and nothing else."""
    assert check([*LINKS[:4], LINKS[5], LINKS[4], *LINKS[6:]]) == [Fault(seq=5, what="reordered")]


def test_an_inserted_link_is_named() -> None:
    """A forged link with a number that exists, the same link twice, or a number below 1."""
    forged = link(LINKS[3], time="2026-11-02T00:00:00+08:00", actor="x", act="x", object="x", body={})
    assert check([*LINKS[:5], forged, *LINKS[5:]]) == [Fault(seq=5, what="inserted")]
    assert check([*LINKS[:5], LINKS[4], *LINKS[5:]]) == [Fault(seq=5, what="inserted")]
    below = msgspec.structs.replace(forged, seq=-4)
    assert Fault(seq=-4, what="inserted") in check([below, *LINKS])


def test_a_cut_tail_is_not_seen_without_a_checkpoint() -> None:
    """The chain alone cannot know that there were more links: the reason for checkpoints, see test_checkpoints."""
    assert check(LINKS[:8]) == []


def test_a_chain_is_checked_on_from_a_link() -> None:
    """With the last link checked before, only what follows is needed; a chain that does not follow it is found."""
    assert check(LINKS[6:], after=LINKS[5]) == []
    assert check(LINKS[7:], after=LINKS[5]) == [Fault(seq=7, what="missing", until=7)]
    assert check(LINKS[6:], after=rehashed(6, actor="x")[5]) == [Fault(seq=7, what="unlinked")]


@pytest.mark.parametrize(
    "time",
    ["2026-11-22T10:00:00", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00+09:00", "2026-13-01T10:00:00+08:00", ""],
)
def test_a_moment_is_in_chinas_time(time: str) -> None:
    """Any other way to write a moment, and a moment that does not exist, is refused."""
    with pytest.raises(UsageError, match=r"\+08:00"):
        link(None, time=time, actor="a", act="b", object="c", body={})


def test_an_event_says_who_what_and_on_what() -> None:
    """An event without actor, act or object is refused."""
    with pytest.raises(UsageError, match="actor"):
        link(None, time="2026-11-22T10:00:00+08:00", actor="", act="b", object="c", body={})


def _drop(links: list[Link], at: int) -> list[Link]:
    return links[:at] + links[at + 1 :]


def _swap(links: list[Link], at: int) -> list[Link]:
    return [*links[:at], links[at + 1], links[at], *links[at + 2 :]]


def _double(links: list[Link], at: int) -> list[Link]:
    return [*links[: at + 1], *links[at:]]


def _rename(links: list[Link], at: int) -> list[Link]:
    return [*links[:at], msgspec.structs.replace(links[at], actor=links[at].actor + "x"), *links[at + 1 :]]


@given(
    st.lists(st.tuples(st.sampled_from([_drop, _swap, _double, _rename]), st.integers(0, 8)), min_size=1, max_size=1)
)
def test_every_single_change_before_the_end_is_found(
    steps: list[tuple[Callable[[list[Link], int], list[Link]], int]],
) -> None:
    """Dropping, swapping, doubling or renaming anywhere before the end is found at that place or beside it."""
    (step, at), *_ = steps
    faults = check(step(list(LINKS), at))
    assert faults
    assert {fault.seq for fault in faults} <= {at + 1, at + 2}


@given(st.permutations(range(12)))
def test_a_chain_in_another_order_is_found(order: list[int]) -> None:
    """Only the original order has no fault."""
    assert (check([LINKS[at] for at in order]) == []) == (list(order) == list(range(12)))
