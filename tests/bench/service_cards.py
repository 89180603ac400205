"""Cards of reports: the demo app's real one, varied in what it takes, who gets it, and which clauses it breaches."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingcha.catalogue.load import load
from mingcha.inspection import inspect, open_case
from mingcha.service import cards
from mingcha.service.pages.public import drawing

DEMO = Path(__file__).parents[2] / "demo"
NAME = "极亮手电筒"
"""What the demo app calls itself; each report puts its own app's name there."""
_SHA = "5" * 64


@dataclass(frozen=True)
class Variant:
    """One card and its drawn face as JSON, and what a case makes of it."""

    card: str
    face: str
    suspects: tuple[dict[str, Any], ...]

    def of(self, name: str, sha256: str) -> tuple[str, str]:
        """Card and face of one app."""
        return (
            self.card.replace(NAME, name).replace(_SHA, sha256),
            self.face.replace(NAME, name).replace(_SHA, sha256),
        )


def variants(chance: random.Random, count: int) -> list[Variant]:
    """So many different ones; each breaches one to eight clauses."""
    opened = open_case([DEMO / "flashlight.apk"], policy=[DEMO / "policy.html"], answers=DEMO / "answers.yaml")
    catalogue = load()
    report = inspect(opened, catalogue)
    card, suspects = cards.card(report, catalogue), cards.suspects(report, catalogue)
    return [_varied(chance, card, suspects, chance.choice((1, 2, 3, 4, 4, 5, 6, 8))) for _ in range(count)]


def _varied(chance: random.Random, first: dict[str, Any], suspects: list[dict[str, Any]], breached: int) -> Variant:
    card = copy.deepcopy(first)
    kept = sorted(chance.sample(suspects, breached), key=lambda one: str(one["clause"]))
    clauses = {one["clause"] for one in kept}
    card["outcomes"] = {clause: _outcome(clause, said, clauses) for clause, said in card["outcomes"].items()}
    for page in card["pages"].values():
        for row in page["clauses"]:
            row["outcome"] = card["outcomes"][row["id"]]
        page["gaps"] = chance.choices(page["gaps"], k=chance.randint(1, 2 * len(page["gaps"])))
    _tables(chance, card["pages"])
    card["artefacts"][0]["sha256"] = _SHA
    return Variant(_json(card), _json(drawing.face(card)), tuple(kept))


def _tables(chance: random.Random, pages: dict[str, Any]) -> None:
    """The same rows in both languages: half to three times as many as the demo app has."""
    for name, table in pages["zh"]["tables"].items():
        if rows := len(table["rows"]):
            chosen = chance.choices(range(rows), k=chance.randint((rows + 1) // 2, 3 * rows))
            for page in pages.values():
                page["tables"][name]["rows"] = [page["tables"][name]["rows"][at] for at in chosen]


def _outcome(clause: str, said: str, breached: set[str]) -> str:
    return "breached" if clause in breached else "met" if said == "breached" else said


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
