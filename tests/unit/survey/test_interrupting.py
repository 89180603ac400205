"""Ctrl-C ends a question at once, however long one step of it would take."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from mingcha.survey import running
from tests.build import surveys

ENDLESS = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"
ASK = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background would have it ignored
from mingcha.survey import asking
before = asking._interruptible
def told(*given):
    threading.Timer(0.5, print, ["asked"], {"flush": True}).start()
    return before(*given)
asking._interruptible = told
asking.ask(sys.argv[1], sys.argv[2])
"""


def test_a_question_without_end_is_ended(tmp_path: Path) -> None:
    """The query is under way for half a second when the signal comes; without us DuckDB would go on for an hour."""
    url = str(tmp_path / "ds")
    running.run([], surveys.plan(), url, lambda *_: iter(()))
    asking = subprocess.Popen(
        [sys.executable, "-c", ASK, url, ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert asking.stdout is not None
        assert asking.stdout.readline() == "asked\n"
        asking.send_signal(signal.SIGINT)
        _, said = asking.communicate(timeout=20)
    finally:
        asking.kill()
    assert asking.returncode != 0
    assert said.strip().endswith("KeyboardInterrupt")
