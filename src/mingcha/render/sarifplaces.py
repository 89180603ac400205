"""Files and positions as SARIF names them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mingcha.model.report import Report
from mingcha.render.view import Spot

Json = dict[str, Any]


def region_of(spot: Spot) -> Json:
    """The position as SARIF counts it: bytes in a binary, paragraphs as lines of a text; entries of lists have no region."""
    at = spot.at
    if spot.unit == "byte" and at is not None and at >= 0:
        region: Json = {"byteOffset": at, "byteLength": 0}
    elif spot.unit == "paragraph" and at is not None and at >= 1:
        region = {"startLine": at}
    else:
        return {}
    return {**region, "snippet": {"text": spot.quote}} if spot.quote else region


class Artefacts:
    """The run's list of files: those handed in with digest and length, then members inside them as they are first named."""

    def __init__(self, report: Report) -> None:
        self.rows: list[Json] = []
        self._index: dict[tuple[str, str], int] = {}
        for artefact in report.case.artefacts:
            self._index[artefact.sha256, ""] = len(self.rows)
            self.rows.append(
                {
                    "location": {"uri": uri(artefact.name)},
                    "length": artefact.size,
                    "hashes": {"sha-256": artefact.sha256},
                    "roles": ["analysisTarget"],
                }
            )

    def location(self, spot: Spot) -> Json:
        """Where a spot's file is, by name and by its number in the list."""
        key = (spot.sha256, spot.path)
        if key not in self._index:
            row: Json = {"location": {"uri": uri(spot.path or spot.artefact)}}
            parent = self._index.get((spot.sha256, ""))
            if parent is None:
                row["hashes"] = {"sha-256": spot.sha256}
            else:
                row["parentIndex"] = parent
            self._index[key] = len(self.rows)
            self.rows.append(row)
        number = self._index[key]
        return {"uri": self.rows[number]["location"]["uri"], "index": number}

    def whole(self) -> list[Json]:
        """The first file as a whole, for what no single place carries."""
        first = [row["location"] for row in self.rows[:1]]
        return [{"physicalLocation": {"artifactLocation": {**place, "index": 0}}} for place in first]


def uri(name: str) -> str:
    """A relative reference that stays below where it is read: no scheme, no root, no step upwards."""
    return "/".join(segment(part) for part in name.replace("\\", "/").split("/") if part) or "_"


def segment(part: str) -> str:
    """One part of a path, with everything but letters, digits and a few marks as its code."""
    return quote(part if part.strip(".") else f"_{part}", safe="")
