"""Every `mingcha` command that a page shows is one that exists, with the options it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from mingcha.catalogue.load import load
from mingcha.cli import main
from mingcha.collect.run.record import read_record
from mingcha.collect.traffic.profile import read_profile

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))


def shown(page: Path) -> list[list[str]]:
    """The commands in a page's shell blocks, without the program's name."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("mingcha ")]


COMMANDS = [(page.name, words) for page in PAGES for words in shown(page)]


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, list) else value
)
def test_a_shown_command_can_be_given(page: str, words: list[str]) -> None:
    """The command's own parser takes the words as they stand: each option exists, takes such a value, and nothing needed is missing."""
    command: click.Command = main
    context = main.make_context("mingcha", [], resilient_parsing=True)  # with the settings that commands below inherit
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: no command {words[0]}"
        command, context, words = found, click.Context(found, info_name=words[0], parent=context), words[1:]
    parsed, rest, _ = command.make_parser(context).parse_args(list(words))
    assert rest == [], f"{page}: {rest}"
    needed = {parameter.name for parameter in command.params if parameter.required}
    assert needed <= {name for name, value in parsed.items() if value is not None}


def test_the_pages_for_testers_show_the_same_commands() -> None:
    """The Chinese and the English page differ in words only."""
    english, chinese = (shown(ROOT / "docs" / f"testing-an-app{ending}.md") for ending in ("", ".zh"))
    assert english == chinese
    assert len(english) >= 8


@pytest.mark.parametrize("name", ["testing-an-app.md", "testing-an-app.zh.md"])
def test_the_files_shown_to_testers_are_read(name: str) -> None:
    """The profile and the run's record on the page pass their readers whole: no value is set aside."""
    profile, record = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / name).read_text("utf-8"), re.DOTALL)
    read = read_profile(profile.encode(), load().information)
    assert read.package == "com.example.app"
    assert read.ignored == ()
    assert len(read.values) + len(read.points) == 8
    assert read_record(record.encode()).files["capture.flow"].ahead == 0.812
