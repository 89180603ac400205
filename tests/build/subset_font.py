"""Makes the two fonts that ``render`` ships: a subset of Noto Sans CJK SC (SIL Open Font License 1.1).

Not run by the tests. Needs fontTools in an environment of its own (``pip install fonttools==4.68.0 msgspec``) and Debian's package
``fonts-noto-cjk`` (20220127). Run: ``PYTHONPATH=src python tests/build/subset_font.py /usr/share/fonts/opentype/noto src/mingcha/render/fonts``.
The subset gets a name of its own, so that no page can silently take the full font of the machine it is made on.
"""

from __future__ import annotations

import os
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

from mingcha.render.charset import has

FAMILY = "Mingcha Sans SC"
FACES = {"Regular": "NotoSansCJK-Regular.ttc", "Bold": "NotoSansCJK-Bold.ttc"}


def wanted() -> set[int]:
    """Every character that the PDF may print as itself."""
    return {number for number in range(0x20, 0x10000) if not 0xD800 <= number < 0xE000 and has(chr(number))}


def named(font: TTFont, face: str) -> None:
    """The subset's own name; copyright and licence stay as they are."""
    names = {
        1: FAMILY,
        2: face,
        3: f"{FAMILY} {face}; subset of Noto Sans CJK SC 2.004",
        4: f"{FAMILY} {face}",
        6: f"MingchaSansSC-{face}",
    }
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 7, 13, 14) and record.platformID == 3]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [names[6]]
    cff.topDictIndex[0].FullName, cff.topDictIndex[0].FamilyName = names[4], FAMILY


def make(source: str, target: str, face: str) -> None:
    """One face: the Simplified Chinese font of the collection, cut down and renamed."""
    collection = TTCollection(os.path.join(source, FACES[face]))
    font = next(f for f in collection.fonts if f["name"].getDebugName(1).startswith("Noto Sans CJK SC"))
    options = subset.Options()
    options.layout_features = ["kern", "locl", "ccmp", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    options.hinting = False
    options.desubroutinize = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    named(font, face)
    font.recalcTimestamp = False
    font.save(os.path.join(target, f"MingchaSansSC-{face}.otf"))


if __name__ == "__main__":
    for name in FACES:
        make(sys.argv[1], sys.argv[2], name)
