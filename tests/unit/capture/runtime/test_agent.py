"""The agent that is shipped is the one that its sources give, and the archive of stubs too."""

from __future__ import annotations

import hashlib
import runpy
import zipfile
from pathlib import Path

import pytest
import yaml

from mingcha.capture.runtime.watching import AGENT
from tests.build.jvmstubs.make import JAR, SOURCES, digest

ABOUT = yaml.safe_load(AGENT.with_suffix(".yaml").read_text(encoding="utf-8"))


def test_the_built_agent_is_of_these_sources() -> None:
    """Sources and built file have the hashes that were written when it was built: run scripts/agent.py after a change."""
    pytest.importorskip("frida")
    script = runpy.run_path(str(Path(__file__).parents[4] / "scripts/agent.py"))
    assert script["sources_digest"]() == ABOUT["sources"]
    assert hashlib.sha256(AGENT.read_bytes()).hexdigest() == ABOUT["built"]
    assert ABOUT["contains"] == f"frida-java-bridge {script['bridge_version']()}"


def test_the_stubs_are_of_these_sources() -> None:
    """The archive of stubs was made from the Java files beside it: run tests.build.jvmstubs.make after a change."""
    with zipfile.ZipFile(JAR) as archive:
        assert archive.read(SOURCES).decode() == digest()
