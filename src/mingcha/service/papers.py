"""Documents as print: data in, PDF out, the same bytes for the same data (Typst, locked to its own templates)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from mingcha.service.text import Text

TEMPLATE = "1"
"""Version of the templates; kept with each document, so that it can be made again."""
_HERE = Path(__file__).parent / "documents"
_FONTS = Path(__file__).parents[1] / "render" / "fonts"


def pdf(kind: str, data: Mapping[str, Any]) -> bytes:
    """The document of a kind. The data goes in as JSON, never as markup."""
    import typst

    given = {
        "data": json.dumps(dict(data), ensure_ascii=False, sort_keys=True),
        "kind": kind,
        "demo": "yes" if settings.CONFIGURATION.demo else "",
    }
    made = typst.compile(
        str(_HERE / "document.typ"),
        root=str(_HERE),
        sys_inputs=given,
        font_paths=[str(_FONTS)],
        ignore_system_fonts=False,
    )
    assert isinstance(made, bytes)
    return made


TITLES = {
    "order": Text("责令改正通知书", "Order to rectify"),
    "notice": Text("关于侵害用户权益行为的通报", "Public warning"),
    "removal": Text("下架通知", "Notice of removal"),
    "restoration": Text("恢复上架通知", "Notice of restoration"),
}
