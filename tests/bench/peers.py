"""Androguard and exodus-core in virtual environments of their own, from the package index: ``PEERS`` says where.

Made once under out/peers; the environment variable MINGCHA_PEERS names another folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

PEERS = Path(os.environ.get("MINGCHA_PEERS", "out/peers"))
ANDROGUARD = ["androguard==4.1.4"]
EXODUS = ["exodus-core==1.3.15"]
MOBSF = "mobsf==4.4.0"
"""Carries the list of tracker signatures that exodus-core would fetch from its service."""


def python_of(name: str, packages: list[str]) -> Path:
    """The interpreter of the environment ``name`` with ``packages`` installed."""
    folder = PEERS / name
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {' '.join(packages)} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def signatures() -> Path:
    """The tracker signatures as a file."""
    target = PEERS / "exodus_trackers.json"
    if not target.exists():
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", PEERS, MOBSF], check=True)
        with zipfile.ZipFile(next(PEERS.glob("mobsf-*.whl"))) as wheel:
            target.write_bytes(wheel.read("mobsf/signatures/exodus_trackers"))
    return target
