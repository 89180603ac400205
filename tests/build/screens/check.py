"""Holds the truth of the test screens against their pictures: ``python -m tests.build.screens.check`` (needs Pillow)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from tests.build.screens.render import SCREENS
from tests.build.screens.truth import contrast

_NEAR = 26
"""How far a colour of the picture may be from the page's, per channel: the pictures keep few colours."""


def main() -> int:
    files = sorted(SCREENS.rglob("*.png"))
    wrong = [f"{file.relative_to(SCREENS)}: {text}" for file in files for text in _faults(file)]
    total = sum(file.stat().st_size for file in files)
    print(*wrong, sep="\n")
    print(
        f"{len(files)} pictures, {total:,} bytes, largest {max(file.stat().st_size for file in files):,}; {len(wrong)} faults"
    )
    return 1 if wrong or total > 4_000_000 else 0


def _faults(file: Path) -> Iterator[str]:
    said = yaml.safe_load(file.with_suffix(".yaml").read_text(encoding="utf-8"))
    picture = Image.open(file).convert("RGB")
    if list(picture.size) != said["size"] or file.stat().st_size > 60_000:
        yield f"{picture.size}, {file.stat().st_size} bytes"
    for place in _drawn(said):
        yield from _place_faults(picture, place)


def _drawn(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Whatever has a place and colours of its own."""
    return [
        *chain.from_iterable(said["buttons"].values()),
        *said["policy_links"],
        *([said["body"]] if said["body"] else []),
    ]


def _place_faults(picture: Image.Image, place: dict[str, Any]) -> Iterator[str]:
    """The ground and the words must be found in the picture, in the colours of the page and with about its contrast."""
    for box in place.get("lines", [place["bounds"]]):
        cut = picture.crop(tuple(box))
        colours = sorted(cut.getcolors(1 << 20) or [], reverse=True)
        if not any(_near(colour, place["background"]) for _, colour in colours[:2]):
            yield f"{place.get('text', 'body')}: ground is {colours[0][1]}, not {place['background']}"
        if not any(_near(colour, place["colour"]) for _, colour in colours):
            yield f"{place.get('text', 'body')}: no {place['colour']}"
    ground, words = _extremes(colours, place)
    seen = contrast(ground, words)
    if abs(seen - place["contrast"]) > max(0.6, 0.2 * place["contrast"]):
        yield f"{place.get('text', 'body')}: contrast {place['contrast']} is {seen} in the picture"


def _extremes(colours: list[tuple[int, Any]], place: dict[str, Any]) -> tuple[str, str]:
    """The picture's nearest colours to the ground's and the words'."""
    near = [min((c for _, c in colours), key=lambda c: _distance(c, place[name])) for name in ("background", "colour")]
    return tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in near)  # type: ignore[return-value]


def _distance(colour: Any, wanted: str) -> int:
    return max(abs(int(part) - int(wanted[i : i + 2], 16)) for part, i in zip(colour, (1, 3, 5), strict=True))


def _near(colour: Any, wanted: str) -> bool:
    return _distance(colour, wanted) <= _NEAR


if __name__ == "__main__":
    sys.exit(main())
