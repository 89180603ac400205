"""Telling people past pytest's capturing: what a skipped test would hide, and what a measurement came to."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def loudly(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Writes a line to where the run is watched, from a worker of xdist too."""
    capturing = pytestconfig.pluginmanager.getplugin("capturemanager")

    def tell(text: str) -> None:
        with capturing.global_and_fixture_disabled():
            os.write(2, f"\n*** {text}\n".encode())

    return tell
