"""How a value of an answer is told to people: by the catalogue's names, as a number, or as a share."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from mingcha.catalogue.load import Catalogue, load
from mingcha.model.clause import Language
from mingcha.render.wording import fill, words

Holds = Literal[
    "text", "count", "share", "mean", "number", "level", "digest", "category", "clause", "sdk", "information", "permission",
    "outcome", "provision", "type", "gap", "reason", "what", "thing", "change", "form", "ending", "rules",
]  # fmt: skip

_OWN: dict[str, dict[str, tuple[str, str]]] = {
    "outcome": {
        "breached": ("疑似违反", "suspected breach"),
        "met": ("未发现违反", "no breach found"),
        "not determined": ("未能判定", "not determined"),
        "not applicable": ("不适用", "not applicable"),
    },
    "what": {"information": ("信息", "information"), "sdk": ("SDK", "SDK"), "permission": ("权限", "permission")},
    "change": {
        "new": ("新增的应用", "new app"),
        "gone": ("最后一次不在其中", "not among the last run's"),
        "same": ("没有变化", "unchanged"),
        "examined again": ("文件相同，证据、工具或规则有变", "same file, other evidence, tool or rules"),
        "other file": ("文件有变", "other file"),
    },
    "ending": {"done": ("检查完", "examined"), "known": ("已有", "known"), "failed": ("失败", "failed")},
    "form": {
        "packer": ("加固", "packer"),
        "dynamic loading": ("运行时加载代码", "code loaded at run time"),
        "encrypted code": ("加密的代码", "encrypted code"),
        "reflection": ("反射", "reflection"),
        "other runtime": ("其他运行环境", "other runtime"),
        "native": ("原生代码", "native code"),
        "hot patch": ("热修复", "hot patch"),
    },
    "reason": {
        "missing": ("没有提供", "not handed in"),
        "unreadable": ("无法读取", "unreadable"),
        "protected": ("受保护", "protected"),
        "partial": ("只看到一部分", "seen in part"),
        "too big": ("太大", "too big"),
        "too slow": ("用时超限", "too slow"),
        "defect": ("工具出错", "a defect of the tool"),
        "person": ("要由人回答", "a person has to answer"),
    },
}
_NONE = {"category": ("未注明", "not given"), "type": ("未确定", "not known"), "level": ("没有读到", "not read")}


def shown(holds: Holds, value: Any, lang: Language) -> str:
    """One value for people; nothing known is a dash or a word of the column's own."""
    side = 0 if lang == "zh" else 1
    if value is None or value == "":
        return _NONE.get(holds, ("—", "—"))[side]
    own = _OWN.get(holds, {}).get(str(value))
    if own:
        return own[side]
    number = _number(holds, value)
    return number if number is not None else _named(holds, str(value), lang)


def _number(holds: Holds, value: Any) -> str | None:
    if holds == "share":
        return f"{100 * value:.1f}%"
    if holds == "mean":
        return f"{value:.2f}"
    if holds == "count":
        return f"{int(value):,}"
    return None


@cache
def tables_once() -> Catalogue:
    """The catalogue, read once: an answer has thousands of names."""
    return load()


def _named(holds: Holds, value: str, lang: Language) -> str:
    tables = tables_once()
    if holds in ("information", "permission", "sdk", "type"):
        return _row(tables, holds, value, lang)
    if holds == "thing":
        return next(
            (name for one in ("permission", "sdk", "information") if (name := _row(tables, one, value, lang)) != value),
            value,
        )
    if holds == "clause":
        return f"{value} {_titles()[value, lang]}" if (value, lang) in _titles() else value
    if holds == "rules":
        return tables.regulations[value].title[lang] if value in tables.regulations else value
    if holds == "provision":
        return words(lang).value("provision", value) or value
    if holds == "gap":
        return gap(value, lang)
    return f"{value[:12]}…" if holds == "digest" and len(value) > 16 else value


def _row(tables: Catalogue, holds: str, value: str, lang: Language) -> str:
    rows: dict[str, Any] = {
        "information": tables.information,
        "permission": tables.permissions,
        "sdk": tables.sdks,
        "type": tables.app_types,
    }
    row = rows[holds].get(int(value) if holds == "type" and value.isdigit() else value)
    return str(row.name.get(lang, value)) if row is not None and row.name else value


@cache
def _titles() -> dict[tuple[str, Language], str]:
    clauses = [one for regulation in tables_once().regulations.values() for one in regulation.clauses]
    return {(one.id, lang): wording.title for one in clauses for lang, wording in one.wording.items()}


def gap(code: str, lang: Language) -> str:
    """A kind of gap as a sentence whose blanks are open."""
    if code == "question":
        return {"zh": "条款要由人回答问题", "en": "The clause asks a person"}[lang]
    template = words(lang).gaps.get(code)
    return fill(template, {}, "…") if template else code
