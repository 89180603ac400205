"""Catalogue rows as text: lists, and one row with its source."""

from __future__ import annotations

from typing import Any

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.errors import CatalogueError
from mingcha.model.clause import Clause


def rows(catalogue: Catalogue, what: str, lang: str) -> list[str]:
    """One line for each clause, SDK, type of information or app type."""
    if what == "sdks":
        return [f"{s.id:24} {s.name.get(lang, s.id)}  [{s.purpose}, {s.strength}]" for s in catalogue.sdks.values()]
    if what == "information":
        return [f"{i.id:28} {i.name.get(lang, i.id)}" for i in catalogue.information.values()]
    if what == "types":
        return [f"{t.number:>3} {t.name.get(lang, '')}" for t in catalogue.app_types.values()]
    return [
        f"{clause.id:18} [{clause.machine}] {clause.wording['zh' if lang == 'zh' else 'en'].title}"
        for regulation in catalogue.regulations.values()
        for clause in regulation.clauses
    ]


def described(catalogue: Catalogue, identity: str, lang: str) -> str:
    """One row of the catalogue, whole. Raises CatalogueError when no table has that id."""
    if "/" in identity and identity.partition("/")[0] in catalogue.regulations:
        return _clause(catalogue.clause(identity), catalogue, lang)
    for table in (catalogue.sdks, catalogue.information, catalogue.permissions, catalogue.interfaces):
        if identity in table:
            return _fields(msgspec.to_builtins(table[identity]))
    raise CatalogueError([f"nothing in the catalogue is called {identity!r}; see `mingcha catalogue list`"])


def _clause(clause: Clause, catalogue: Catalogue, lang: str) -> str:
    regulation = catalogue.regulations[clause.id.partition("/")[0]]
    told = clause.wording["zh" if lang == "zh" else "en"]
    head = {
        "id": clause.id,
        "title": told.title,
        "regulation": f"{regulation.title['zh']} {regulation.number}",
        "in force": f"{clause.effective_from or regulation.effective_from} – {clause.effective_to or regulation.effective_to or ''}",
        "text": f"{clause.cites.article} {clause.cites.text}  [{clause.cites.label}]",
        "source": regulation.source,
        "machine": clause.machine,
        "status": clause.status,
        "notes": clause.notes,
        "gloss": told.gloss,
        "decided by": told.decide_by,
        "remedy": told.remedy,
        "follows": [other.clause for other in clause.follows],
        "breached when": msgspec.to_builtins(clause.breached_when),
        "questions": {question.id: question.text.get("zh" if lang == "zh" else "en") for question in clause.questions},
    }
    return _fields(head)


def _fields(row: dict[str, Any]) -> str:
    import yaml

    kept = {key: value for key, value in row.items() if value not in (None, "", [], {}, False)}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100).rstrip()
