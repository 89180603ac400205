"""The evidence package: what it holds, what it keeps to itself, and what it refuses to be made of."""

from __future__ import annotations

import hashlib
import json
import mmap
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from mingcha.casework.canonical import DEPTH
from mingcha.casework.chain import link
from mingcha.casework.checkpoints import Checkpoint
from mingcha.casework.merkle import Tree, leads
from mingcha.casework.package import PARTS, Seal, sealed_by, write, write_into
from mingcha.casework.verifying import verify
from mingcha.errors import UsageError
from tests.build.chains import (
    COMPLAINANT,
    DOCUMENTS,
    EVIDENCE,
    NEW,
    OLD,
    OTHER_CASE,
    at,
    chain,
    checkpoint,
    contents,
    keys,
    package,
    unpacked,
)  # fmt: skip

LINKS = chain()
DATA = package(LINKS)
FILES = unpacked(DATA)


def test_the_same_contents_give_the_same_bytes() -> None:
    """Made twice from scratch, the package has the same bytes; another time of sealing gives others."""
    assert package(chain()) == DATA
    assert write(contents(LINKS), at(300), OLD) != DATA


def test_large_evidence_can_be_mapped(tmp_path: Path) -> None:
    """Evidence given as a memory map, written into an open file, makes the same package; the mapped package is read the same."""
    (tmp_path / "app.apk").write_bytes(EVIDENCE["app.apk"])
    with (tmp_path / "app.apk").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        whole = replace(contents(LINKS), evidence={**EVIDENCE, "app.apk": mapped})
        with (tmp_path / "case.zip").open("wb") as out:
            write_into(out, whole, "2026-11-10T09:00:00+08:00", OLD)
    assert (tmp_path / "case.zip").read_bytes() == DATA
    with (tmp_path / "case.zip").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert verify(mapped, keys()).verdict == "genuine"


def test_the_deepest_event_can_be_packed() -> None:
    """Whatever can be linked can be packed: a body nested one level deeper than a package can hold is refused when it is linked."""
    deep: object = 1
    for _ in range(DEPTH - 10):
        deep = [deep]
    links = [link(None, time=at(1), actor="a", act="b", object="case-1", body={"deep": deep})]
    whole = replace(contents(LINKS), links=links, tree=Tree([links[0].hash]), checkpoint=checkpoint(links), custody=())
    bare = replace(whole, evidence={}, documents={})
    assert verify(write(bare, "2026-11-10T09:00:00+08:00", OLD), keys()).verdict == "genuine"
    with pytest.raises(UsageError, match="deep"):
        link(None, time=at(1), actor="a", act="b", object="case-1", body={"deep": [deep]})


def test_every_part_is_there() -> None:
    """All parts, each piece of evidence and each document, and nothing else."""
    expected = {
        *PARTS,
        *(f"data/evidence/{name}" for name in EVIDENCE),
        *(f"data/documents/{name}" for name in DOCUMENTS),
    }
    assert set(FILES) == expected


def test_each_event_proves_its_place() -> None:
    """Each line holds one of the case's links and a proof that leads to the signed root; checked without the package's reader."""
    signed = json.loads(FILES["data/checkpoint.json"])["checkpoint"]
    rows = [json.loads(line) for line in FILES["data/events.jsonl"].splitlines()]
    assert [row["link"]["seq"] for row in rows] == list(range(3, 40, 3))
    assert signed["root"] == Tree(one.hash for one in LINKS).root
    for row in rows:
        one = row["link"]
        assert leads(one["hash"], one["seq"], signed["count"], row["proof"], signed["root"])


def test_other_cases_do_not_leak() -> None:
    """Neither the other case's words, nor its name, nor any hash of its events by which a guess could be tried; no personal value."""
    assert OTHER_CASE.encode() not in DATA
    assert b"canary" not in DATA
    assert b"case-2" not in DATA
    assert COMPLAINANT.encode() not in DATA
    neighbours = {one.seq - 1 for one in LINKS if one.object == "case-1"} | {40}
    for one in LINKS:
        shown = one.hash.encode() in DATA
        assert shown == (one.object == "case-1" or one.seq in neighbours)


def test_custody_repeats_the_acts_on_evidence() -> None:
    """custody.jsonl has one line for each event that is an act on evidence, as the event says it."""
    rows = [json.loads(line) for line in FILES["data/custody.jsonl"].splitlines()]
    assert [row["seq"] for row in rows] == [3, 9, 15, 21, 27, 33, 39]
    assert rows[0] == {"act": "evidence.received", "actor": "inspector-1", "object": "case-1", "seq": 3, "time": at(3)}


def test_the_seal_covers_all() -> None:
    """The seal lists every event and every file with its hash, and its key made it."""
    seal = msgspec.json.decode(FILES["seal.json"], type=Seal)
    assert seal.files == {
        path: hashlib.sha256(data).hexdigest() for path, data in FILES.items() if path not in ("seal.json", "tagmanifest-sha256.txt")
    }  # fmt: skip
    assert seal.events == tuple((one.seq, one.hash) for one in LINKS if one.object == "case-1")
    assert sealed_by(seal, keys()[0])
    assert not sealed_by(seal, keys()[1])
    assert not sealed_by(msgspec.structs.replace(seal, case="another"), keys()[0])
    assert not sealed_by(msgspec.structs.replace(seal, format=2**60), keys()[0])


def test_a_chain_that_went_on_gives_the_same_package() -> None:
    """The tree may be over more links than the checkpoint counts: the proofs are those of the checkpoint's tree."""
    grown = replace(contents(LINKS), tree=Tree(one.hash for one in chain(50)))
    assert write(grown, "2026-11-10T09:00:00+08:00", OLD) == DATA


@pytest.mark.parametrize("fault", ["altered", "order", "uncounted", "other chain", "moment", "key"])
def test_what_would_not_be_genuine_is_not_written(fault: str) -> None:
    """An altered link, a wrong order, a link the checkpoint does not count, another chain's checkpoint, a bad time: refused."""
    whole = contents(LINKS)
    links, time = list(whole.links), at(300)
    if fault == "altered":
        whole = replace(whole, links=[msgspec.structs.replace(links[0], actor="x"), *links[1:]])
    elif fault == "order":
        whole = replace(whole, links=links[::-1])
    elif fault == "uncounted":
        whole = replace(whole, checkpoint=checkpoint(LINKS[:20]))
    elif fault == "other chain":
        whole = replace(whole, checkpoint=checkpoint([*LINKS[:-1], LINKS[0]]))
    elif fault == "moment":
        time = "2026-11-10"
    else:
        whole = replace(whole, earlier=[Checkpoint(count=3, head="", root="", time=at(3), key_id=NEW.id)])
    with pytest.raises(UsageError):
        write(whole, time, OLD)


def test_any_number_names_a_folder() -> None:
    """The folder's name is plain ASCII whatever the case's number is."""
    assert b"mingcha-2026-1/bagit.txt" in DATA
    assert b"mingcha-case/bagit.txt" in write(replace(contents(LINKS), number="第一号"), at(300), OLD)
