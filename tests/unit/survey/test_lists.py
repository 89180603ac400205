"""Lists, archives and addresses that are wrong: each is told in one line, and a bad address costs its own app alone."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

pytest.importorskip("duckdb")

from mingcha.errors import UsageError
from mingcha.survey import running, sources
from mingcha.survey.dataset import Dataset
from mingcha.survey.examine import examine, refuse
from mingcha.survey.rows import Item, Plan, Told
from mingcha.survey.sources import items, sampled
from tests.build import surveys


def listed(path: Path, text: str | bytes) -> list[Item]:
    """What a list of this text gives."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return items([str(path)])


def refused(path: Path, text: str | bytes) -> str:
    """The one line in which it is refused, without the folder it lies in."""
    with pytest.raises(UsageError) as caught:
        listed(path, text)
    told = str(caught.value).replace(f"{path.parent}/", "")
    assert "\n" not in told
    return told


def here(every: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
    """An engine without any process."""
    for item in every:
        yield examine(item, plan, url)


# --- names -------------------------------------------------------------------------------------------------------------------


def test_apps_of_lists_in_different_folders_stay_apart(tmp_path: Path) -> None:
    """By default a row is named as its folder would name it, so a later list's `app.apk` does not take the place of an earlier one's."""
    names = []
    for folder in ("october", "november"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.apk").touch()
        (one,) = listed(tmp_path / folder / "list.csv", "app\napp.apk\n")
        assert one == items([str(tmp_path / folder)])[0]
        names.append(one.name)
    assert names == [f"{tmp_path}/october/app.apk", f"{tmp_path}/november/app.apk"]


def test_a_name_that_is_given_is_kept(tmp_path: Path) -> None:
    """Only the default is a path."""
    assert listed(tmp_path / "list.csv", "app,name\napp.apk,手电筒\n")[0].name == "手电筒"


def test_a_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    """What was unpacked from a ZIP of GBK names (应 is also UTF-8 for Ӧ) is examined all the same, or refused, under a name that can be kept."""
    (good,) = surveys.apps(tmp_path, ["good"])
    folder = tmp_path / "apps"
    folder.mkdir()
    Path(good.app).rename(folder / os.fsdecode("应用.apk".encode("gbk")))
    (folder / os.fsdecode("坏.apk".encode("gbk"))).write_bytes(b"nothing to read here")
    every = items([str(folder)])
    assert sampled(every, 1, 7) == every
    account = running.run(every, surveys.plan(), str(tmp_path / "ds"), here)
    assert account.outcomes == {"done": 1, "known": 0, "failed": 1}
    told = {row[1]: row[3] for row in surveys.rows(str(tmp_path / "ds"), "items")}
    assert told == {f"{folder}/\\udcbb\\udcb5.apk": "failed", f"{folder}/Ӧ\\udcd3\\udcc3.apk": "done"}


# --- addresses ---------------------------------------------------------------------------------------------------------------


class Odd(MemoryFileSystem):
    """A file system that raises what none of ours knows, as aiohttp does."""

    protocol = "odd"

    class OddError(Exception):
        """Of no family but its own."""

    def _raise(self, *_: object, **__: object) -> None:
        raise self.OddError("500, message='Internal Server Error'\nand more")

    get = get_file = cat_file = _raise


@pytest.fixture
def odd() -> None:
    """Addresses odd://… raise, and lost://… need a package that nobody has."""
    fsspec.register_implementation("odd", Odd, clobber=True)
    fsspec.register_implementation("lost", "no_such_package.files.Lost", clobber=True, errtxt="Install lostfs")


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize(
    ("app", "why"),
    [
        ("odd://a.apk", "odd://a.apk: OddError: 500, message='Internal Server Error'"),
        ("lost://a.apk", "the package no_such_package is missing (Install lostfs)"),
        ("none://a.apk", "Protocol not known: none"),
        ("memory://none.apk", "memory://none.apk: no such file or folder"),
        ("zip://a.apk::memory://none.zip", "no such file or folder"),
        ("a\\u0000.apk", "NUL"),
    ],
)
def test_a_bad_address_costs_its_own_app_alone(tmp_path: Path, app: str, why: str) -> None:
    """It is a gap with its reason, the next app is examined, and it is tried again in the next run."""
    (good,) = surveys.apps(tmp_path, ["good"])
    every = listed(tmp_path / "list.jsonl", f'{{"app": "{app}"}}\n{{"app": "{good.app}"}}\n')
    url = str(tmp_path / "ds")
    for outcome in ("done", "known"):
        account = running.run(every, surveys.plan(), url, here)
        assert account.outcomes == {"done": 0, "known": 0, "failed": 1, outcome: 1}
        (problem,) = account.problems
        assert ": unreadable: " in problem
        assert why in problem
        assert "\n" not in problem
    assert set(surveys.reasons(url).values()) == {"unreadable"}


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize("app", ["odd://a.apk", "lost://a.apk", "a\0.apk"])
def test_refusing_what_cannot_be_fetched(tmp_path: Path, app: str) -> None:
    """What died while it was fetched is kept with the reason it died of."""
    item, url = Item(name="a", app=app), str(tmp_path / "ds")
    told = refuse(item, surveys.plan(), url, "too slow", "more than 60 s")
    assert (told.outcome, told.problem) == ("failed", "too slow: more than 60 s")


def test_what_could_not_be_fetched_is_examined_once_it_can_be(tmp_path: Path) -> None:
    """A server that was away for a day costs nothing but that day."""
    (good,) = surveys.apps(tmp_path, ["good"])
    item, url = Item(name="a", app="memory://later/a.apk"), str(tmp_path / "ds")
    assert running.run([item], surveys.plan(), url, here).outcomes["failed"] == 1
    fsspec.filesystem("memory").pipe_file("/later/a.apk", Path(good.app).read_bytes())
    assert running.run([item], surveys.plan(), url, here).outcomes["done"] == 1


def test_a_fetched_run_is_told_by_its_address(tmp_path: Path) -> None:
    """Where it turns out to be none, not by the place it was fetched to, which is another each time; folders are fetched whole."""
    fsspec.filesystem("memory").pipe_file("/odd/run/notes.txt", b"no run")
    (good,) = surveys.apps(tmp_path, ["good"])
    item = Item(name="a", app=good.app, runs=("memory://odd/run",))
    told = examine(item, surveys.plan(), str(tmp_path / "ds"))
    assert told.outcome == "failed"
    assert "memory://odd/run" in told.problem
    assert "mingcha-survey-" not in told.problem


def test_a_page_is_not_taken_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy at an https address is that page alone, though fsspec calls a page with links a folder of what they lead to."""
    asked: list[object] = []

    class Pages(MemoryFileSystem):
        def isdir(self, path: object) -> bool:
            asked.append(path)
            return True

        def get_file(self, source: str, into: str) -> None:
            Path(into).write_bytes(Path(good.app if source.endswith("apk") else surveys.POLICY).read_bytes())

    (good,) = surveys.apps(tmp_path, ["good"])
    monkeypatch.setattr(fsspec.core, "url_to_fs", lambda name: (Pages(), name))
    item = Item(name="a", app="https://example.com/a.apk", policy=("https://example.com/policy.html",))
    told = examine(item, surveys.plan(), str(tmp_path / "ds"))
    assert (told.outcome, asked) == ("done", [])


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize("name", ["odd://broken.csv", "lost://list.csv", "lost://folder", "memory://none.csv"])
def test_a_source_that_cannot_be_had_is_told(name: str) -> None:
    """One line under its name, whatever the file system raises."""
    with pytest.raises(UsageError, match=f"^{name}: .+") as caught:
        items([name])
    assert "\n" not in str(caught.value)


# --- archives ----------------------------------------------------------------------------------------------------------------


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a.apk", b"x" * 1000)
    return made.getvalue()


def _tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as packed:
        for name in ("a.apk", "b.apk"):
            member = tarfile.TarInfo(name)
            member.size = 2000
            packed.addfile(member, io.BytesIO(b"x" * 2000))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notzip.zip", b"nothing packed here"),
        ("empty.zip", b""),
        ("cut.zip", _zip()[:500]),
        ("empty.tar", b""),
        ("nottar.tar", b"nothing packed here" * 99),
        ("cut.tar", _tar()[:1500]),
        ("between.tar", _tar()[:2560]),
        ("heading.tar", _tar()[:3000]),
        ("cut.tar.gz", gzip.compress(_tar(), mtime=0)[:60]),
        ("notgz.tgz", b"nothing packed here"),
        ("not.tar.bz2", b"nothing packed here"),
        ("not.tar.xz", b"nothing packed here"),
        ("gone.zip", None),
        ("gone.tar", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # archives hold the time at which they were made
)
def test_a_broken_archive_is_told_by_the_name_it_was_given(tmp_path: Path, name: str, data: bytes | None) -> None:
    """Not by fsspec's, and without a traceback; one that is not there is told as that."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        items([str(tmp_path / name)])
    told = str(caught.value)
    assert told.startswith(f"{tmp_path}/{name}: ")
    assert "\n" not in told
    assert "::" not in told
    assert ("no such file" in told) == (data is None)


@pytest.mark.parametrize("name", ["all.tar", "all.tar.gz", "all.tgz", "all.tar.bz2", "all.tar.xz"])
def test_every_kind_of_tar_is_surveyed(tmp_path: Path, name: str) -> None:
    """Whatever it is packed with, what it holds is found, fetched and examined."""
    (good,) = surveys.apps(tmp_path, ["good"])
    packing = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}.get(name.rpartition(".")[2], "w")
    with tarfile.open(tmp_path / name, packing) as packed:
        packed.add(good.app, "in/good.apk")
    every = items([str(tmp_path / name)])
    assert [one.name for one in every] == [f"{tmp_path}/{name}/in/good.apk"]
    assert running.run(every, surveys.plan(), str(tmp_path / "ds"), here).outcomes["done"] == 1


# --- rows --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "9" * 30, "9" * 5000, "-1", "1,000,000", "100万", "1e6", "many"]
)
def test_downloads_that_are_no_number_of_the_dataset(tmp_path: Path, number: str) -> None:
    """Refused before anything starts, with row and column and what is needed."""
    told = refused(tmp_path / "list.csv", f'app,downloads\na.apk,7\nb.apk,"{number}"\n')
    assert told.startswith("list.csv, row 2 (line 3): downloads '")
    assert "digits alone" in told
    assert len(told) < 200


