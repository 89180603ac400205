"""Pictures from strangers: bounded before decoding, and nothing but pixels comes out (Z3, photos of complainants)."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from mingcha.formats.zipped import Archive
from mingcha.service.intake.images import ICON, PHOTO, Limits, clean_icon, clean_picture
from mingcha.service.intake.refusals import IntakeError
from tests.build.zipparts import Part, zipped

CANARY = b"CANARY-31.2304N-121.4737E"
SMALL = Limits(size=200_000, pixels=10_000, side=64)


def drawn(width: int = 40, height: int = 20, mode: str = "RGB") -> Image.Image:
    """A picture whose corners differ."""
    image = Image.new("RGB", (width, height), (10, 20, 30))
    image.paste((250, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def seen(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = CANARY.decode()
    tags.get_ifd(0x8825)[1] = "N"
    tags.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    tags.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + CANARY
    return tags


def png_texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", CANARY.decode())
    texts.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    texts.add_text("Packed", CANARY.decode(), zip=True)
    return texts


TOLD = {
    "jpeg": lambda: saved(drawn(), "JPEG", exif=exif(), icc_profile=CANARY * 9, comment=CANARY, xmp=CANARY) + CANARY,
    "png": lambda: saved(drawn(), "PNG", exif=exif(), icc_profile=CANARY * 9, pnginfo=png_texts()) + CANARY,
    "webp": lambda: saved(drawn(), "WEBP", exif=exif(), icc_profile=CANARY * 9, xmp=CANARY) + CANARY,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", TOLD)
def test_nothing_but_pixels_comes_out(kind: str) -> None:
    """Place, device, comment, profile, XMP and what hangs behind a picture are gone, in plain and in packed form."""
    told = TOLD[kind]()
    assert CANARY in told
    clean = clean_picture(told)
    assert CANARY not in clean
    assert CANARY not in b"".join(_unpacked(clean))
    assert set(seen(clean).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not seen(clean).getexif()


def _unpacked(png: bytes) -> list[bytes]:
    """The chunks of a PNG that are not pixels, by name and content."""
    if not png.startswith(b"\x89PNG"):
        return []
    found, at = [], 8
    while at < len(png):
        length, name = struct.unpack_from(">L4s", png, at)
        assert name in (b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS")
        found.append(name + png[at + 8 : at + 8 + length] if name != b"IDAT" else name)
        at += length + 12
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int) -> None:
    """The way a camera was held is applied to the pixels, since its note is taken away."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = drawn() if orientation == 1 else drawn().transpose(back[orientation])
    clean = seen(clean_picture(saved(held, "PNG", exif=exif(orientation))))
    assert clean.size == (40, 20)
    assert clean.convert("RGB").tobytes() == drawn().tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_keeps_its_look(mode: str) -> None:
    """Grey, coloured, indexed, deep and see-through pictures look as before."""
    image = (
        Image.frombytes("I;16", (40, 20), b"".join(struct.pack("<H", 256 * (n % 200)) for n in range(800)))
        if mode == "I;16"
        else drawn(mode=mode)
    )
    clean = seen(clean_picture(saved(image, "PNG")))
    expected = [n % 200 for n in range(800)] if mode == "I;16" else list(image.convert("RGBA").get_flattened_data())
    assert list((clean if mode == "I;16" else clean.convert("RGBA")).get_flattened_data()) == expected


def test_transparency_stays() -> None:
    """A colour that an indexed picture names as see-through stays see-through."""
    image = drawn(mode="P")
    clean = seen(clean_picture(saved(image, "PNG", transparency=image.getpixel((0, 0)))))
    assert clean.mode == "RGBA"
    assert clean.getpixel((0, 0))[3] == 0
    assert clean.getpixel((39, 19))[3] == 255


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_kind_of_jpeg_is_taken(mode: str) -> None:
    """Grey, coloured and printers' pictures come out as JPEG that any browser shows."""
    clean = seen(clean_picture(saved(drawn(mode=mode), "JPEG")))
    assert (clean.format, clean.mode) == ("JPEG", "L" if mode == "L" else "RGB")


