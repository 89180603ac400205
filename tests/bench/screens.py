"""Measure the reader of screens: `python -m tests.bench.screens dev|held-out [--set first|second|third] [--from tree|picture|both] [--misses]`.

Truth stands beside the rendered screens in tests/accuracy/screens and its later sisters (its README tells the form). Each rule has its own row: right, too
many, missed, precision, recall. A field that the truth marks as doubtful counts neither way, and neither does what the tree
alone cannot tell when only the tree is read. The summary of `held-out` is for the lead to run once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml

from mingcha.catalogue.load import load
from mingcha.collect.screens.reading import ScreenReading
from mingcha.collect.screens.screen import Reader
from mingcha.collect.screens.wording import Words

_ACCURACY = Path(__file__).resolve().parents[1] / "accuracy"
SETS = {"first": "screens", "second": "screens_second", "third": "screens_third"}
"""Folders of the sets: each later one was made by somebody who had not seen the rules; only the first has a half ``dev``."""
KINDS = {
    "consent": "consent_dialog", "permission": "permission_dialog", "purpose": "permission_purpose", "policy": "policy",
    "settings": "settings", "main": "main", "login": "login", "cancellation": "cancellation", "complaint": "complaint",
    "personalisation": "personalised_push_switch",
}  # fmt: skip
FLAGS = {
    "no_refuse": lambda r: r.no_refuse is True,
    "preticked_consent": lambda r: any(t.means == "consent" and t.checked for t in r.ticks),
    "consent_by_continuing": lambda r: r.passive is not None,
    "bundled_consent": lambda r: r.bundled,
    "exit_on_refusal": lambda r: r.shuts_out,
    "asks_again": lambda r: r.asks_again,
    "reward_for_data": lambda r: r.reward is not None,
}
TO = {
    "policy": "policy", "settings": "settings", "privacy": "privacy", "cancellation": "account_cancellation",
    "complaint": "complaint", "personalised_push_switch": "personalisation_switch",
}  # fmt: skip
ROLES = {"agree": ("agree",), "refuse": ("refuse",), "skip": ("skip",), "refuse or skip": ("refuse", "skip")}
"""What a button does; designers of the sets draw the line between refusing and skipping at different places."""
Said = frozenset[Any]


@dataclass
class Score:
    """Counts of one rule, with the screens that went wrong."""

    right: int = 0
    extra: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, screen: str, true: Said, said: Said) -> None:
        """Count what both say."""
        self.right += len(true & said)
        self.extra += [f"{screen}: {item}" for item in sorted(map(str, said - true))]
        self.missed += [f"{screen}: {item}" for item in sorted(map(str, true - said))]

    @property
    def precision(self) -> float:
        """Share of what was said that is true."""
        return self.right / (self.right + len(self.extra)) if self.right + len(self.extra) else 1.0

    @property
    def recall(self) -> float:
        """Share of what is true that was said."""
        return self.right / (self.right + len(self.missed)) if self.right + len(self.missed) else 1.0

    def line(self, rule: str) -> str:
        """One row of the table."""
        counts = f"{self.right:4} right {len(self.extra):3} extra {len(self.missed):3} missed"
        return f"{rule:28} {counts}   precision {self.precision:.3f}   recall {self.recall:.3f}"

    def misses(self) -> list[str]:
        """What went wrong, a line each."""
        rows = (("extra", self.extra), ("missed", self.missed))
        return [f"    {name:6} {row}" for name, found in rows for row in found]


def home(half: str, of: str = "first") -> Path:
    """The folder of a half of a set."""
    return _ACCURACY / SETS[of] / half


def screens(half: str, of: str = "first") -> Iterator[tuple[str, dict[str, Any], bytes, bytes]]:
    """Name, truth, dump and picture of every screen of a half."""
    for path in sorted(home(half, of).glob("s*.yaml")):
        truth = yaml.safe_load(path.read_text())
        yield path.stem, truth, path.with_suffix(".xml").read_bytes(), path.with_suffix(".png").read_bytes()


def measure(half: str, source: str, chosen: Iterable[str] = (), of: str = "first") -> dict[str, Score]:
    """Scores by rule."""
    words, found = Words(load()), {}
    for name, truth, dump, shot in screens(half, of):
        if chosen and name not in chosen:
            continue
        if source == "tree" and truth["tree"] == "blind":
            continue
        reader = Reader(words, _package(truth, dump) if source != "picture" else None, use_ocr=source != "tree")
        moment = reader.read(None if source == "picture" else dump, None if source == "tree" else shot)
        blind = set(truth.get("tree_blind_to") or ()) if source == "tree" else set()
        for rule, true, said in compare(truth, moment.reading, shot=source != "tree"):
            doubt = {rule, *rule.split(".")} & (set(truth.get("doubt") or ()) | blind)
            if not doubt:
                found.setdefault(rule, Score()).add(name, true, said)
    return dict(sorted(found.items()))


def _package(truth: dict[str, Any], dump: bytes) -> str | None:
    """The app inspected is whoever made the window, unless it is the system's dialog."""
    import re

    found = re.search(rb'package="([^"]+)"', dump)
    return found[1].decode() if found and truth["kind"] != "permission_dialog" else None