@pytest.mark.parametrize("given", ["40", "-1", "实用工具类", "1.5", "true", "[1]"])
def test_a_type_that_is_none_of_the_39(tmp_path: Path, given: str) -> None:
    """Refused with row and column, in a CSV and in JSON lines."""
    value = given if given in ("true", "[1]") else f'"{given}"'
    for name, text in (("a.csv", f"app,type\na.apk,{given}\n"), ("a.jsonl", f'{{"app": "a.apk", "type": {value}}}\n')):
        told = refused(tmp_path / name, text)
        assert told.startswith(f"{name}, row 1 (line ")
        assert "a number from 1 to 39" in told


def test_numbers_as_programs_write_them(tmp_path: Path) -> None:
    """0 where no type fits, 39, the most that the dataset holds, and 38.0."""
    text = "app,type,downloads\na.apk,0,0\nb.apk,39,9223372036854775807\nc.apk,38.0,1000.0\n"
    found = listed(tmp_path / "list.csv", text)
    assert [(one.type, one.downloads) for one in found] == [(0, 0), (39, 9223372036854775807), (38, 1000)]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ('"app": 5', "app '5'"),
        ('"app": ["x"]', "app '['x']'"),
        ('"app": "a.apk", "policy": [1]', "policy '[1]'"),
        ('"app": "a.apk", "policy": 7', "policy '7'"),
        ('"app": "a.apk", "policy": {"a": 1}', "policy "),
        ('"app": "a.apk", "answers": ["x"]', "answers "),
        ('"app": "a.apk", "name": 1', "name '1'"),
        ('"app": "a.apk", "downloads": ' + "9" * 30, "downloads "),
        ('"app": "  "', "names no app"),
        ('"app": "\\ud800.apk"', "surrogate"),
        ('"app": "a.apk", "x": ' + "[" * 100_000, ""),
    ],
)
def test_a_json_line_of_a_wrong_type(tmp_path: Path, field: str, told: str) -> None:
    """One line that names row, column and value, blank lines counted."""
    found = refused(tmp_path / "list.jsonl", f'{{"app": "good.apk"}}\n\n{{{field}}}\n')
    assert found.startswith("list.jsonl, row 2 (line 3): ")
    assert told.replace("''", "'") in found.replace('"', "'")


