"""The evidence package of one case: its events with the proof of their places in the whole chain, its evidence, its documents, a seal.

Of other cases it shows nothing but hashes of hashes. Everything in it is there for a checker without network or database.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from mingcha.casework import bag
from mingcha.casework.canonical import canonical
from mingcha.casework.chain import Link, checked_time, intact
from mingcha.casework.checkpoints import Checkpoint, Kept, against, kept
from mingcha.casework.keys import Key, Signer, signature_holds, written_keys
from mingcha.casework.merkle import Tree
from mingcha.errors import UsageError

FORMAT = 1
CASE, EVENTS, CUSTODY = "data/case.json", "data/events.jsonl", "data/custody.jsonl"
CHECKPOINT, KEYS = "data/checkpoint.json", "data/keys.json"
EVIDENCE, DOCUMENTS = "data/evidence/", "data/documents/"
PARTS = (bag.BAGIT, bag.INFO, bag.MANIFEST, bag.TAG_MANIFEST, bag.SEAL, CASE, EVENTS, CUSTODY, CHECKPOINT, KEYS)
"""What every package has."""


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of events.jsonl: a link and the hashes that lead from it to the checkpoint's root."""

    link: Link
    proof: tuple[str, ...]


class Anchor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """checkpoint.json: the checkpoint the events are proved against, and earlier ones it goes on from."""

    checkpoint: Checkpoint
    earlier: tuple[Kept, ...] = ()


class Handled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of custody.jsonl: an event that says who handled a piece of evidence."""

    seq: int
    time: str
    actor: str
    act: str
    object: str


class Seal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """seal.json: which events and files belong to the package, signed, so that leaving one out shows and is named."""

    format: int
    case: str
    events: tuple[tuple[int, str], ...]
    files: dict[str, str]
    time: str
    key_id: str
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a package is made of; ``tree`` is over the whole chain up to the checkpoint or beyond it.

    ``number`` names the case. ``links`` are the case's own, in order; ``custody`` says which of them (by number) are acts on evidence.
    Evidence and documents are named by their path; the SHA-256 of each must stand in one of the links.
    """

    number: str
    case: Mapping[str, Any]
    links: Sequence[Link]
    tree: Tree
    checkpoint: Checkpoint
    keys: Sequence[Key]
    evidence: Mapping[str, bag.Content] = field(default_factory=dict)
    documents: Mapping[str, bag.Content] = field(default_factory=dict)
    custody: Collection[int] = ()
    earlier: Sequence[Checkpoint] = ()


def write(contents: Contents, time: str, by: Signer) -> bytes:
    """The package as a ZIP, sealed by a key at a time: the same contents, the same bytes. Raises UsageError."""
    out = io.BytesIO()
    write_into(out, contents, time, by)
    return out.getvalue()


def write_into(out: BinaryIO, contents: Contents, time: str, by: Signer) -> None:
    """The same, into an open file: large evidence, given as memory maps, is never held in memory. Raises UsageError."""
    tree = _tree_of(contents)
    payload = _payload(contents, tree)
    info = [
        ("Bag-Software-Agent", "Mingcha"),
        ("Bagging-Date", checked_time(time)[:10]),
        ("External-Identifier", contents.number),
    ]
    bag.write(out, _base(contents.number), payload, info, lambda files: _seal(contents, files, time, by))


def _tree_of(contents: Contents) -> Tree:
    """The tree the checkpoint was made of, after seeing that every link stands in it. Raises UsageError."""
    faults = against(contents.checkpoint, contents.tree)
    if faults:
        raise UsageError(f"link {faults[0].seq}: the chain is not the one the checkpoint was made of")
    count, reached = contents.checkpoint.count, 0
    for link in contents.links:
        if not (reached < link.seq <= count and intact(link) and contents.tree.hash_at(link.seq) == link.hash):
            raise UsageError(f"link {link.seq} is out of order, altered, or not among those the checkpoint counts")
        reached = link.seq
    return contents.tree if contents.tree.count == count else contents.tree.cut(count)


def _payload(contents: Contents, tree: Tree) -> dict[str, bag.Content]:
    anchor = Anchor(checkpoint=contents.checkpoint, earlier=tuple(kept(one, tree) for one in contents.earlier))
    events = [Event(link=link, proof=tree.proof(link.seq)) for link in contents.links]
    payload: dict[str, bag.Content] = {
        CASE: line({"number": contents.number, "case": dict(contents.case)}),
        EVENTS: b"".join(map(line, events)),
        CUSTODY: b"".join(line(handled(link)) for link in contents.links if link.seq in contents.custody),
        CHECKPOINT: line(anchor),
        KEYS: written_keys(contents.keys),
        **{EVIDENCE + name: data for name, data in contents.evidence.items()},
        **{DOCUMENTS + name: data for name, data in contents.documents.items()},
    }
    return {path.removeprefix("data/"): data for path, data in payload.items()}


def line(value: Any) -> bytes:
    """A value as a package writes it: canonical, one line. Raises UsageError."""
    return canonical(msgspec.to_builtins(value)) + b"\n"


def handled(link: Link) -> Handled:
    """A link as custody.jsonl repeats it."""
    return Handled(seq=link.seq, time=link.time, actor=link.actor, act=link.act, object=link.object)


def _base(number: str) -> str:
    return "mingcha-" + (re.sub(r"[^A-Za-z0-9]+", "-", number).strip("-")[:80] or "case")


def _seal(contents: Contents, files: Mapping[str, str], time: str, by: Signer) -> bytes:
    draft = Seal(
        format=FORMAT,
        case=contents.number,
        events=tuple((link.seq, link.hash) for link in contents.links),
        files=dict(files),
        time=time,
        key_id=by.id,
    )
    return line(msgspec.structs.replace(draft, signature=by.sign(_statement(draft)).hex()))


def _statement(seal: Seal) -> bytes:
    told = msgspec.to_builtins(seal)
    del told["signature"]
    return b"mingcha package 1\n" + canonical(told)


def sealed_by(seal: Seal, key: Key) -> bool:
    """Whether the key made the seal. Raises UsageError where cryptography is not installed."""
    try:
        statement = _statement(seal)
    except UsageError:
        return False  # it holds what cannot be written down, so nobody signed it
    return key.id == seal.key_id and signature_holds(key.public, statement, seal.signature)
