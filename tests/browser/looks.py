"""Every page in two widths and two languages: pictures to look at, and axe's opinion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

WIDTHS = (360, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_source() -> str:
    """axe-core, as the test dependency ships it."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Any, source: str) -> list[str]:
    """What axe holds against the page as it stands: rule, how many, the first element. Run by the debugger, since the page allows no script."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source})
    asked = f"axe.run(document, {{runOnly: {{type: 'tag', values: {TAGS}}}}}).then(r => r.violations.map(v => v.id + ' ×' + v.nodes.length + ' ' + v.nodes[0].html.slice(0, 160)))"
    found = session.send("Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True})
    session.detach()
    assert "value" in found["result"], found
    return list(found["result"]["value"])


def too_wide(page: Any) -> bool:
    """Whether the page has to be moved sideways to be read."""
    session = page.context.new_cdp_session(page)
    found = session.send(
        "Runtime.evaluate",
        {"expression": "document.documentElement.scrollWidth > innerWidth + 1", "returnByValue": True},
    )
    session.detach()
    return bool(found["result"]["value"])


def seen(page: Any, url: str, paths: Iterable[str], folder: Path | None, who: str) -> Iterator[str]:
    """Open each page in both languages and widths; give what is wrong, one line each."""
    source = axe_source()
    for path in paths:
        for prefix in ("", "/en"):
            yield from _one(page, url + prefix + path, folder, f"{who}{prefix}{path}", source)


def _one(page: Any, address: str, folder: Path | None, name: str, source: str) -> Iterator[str]:
    answer = page.goto(address)
    if answer.status >= 400:
        yield f"{name}: {answer.status}"
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if too_wide(page):
            yield f"{name} at {width}: wider than the screen"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(
                path=str(folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}-{width}.png"), full_page=True
            )
    yield from (f"{name}: {one}" for one in violations(page, source))
