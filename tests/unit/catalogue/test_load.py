"""The catalogue read from YAML, compiled, cached by digest, and its taxonomy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mingcha.catalogue import load as module
from mingcha.catalogue.load import HOME, build, digest_of, load, read_sources
from mingcha.errors import CatalogueError


def test_compiled_is_the_same_as_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cache gives back equals what the YAML says, and the second load reads no YAML."""
    monkeypatch.setenv("MINGCHA_CACHE", str(tmp_path))
    first = load()
    monkeypatch.setattr(module, "build", lambda *_: pytest.fail("read the YAML again"))
    assert load() == first


def test_a_damaged_cache_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no catalogue are ignored and replaced."""
    monkeypatch.setenv("MINGCHA_CACHE", str(tmp_path))
    first = load()
    (kept,) = tmp_path.glob("*.msgpack")
    (state,) = tmp_path.glob("*.txt")
    for garbage in (b"\x00garbage", b"", b"\xff" * 64, b"g" * 64):
        for file in (kept, state):
            file.write_bytes(garbage)
        assert load() == first
        assert kept.stat().st_size > 1000
        assert state.read_text() == first.digest


def test_a_changed_file_is_seen_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the files look like from outside stands for their content only as long as nothing changed."""
    home = tmp_path / "catalogue"
    shutil.copytree(HOME, home)
    monkeypatch.setenv("MINGCHA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "HOME", home)
    before = load()
    assert load() == before
    file = home / "measured.yaml"
    text = file.read_text("utf-8")
    os.utime(file, ns=(0, 0))
    assert load().digest == before.digest
    file.write_text(text.replace("# How", "# Hoy", 1), "utf-8")  # as long as before
    assert load().digest != before.digest


def test_a_read_only_home_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, the catalogue is read all the same."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("MINGCHA_CACHE", str(blocked / "below"))
    assert load().regulations


def test_the_digest_follows_every_byte() -> None:
    """Any change of any file, or of its name, changes the digest."""
    sources = {"a.yaml": b"1", "b.yaml": b"2"}
    others = [{"a.yaml": b"1", "b.yaml": b"3"}, {"a.yaml": b"1", "c.yaml": b"2"}, {"a.yaml": b"12", "b.yaml": b""}]
    assert digest_of(sources) not in {digest_of(other) for other in others}
    assert digest_of(sources) == digest_of(dict(reversed(sources.items())))


def test_regulation_has_its_31_items() -> None:
    """4 + 4 + 9 + 6 + 3 + 5 items, each in its category."""
    clauses = load().regulations["idm-2019"].clauses
    counts = [sum(clause.category == str(n) for clause in clauses) for n in range(1, 7)]
    assert counts == [4, 4, 9, 6, 3, 5]
    assert all(clause.id.startswith(f"idm-2019/{clause.category}.") for clause in clauses)


def test_guide_has_its_28_items_and_the_ten_parts_of_one() -> None:
    """5 + 4 + 10 + 4 + 2 + 3 items; 1.5a to 1.5j stand behind 1.5, which follows them all, and 3.10 behind 3.9."""
    names = [clause.id.partition("/")[2] for clause in load().regulations["tc260-sa-2020"].clauses]
    items = [name for name in names if name[-1].isdigit()]
    assert [sum(name.startswith(f"{n}.") for name in items) for n in range(1, 7)] == [5, 4, 10, 4, 2, 3]
    assert names[4:15] == ["1.5", *(f"1.5{letter}" for letter in "abcdefghij")]
    assert [one.clause[-4:] for one in load().clause("tc260-sa-2020/1.5").follows] == names[5:15]
    assert names[names.index("3.9") + 1] == "3.10"


def test_bulletins_have_all_their_headings() -> None:
    """Ten headings of 2020 and eight of 2019, in force from the day each notice was published."""
    rules = load().regulations
    assert [len(rules[name].clauses) for name in ("miit-2020", "miit-2019")] == [10, 8]
    assert [rules[name].effective_from for name in ("miit-2019", "miit-2020", "pipl-2021")] == [
        "2019-11-04",
        "2020-07-22",
        "2021-11-01",
    ]


def test_only_the_method_is_judged_by_default() -> None:
    """A set that says again what the Method says is judged where it is asked for."""
    rules = load().regulations
    assert [rule.id for rule in rules.values() if rule.default and rule.clauses] == ["idm-2019"]


def test_a_mirror_speaks_in_the_words_of_what_it_mirrors() -> None:
    """Where a clause follows one other it has that one's condition and, but for its own sentences, its wording."""
    mirror, told = load().clause("tc260-sa-2020/3.6"), load().clause("idm-2019/3.5")
    assert (mirror.follows[0].clause, mirror.follows[0].breached_when) == (told.id, told.breached_when)
    assert mirror.breached_when is None
    assert mirror.wording["zh"].remedy == told.wording["zh"].remedy
    assert mirror.wording["zh"].gloss != told.wording["zh"].gloss


def test_taxonomy_goes_up_and_never_sideways() -> None:
    """IMEI is a device identifier and personal information; IMSI is not ICCID, OAID is not GAID."""
    is_a = load().is_a
    assert is_a("dev.imei", "dev.id")
    assert is_a("dev.imei", "generic.pi")
    assert is_a("loc.precise", "loc")
    for one, other in (
        ("dev.imsi", "dev.iccid"),
        ("dev.oaid", "dev.gaid"),
        ("dev.id", "dev.imei"),
        ("dev.ssid", "dev.bssid"),
    ):
        assert not is_a(one, other)


def test_unknown_ids_are_nothing() -> None:
    """An id the taxonomy does not have is itself and nothing else."""
    assert load().is_a("x", "x")
    assert not load().is_a("x", "generic.pi")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("information.yaml", b"a: {b: [}", "information.yaml:1"),
        ("information.yaml", b"a: {name: {zh: x}}\na: {name: {zh: y}}", "'a' stands twice"),
        ("information.yaml", b"a: {name: 3}", "name"),
    ],
)
def test_broken_yaml_is_told_with_its_file(name: str, data: bytes, message: str) -> None:
    """YAML that does not parse, repeats a key or has the wrong shape is refused by name."""
    with pytest.raises(CatalogueError, match=message):
        build({name: data})


def test_dates_and_words_stay_text() -> None:
    """A date is text and so is no: only true and false are booleans."""
    import yaml

    read = yaml.load("{a: 2024-05-31, b: no, c: true}", Loader=module.yaml_loader())
    assert read == {"a": "2024-05-31", "b": "no", "c": True}


def test_sources_are_found_by_walking() -> None:
    """Every YAML file below the catalogue is read; adding one is enough."""
    assert {"information.yaml", "regulations/idm-2019/3.1.yaml"} <= set(read_sources(HOME))