def test_a_json_line_may_hold_a_line_separator(tmp_path: Path) -> None:
    """U+2028 may stand in JSON, and ends no line."""
    (one,) = listed(tmp_path / "list.jsonl", '{"app": "a.apk", "name": "手电\u2028筒"}\r\n')
    assert one.name == "手电\u2028筒"


# --- CSV ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    ['a.apk,"没有关上\nb.apk,x\nc.apk,x\n', 'a.apk,"x" y\n', f"a.apk,{'x' * 200_000}\n"],
    ids=["open", "after", "long"],
)
def test_a_quote_left_open_swallows_nothing(tmp_path: Path, row: str) -> None:
    """Nor does a quoted cell with something after it, nor one beyond all measure: the line where it begins is told."""
    told = refused(tmp_path / "list.csv", f"app,developer\nfirst.apk,x\n{row}")
    assert told.startswith("list.csv, line 3: ")
    assert "is a quote" in told


def test_spaces_around_cells_are_nobody_s(tmp_path: Path) -> None:
    """A heading with a space is the column, and a quoted cell may follow a space."""
    (one,) = listed(tmp_path / "list.csv", ' app , policy ,developer\r\n a.apk , p.html ; q.html , "甲, 乙"\r\n')
    assert one.policy == (f"{tmp_path}/p.html", f"{tmp_path}/q.html")
    assert (one.app, one.developer) == (f"{tmp_path}/a.apk", "甲, 乙")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "app,policies,colour,empty,\na.apk,p.html,red,,\nb.apk,,,,\n"),
        ("list.jsonl", '{"app": "a.apk", "policies": "p.html"}\n{"app": "b.apk", "colour": "red", "empty": null}\n'),
    ],
)
def test_a_column_that_is_passed_over_is_told(tmp_path: Path, name: str, text: str) -> None:
    """One line for a list, of the columns that hold something; a list without any tells nothing."""
    told: list[str] = []
    (tmp_path / name).write_text(text)
    assert len(items([str(tmp_path / name)], told.append)) == 2
    assert told == [f"{tmp_path}/{name}: columns passed over: colour, policies"]
    (tmp_path / "good.csv").write_text("app\na.apk\n")
    items([str(tmp_path / "good.csv")], told.append)
    assert len(told) == 1


