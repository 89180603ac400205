"""The commands of the READMEs run, and print what the READMEs show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingcha.cli import main

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_run_prints_what_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one real run, as far as it is shown, equals the output of its command today."""
    monkeypatch.chdir(ROOT)
    text = (ROOT / name).read_text("utf-8")
    command = re.search(r"```sh\n\.venv/bin/mingcha (.*)\n```", text)
    shown = re.search(r"```text\n(.*?)\n…\n```", text, re.DOTALL)
    assert command
    assert shown
    done = CliRunner().invoke(main, shlex.split(command.group(1)))
    assert done.exit_code == 1
    assert done.stdout_bytes.decode().startswith(shown.group(1))


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_python_lines_run(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The library call runs as printed."""
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    assert code
    exec(code.group(1), {})
    assert "idm-2019/4.6" in capsys.readouterr().out


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the repository finds it."""
    for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
