"""Pixels tell contrast, size, ticks and switches, and where a dialog ends; lines of text are put together as they stand."""

import io
import sys

import numpy as np
import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens import ocr, picture, screen
from mingcha.collect.screens.drawn import from_picture
from mingcha.collect.screens.ocr import Line
from mingcha.collect.screens.reading import read_sheet
from mingcha.collect.screens.screen import Reader
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from tests.unit.collect.screens.making import APP, node, permission

WORDS = Words(load())
WHITE, BLACK, GREY, BLUE = (255, 255, 255), (0, 0, 0), (118, 118, 118), (20, 90, 200)


def canvas(colour=WHITE, size=(540, 1170)):
    return np.full((size[1], size[0], 3), colour, dtype=np.uint8)


def fill(pixels, box, colour):
    pixels[box[1] : box[3], box[0] : box[2]] = colour


def letters(pixels, box, colour=BLACK, count=None):
    """Frames that stand for so many square letters in one line, as high as the box; most of the box stays as it was."""
    high = box[3] - box[1]
    for n in range(count or (box[2] - box[0]) // high):
        left, top, right, bottom = box[0] + n * high + 1, box[1] + 1, box[0] + (n + 1) * high - 1, box[3] - 1
        for edge in ((left, top, right, top + 2), (left, bottom - 2, right, bottom), (left, top, left + 2, bottom)):
            fill(pixels, edge, colour)


def png(pixels) -> bytes:
    image = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [(BLACK, WHITE, 21.0), (WHITE, WHITE, 1.0), (GREY, WHITE, 4.54), ((255, 0, 0), WHITE, 4.0)],
)
def test_contrast(one, other, ratio: float) -> None:
    """The ratio is that of WCAG 2, whichever colour comes first."""
    assert picture.contrast(one, other) == picture.contrast(other, one) == pytest.approx(ratio, abs=0.01)


def test_ink() -> None:
    """A text's colour, what lies behind it, and where the ink is."""
    pixels = canvas((30, 30, 40))
    letters(pixels, (100, 200, 220, 220), GREY)
    ink = picture.ink(pixels, (90, 190, 300, 230))
    assert ink is not None
    assert (ink.background, ink.colour, ink.box) == ((30, 30, 40), GREY, (101, 201, 219, 219))
    assert picture.ink(pixels, (0, 0, 50, 50)) is None
    assert picture.ink(pixels, (600, 0, 700, 50)) is None


@pytest.mark.parametrize(("high", "gap"), [(24, 14), (14, 9), (30, 12), (20, -2)])
def test_size_of_a_text(high: int, gap: int) -> None:
    """One em is told by the width of the lines, also where the lines touch one another."""
    pixels = canvas()
    across = 480 // high
    for line in range(5):
        letters(pixels, (30, 100 + line * (high + gap), 30 + across * high, 100 + line * (high + gap) + high))
    box = (28, 98, 512, 100 + 5 * (high + gap))
    assert picture.em_of(pixels, box, "政" * (5 * across)) == pytest.approx(high, rel=0.1)


def box_drawn(pixels, at, *, ticked: bool, colour=BLUE):
    left, top = at
    fill(pixels, (left, top, left + 24, top + 24), colour)
    if not ticked:
        fill(pixels, (left + 2, top + 2, left + 22, top + 22), WHITE)
        return
    for n in range(6):  # the sign: down to the right, then up
        fill(pixels, (left + 6 + n, top + 11 + n, left + 9 + n, top + 14 + n), WHITE)
        fill(pixels, (left + 11 + n, top + 16 - n, left + 14 + n, top + 19 - n), WHITE)


def test_ticks() -> None:
    """A box with a sign in it is ticked, an outlined one is not; one that is only filled, or something else, is neither."""
    pixels = canvas()
    box_drawn(pixels, (50, 50), ticked=True)
    box_drawn(pixels, (50, 150), ticked=False)
    fill(pixels, (50, 250, 400, 270), BLUE)
    fill(pixels, (50, 450, 74, 474), (221, 221, 221))
    states = [picture.ticked(pixels, (40, top, 84, top + 44)) for top in (40, 140, 340, 440)]
    assert states == [True, False, None, None]
    assert picture.ticked(pixels, (40, 240, 420, 280)) is None


