"""The sections of a policy by the numbers and the form of its lines: all headings over a sentence, not only the nearest.

The topic model reads them; it was trained on policies of which only the sentences are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingcha.collect.policy.model import Surroundings
from mingcha.collect.policy.text import introduces, numbering, without_number

DEPTH = 4
_HEADING_LIMIT = 40
_PLAIN_LIMIT = 20
_SENTENCE_MARKS = re.compile(r"[。；;，,！!？]|[：:]$")
_CHAPTERS = ("part", "chinese")


def surroundings(sentences: Sequence[str], headings: Sequence[str] | None = None) -> Surroundings:
    """What stands around each plain sentence; ``headings`` are the caller's, where a document marks its own."""
    own, titles = outline(sentences)
    return Surroundings(own if headings is None else headings, _leads(sentences, own), titles)


def outline(sentences: Sequence[str]) -> tuple[list[str], list[bool]]:
    """For each sentence the headings over it, outermost first with bars between, and whether it is a heading itself."""
    open_sections: list[tuple[str, str]] = []
    paths: list[str] = []
    titles: list[bool] = []
    path = ""
    for sentence in sentences:
        style, _ = numbering(sentence)
        title = _is_heading(sentence, style)
        if title:
            open_sections = [*_over(open_sections, style), (style, without_number(sentence) or sentence)][-DEPTH:]
            path = "|".join(text for _, text in open_sections)
        paths.append(path)
        titles.append(title)
    return paths, titles


def _is_heading(sentence: str, style: str) -> bool:
    """Short, without the marks of a sentence; shorter still where it has no number."""
    limit = _PLAIN_LIMIT if style == "plain" else _HEADING_LIMIT
    return style != "bullet" and len(sentence) <= limit and not _SENTENCE_MARKS.search(sentence)


def _over(sections: list[tuple[str, str]], style: str) -> list[tuple[str, str]]:
    """The sections that stay open when one of this style begins."""
    if style in _CHAPTERS:
        return [section for section in sections if section[0] == "part" and style != "part"]
    styles = [kind for kind, _ in sections]
    return sections[: styles.index(style)] if style in styles else sections


def _leads(sentences: Sequence[str], paths: Sequence[str]) -> list[str]:
    """For each sentence the last one of its section that announced a list."""
    leads: list[str] = []
    lead = path = ""
    for sentence, here in zip(sentences, paths, strict=True):
        if here != path:
            lead, path = "", here
        leads.append(lead)
        if introduces(sentence):
            lead = sentence
    return leads
