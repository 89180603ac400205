"""The command `mingcha verify`: what it prints and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mingcha.casework.checkpoints import written_checkpoint
from mingcha.casework.keys import written_keys
from mingcha.cli import main
from tests.build.chains import OLD, chain, checkpoint, keys, package, packed, unpacked

LINKS = chain()
DATA = package(LINKS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package, keys in both forms and checkpoints."""
    (tmp_path / "case.zip").write_bytes(DATA)
    (tmp_path / "keys.json").write_bytes(written_keys(keys()))
    (tmp_path / "key.txt").write_text(OLD.public + "\n")
    (tmp_path / "same.json").write_bytes(written_checkpoint(checkpoint(LINKS)))
    (tmp_path / "later.json").write_bytes(written_checkpoint(checkpoint(chain(60))))
    return tmp_path


def verify(*arguments: object) -> Result:
    """What the command does."""
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def test_genuine(folder: Path) -> None:
    """A genuine package: exit code 0, in Chinese unless asked otherwise, with the list or a bare key, and a checkpoint that agrees."""
    done = verify(folder / "case.zip", "--key", folder / "keys.json", "--checkpoint", folder / "same.json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("结论：真实、完整。\n案件演示〔2026〕1号：")
    done = verify(folder / "case.zip", "--key", folder / "key.txt", "--lang", "en")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "Result: genuine.")


def test_altered(folder: Path) -> None:
    """A changed file: exit code 1, the file named; as JSON the same in both languages."""
    files = unpacked(DATA)
    (folder / "bad.zip").write_bytes(packed(files | {"data/evidence/photo.jpg": b"another"}))
    done = verify(folder / "bad.zip", "--key", folder / "keys.json")
    assert done.exit_code == 1
    assert done.stdout == "结论：已被改动。\ndata/evidence/photo.jpg：内容与清单不符，已被改动。\n"
    done = verify(folder / "bad.zip", "--key", folder / "keys.json", "--json")
    read = json.loads(done.stdout)
    assert (done.exit_code, read["verdict"], read["case"]) == (1, "altered", "演示〔2026〕1号")
    (one,) = read["found"]
    assert (one["code"], one["where"]) == ("file-changed", "data/evidence/photo.jpg")
    assert {"zh", "en"} <= one.keys()


def test_not_anchored(folder: Path) -> None:
    """Without a key, and with a checkpoint that counts more than the package: exit code 4."""
    done = verify(folder / "case.zip")
    assert done.exit_code == 4
    assert "不在您所信任的密钥之列" in done.stdout
    done = verify(
        folder / "case.zip", "--key", folder / "keys.json", "--checkpoint", folder / "later.json", "--lang", "en"
    )
    assert done.exit_code == 4
    assert "events 41 to 60" in done.stdout


def test_unreadable(folder: Path) -> None:
    """Bytes that are no package: exit code 3, one line on the error stream, nothing on the other."""
    (folder / "cut.zip").write_bytes(DATA[:-100])
    done = verify(folder / "cut.zip", "--key", folder / "keys.json")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (3, "", 1)


@pytest.mark.parametrize(
    "arguments", [("nothing.zip",), ("case.zip", "--key", "case.zip"), ("case.zip", "--checkpoint", "keys.json"),
                  ("case.zip", "--checkpoint", "same.json")],
    ids=["no file", "no key", "no checkpoint", "checkpoint without its key"],
)  # fmt: skip
def test_wrong_use(folder: Path, arguments: tuple[str, ...]) -> None:
    """A file that is not there, or not what it is given as: exit code 2, one line."""
    done = verify(*(one if one.startswith("--") else folder / one for one in arguments))
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("Error: ")
