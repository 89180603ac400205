"""A screen's pixels: colours behind and in a text, how large it is set, whether a drawn box is ticked, a switch on.

Pillow (in the extra ``ocr``) unpacks the picture; without it there are no pixels and these questions stay open.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError
from mingcha.formats.uidump import Box

LARGEST = 40_000_000
"""Pixels of one picture."""
BYTES = 64 << 20
Pixels = NDArray[np.uint8]
_NEAR = 24
"""Difference in one channel up to which two colours are the same."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is drawn: ``contrast`` as WCAG ratio, ``top`` to ``bottom`` and ``left`` to ``right`` where ink is."""

    contrast: float
    background: tuple[int, int, int]
    colour: tuple[int, int, int]
    box: Box


def can_decode() -> bool:
    """Whether the library that unpacks pictures is there."""
    try:
        import PIL  # noqa: F401
    except ImportError:
        return False
    return True


def decode(data: bytes) -> Pixels:
    """Rows of red, green and blue. Raises FormatError."""
    from PIL import Image

    if len(data) > BYTES:
        raise FormatError(f"a picture of more than {BYTES >> 20} MB")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST:
                raise FormatError(f"a picture of more than {LARGEST} pixels")
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, EOFError, MemoryError) as error:
        raise FormatError(f"a picture that cannot be unpacked: {error}") from error


def cut(pixels: Pixels, box: Box) -> Pixels:
    """The part of the picture in a box; empty where the box lies outside."""
    left, top, right, bottom = (max(0, part) for part in box)
    return pixels[top:bottom, left:right]


def common_colour(part: Pixels) -> tuple[int, int, int]:
    """The colour that most pixels have, each channel in steps of eight."""
    flat = part.reshape(-1, 3).astype(np.uint32)
    keys = (flat[:, 0] >> 3) << 10 | (flat[:, 1] >> 3) << 5 | flat[:, 2] >> 3
    values, counts = np.unique(keys, return_counts=True)
    chosen = flat[keys == values[counts.argmax()]]
    red, green, blue = np.median(chosen, axis=0).astype(int).tolist()
    return red, green, blue


def differs(part: Pixels, colour: tuple[int, int, int], by: int = _NEAR) -> NDArray[np.bool_]:
    """Which pixels are of another colour."""
    far: NDArray[np.int16] = np.abs(part.astype(np.int16) - np.array(colour, dtype=np.int16)).max(axis=2)
    return far > by


def ink(pixels: Pixels, box: Box) -> Ink | None:
    """How the text in a box is drawn; None where nothing is."""
    part = cut(pixels, box)
    if part.size == 0:
        return None
    back = common_colour(part)
    drawn = differs(part, back, 16)
    if not drawn.any():
        return None
    far = np.abs(part.astype(np.int16) - np.array(back, dtype=np.int16)).sum(axis=2)
    # Thin strokes are mixed with what lies behind; the few pixels farthest from it have the colour that was meant.
    edge = np.quantile(far[drawn], 0.9)
    strong = part[far >= edge]
    red, green, blue = np.median(strong, axis=0).astype(int).tolist()
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    left, top = max(box[0], 0), max(box[1], 0)
    edges = (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)
    return Ink(contrast((red, green, blue), back), back, (red, green, blue), edges)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lights = sorted((_luminance(one), _luminance(other)))
    return round((lights[1] + 0.05) / (lights[0] + 0.05), 2)


def _luminance(colour: tuple[int, int, int]) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_EMPTY, _SIGN, _STROKE = 0.05, 0.08, 60
_WHITE = 240
"""Shares of a box's middle: less is empty, more is a sign drawn into it; a sign's colour differs by so much."""


