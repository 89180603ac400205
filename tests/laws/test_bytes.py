"""Same input, same bytes: in another process, in another order, on another day."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mingcha
from mingcha.catalogue.load import load
from mingcha.model.report import encode
from mingcha.render import render

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "demo"
SCRIPT = """
import hashlib, sys, mingcha
from mingcha.catalogue.load import load
from mingcha.render import render
report = mingcha.inspect(mingcha.open_case(["demo/flashlight.apk"], policy=["demo/policy.html"], type=38))
for reader, form, lang in [("operator", "json", "zh"), ("public", "html", "zh"), ("regulator", "html", "en"),
                           ("operator", "text", "en"), ("operator", "sarif", "zh"), ("operator", "csv", "zh"),
                           ("public", "pdf", "zh")]:
    print(form, hashlib.sha256(render(report, load(), reader, form, lang)).hexdigest())
"""


def run(seed: str, zone: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_processes_agree() -> None:
    """Two processes with other hash seeds and time zones write every form alike, PDF included."""
    assert run("1", "UTC") == run("2", "Asia/Shanghai")


def test_order_of_input_changes_nothing() -> None:
    """The same files in another order give the same report."""
    one = mingcha.open_case([DEMO / "flashlight.apk", DEMO / "policy.html"], type=38)
    other = mingcha.open_case([DEMO / "policy.html", DEMO / "flashlight.apk"], type=38)
    assert encode(mingcha.inspect(one)) == encode(mingcha.inspect(other))


@pytest.mark.parametrize("form", ["json", "html", "text", "sarif", "csv"])
def test_no_path_of_this_machine(form: str, tmp_path: Path) -> None:
    """Nothing of the folder that the files lay in gets into a report."""
    secret = tmp_path / "a-folder-nobody-should-see"
    secret.mkdir()
    copy = secret / "app.apk"
    copy.write_bytes((DEMO / "flashlight.apk").read_bytes())
    report = mingcha.inspect(mingcha.open_case([copy]))
    page = render(report, load(), "regulator", form, "zh")  # type: ignore[arg-type]
    assert b"a-folder-nobody-should-see" not in page
    assert hashlib.sha256(copy.read_bytes()).hexdigest().encode() in page or form in ("text", "csv", "sarif")
