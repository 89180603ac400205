"""Renders every HTML file below tests/accuracy/screens beside itself: ``.png``, ``.xml`` and ``.yaml``.

``python -m tests.build.screens.render [name …]`` from the repository's root; needs playwright, a Chromium and Pillow.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.build.screens import dump, truth, walks

SCREENS = Path(__file__).parents[2] / "accuracy" / "screens"
_WALK = Path(__file__).with_name("walk.js").read_text(encoding="utf-8")
_DESIGN = re.compile(r'<script type="text/yaml">(.*?)</script>', re.DOTALL)
_SIZES = {
    "540x1170@1.5": (360, 780, 1.5),
    "540x1170@1.25": (432, 936, 1.25),
    "720x1560@2": (360, 780, 2.0),
    "480x1040@1.5": (320, 693, 1.5),
}
_COLOURS = 128
"""Pictures are kept with few colours, without dithering, to be small."""


def main(wanted: list[str]) -> None:
    with _browser() as browser:
        for file in sorted(SCREENS.rglob("*.html")):
            if not wanted or any(part in str(file) for part in wanted):
                _rendered(browser, file)
    for folder in sorted(SCREENS.glob("*/walks/*/")):
        if not wanted or any(part in str(folder) for part in wanted):
            walks.write(folder)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = (
            own if own and shutil.which(own) else next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
        )
        # The pages are ours and have no script; as root Chromium has no sandbox.
        browser = playwright.chromium.launch(executable_path=found, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


def _rendered(browser: Any, file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    found = _DESIGN.search(source)
    if found is None:
        raise ValueError(f"{file}: no design")
    design = yaml.safe_load(found.group(1))
    width, height, density = _SIZES[design.get("size", "540x1170@1.5")]
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=density)
    page = context.new_page()
    page.goto(file.as_uri())
    measured = page.evaluate(_WALK)
    picture = page.screenshot()
    context.close()
    if measured["overflow"] and not design.get("cut"):
        print(f"{file.stem}: cut off: {measured['overflow']}")
    _small(picture, file.with_suffix(".png"))
    file.with_suffix(".xml").write_text(dump.written(measured["root"]), encoding="utf-8")
    half = file.relative_to(SCREENS).parts[0]
    try:
        said = truth.screen_truth(file.stem, half, design, measured)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{file}: {error}") from error
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=160, default_flow_style=None)
    file.with_suffix(".yaml").write_text(text, encoding="utf-8")


def _small(picture: bytes, file: Path) -> None:
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
