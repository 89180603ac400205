"""Lines of text in a picture, by rapidocr (extra ``ocr``); its models come inside its wheel, nothing is downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from mingcha.collect.screens.items import union
from mingcha.collect.screens.picture import Pixels
from mingcha.formats.uidump import Box

SURE = 0.6
"""Confidence below which a line is left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, where it stands, and how sure the engine is."""

    text: str
    box: Box
    confidence: float


def is_there() -> bool:
    """Whether the engine is installed."""
    try:
        import rapidocr_onnxruntime  # noqa: F401
    except ImportError:
        return False
    return True


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=2, inter_op_num_threads=1)


def read_lines(pixels: Pixels) -> list[Line]:
    """The lines from top to bottom."""
    found, _ = _engine()(pixels[:, :, ::-1].copy())
    lines = [Line(str(text), _box(corners), float(sure)) for corners, text, sure in found or ()]
    return sorted(
        (line for line in lines if line.confidence >= SURE and line.text.strip()),
        key=lambda line: (line.box[1], line.box[0]),
    )


def _box(corners: Any) -> Box:
    points = [(int(x), int(y)) for x, y in corners]
    return union([(x, y, x, y) for x, y in points])
