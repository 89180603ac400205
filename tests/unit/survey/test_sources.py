"""What a survey is given: folders, archives, lists, addresses; and samples of them."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import fsspec
import pytest

from mingcha.errors import UsageError
from mingcha.survey.sources import items, sampled


def test_a_folder_gives_its_apps_by_name(tmp_path: Path) -> None:
    """Apps in folders below too, in the order of their names; hidden files and others are passed over."""
    for name in ("b.apk", "a/c.APKS", ".hidden.apk", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [one.app for one in items([str(tmp_path)])] == [f"{tmp_path}/a/c.APKS", f"{tmp_path}/b.apk"]


def test_an_archive_gives_the_apps_in_it(tmp_path: Path) -> None:
    """A ZIP and a packed TAR, and what they name can be opened."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("in/one.apk", b"one")
        packed.writestr("readme", b"")
    (tmp_path / "two.apk").write_bytes(b"two")
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "two.apk", "two.apk")
    found = items([str(tmp_path / "all.zip"), str(tmp_path / "all.tar.gz")])
    contents = []
    for one in found:
        with fsspec.open(one.app) as file:
            contents.append(file.read())
    assert contents == [b"one", b"two"]
    assert [one.name for one in found] == [f"{tmp_path}/all.zip/in/one.apk", f"{tmp_path}/all.tar.gz/two.apk"]


def test_an_address_is_read_like_a_folder() -> None:
    """Whatever file system fsspec knows serves."""
    fsspec.filesystem("memory").pipe_file("/apps/x.apk", b"x")
    assert [one.app for one in items(["memory://apps"])] == ["memory:///apps/x.apk"]


@pytest.mark.parametrize("name", ["list.csv", "list.jsonl"])
def test_a_list_says_what_belongs_to_an_app(tmp_path: Path, name: str) -> None:
    """Policies, runs, type and store metadata; relative paths begin at the list; unknown columns and empty cells are passed over."""
    row = {
        "app": "a.apk",
        "policy": "p.html;q.html",
        "type": "38",
        "category": "工具",
        "downloads": "1000",
        "colour": "red",
        "developer": "",
    }
    text = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    if name.endswith("jsonl"):
        text = '{"app": "a.apk", "policy": ["p.html", "q.html"], "type": 38, "category": "工具", "downloads": 1000}\n'
    (tmp_path / name).write_text(text, "utf-8")
    (one,) = items([str(tmp_path / name)])
    assert (one.name, one.app) == (f"{tmp_path}/a.apk", f"{tmp_path}/a.apk")
    assert one.policy == (f"{tmp_path}/p.html", f"{tmp_path}/q.html")
    assert (one.type, one.category, one.downloads, one.developer) == (38, "工具", 1000, None)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "app,type\na.apk,many\n", "row 1"),
        ("b.csv", "package\ncom.x\n", "names no app"),
        ("c.jsonl", "{]\n", "row 1"),
        ("d.jsonl", "[1]\n", "row 1"),
    ],
)
def test_a_bad_list_is_told_by_its_row(tmp_path: Path, name: str, text: str, told: str) -> None:
    """One line that names the row."""
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=told):
        items([str(tmp_path / name)])


@pytest.mark.parametrize("name", ["nothing", "no.apk.zip", "x.csv", "none://here"])
def test_what_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    """A missing folder, archive, list, or kind of address."""
    with pytest.raises(UsageError):
        items([name if "://" in name else str(tmp_path / name)])


def test_samples_of_a_longer_list_hold_those_of_a_shorter_one(tmp_path: Path) -> None:
    """About the share asked for, the same for the same seed, another for another."""
    for number in range(1000):
        (tmp_path / f"{number}.apk").touch()
    every = items([str(tmp_path)])
    tenth = sampled(every, 0.1, 7)
    assert 70 < len(tenth) < 130
    assert sampled(every[:500], 0.1, 7) == [one for one in tenth if one in set(every[:500])]
    assert sampled(every, 0.1, 8) != tenth
    assert sampled(every, 1, 7) == every
    with pytest.raises(UsageError):
        sampled(every, 1.5, 7)
