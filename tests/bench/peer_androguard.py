"""Androguard's full analysis of APKs: `python peer_androguard.py APK...`, with androguard 4.1.4 installed."""

from __future__ import annotations

import sys

from androguard.misc import AnalyzeAPK
from androguard.util import set_log
from timed import each


def analyse(apk: str) -> None:
    _, _, analysis = AnalyzeAPK(apk)
    classes = sum(1 for found in analysis.get_classes() if not found.is_external())
    methods = sum(1 for found in analysis.get_methods() if not found.is_external())
    print(f"classes={classes} methods={methods}")


if __name__ == "__main__":
    # Its default is to log every step; a fair time has no terminal output in it.
    set_log("CRITICAL")
    each(sys.argv[1:], analyse)
