"""Prints the table of README.md: how many screens each rule must flag, and must not although they look alike.

``python -m tests.build.screens.counts``
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import yaml

from tests.build.screens.test_screens import HALVES, SCREENS
from tests.build.screens.truth import FLAGS, KINDS

Truth = dict[str, Any]


def _flagged(flag: str, said: Truth) -> bool:
    return said["flags"][flag] is True


def _of_kind(kind: str, said: Truth) -> bool:
    return bool(said["kind"] == kind)


_RULES: dict[str, Callable[[Truth], bool]] = {
    **{flag: partial(_flagged, flag) for flag in FLAGS},
    "has_policy_link": lambda said: said["has_policy_link"],
    "personalised_switch": lambda said: said["personalised_switch"] is not None,
    "permission asked or explained": lambda said: said["permission"] is not None,
    "– purpose clear": lambda said: (said["permission"] or {}).get("purpose") == "clear",
    "– purpose vague": lambda said: (said["permission"] or {}).get("purpose") == "vague",
    "– no purpose": lambda said: (said["permission"] or {}).get("purpose") == "none",
    "agree button": lambda said: bool(said["buttons"]["agree"]),
    "refuse button": lambda said: bool(said["buttons"]["refuse"]),
    "skip button": lambda said: bool(said["buttons"]["skip"]),
    "policy text below 12 sp": lambda said: said["body"] is not None and said["body"]["sp"] < 12,
    "policy text below 4.5 : 1": lambda said: said["body"] is not None and said["body"]["contrast"] < 4.5,
    "policy not in simplified Chinese": lambda said: said["kind"] == "policy" and said["language"] != "zh-Hans",
    **{f"kind {kind}": partial(_of_kind, kind) for kind in KINDS},
}
_NEIGHBOURS = {
    "has_policy_link": "policy_link",
    "policy text below 12 sp": "text_size",
    "policy text below 4.5 : 1": "contrast",
    "policy not in simplified Chinese": "language",
}


def main() -> None:
    said = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(SCREENS.glob("*/s*.yaml"))]
    print(
        "| rule | flag: dev | held-out | neighbours: dev | held-out | in doubt |\n| --- | --- | --- | --- | --- | --- |"
    )
    for rule, holds in _RULES.items():
        print(f"| {rule} | " + " | ".join(map(str, _row(said, rule, holds))) + " |")


def _row(said: list[Truth], rule: str, holds: Callable[[Truth], bool]) -> list[int]:
    name = _NEIGHBOURS.get(rule, rule.removeprefix("kind "))
    halves = [[one for one in said if one["half"] == half] for half in HALVES]
    doubt = sum(
        name in one["doubt"] or ("kind" in one["doubt"] and rule.startswith("kind") and holds(one)) for one in said
    )
    return [
        *(sum(map(holds, half)) for half in halves),
        *(sum(name in one["neighbour_of"] for one in half) for half in halves),
        doubt,
    ]


if __name__ == "__main__":
    main()
