"""Measure the policy reader: `python tests/bench/policy.py [--capp130 DIR] [--appsi139 DIR] [--opp115 DIR] [--ca4p DIR]`.

Speed is always printed, and each folder that is given adds its part: one module beside this one for each figure. Folders are checkouts of
the corpora; CA4P-483 and OPP-115 are for measuring only, nothing derived from them is kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import policy_agreement, policy_information, policy_opp115, policy_topics, policy_topics_speed

Figures = Callable[[Path], Iterator[str]]
PARTS: dict[str, tuple[Figures, ...]] = {
    "capp130": (policy_topics.chinese, policy_agreement.figures),
    "appsi139": (policy_topics.english,),
    "opp115": (policy_opp115.figures,),
    "ca4p": (policy_information.figures,),
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in PARTS:
        parser.add_argument(f"--{name}", type=Path)
    folders = vars(parser.parse_args())
    print(*policy_topics_speed.figures(folders["capp130"]), sep="\n", flush=True)
    for name, parts in PARTS.items():
        for figures in parts if folders[name] else ():
            print()
            for line in figures(folders[name]):
                print(line, flush=True)


if __name__ == "__main__":
    main()