def test_large_pictures_are_made_smaller() -> None:
    """No side is longer than the limit and the proportions stay, whether decoded in full or at a part of the size."""
    for kind in ("JPEG", "PNG"):
        assert seen(clean_picture(saved(drawn(400, 100), kind), Limits(side=64))).size == (64, 16)
        assert seen(clean_picture(saved(drawn(400, 100), kind), Limits(kept=10_000))).size == (200, 50)
    assert seen(clean_picture(saved(drawn(40, 20), "PNG"), Limits(side=64))).size == (40, 20)


def test_long_screenshots_stay_readable() -> None:
    """A screenshot of many pages loses pixels in proportion, not by its longest side."""
    assert seen(clean_picture(saved(drawn(1080, 16_000), "PNG", compress_level=1))).size == (919, 13_608)


def test_lossy_pictures_stay_small() -> None:
    """A photo as WebP comes out as JPEG, a see-through one as PNG."""
    assert seen(clean_picture(saved(drawn(), "WEBP"))).format == "JPEG"
    assert seen(clean_picture(saved(drawn(mode="RGBA").rotate(10, fillcolor=(0, 0, 0, 0)), "WEBP"))).format == "PNG"


# --- what is refused -------------------------------------------------------------------------------------------------


def code(data: bytes, limits: Limits = PHOTO) -> str | None:
    try:
        clean_picture(data, limits)
    except IntakeError as error:
        return error.code
    return None


