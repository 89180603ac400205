"""Makers of chains, keys, checkpoints and evidence packages for tests: fixed seeds, fixed times, two cases in one chain."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

from mingcha.casework.chain import Link, link
from mingcha.casework.checkpoints import Checkpoint, sign
from mingcha.casework.commitments import sealed
from mingcha.casework.keys import Key, Signer, first_key, rotated, signer
from mingcha.casework.merkle import Tree
from mingcha.casework.package import Contents, write

OLD, NEW, STRANGER = (signer(bytes([number]) * 32) for number in (1, 2, 3))
SALT = bytes(range(32))
COMPLAINANT = "张三 13800138000"
OTHER_CASE = "另案的内容 canary-7f3a"
EVIDENCE = {"app.apk": b"PK\3\4 not really an app" * 9, "photo.jpg": b"\xff\xd8" + bytes(range(200))}
DOCUMENTS = {"order.pdf": b"%PDF-1.7 an order"}


def at(number: int) -> str:
    """The moment of the numbered event."""
    return f"2026-11-{1 + number // 24:02}T{number % 24:02}:30:00+08:00"


def keys() -> tuple[Key, ...]:
    """Two keys: the second takes over on 15 November."""
    return rotated((first_key(OLD, at(0)),), OLD, NEW, "2026-11-15T00:00:00+08:00")


def body(number: int) -> dict[str, object]:
    """What the numbered event of our case says."""
    files = [*EVIDENCE.values(), *DOCUMENTS.values()]
    named = {"sha256": hashlib.sha256(files[number // 3 % len(files)]).hexdigest()}
    return {"n": number, "who": sealed(COMPLAINANT, SALT)} if number == 3 else {"n": number, "file": named}


def chain(count: int = 40) -> list[Link]:
    """A chain in which every third event is of our case and the rest of another one."""
    links: list[Link] = []
    for number in range(1, count + 1):
        ours = number % 3 == 0
        links.append(
            link(
                links[-1] if links else None,
                time=at(number),
                actor="inspector-1" if ours else "inspector-2",
                act="evidence.received" if number % 2 else "finding.confirmed",
                object="case-1" if ours else "case-2",
                body=body(number) if ours else {"text": OTHER_CASE, "n": number},
            )
        )
    return links


def rewritten(links: list[Link], number: int) -> list[Link]:
    """The chain as one who can write everything would make it: one event changed, all later hashes made anew."""
    made = list(links[: number - 1])
    for one in links[number - 1 :]:
        actor = "somebody else" if one.seq == number else one.actor
        before = made[-1] if made else None
        made.append(link(before, time=one.time, actor=actor, act=one.act, object=one.object, body=one.body))
    return made


def checkpoint(links: list[Link], by: Signer = OLD, time: str = "2026-11-10T00:00:00+08:00") -> Checkpoint:
    """A signed checkpoint over all the links."""
    return sign(Tree(one.hash for one in links), time, by)


def contents(links: list[Link], earlier: tuple[int, ...] = (), by: Signer = OLD) -> Contents:
    """Our case's package, not yet written, with checkpoints over the first so many links."""
    return Contents(
        number="演示〔2026〕1号",
        case={"state": "ordered", "app": "com.example.app"},
        links=[one for one in links if one.object == "case-1"],
        tree=Tree(one.hash for one in links),
        checkpoint=checkpoint(links, by),
        keys=keys(),
        evidence=EVIDENCE,
        documents=DOCUMENTS,
        custody=[one.seq for one in links if one.act == "evidence.received" and one.object == "case-1"],
        earlier=[checkpoint(links[:count], time=at(count)) for count in earlier],
    )


def package(links: list[Link], earlier: tuple[int, ...] = (), by: Signer = OLD) -> bytes:
    """Our case's package."""
    return write(contents(links, earlier, by), "2026-11-10T09:00:00+08:00", by)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a package by their path below its folder."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Files as anybody's tool would pack them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(f"any/{path}", data)
    return out.getvalue()


def relisted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with both manifests made anew, as one without the key can do it."""
    made = dict(files)
    made["manifest-sha256.txt"] = _manifest({path: data for path, data in made.items() if path.startswith("data/")})
    tags = {path: data for path, data in made.items() if "/" not in path and not path.startswith("tagmanifest")}
    made["tagmanifest-sha256.txt"] = _manifest(tags)
    return made


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return b"".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n".encode() for path in sorted(files))
