"""Checkpoints: what a chain cannot show of itself, a checkpoint kept elsewhere shows."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.casework.chain import Fault, link
from mingcha.casework.chain import check as check_chain
from mingcha.casework.checkpoints import (
    Checkpoint,
    against,
    check,
    doubts,
    kept,
    read_checkpoint,
    sign,
    signed_by,
    written_checkpoint,
)  # fmt: skip
from mingcha.casework.merkle import Tree, extends
from mingcha.errors import FormatError, UsageError
from tests.build.chains import NEW, OLD, STRANGER, at, chain, checkpoint, keys, rewritten

LINKS = chain(20)
KEPT = checkpoint(LINKS[:15])
KEYS = {key.id: key for key in keys()}


def test_an_honest_chain_agrees() -> None:
    """The chain the checkpoint was made of, and the same chain grown since, agree with it; hashes alone do as well."""
    assert check(KEPT, KEYS, LINKS[:15]) == []
    assert check(KEPT, KEYS, LINKS) == []
    assert check(KEPT, KEYS, [one.hash for one in LINKS]) == []


def test_a_cut_tail_is_named() -> None:
    """Links that the checkpoint counts and that are gone are named."""
    assert check(KEPT, KEYS, LINKS[:12]) == [Fault(seq=13, what="cut", until=15)]
    assert check(KEPT, KEYS, []) == [Fault(seq=1, what="cut", until=15)]


def test_a_restored_backup_is_found() -> None:
    """An old backup ends early; one that went on with other events is another chain."""
    backup = LINKS[:10]
    assert check(KEPT, KEYS, backup) == [Fault(seq=11, what="cut", until=15)]
    for number in range(11, 18):
        event = {"time": at(number), "actor": "x", "act": "y", "object": "z", "body": {}}
        backup.append(link(backup[-1], **event))
    assert check_chain(backup) == []
    assert check(KEPT, KEYS, backup) == [Fault(seq=15, what="forked")]


@pytest.mark.parametrize("number", [1, 7, 15])
def test_a_rewritten_chain_is_found(number: int) -> None:
    """A chain made anew from any event on is whole in itself, and is not the one that was signed."""
    forged = rewritten(LINKS, number)
    assert check_chain(forged) == []
    assert check(KEPT, KEYS, forged) == [Fault(seq=15, what="forked")]


def test_what_comes_after_the_checkpoint_is_not_its_business() -> None:
    """A change behind the checkpoint agrees with it: only a later checkpoint can show it."""
    assert check(KEPT, KEYS, rewritten(LINKS, 16)) == []


@pytest.mark.parametrize("field", ["count", "head", "root", "time"])
def test_no_field_can_be_changed(field: str) -> None:
    """The signature covers every field."""
    bad = msgspec.structs.replace(
        KEPT, **{field: 14 if field == "count" else LINKS[13].hash if field != "time" else at(3)}
    )
    assert doubts(bad, KEYS) == [Fault(seq=bad.count, what="signature")]


def test_keys_that_are_not_to_be_believed() -> None:
    """A stranger's key is unknown; the old key's signature after the rotation is out of time, the new key's is not."""
    late = "2026-11-20T00:00:00+08:00"
    assert doubts(checkpoint(LINKS, STRANGER), KEYS) == [Fault(seq=20, what="key-unknown")]
    assert doubts(checkpoint(LINKS, OLD, late), KEYS) == [Fault(seq=20, what="key-out-of-time")]
    assert doubts(checkpoint(LINKS, NEW, late), KEYS) == []
    forged = msgspec.structs.replace(checkpoint(LINKS, STRANGER), key_id=OLD.id)
    assert doubts(forged, KEYS) == [Fault(seq=20, what="signature")]


def test_what_cannot_be_written_was_not_signed() -> None:
    """A count beyond every chain is no error of ours, just not signed."""
    assert not signed_by(msgspec.structs.replace(KEPT, count=2**60), KEYS[OLD.id])


def test_nothing_to_sign() -> None:
    """There is no checkpoint over no links, and none at a time that is not written as the chain's are."""
    with pytest.raises(UsageError, match="no link"):
        sign(Tree([]), at(1), OLD)
    with pytest.raises(UsageError, match=r"\+08:00"):
        sign(Tree([LINKS[0].hash]), "today", OLD)


def test_an_earlier_checkpoint_is_carried_on() -> None:
    """The later tree proves that it begins with the earlier checkpoint's links; a tree that does not refuses."""
    tree = Tree(one.hash for one in LINKS)
    one = kept(KEPT, tree)
    assert extends(15, KEPT.root, 20, tree.root, one.proof)
    with pytest.raises(UsageError, match="link 15"):
        kept(KEPT, Tree(one.hash for one in rewritten(LINKS, 3)))


def test_a_checkpoint_is_a_file() -> None:
    """A checkpoint is written, in one line, and read back; other bytes are refused in one line."""
    data = written_checkpoint(KEPT)
    assert read_checkpoint(data) == KEPT
    assert data.count(b"\n") == 1
    for bad in (b"", b"[]", b"\xff", data[:-9], data.replace(b"+08:00", b"")):
        with pytest.raises(FormatError) as caught:
            read_checkpoint(bad)
        assert "\n" not in str(caught.value)


def test_the_same_chain_gives_the_same_checkpoint() -> None:
    """Ed25519 needs no chance: the same links, time and key give the same signature."""
    assert checkpoint(chain(15)) == KEPT


@given(st.integers(1, 20), st.integers(0, 20))
def test_any_prefix_is_judged_right(signed: int, present: int) -> None:
    """For every length of checkpoint and chain: agreement if the chain is long enough, else the missing links are named."""
    one: Checkpoint = checkpoint(LINKS[:signed])
    expected = [] if present >= signed else [Fault(seq=present + 1, what="cut", until=signed)]
    assert against(one, Tree(each.hash for each in LINKS[:present])) == expected