def compare(truth: dict[str, Any], reading: ScreenReading, *, shot: bool) -> Iterator[tuple[str, Said, Said]]:
    """Rule, what is true and what was said, as sets."""
    kind = KINDS.get(reading.kind or "", "other")
    yield (
        f"kind.{truth['kind']}",
        frozenset({truth["kind"]}),
        frozenset({kind}) if kind == truth["kind"] else frozenset(),
    )
    if kind != truth["kind"]:
        yield f"kind.{kind}", frozenset(), frozenset({kind})
    yield "language", _one(truth["language"]), _one(reading.language)
    for flag, said in FLAGS.items():
        yield f"flags.{flag}", _one(truth["flags"][flag] or None), _one(said(reading) or None)
    for name, roles in ROLES.items():
        true = _texts(row["text"] for role in roles for row in truth["buttons"][role])
        said_texts = _texts(button.text for role in roles for button in getattr(reading, role))
        yield f"buttons.{name}", true, _alike(said_texts, true, reading)
    rows = [row for row in truth["boxes"] if row["means"] == "consent" and (shot or row["node"] == "own")]
    said_ticks = [tick for tick in reading.ticks if tick.means == "consent" and (shot or not tick.drawn)]
    yield "boxes.consent", *_boxes(rows, said_ticks)
    yield (
        "has_policy_link",
        _one(truth["has_policy_link"] or None),
        _one(bool(reading.links or any(e.to == "policy" for e in reading.entries)) or None),
    )
    asked = truth["permission"] or {"asks": [], "purpose": None}
    said_asked = reading.permission
    yield "permission.asks", frozenset(asked["asks"]), frozenset(said_asked.groups if said_asked else ())
    yield "permission.purpose", _one(asked["purpose"]), _one(said_asked.purpose if said_asked else None)
    switch = truth["personalised_switch"]
    yield "personalised_switch", _one(switch and str(switch["on"])), frozenset(str(s.on) for s in reading.switches)
    true = frozenset((TO[row["to"]], _bare(row["text"])) for row in truth["entries"] if row["to"] in TO)
    counted = reading.entries if kind in ("settings", "main", "complaint", "other") else ()
    said_entries = frozenset((entry.to, _bare(entry.text)) for entry in counted if entry.to in TO.values())
    yield "entries", true, said_entries
    if shot and truth["body"] and reading.body:
        yield "body.size", _one(round(truth["body"]["sp"], 1)), _near(reading.body.pixels, truth)
        yield "body.contrast", _one(truth["body"]["contrast"]), _close(reading.body.contrast, truth["body"]["contrast"])


def _boxes(rows: list[dict[str, Any]], ticks: list[Any]) -> tuple[Said, Said]:
    """Each box by its number in the truth, with its state; a box that lies nowhere near one of them is named by its place."""

    def key(tick: Any) -> object:
        middle = ((tick.box[0] + tick.box[2]) / 2, (tick.box[1] + tick.box[3]) / 2)
        for number, row in enumerate(rows):
            left, top, right, bottom = row["bounds"]
            if left - 4 <= middle[0] <= right + 4 and top - 4 <= middle[1] <= bottom + 4:
                return number
        return tick.box

    true = frozenset((number, row["checked"]) for number, row in enumerate(rows))
    return true, frozenset((key(tick), tick.checked) for tick in ticks)


def _near(pixels: float | None, truth: dict[str, Any]) -> Said:
    size = pixels / truth["density"] / truth.get("font_scale", 1) if pixels else None
    return _close(size, round(truth["body"]["sp"], 1))


def _close(said: float | None, true: float) -> Said:
    """The true value, if what was said is within a tenth of it."""
    if said is None:
        return frozenset()
    return _one(true) if abs(said - true) <= 0.1 * true else _one(round(said, 2))


def _one(value: Any) -> Said:
    return frozenset() if value is None else frozenset({value})


def _texts(texts: Iterable[str]) -> Said:
    return frozenset(_bare(text) for text in texts)


def _alike(said: Said, true: Said, reading: ScreenReading) -> Said:
    """What was said, under the true name where a reader of pictures lost or mistook a letter of it; a cross has no words."""
    if reading.origin != "picture":
        return said
    said = frozenset("关闭" if text == "" and "关闭" in true else text for text in said)
    return frozenset(
        max(true, key=lambda t: _likeness(s, t)) if any(_likeness(s, t) >= 0.7 for t in true) else s for s in said
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum()).lower()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=("dev", "held-out"))
    parser.add_argument("--set", dest="of", choices=tuple(SETS), default="first")
    parser.add_argument("--from", dest="source", choices=("tree", "picture", "both"), default="tree")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--only", nargs="*", default=())
    given = parser.parse_args()
    for rule, score in measure(given.half, given.source, given.only, given.of).items():
        print(score.line(rule))
        if given.misses and score.misses():
            print(*score.misses(), sep="\n")


if __name__ == "__main__":
    main()
