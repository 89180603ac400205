"""E1: whatever is changed in a package is found by the offline checker, and its place is named; and nobody else is accused."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.casework.checkpoints import sign
from mingcha.casework.findings import ALTERED, INCOMPLETE, Findings, finding, sentences
from mingcha.casework.keys import first_key, read_keys
from mingcha.casework.merkle import Tree
from mingcha.casework.package import PARTS, write
from mingcha.casework.verifying import verify
from mingcha.errors import FormatError
from tests.build.chains import (
    DOCUMENTS,
    EVIDENCE,
    NEW,
    OLD,
    STRANGER,
    at,
    checkpoint,
    contents,
    packed,
    relisted,
)  # fmt: skip
from tests.build.opened import DATA, EVENTS, FILES, KEYS, LINKS, PATHS, flipped, found


def test_an_honest_package_is_genuine() -> None:
    """As written, and packed anew by another tool, with the whole list, with only the first key, and with a bare key."""
    bare = read_keys(OLD.public.encode())
    for data in (DATA, packed(FILES), packed(FILES, zipfile.ZIP_DEFLATED)):
        for anchors in (KEYS, KEYS[:1], bare):
            result = verify(data, anchors)
            assert (result.verdict, result.found) == ("genuine", ())
    assert (result.case, result.events, result.files, result.count) == ("演示〔2026〕1号", 13, 13, 40)


def test_a_key_after_rotation_is_believed() -> None:
    """A package sealed by the new key is genuine for whoever holds the old one."""
    later = "2026-11-20T00:00:00+08:00"
    whole = replace(contents(LINKS), checkpoint=sign(Tree(one.hash for one in LINKS), later, NEW))
    assert verify(write(whole, later, NEW), KEYS[:1]).verdict == "genuine"


# --- nothing vouches for itself


def test_an_unknown_key_is_never_genuine() -> None:
    """Without a key, with a stranger's key, and for a package a stranger made with a list of his own: never genuine."""
    for anchors in ([], [first_key(STRANGER, at(0))]):
        result = verify(DATA, anchors)
        assert result.verdict == "incomplete"
        assert {one.code for one in result.found} == {"key-unknown"}
        assert {one.where for one in result.found} == {"seal.json", "data/checkpoint.json"}
    whole = contents(LINKS)
    own = replace(whole, checkpoint=checkpoint(LINKS, STRANGER), keys=[first_key(STRANGER, at(0))])
    assert verify(write(own, at(300), STRANGER), KEYS).verdict == "incomplete"
    mixed = replace(whole, checkpoint=whole.checkpoint)
    assert {(one.code, one.where) for one in verify(write(mixed, at(300), STRANGER), KEYS).found} == {
        ("key-unknown", "seal.json")
    }


def test_a_key_that_has_ended_is_not_genuine() -> None:
    """A checkpoint or seal that the old key made after the rotation is not believed, and not called altered either."""
    late = "2026-11-20T00:00:00+08:00"
    result = verify(write(contents(LINKS), late, OLD), KEYS)
    assert [(one.code, one.where) for one in result.found] == [("key-out-of-time", "seal.json")]
    assert result.verdict == "incomplete"


def test_a_strangers_key_in_the_list_is_named() -> None:
    """A key that the one before it did not sign is named in keys.json and leads to no trust."""
    forged = msgspec.structs.replace(first_key(STRANGER, at(1)), previous=OLD.id)
    result = verify(write(replace(contents(LINKS), keys=[KEYS[0], forged]), at(200), STRANGER), KEYS[:1])
    assert ("key-unsound", "data/keys.json") in {(one.code, one.where) for one in result.found}
    assert result.verdict == "altered"


# --- one byte