def test_a_white_box_on_a_coloured_page() -> None:
    """An empty box may be filled with white where the page is not; one filled with a colour stays unsure."""
    pixels = canvas((247, 220, 200))
    box_drawn(pixels, (50, 150), ticked=False, colour=(120, 120, 120))
    assert picture.ticked(pixels, (40, 140, 84, 184)) is False
    fill(pixels, (50, 350, 74, 374), BLUE)
    assert picture.ticked(pixels, (40, 340, 84, 384)) is None


@pytest.mark.parametrize(
    ("track", "knob", "on"),
    [
        ((84, 108, 120), 36, True),
        (BLUE, 36, True),
        ((200, 200, 205), 3, False),
        (BLUE, 3, None),
        ((200, 200, 205), 36, None),
    ],
)
def test_switches(track, knob: int, on: bool | None) -> None:
    """The knob right of a coloured track is on, left of a pale one off; anything else is unsure."""
    pixels = canvas()
    fill(pixels, (450, 300, 516, 336), track)
    fill(pixels, (450 + knob, 303, 450 + knob + 27, 333), WHITE)
    assert picture.switched_on(pixels, (446, 297, 520, 340)) is on


def dialog():
    """A darkened page with a white panel, and lines on both."""
    pixels = canvas((115, 115, 115))
    fill(pixels, (45, 400, 495, 760), WHITE)
    fill(pixels, (75, 640, 465, 700), BLUE)
    lines = []
    for text, box, colour in (
        ("新闻头条", (40, 100, 140, 122), (60, 60, 60)),
        ("隐私提示", (220, 430, 320, 455), BLACK),
        ("请您阅读并同意《用户协议》和《隐私政", (75, 490, 460, 512), BLACK),
        ("策》后使用。", (75, 522, 200, 544), BLACK),
        ("同意", (245, 658, 295, 682), WHITE),
        ("不同意", (235, 715, 305, 737), (160, 160, 160)),
    ):
        letters(pixels, box, colour)
        lines.append(Line(text, box, 0.99))
    return pixels, lines


def test_a_dialog_in_a_picture() -> None:
    """The page behind is left out, wrapped lines are one text, buttons are found, filled and flat."""
    pixels, lines = dialog()
    sheet = from_picture(pixels, lines, WORDS)
    assert sheet.window is not None
    assert "新闻头条" not in [item.text for item in sheet.items]
    assert "请您阅读并同意《用户协议》和《隐私政策》后使用。" in [item.text for item in sheet.items]
    reading = read_sheet(sheet, WORDS, None, pixels)
    assert (reading.kind, reading.no_refuse) == ("consent", False)
    assert ([b.text for b in reading.agree], [b.text for b in reading.refuse]) == (["同意"], ["不同意"])


def test_two_answers_that_stand_close() -> None:
    """Two answers beside each other are two buttons, though pieces of one line stand no farther apart."""
    pixels, lines = dialog()
    near = [Line("拒绝", (320, 600, 372, 626), 0.99), Line("允许", (398, 600, 450, 626), 0.99)]
    for line in near:
        letters(pixels, line.box, BLACK)
    texts = [item.text for item in from_picture(pixels, [*lines[:-1], *near], WORDS).items]
    assert {"拒绝", "允许"} <= set(texts)


def test_a_cross_is_a_way_out() -> None:
    """A small sign in the dialog's corner closes it, so that nobody is accused of leaving no way out."""
    pixels, lines = dialog()
    kept = lines[:-1]
    fill(pixels, (230, 705, 320, 745), WHITE)
    assert read_sheet(from_picture(pixels, kept, WORDS), WORDS, None).no_refuse is True
    for n in range(18):
        fill(pixels, (460 + n, 412 + n, 463 + n, 415 + n), BLACK)
        fill(pixels, (477 - n, 412 + n, 480 - n, 415 + n), BLACK)
    assert read_sheet(from_picture(pixels, kept, WORDS), WORDS, None).no_refuse is False