def png_claiming(width: int, height: int, data: bytes = b"\0" * 100) -> bytes:
    """A PNG whose header claims these sides."""

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP whose header claims these sides; its reader takes their memory as soon as it is opened."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<L", 10) + b"\0\0\0\0" + sides + saved(drawn(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<L", len(body) + 4) + b"WEBP" + body


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose header claims these sides."""
    data = bytearray(saved(drawn(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


PNG, JPEG = saved(drawn(), "PNG"), saved(drawn(), "JPEG")
REFUSED = {
    "endless chunks": (PNG[:33] + chunk(b"abCd", b"") * 1_500_000 + PNG[33:], "picture-broken"),
    "endless chunks behind": (PNG[:-12] + chunk(b"abCd", b"") * 1_500_000 + PNG[-12:], "picture-broken"),
    "endless comments": (JPEG[:2] + b"\xff\xfe\0\2" * 4_900_000 + JPEG[2:], "picture-broken"),
    "endless notes": (JPEG[:2] + b"\xff\xe1\0\x0aExif\0\0ab" * 1_600_000 + JPEG[2:], "picture-broken"),
    "endless filling": (JPEG[:2] + b"\xff" * 19_900_000 + JPEG[2:], "picture-broken"),
    "two frames": (JPEG[: JPEG.index(b"\xff\xda")] + JPEG[JPEG.index(b"\xff\xc0") :], "picture-broken"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "picture-kind"),
    "html": (b"<html>", "picture-kind"),
    "bmp": (saved(drawn(), "BMP"), "picture-kind"),
    "tiff": (saved(drawn(), "TIFF"), "picture-kind"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "picture-kind"),
    "gif": (saved(drawn(), "GIF"), "picture-animated"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture-heic"),
    "avif": (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "picture-heic"),
    "empty": (b"", "picture-kind"),
    "png header": (b"\x89PNG\r\n\x1a\n", "picture-broken"),
    "jpeg header": (b"\xff\xd8\xff\xe0", "picture-broken"),
    "webp header": (b"RIFF\0\0\0\0WEBPVP8X", "picture-broken"),
    "png bomb": (png_claiming(60_000, 60_000), "picture-pixels"),
    "png no side": (png_claiming(0, 60_000), "picture-broken"),
    "jpeg bomb": (jpeg_claiming(65_000, 65_000), "picture-pixels"),
    "webp bomb": (webp_claiming(16_383, 16_383), "picture-pixels"),
    "half a jpeg": (saved(drawn(200, 200), "JPEG")[:500], "picture-broken"),
    "half a png": (png_claiming(2000, 2000), "picture-broken"),
    "half a webp": (saved(drawn(200, 200), "WEBP")[:60], "picture-broken"),
    "endless scans": (saved(drawn(), "JPEG", progressive=True) + b"\xff\xda" * 100, "picture-broken"),
    "animated webp": (saved(drawn(), "WEBP", save_all=True, append_images=[drawn(mode="L")]), "picture-animated"),
    "animated png": (saved(drawn(), "PNG", save_all=True, append_images=[drawn(mode="L")]), "picture-animated"),
    "too many bytes": (b"\xff\xd8\xff" + b"\0" * PHOTO.size, "picture-too-big"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_plain_picture_is_refused(what: str) -> None:
    """Drawings, moving, broken and swelling pictures are refused with the reason, at once."""
    data, expected = REFUSED[what]
    start = time.process_time()
    assert code(data) == expected
    assert time.process_time() - start < 1


def test_pixels_at_the_limit_and_one_beyond() -> None:
    """A picture of as many pixels as allowed is taken, with one row more it is not."""
    for kind, width in (("JPEG", 100), ("PNG", 50), ("WEBP", 25)):
        assert code(saved(drawn(width, 100), kind), SMALL) is None
        assert code(saved(drawn(width, 101), kind), SMALL) == "picture-pixels"


@pytest.mark.filterwarnings("ignore")
@given(st.sampled_from(sorted(TOLD)), st.data())
def test_any_damage_ends_in_a_picture_or_a_refusal(kind: str, data: st.DataObject) -> None:
    """However a picture is damaged, the outcome is a small picture or our own refusal."""
    picture = bytearray(TOLD[kind]())
    for _ in range(data.draw(st.integers(1, 8))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    del picture[data.draw(st.integers(1, len(picture))) :]
    try:
        assert max(seen(clean_picture(bytes(picture), SMALL)).size) <= SMALL.side
    except IntakeError:
        return


MEASURE = """
import json, pathlib, re, sys, time
from mingcha.service.intake.images import clean_picture
from mingcha.service.intake.refusals import IntakeError
rss = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024
base, start = rss(), time.process_time()
try:
    clean_picture(pathlib.Path(sys.argv[1]).read_bytes())
except IntakeError:
    pass
print(json.dumps([rss() - base, time.process_time() - start]))
"""


def measured(path: Path) -> tuple[int, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    grown, seconds = json.loads(done.stdout)
    return grown, seconds


@pytest.mark.parametrize("what", ["png bomb", "webp bomb", "jpeg bomb"])
def test_bombs_cost_no_memory(what: str, tmp_path: Path) -> None:
    """A picture that would swell is refused before its pixels take any memory."""
    (tmp_path / "a").write_bytes(REFUSED[what][0])
    grown, seconds = measured(tmp_path / "a")
    assert grown <= 20
    assert seconds <= 1


# --- icons -----------------------------------------------------------------------------------------------------------


def apk(*parts: Part) -> Archive:
    return Archive(zipped(parts))


def test_an_icon_is_drawn_anew() -> None:
    """A raster icon comes out as a small PNG, whatever kind it was."""
    for kind in ("PNG", "WEBP", "JPEG"):
        clean = clean_icon(apk(Part("res/icon", saved(drawn(432, 216), kind))), "res/icon")
        assert clean is not None
        assert (seen(clean).format, seen(clean).size) == ("PNG", (192, 96))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("what", [what for what in REFUSED if what != "too many bytes"])
def test_hostile_icons_give_none(what: str) -> None:
    """Drawings with scripts, bombs and broken pictures are no icon."""
    assert clean_icon(apk(Part("res/icon.png", REFUSED[what][0])), "res/icon.png") is None


def test_icons_that_unpack_too_far_give_none() -> None:
    """An icon is unpacked only as far as an icon may be long."""
    assert clean_icon(apk(Part("i", b"\x89PNG\r\n\x1a\n" + bytes(ICON.size))), "i") is None
    assert clean_icon(apk(Part("i", saved(drawn(4096, 2049), "PNG", compress_level=1))), "i") is None


def test_an_icons_path_is_a_member_and_nothing_else(tmp_path: Path) -> None:
    """A path to a file of the server gives nothing, and one that is also a member gives the member."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved(drawn(), "PNG"))
    outside = f"../../../../../..{secret}"
    other = apk(Part("a.png", b"x"))
    for path in (str(secret), outside, f"file://{secret}", "", ".", "/", "a.png/../a.png"):
        assert clean_icon(other, path) is None
    named = clean_icon(apk(Part(str(secret), saved(drawn(10, 10), "PNG"))), str(secret))
    assert named is not None
    assert seen(named).size == (10, 10)
