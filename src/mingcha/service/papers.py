"""Documents as print: data in, PDF out, the same bytes for the same data (Typst, locked to its own templates and our fonts)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings

from mingcha.casework.clocks import SET_BY_ORDER
from mingcha.catalogue.load import load
from mingcha.render.charset import drawable
from mingcha.render.legible import legible
from mingcha.service import terms
from mingcha.service.models import Finding
from mingcha.service.text import Text

TEMPLATE = "1"
"""Version of the templates; kept with each document, so that it can be made again."""
_HERE = Path(__file__).parent / "documents"
_FONTS = Path(__file__).parents[1] / "render" / "fonts"
_READ = ("V",)
"""Labels of texts that were read in the official Chinese and may be quoted as law."""
TITLES = {
    "order": Text("责令改正通知书", "Order to rectify"),
    "notice": Text("关于侵害用户权益行为的通报", "Public warning"),
    "removal": Text("下架通知", "Notice of removal"),
    "restoration": Text("恢复上架通知", "Notice of restoration"),
}

_BEGINS = {"order": ("rectification", "送达"), "notice": ("notice", "公布")}
"""What runs from a document, and from what."""


def address(number: str) -> str:
    """Where a document of this number can be checked."""
    return f"{settings.CONFIGURATION.url}/verify/{quote(number)}/"


def told(finding: Finding) -> dict[str, str]:
    """A finding as a document tells it: the article in its own words only where these were read in the official text."""
    clause = load().clause(finding.clause)
    regulation = load().regulations[finding.clause.partition("/")[0]]
    verified = clause.cites.label in _READ and regulation.number_label in _READ
    return {
        "clause": finding.clause,
        "article": clause.cites.article,
        "law": f"《{regulation.title['zh']}》（{regulation.number}）{clause.cites.article}：“{clause.cites.text}”"
        if verified
        else "",
        "basis": ""
        if verified
        else f"《{regulation.title['zh']}》{clause.cites.article}（条文文字未经核实，不作引用）",
        "sentence": clause.wording["zh"].regulator,
        "seen": "" if finding.sentence["file"] == clause.wording["zh"].regulator else finding.sentence["file"],
        "answer": finding.answer,
    }


def term(kind: str, days: int, at: datetime, body: str) -> str:
    """When the times end that a document of this kind sets, as far as that is known when it is signed; says where it may still change."""
    if kind == "removal":
        return (
            f"请各分发平台确认下架：{_reckoned('removal-acknowledgement', at, None, body)}"
            f"禁止重新上架的期间：{_reckoned('relisting-ban', at, None, body)}以上期限均为{SET_BY_ORDER.zh}。"
        )
    if kind not in _BEGINS:
        return ""
    clock, begins = _BEGINS[kind]
    return f"如于签发当日{begins}：{_reckoned(clock, at, days, body)}另日{begins}的，自{begins}之日的次日起同样计算。"


def _reckoned(clock: str, at: datetime, days: int | None, body: str) -> str:
    return "；".join(line["zh"] for line in terms.reckoned(clock, at, days, body)["reckoning"]) + "。"


def pdf(kind: str, data: Mapping[str, Any]) -> bytes:
    """The document of a kind. The data goes in as JSON, never as markup; what our fonts lack is written as a sign for it."""
    import typst

    given = {
        "data": json.dumps(_legible(dict(data)), ensure_ascii=False, sort_keys=True),
        "kind": kind,
        "title": TITLES[kind].zh,
        "days": SET_BY_ORDER.zh,
        "demo": "yes" if settings.CONFIGURATION.demo else "",
        "place": f"{settings.CONFIGURATION.url}/verify/",
        "qr": _qr(str(data["verify"])) if "verify" in data else "",
    }
    made = typst.compile(
        str(_HERE / "document.typ"),
        root=str(_HERE),
        sys_inputs=given,
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def _legible(value: Any) -> Any:
    """Every text in characters that the fonts hold and that do not hide or mislead."""
    if isinstance(value, str):
        return "\n".join(drawable(legible(line)) for line in value.splitlines())
    if isinstance(value, dict):
        return {key: _legible(inner) for key, inner in value.items()}
    return [_legible(inner) for inner in value] if isinstance(value, list | tuple) else value


def _qr(place: str) -> str:
    return str(segno.make(place, error="m").svg_inline(scale=2))