def ticked(pixels: Pixels, box: Box) -> bool | None:
    """Whether the box drawn in this place is ticked; None where nothing like a box is drawn there."""
    part = cut(pixels, box)
    if part.shape[0] < 8 or part.shape[1] < 8:
        return None
    border = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]]).reshape(1, -1, 3)
    drawn = differs(part, common_colour(border))
    if drawn.mean() < 0.02:
        return None
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    body = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = body.shape
    if high < 8 or wide < 8 or not 0.6 < wide / high < 1.7:
        return None
    middle = body[high // 4 : high - high // 4, wide // 4 : wide - wide // 4]
    if float(middle.mean()) < _EMPTY:
        return False
    # Filled, but with nothing drawn into it, a box may as well be one that is not ticked yet.
    top, left = int(rows[0]) + high // 4, int(columns[0]) + wide // 4
    inside = part[top : top + middle.shape[0], left : left + middle.shape[1]]
    stroke = float(differs(inside, common_colour(inside), _STROKE).mean())
    if stroke <= _SIGN and min(common_colour(inside)) >= _WHITE:
        return False  # filled with white on a coloured page: what is ticked is filled with a colour
    return True if stroke > _SIGN else None


def switched_on(pixels: Pixels, box: Box) -> bool | None:
    """Whether the switch drawn in this place is on: its knob stands right; None where that cannot be seen."""
    part = cut(pixels, box)
    if part.shape[0] < 8 or part.shape[1] < 12:
        return None
    border = np.concatenate([part[0], part[-1]]).reshape(1, -1, 3)
    track = differs(part, common_colour(border), 10)
    columns = np.flatnonzero(track.any(axis=0))
    rows = np.flatnonzero(track.any(axis=1))
    if columns.size < 12 or rows.size < 6:
        return None
    body = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.int16)
    high, wide = body.shape[:2]
    if not 1.3 < wide / high < 3.2:
        return None
    band = body[high * 2 // 5 : high * 3 // 5 + 1]
    left, right = (
        band[:, wide // 5 : wide * 2 // 5].mean(axis=(0, 1)),
        band[:, wide * 3 // 5 : wide * 4 // 5].mean(axis=(0, 1)),
    )
    lighter = float(right.mean() - left.mean())
    if abs(lighter) < 6:
        return None
    track = left if lighter > 0 else right
    coloured = float(track.max() - track.min()) > 40 or float(track.mean()) < 150
    # The knob is the lighter end. Right of a coloured track it is on, left of a pale one off; anything else is unsure.
    return True if lighter > 0 and coloured else False if lighter < 0 and not coloured else None


_TIGHT = 0.93
"""Height of one em by the distance of lines that leave no room between them."""
_LATIN_WIDTHS = {" ": 0.25, **dict.fromkeys("iljtfrI.,;:'!|()-", 0.31), **dict.fromkeys("mwMW@%", 0.83)}
_CAPITAL, _DIGIT, _OTHER = 0.64, 0.56, 0.53
"""Widths of Latin letters in the usual fonts, in em: blanks and narrow ones, wide ones, and the rest."""


def em_of(pixels: Pixels, box: Box, text: str) -> float | None:
    """Height of one em in pixels, by the ink's width in all lines of a box that holds this text; None where no line stands out."""
    part = cut(pixels, box)
    wide = sum(_wide(letter) for letter in text if letter != "\n")
    if part.size == 0 or wide < 4:
        return None
    drawn = differs(part, common_colour(part), 16)
    rows = drawn.sum(axis=1)
    runs = [run for run in _runs(rows > 0) if run[1] - run[0] > 4]
    em = _width(drawn, runs) / wide
    high = float(np.median([end - start for start, end in runs])) if runs else 0.0
    if 0.75 * em < high < 1.35 * em:
        return round(em, 2)
    inked = sum(end - start for start, end in runs)
    pitch = (inked * part.shape[1] / wide / _TIGHT) ** 0.5
    # Lines that touch one another: so tight that the text's area alone tells how large it is set.
    return round(_TIGHT * pitch, 1) if high > 1.6 * pitch else None


def _wide(letter: str) -> float:
    """How wide a letter is, in em; Chinese characters and marks are one em wide."""
    if ord(letter) > 0x2E7F or letter in "“”—…":
        return 1.0
    usual = _CAPITAL if letter.isupper() else _DIGIT if letter.isdigit() else _OTHER
    return _LATIN_WIDTHS.get(letter, usual)


def _width(drawn: NDArray[np.bool_], runs: list[tuple[int, int]]) -> int:
    """Width of the ink in all these lines together."""
    return sum(_extent(drawn[top:bottom]) for top, bottom in runs)


def _extent(line: NDArray[np.bool_]) -> int:
    columns = np.flatnonzero(line.any(axis=0))
    return int(columns[-1] - columns[0]) + 1 if columns.size else 0


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def mean_light(part: Any) -> float:
    """How bright the brightest hundredth of a part is, from 0 to 1."""
    return float(np.quantile(part.max(axis=2), 0.99)) / 255 if part.size else 0.0
