"""Checkpoints: how many links there are, the last one's hash and the root of the tree over all, signed, and kept outside the database.

A chain that was cut at its end, written anew or restored from an old backup is whole in itself; only a checkpoint kept elsewhere
(on the site, in a printed notice, with another office) shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from mingcha.casework.canonical import canonical
from mingcha.casework.chain import Fault, Link, checked_time
from mingcha.casework.keys import Key, Signer, in_time, signature_holds
from mingcha.casework.merkle import Tree
from mingcha.errors import FormatError, UsageError


class Checkpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first ``count`` links: the last one's hash, the root of the tree over their hashes, when, and who says so."""

    count: int
    head: str
    root: str
    time: str
    key_id: str
    signature: str = ""


class Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An earlier checkpoint and the proof that a later tree begins with its links."""

    checkpoint: Checkpoint
    proof: tuple[str, ...]


def sign(tree: Tree, time: str, by: Signer) -> Checkpoint:
    """The checkpoint over all links of the tree. Raises UsageError."""
    if not tree.count:
        raise UsageError("there is no link yet to make a checkpoint of")
    draft = Checkpoint(count=tree.count, head=tree.head, root=tree.root, time=checked_time(time), key_id=by.id)
    return msgspec.structs.replace(draft, signature=by.sign(_statement(draft)).hex())


def _statement(one: Checkpoint) -> bytes:
    told = {"count": one.count, "head": one.head, "root": one.root, "time": one.time, "key_id": one.key_id}
    return b"mingcha checkpoint 1\n" + canonical(told)


def signed_by(checkpoint: Checkpoint, key: Key) -> bool:
    """Whether the key signed it. Raises UsageError where cryptography is not installed."""
    try:
        statement = _statement(checkpoint)
    except UsageError:
        return False  # it holds what cannot be written down, so nobody signed it
    return key.id == checkpoint.key_id and signature_holds(key.public, statement, checkpoint.signature)


def check(checkpoint: Checkpoint, public_keys: Mapping[str, Key], links: Sequence[Link | str]) -> list[Fault]:
    """What is wrong with a checkpoint, and with a chain (or its hashes, in order) against it. Raises UsageError.

    The links must be whole in themselves (``chain.check``); they may go on beyond the checkpoint.
    """
    return [*doubts(checkpoint, public_keys), *against(checkpoint, Tree(_hash(one) for one in links))]


def doubts(checkpoint: Checkpoint, public_keys: Mapping[str, Key]) -> list[Fault]:
    """Why the checkpoint itself is not to be believed; none if it is. Raises UsageError where cryptography is not installed."""
    key = public_keys.get(checkpoint.key_id)
    if key is None:
        return [Fault(seq=checkpoint.count, what="key-unknown")]
    if not signed_by(checkpoint, key):
        return [Fault(seq=checkpoint.count, what="signature")]
    if not in_time(key, public_keys.values(), checkpoint.time):
        return [Fault(seq=checkpoint.count, what="key-out-of-time")]
    return []


def against(checkpoint: Checkpoint, tree: Tree) -> list[Fault]:
    """Where a chain is not the one the checkpoint was made of: cut, or another one."""
    if tree.count < checkpoint.count:
        return [Fault(seq=tree.count + 1, what="cut", until=checkpoint.count)]
    if checkpoint.count < 1 or (tree.hash_at(checkpoint.count), tree.root_at(checkpoint.count)) != (
        checkpoint.head, checkpoint.root,
    ):  # fmt: skip
        return [Fault(seq=checkpoint.count, what="forked")]
    return []


def _hash(one: Link | str) -> str:
    return one if isinstance(one, str) else one.hash


def kept(checkpoint: Checkpoint, tree: Tree) -> Kept:
    """An earlier checkpoint with the proof that this tree goes on from it. Raises UsageError."""
    faults = against(checkpoint, tree)
    if faults:
        raise UsageError(
            f"link {faults[0].seq}: the chain is not the one the checkpoint of {checkpoint.time} was made of"
        )
    return Kept(checkpoint=checkpoint, proof=tree.extension(checkpoint.count))


def read_checkpoint(data: bytes) -> Checkpoint:
    """A checkpoint as it is published. Raises FormatError."""
    try:
        one = msgspec.json.decode(data, type=Checkpoint)
        checked_time(one.time)
    except (ValueError, RecursionError, UsageError, msgspec.MsgspecError) as error:
        raise FormatError(f"not a checkpoint: {' '.join(str(error).split())[:200]}") from error
    return one


def written_checkpoint(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as a file: the same checkpoint, the same bytes."""
    return canonical(msgspec.to_builtins(checkpoint)) + b"\n"
