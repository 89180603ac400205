"""Questions to people in the words of their clause, and what each one is about."""

from __future__ import annotations

from mingcha.render.evidence import sentence
from mingcha.render.reading import Reading


def question_text(reading: Reading, clause: str, question: str) -> str:
    """A question as the clause words it; its id where the catalogue lacks it."""
    found = reading.clauses.get(clause)
    texts = next((q.text for q in found.questions if q.id == question), {}) if found else {}
    return texts.get(reading.lang) or texts.get("zh") or question


def subject(reading: Reading, about: str | None) -> str:
    """What a question is about: an SDK, a permission, a type of information, a fact, or the words themselves."""
    if about is None:
        return ""
    fact = reading.fact(about)
    if fact:
        return sentence(reading, fact)
    if about in reading.catalogue.information:
        return reading.information(about)
    return reading.permission(about) if about in reading.catalogue.permissions else reading.sdk(about)
