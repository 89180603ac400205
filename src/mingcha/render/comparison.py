"""What appeared and what went between two reports, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.model.clause import Language
from mingcha.model.fact import Fact
from mingcha.model.report import Comparison, Report
from mingcha.render.evidence import sentence
from mingcha.render.legible import legible
from mingcha.render.reading import Reading

_SHOWN = 12
_TOLD = (
    "PermissionDeclared", "SdkPresent", "InformationTaken", "ComponentDeclared", "CodeProtected", "HostNamed", "AppDeclared",
    "SignedBy", "ProvisionStated", "InformationNamedInPolicy", "PolicyDenial", "SdkNamed", "RecipientNamed", "PurposeStated",
)  # fmt: skip
"""Kinds worth a line, gravest first; call sites are told through InformationTaken."""

_WORDS = {
    "zh": {
        "verdicts": "判定有变化的条款", "appeared": "新出现的", "gone": "消失的", "none": "（无）", "more": "……另有{n}项",
        "same": "两份报告没有差别。",
    },
    "en": {
        "verdicts": "Verdicts that changed", "appeared": "What appeared", "gone": "What went", "none": "(nothing)",
        "more": "… and {n} more", "same": "The two reports do not differ.",
    },
}  # fmt: skip


def comparison_text(found: Comparison, old: Report, new: Report, catalogue: Catalogue, lang: Language) -> str:
    """Changed verdicts with both outcomes, then facts that appeared and went, by kind."""
    words = _WORDS[lang]
    if not (found.verdicts or found.appeared or found.gone):
        return words["same"] + "\n"
    now, before = (Reading(report, catalogue, "operator", lang) for report in (new, old))
    lines = [words["verdicts"], *(_verdicts(now, found) or [f"  {words['none']}"])]
    for head, facts, reading in (("appeared", found.appeared, now), ("gone", found.gone, before)):
        lines += ["", words[head], *(list(_facts(reading, facts, words)) or [f"  {words['none']}"])]
    return "\n".join(lines) + "\n"


def _verdicts(reading: Reading, found: Comparison) -> list[str]:
    lines = []
    for clause, old, new in found.verdicts:
        row = reading.clauses.get(clause)
        title = row.wording[reading.lang].title if row else ""
        lines.append(f"  {clause.partition('/')[2]} {title}: {_outcome(reading, old)} → {_outcome(reading, new)}")
    return lines


def _outcome(reading: Reading, outcome: str) -> str:
    return reading.value("outcome_word", outcome) or outcome


def _facts(reading: Reading, facts: tuple[Fact, ...], words: dict[str, str]) -> Iterator[str]:
    shown: Counter[str] = Counter()
    for fact in sorted((f for f in facts if type(f).__name__ in _TOLD), key=lambda f: _TOLD.index(type(f).__name__)):
        kind = type(fact).__name__
        shown[kind] += 1
        if shown[kind] <= _SHOWN:
            yield legible(f"  - {sentence(reading, fact)}")
    hidden = sum(count - _SHOWN for count in shown.values() if count > _SHOWN)
    if hidden:
        yield "  " + words["more"].format(n=hidden)
