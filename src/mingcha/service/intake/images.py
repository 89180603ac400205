"""Pictures from strangers: bounded before they are decoded, drawn anew from their pixels, so that nothing else comes along.

What is written is made from the decoded pixels alone. Place, time, device, thumbnails, comments, colour profiles and whatever hangs
behind the picture stay out, because they are never copied.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from mingcha.errors import FormatError
from mingcha.formats.zipped import Archive
from mingcha.service.intake.refusals import IntakeError, in_units

Kind = Literal["jpeg", "png", "webp"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may ask of us, and how many pixels and what longest side are kept of it.

    Kept pixels count and not sides alone, so that a long screenshot stays readable.
    """

    size: int = 20 << 20
    pixels: int = 50_000_000
    kept: int = 12_500_000
    side: int = 16_000


PHOTO = Limits()
ICON = Limits(size=2 << 20, pixels=4 * 2048 * 2048, side=192)
_SHARE: dict[Kind, int] = {"jpeg": 1, "png": 2, "webp": 4}
"""Which part of the pixels a kind may have: a JPEG can be decoded at half its size, and a WebP is held four times over."""

_SCANS = 64
"""A progressive JPEG has about ten; each one costs a pass over all pixels, and a hostile file has thousands."""
_QUALITY = 88


def clean_picture(data: bytes, limits: Limits = PHOTO) -> bytes:
    """The picture drawn anew, upright: PNG for a PNG and for what can be seen through, otherwise JPEG. Raises IntakeError."""
    kind = _admitted(data, limits)
    image = _decoded(data, kind, limits)
    if kind == "png" or image.mode == "RGBA":
        return _saved(image, "PNG")
    return _saved(image, "JPEG", quality=_QUALITY, optimize=True)


def clean_icon(archive: Archive, path: str, limits: Limits = ICON) -> bytes | None:
    """An app's icon as a small PNG; None for a drawing, for what is no member of this name, and for what cannot be drawn safely.

    ``path`` is looked up among the members and nowhere else, whatever it says.
    """
    member = archive.get(path)
    if member is None:
        return None
    try:
        data = archive.read(member, limits.size)
        image = _decoded(data, _admitted(data, limits), limits)
    except (FormatError, IntakeError):
        return None
    return _saved(image, "PNG")


def _saved(image: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


# --- before decoding -------------------------------------------------------------------------------------------------


def _admitted(data: bytes, limits: Limits) -> Kind:
    """The kind, if size and pixels allow decoding; a WebP takes its memory as soon as it is opened, so the header is read here."""
    if len(data) > limits.size:
        raise IntakeError("picture-too-big", limit=in_units(limits.size))
    kind = _kind(data)
    try:
        width, height = _SIDES[kind](data)
    except (IndexError, struct.error):
        raise IntakeError("picture-broken") from None
    _bounded(width, height, kind, limits)
    return kind


def _bounded(width: int, height: int, kind: Kind, limits: Limits) -> None:
    if width * height == 0:
        raise IntakeError("picture-broken")
    most = limits.pixels // _SHARE[kind]
    if width * height > most:
        raise IntakeError("picture-pixels", wan=most // 10_000, mega=f"{most / 1_000_000:g}")


def _kind(data: bytes) -> Kind:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise IntakeError("picture-heic")
    raise IntakeError("picture-animated" if data[:4] == b"GIF8" else "picture-kind")


_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})


_CHUNKS = 20_000
_SEGMENTS = 500
_BEFORE_PIXELS = 8 << 20
"""The library takes chunks and segments one by one and joins some of them again and again. A photo has some dozens, and megabytes
before its pixels only where a depth map stands there; a long screenshot has some thousands of chunks."""


def _png_sides(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise IntakeError("picture-broken")
    at = 8
    for _ in range(_CHUNKS):
        if data[at + 4 : at + 8] in (b"IEND", b""):
            width, height = struct.unpack_from(">LL", data, 16)
            return width, height
        at += 12 + struct.unpack_from(">L", data, at)[0]
    raise IntakeError("picture-broken")


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    """The sides from the one header of a frame; the walk ends where pixels begin."""
    if data.count(b"\xff\xda") > _SCANS:
        raise IntakeError("picture-broken")
    at, sides = 2, []
    for _ in range(_SEGMENTS):
        mark = data[at + 1]
        if data[at] != 0xFF or mark == 0xDA or at > _BEFORE_PIXELS:
            break
        if mark == 0xFF:
            at += 1  # filling
            continue
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            sides.append((width, height))
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    if len(sides) != 1 or data[at + 1] != 0xDA:
        raise IntakeError("picture-broken")
    return sides[0]


def _webp_sides(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if form == b"VP8L":
        bits = struct.unpack_from("<L", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise IntakeError("picture-broken")


_SIDES: dict[Kind, Callable[[bytes], tuple[int, int]]] = {
    "png": _png_sides,
    "jpeg": _jpeg_sides,
    "webp": _webp_sides,
}

# --- decoding --------------------------------------------------------------------------------------------------------

_READERS: dict[Kind, Callable[[io.BytesIO], Image.Image]] = {
    "png": PngImageFile,
    "jpeg": JpegImageFile,
    "webp": WebPImageFile,
}
"""Named one by one: ``Image.open`` would guess among some forty readers."""

_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, EOFError, ZeroDivisionError, AttributeError,
    MemoryError, struct.error,
)  # fmt: skip
"""What the library raises for damaged pictures; it has no error of its own."""


def _decoded(data: bytes, kind: Kind, limits: Limits) -> Image.Image:
    """Upright pixels with nothing attached, as many as are kept."""
    try:
        with _READERS[kind](io.BytesIO(data)) as image:
            _bounded(*image.size, kind, limits)  # a hostile header may say two things
            if getattr(image, "is_animated", False):
                raise IntakeError("picture-animated")
            if kind == "jpeg":
                image.draft("RGB", _fitting(image, limits))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            plain = _fitted(_plain(image, alpha=kind != "jpeg"), limits)
    except _BROKEN:
        raise IntakeError("picture-broken") from None
    plain.info = {}
    return plain


def _fitting(image: Image.Image, limits: Limits) -> tuple[int, int]:
    width, height = image.size
    scale = min(1.0, limits.side / max(width, height), math.sqrt(limits.kept / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _fitted(image: Image.Image, limits: Limits) -> Image.Image:
    """Another image in any case: the one that was read knows its file."""
    size = _fitting(image, limits)
    return image.copy() if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _plain(image: Image.Image, *, alpha: bool) -> Image.Image:
    """The image in a mode that every browser shows; the same one if it is in such a mode, since a copy takes as much again."""
    if image.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off at 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    seen_through = alpha and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info)
    mode = "RGBA" if seen_through else "L" if image.mode == "L" else "RGB"
    return image if image.mode == mode else image.convert(mode)