@pytest.mark.parametrize("path", PATHS)
def test_one_byte_in_any_file_is_found_and_only_that_file_is_named(path: str) -> None:
    """First, middle and last byte of each file: altered, that file named, and no other file."""
    size = len(FILES[path])
    for place in (0, size // 2, size - 1):
        result = verify(packed(flipped(path, place)), KEYS)
        assert result.verdict == "altered"
        named = {one.where for one in result.found}
        assert named == {path}


@pytest.mark.parametrize("path", [path for path in PATHS if "manifest" not in path and path != "seal.json"])
def test_one_byte_is_found_with_the_manifests_made_anew(path: str) -> None:
    """Whoever makes the manifests anew after changing a file does not hide it: the seal names file and manifests."""
    result = verify(packed(relisted(flipped(path, len(FILES[path]) // 2))), KEYS)
    assert ("file-changed", path) in {(one.code, one.where) for one in result.found}
    assert {one.where for one in result.found} <= {path, "manifest-sha256.txt", "tagmanifest-sha256.txt"}
    assert result.verdict == "altered"


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(PATHS), st.data())
def test_any_byte_in_any_file(path: str, data: st.DataObject) -> None:
    """Any bit of any byte of any file."""
    place, bit = data.draw(st.integers(0, len(FILES[path]) - 1)), 1 << data.draw(st.integers(0, 7))
    result = verify(packed(flipped(path, place, bit)), KEYS)
    assert result.verdict == "altered"
    assert {one.where for one in result.found} == {path}


def test_any_byte_of_the_zip() -> None:
    """One byte of the ZIP itself: genuine only if every file in it is still the same, else named or refused."""
    chance = random.Random(11)
    verdicts = set()
    for place in chance.sample(range(len(DATA)), 250):
        data = bytearray(DATA)
        data[place] ^= 1 << chance.randrange(8)
        try:
            result = verify(bytes(data), KEYS)
        except FormatError as error:
            verdicts.add("refused" if str(error).isprintable() else "refused badly")
            continue
        verdicts.add(result.verdict)
        if result.verdict == "genuine":
            assert {path.partition("/")[2]: _content(bytes(data), path) for path in _names(bytes(data))} == FILES
    assert verdicts == {"refused", "altered", "genuine"}


def _names(data: bytes) -> list[str]:
    from mingcha.formats.zipped import Archive

    return [*Archive(data).names()]


def _content(data: bytes, path: str) -> bytes:
    from mingcha.formats.zipped import Archive

    return Archive(data).read(path)


def test_what_is_broken_accuses_nothing_else() -> None:
    """A changed root does not make the events false, nor a changed key the signatures, nor a changed manifest the files."""
    root = json.loads(FILES["data/checkpoint.json"])["checkpoint"]["root"].encode()
    place = FILES["data/checkpoint.json"].rindex(root)
    result = verify(packed(relisted(flipped("data/checkpoint.json", place + 5))), KEYS)
    assert "data/events.jsonl" not in {one.where for one in result.found}
    place = FILES["data/keys.json"].index(OLD.public.encode())
    result = verify(packed(flipped("data/keys.json", place + 5)), [])
    assert {one.where for one in result.found if one.alters} == {"data/keys.json"}
    bare = {name: data for name, data in flipped("manifest-sha256.txt", 5).items() if name != "seal.json"}
    result = verify(packed(bare), KEYS)
    assert {one.where for one in result.found if one.alters} == {"manifest-sha256.txt"}


JUNK = st.binary(max_size=60) | st.sampled_from(
    [b"", b"{}\n", b"[]\n", b"null\n", b"[" * 90_000, b'{"format":1}\n', b"\xff\n", b"\n\n", b'{"count":1e400}\n']
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PATHS), JUNK, min_size=1, max_size=4), st.booleans())
def test_junk_in_place_of_files(junk: dict[str, bytes], listed: bool) -> None:
    """Whatever stands in the files, with or without manifests that agree, the checker ends with a verdict, never genuine."""
    files = relisted(FILES | junk) if listed else FILES | junk
    result = verify(packed(files), KEYS)
    assert (result.verdict == "genuine") == (files == FILES)
    assert all(text.isprintable() for text in told(result))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS), st.data())
def test_files_cut_anywhere(path: str, data: st.DataObject) -> None:
    """Any file cut anywhere is altered, and it is named."""
    files = FILES | {path: FILES[path][: data.draw(st.integers(0, len(FILES[path]) - 1))]}
    result = verify(packed(files), KEYS)
    assert result.verdict == "altered"
    assert path in {one.where for one in result.found}


# --- files


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_file_is_named(path: str) -> None:
    """Each file left out is named as missing, and nothing is called altered."""
    files = {name: data for name, data in FILES.items() if name != path}
    result = verify(packed(files), KEYS)
    assert result.verdict == "incomplete"
    assert ("file-missing", path) in {(one.code, one.where) for one in result.found}
    assert {one.where for one in result.found} == {path}


def test_a_file_left_out_with_the_manifests_made_anew() -> None:
    """The seal still names it."""
    files = relisted({name: data for name, data in FILES.items() if name != "data/evidence/photo.jpg"})
    assert ("file-missing", "data/evidence/photo.jpg", None) in found(files)


