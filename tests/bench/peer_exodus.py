"""Exodus-core's tracker scan of APKs: `python peer_exodus.py SIGNATURES APK...`.

SIGNATURES is the answer of Exodus's /api/trackers as a file, which the MobSF wheel carries as
mobsf/signatures/exodus_trackers; exodus-core itself would ask the network.
Needs exodus-core 1.3.15 and, on the PATH, dexdump.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from exodus_core.analysis.static_analysis import StaticAnalysis
from timed import each


class OfflineAnalysis(StaticAnalysis):
    """The same scan with the signatures of a file."""

    def __init__(self, apk: str, signatures: Path) -> None:
        super().__init__(apk)
        self.signatures_file = signatures

    def load_trackers_signatures(self) -> None:
        trackers = json.loads(self.signatures_file.read_bytes())["trackers"]
        self.signatures = [SimpleNamespace(**tracker) for tracker in trackers.values()]
        self._compile_signatures()


def scan(apk: str, signatures: str) -> None:
    trackers = OfflineAnalysis(apk, Path(signatures)).detect_trackers()
    print(f"trackers={len(trackers)}", *sorted(tracker.name for tracker in trackers), sep="\n")


if __name__ == "__main__":
    each(sys.argv[2:], lambda apk: scan(apk, sys.argv[1]))
