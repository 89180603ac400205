"""The parts of an app's page that follow from its report alone, drawn in both languages when the report comes: it never changes afterwards.

A page then puts them together with what does change (status, findings, history) and draws only that.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

Values = dict[str, Any]
METHODS = {
    "apk": ("安装包静态分析", "static analysis of the package"),
    "policy": ("隐私政策文本阅读", "reading of the privacy policy"),
    "answers": ("检测人员的问答记录", "questions answered by a person"),
    "run": ("实机运行记录", "a recorded run on a device"),
}
_COUNTED = {
    "breached": ("需要人工核对", "to be looked at by a person"),
    "not determined": ("未能判定", "not determined"),
    "met": ("未见问题", "nothing seen"),
    "not applicable": ("不适用", "not applicable"),
}
"""What counts are called that nobody confirmed: no count is an accusation."""
_DJANGO = {"zh": "zh-hans", "en": "en"}
_PARTS = ("takes", "gets", "policy", "unchecked", "files")
_KINDS = {
    "apk": ("安装包", "package"),
    "policy": ("隐私政策", "privacy policy"),
    "answers": ("问答记录", "answers of a person"),
    "run": ("运行记录", "recorded run"),
}
_CUT = {"asked": ("它申请的权限", "Permissions it asks for"), "who": ("应用里的第三方", "Third parties inside")}
"""Tables whose last column compares with the policy, and what they are called without it: that is a finding, and shown when it is one."""


def face(card: Values) -> Values:
    """What is kept with a report: its parts as HTML, its methods, the clauses that the machine holds for breached."""
    kinds = {one["kind"] for one in card["artefacts"]}
    return {
        "parts": {lang: _drawn(card, lang) for lang in card["pages"]},
        "methods": [{"zh": zh, "en": en} for kind, (zh, en) in METHODS.items() if kind in kinds],
        "breached": sorted(clause for clause, outcome in card["outcomes"].items() if outcome == "breached"),
        "tally": {lang: [_counted(one, lang) for one in page["tally"]] for lang, page in card["pages"].items()},
    }


def _counted(one: Values, lang: str) -> Values:
    return {"word": _COUNTED[one["outcome"]][lang == "en"], "count": one["count"]}


def said(card: Values, lang: str) -> Values:
    """What a report says in one language, without verdicts."""
    page = card["pages"][lang]
    return {
        "tables": {name: _table(name, table, lang) for name, table in page["tables"].items()},
        "policy": [line["text"] for line in page.get("policy", ()) if line["found"]],
        "unchecked": page["unchecked"],
        "gaps": list(dict.fromkeys(page["gaps"])),
    }


def files(card: Values) -> list[Values]:
    """What was handed in, by kind and hash; how a file was called is nobody's business."""
    names = ((_KINDS.get(one["kind"], (one["kind"], one["kind"])), one) for one in card["artefacts"])
    return [{"kind": {"zh": zh, "en": en}, "sha256": one["sha256"], "size": one["size"]} for (zh, en), one in names]


def _table(name: str, table: Values, lang: str) -> Values:
    cut = name in _CUT and len(table["columns"]) > 2  # there is one to cut
    keep = len(table["columns"]) - cut
    caption = _CUT[name][lang == "en"] if name in _CUT else table["caption"]
    return {
        "caption": caption,
        "note": table["note"],
        "columns": table["columns"][:keep],
        "rows": [row[:keep] for row in table["rows"]],
    }


def _drawn(card: Values, lang: str) -> dict[str, str]:
    told = said(card, lang)
    for table in told["tables"].values():
        table["cells"] = [list(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    with translation.override(_DJANGO[lang]):
        return {
            part: render_to_string(f"public/parts/{part}.html", {"said": told, "files": files(card)}) for part in _PARTS
        }