def test_a_file_put_in_is_named() -> None:
    """With or without a line in the manifests."""
    more = FILES | {"data/evidence/planted.jpg": b"x", "note.txt": b"y"}
    for files in (more, relisted(more)):
        assert {("file-extra", "data/evidence/planted.jpg", None), ("file-extra", "note.txt", None)} <= found(files)


def test_without_a_seal_the_manifests_are_used() -> None:
    """A package whose seal is gone is never genuine, and a changed file is still found, until the manifests are made anew."""
    bare = {name: data for name, data in FILES.items() if name != "seal.json"}
    assert {one[0] for one in found(bare)} == {"file-missing"}
    assert ("file-changed", "data/case.json", None) in found(bare | {"data/case.json": b"{}\n"})
    assert ("file-changed", "manifest-sha256.txt", None) in found(bare | {"manifest-sha256.txt": b""})
    assert ("unreadable", "manifest-sha256.txt", None) in found(bare | {"manifest-sha256.txt": b"?"})
    assert verify(packed(relisted(bare)), KEYS).verdict == "incomplete"


def test_evidence_no_event_speaks_of_is_not_vouched_for() -> None:
    """Evidence that even the key's holder put in, but whose hash stands in no event, is not genuine."""
    whole = contents(LINKS)
    later = write(replace(whole, evidence={**EVIDENCE, "late.jpg": b"late"}), "2026-11-10T09:00:00+08:00", OLD)
    result = verify(later, KEYS)
    assert [(one.code, one.where) for one in result.found] == [("unanchored", "data/evidence/late.jpg")]
    assert result.verdict == "incomplete"


def test_a_form_of_our_own_is_demanded() -> None:
    """Files of another form that the manifests cover are named as unreadable."""
    for path in ("seal.json", "data/checkpoint.json", "data/keys.json", "data/case.json"):
        files = relisted(FILES | {path: b'{"a":' * 5000})
        assert ("unreadable", path, None) in found(files)
    assert ("line-unreadable", "data/custody.jsonl", 1) in found(FILES | {"data/custody.jsonl": b"[]\n"})


def test_keys_twice_in_one_object_are_refused() -> None:
    """A line that other programs would read otherwise than we do is no event."""
    rows = FILES[EVENTS].splitlines(keepends=True)
    rows[1] = rows[1].replace(b'"act":', b'"act":"harmless","act":', 1)
    assert ("line-unreadable", EVENTS, 2) in found(relisted(FILES | {EVENTS: b"".join(rows)}))


# --- words


def told(result: Findings) -> list[str]:
    """All sentences in both languages."""
    return [text for lang in ("zh", "en") for text in sentences(result, lang)]


def test_the_words_say_verdict_and_place() -> None:
    """Genuine says on what it stands; altered says where, in both languages."""
    genuine = verify(DATA, KEYS)
    assert sentences(genuine, "zh")[0] == "结论：真实、完整。"
    assert "13条事件" in sentences(genuine, "zh")[1]
    assert OLD.id in sentences(genuine, "en")[1]
    altered = verify(packed(flipped("data/evidence/app.apk", 5)), KEYS)
    assert sentences(altered, "zh") == ["结论：已被改动。", "data/evidence/app.apk：内容与清单不符，已被改动。"]
    assert sentences(altered, "en")[0] == "Result: altered."


@pytest.mark.parametrize("code", [*ALTERED, *INCOMPLETE])
def test_every_code_has_words(code: str) -> None:
    """Each finding fills its sentences, which differ by language and leave no gap."""
    one = finding(code, "data/x", 3, 9, "k")
    assert one.zh != one.en
    for text in (one.zh, one.en):
        assert "None" not in text
        assert "{" not in text
    assert one.zh.endswith("。")
    assert one.en.endswith(".")


def test_names_from_the_package_cannot_move_the_cursor() -> None:
    """A hostile name in a manifest is shown without control characters, and a million findings are not printed."""
    listing = b"".join(b"%064x  data/\x1b[2J\xe2\x80\xae%d\n" % (number, number) for number in range(500))
    result = verify(packed({"bagit.txt": b"", "manifest-sha256.txt": listing}), [])
    lines = told(result)
    assert all(text.isprintable() for text in lines)
    assert len(lines) == 2 * 202


def test_every_part_is_of_the_package() -> None:
    """The parts that are demanded are those that are written."""
    assert set(PARTS) <= set(FILES)
    assert len(FILES) == len(PARTS) + len(EVIDENCE) + len(DOCUMENTS)
