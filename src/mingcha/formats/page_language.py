"""The language of a text and of each of its paragraphs: Chinese in simplified or traditional characters, English, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

Language = Literal["zh-Hans", "zh-Hant", "en"]

_SAMPLE = 100_000
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_WORD = re.compile("[A-Za-z]+")
_TRADITIONAL = re.compile("[們個這為與對時會國請應動號電話權資訊網開關當從將發經實進還點讓條護際]")
_SIMPLIFIED = re.compile("[们个这为与对时会国请应动号电话权资讯网开关当从将发经实进还点让条护际]")
_ENGLISH = re.compile("the|of|and|to|your|you|we|our|in|or|for|that|with|is|are|by|information|may|this|us|as")
_ENOUGH = 20
"""Chinese characters or English words below which no language is told."""


def language_of(texts: Iterable[str]) -> Language | None:
    """Chinese in simplified or traditional characters, English, or None."""
    sample = "\n".join(islice(texts, 2000))[:_SAMPLE]
    words = [word.lower() for word in _WORD.findall(sample)]
    han = len(_HAN.findall(sample))
    if han >= _ENOUGH and han > len(words) and len(_KANA_OR_HANGUL.findall(sample)) < han // 10:
        traditional = len(_TRADITIONAL.findall(sample))
        return "zh-Hant" if traditional > len(_SIMPLIFIED.findall(sample)) else "zh-Hans"
    common = sum(_ENGLISH.fullmatch(word) is not None for word in words)
    return "en" if len(words) >= _ENOUGH and common >= len(words) // 10 else None


# --- paragraphs ------------------------------------------------------------------------------------------------------

_LEAST_HAN = 6
_LEAST_WORDS = 8
_LEAST_SHARE = 600
"""Characters of a second language below which a document has but one: a name, an address, a sentence quoted."""


def languages_of(texts: Sequence[str], document: Language | None) -> list[Language | None]:
    """The language of each paragraph; one too short to tell has that of the one before it, or else after it."""
    chinese: Language = "zh-Hant" if document == "zh-Hant" else "zh-Hans"
    told = [_own(text, chinese) for text in texts]
    share: dict[Language | None, int] = {}
    for text, language in zip(texts, told, strict=True):
        share[language] = share.get(language, 0) + len(text)
    main = document or max((language for language in share if language), key=lambda key: share[key], default=None)
    known = {language for language in share if language and (language == main or share[language] >= _LEAST_SHARE)}
    first = next((language for language in told if language in known), main)
    found: list[Language | None] = []
    for language in told:
        first = language if language in known else first
        found.append(first)
    return found


def _own(text: str, chinese: Language) -> Language | None:
    han = len(_HAN.findall(text, 0, _PARAGRAPH_READ))
    if han >= _LEAST_HAN and len(_KANA_OR_HANGUL.findall(text, 0, _PARAGRAPH_READ)) < max(1, han // 10):
        words = len(_WORD.findall(text, 0, _PARAGRAPH_READ))
        return chinese if han >= words else None
    if han:
        return None
    said = _WORD.findall(text[:_PARAGRAPH_READ].lower())
    common = sum(_ENGLISH.fullmatch(word) is not None for word in said)
    return "en" if len(said) >= _LEAST_WORDS and common * 6 >= len(said) else None


_PARAGRAPH_READ = 2000
"""Characters of a paragraph that are looked at."""