def test_a_list_that_is_not_utf_8(tmp_path: Path) -> None:
    """GBK is told with the way out; UTF-8 with a mark at its beginning, as Excel writes it, is read."""
    told = refused(tmp_path / "list.csv", "app,developer\na.apk,手电筒\n".encode("gbk"))
    assert told == "list.csv: not UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)"
    assert listed(tmp_path / "list.csv", "app,developer\na.apk,手电筒\n".encode("utf-8-sig"))[0].developer == "手电筒"


@pytest.mark.parametrize(
    "text", ["", "\n\n", "app,policy\n", "app\n,\n\n", "a.apk,p.html\nb.apk,q.html\n", "app;policy\na;b\n"]
)
def test_a_list_without_heading_or_apps(tmp_path: Path, text: str) -> None:
    """It is told that a list needs a first row with the column `app`."""
    told = refused(tmp_path / "list.csv", text)
    assert told.startswith("list.csv: ")
    assert "a list needs a first row with the column `app`" in told
    if "a.apk" in text:
        assert "names no app column but a.apk, p.html" in told


def test_json_lines_without_any(tmp_path: Path) -> None:
    """It is told what a line looks like."""
    assert '{"app": "a.apk"}' in refused(tmp_path / "list.jsonl", "\n")


def test_a_row_longer_than_its_heading(tmp_path: Path) -> None:
    """Thousands parted by commas without quotes would move every cell after them; empty cells at the end are nobody's."""
    told = refused(tmp_path / "list.csv", "app,downloads\na.apk,1,000,000\n")
    assert told.startswith("list.csv, row 1 (line 2): more cells than columns")
    assert len(listed(tmp_path / "list.csv", "app,downloads\na.apk,1,,,\n")) == 1


def test_a_column_twice(tmp_path: Path) -> None:
    """Neither is dropped in silence."""
    assert (
        refused(tmp_path / "list.csv", "app,policy,policy\na.apk,p,q\n") == "list.csv: the column policy is there twice"
    )


@pytest.mark.parametrize(
    ("app", "fetched"), [("memory://far.apk", False), ("zip://in.apk::memory://far.zip", False), ("zip://in.apk::{}/near.zip", True)]
)  # fmt: skip
def test_what_is_far_is_not_fetched_for_its_refusal(
    app: str, fetched: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs may cost the process of its app, never the one that keeps what became of it; an archive on this machine is read."""
    with zipfile.ZipFile(tmp_path / "near.zip", "w") as archive:
        archive.writestr("in.apk", b"no app")
    asked: list[str] = []
    before = sources.opened
    monkeypatch.setattr("mingcha.survey.examine.opened", lambda name: (asked.append(name), before(name))[1])
    url = str(tmp_path / "ds")
    Dataset(url).begin(surveys.plan())
    told = refuse(Item(name="a", app=app.format(tmp_path)), surveys.plan(), url, "too slow", "more than 300 s")
    assert told.outcome == "failed"
    assert bool(asked) is fetched