def test_a_box_in_a_picture() -> None:
    """A square before words that ask for agreement is a box, with its state."""
    pixels = canvas()
    for top, ticked in ((300, True), (400, False)):
        box_drawn(pixels, (30, top), ticked=ticked)
        letters(pixels, (66, top + 1, 436, top + 23))
    lines = [Line("我已阅读并同意《隐私政策》全文", (66, top + 1, 436, top + 23), 0.9) for top in (300, 400)]
    sheet = from_picture(pixels, lines, WORDS)
    assert [item.checked for item in sheet.items if item.role == "box"] == [True, False]


def test_pictures_that_are_none() -> None:
    """Broken, foreign and huge pictures are refused."""
    pytest.importorskip("PIL")
    good = png(canvas(size=(40, 40)))
    assert picture.decode(good).shape == (40, 40, 3)
    for data in (b"", b"no picture", good[:40], b"GIF89a" + bytes(50), good[:60] + b"\0" * 20):
        with pytest.raises(FormatError):
            picture.decode(data)
    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (100_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0" + bytes(4)
    with pytest.raises(FormatError):
        picture.decode(huge)


def reader(monkeypatch, lines) -> Reader:
    """A reader whose engine sees these lines in every picture."""
    monkeypatch.setattr(ocr, "is_there", lambda: True)
    monkeypatch.setattr(ocr, "read_lines", lambda _: lines)
    return Reader(WORDS, APP, use_ocr=True)


def test_blind_tree_with_picture(monkeypatch) -> None:
    """Where the tree shows nothing the picture is read, and the window's owner still comes from the tree."""
    pixels, lines = dialog()
    blind = f"<hierarchy>{node('android.view.SurfaceView')}</hierarchy>".encode()
    moment = reader(monkeypatch, lines).read(blind, png(pixels))
    assert (moment.reading.kind, moment.reading.origin, moment.reading.package) == ("consent", "picture", APP)


def test_without_the_engine(monkeypatch) -> None:
    """Without the engine such a screen is not read, and it is said why."""
    monkeypatch.setattr(ocr, "is_there", lambda: False)
    blind = f"<hierarchy>{node('android.view.SurfaceView')}</hierarchy>".encode()
    moment = Reader(WORDS, APP, use_ocr=True).read(blind, png(canvas()))
    assert (moment.reading.kind, moment.lacks) == (None, {"blind", "no engine"})


def test_without_the_library(monkeypatch) -> None:
    """Without the library that unpacks pictures the tree is read all the same."""
    monkeypatch.setattr(picture, "can_decode", lambda: False)
    moment = Reader(WORDS, APP, use_ocr=False).read(permission(), b"any")
    assert (moment.reading.kind, moment.lacks) == ("permission", {"no library"})


def test_a_note_beside_the_systems_dialog(monkeypatch) -> None:
    """A purpose told in a window of the app's own counts; with one for something else, or other words, nobody may say that there was none."""
    pixels = canvas()
    ask = Line("要允许“某某”获取此设备的位置信息吗？", (70, 440, 470, 465), 0.9)
    for note, purpose, whole in (
        ("位置用于推荐附近的门店", "clear", True),
        ("相机用于扫描二维码", "none", False),
        ("挑选收款的人，不必再抄号码", "none", False),
        ("要允许某某获取此没备的位置信息吗", "none", True),
        ("首页", "none", True),
    ):
        lines = [Line(note, (30, 60, 400, 85), 0.9), ask]
        moment = reader(monkeypatch, lines).read(permission(), png(pixels))
        assert moment.reading.permission is not None
        assert (moment.reading.permission.purpose, moment.picture_read) == (purpose, whole)


def test_the_engine_is_loaded_late() -> None:
    """Importing the reader loads neither the engine nor the library of pictures."""
    assert screen.ocr is ocr
    import subprocess

    code = "import sys, mingcha.collect.screens.findings; sys.exit(any(m.startswith(('PIL', 'rapidocr', 'cv2', 'onnx')) for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
