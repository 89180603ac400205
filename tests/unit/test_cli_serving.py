"""`mingcha serve` and `mingcha service` tell in one line what is missing."""

from __future__ import annotations

import importlib.util

import pytest
from click.testing import CliRunner

from mingcha.cli import main


@pytest.mark.parametrize(
    "command", [["serve"], ["service", "check"], ["service", "act", "case", "close", "1", "--as", "x"]]
)
def test_without_the_service_it_says_how_to_get_it(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong use, told in one line with the way out, and no traceback, which would end like a breach."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "pip install 'mingcha[service]'" in done.stderr
