"""What happened to a made-up case: its acts in order, and the acts of its findings and documents; states are folded from them."""

from __future__ import annotations

import random
from dataclasses import dataclass

_REVIEW = ("open", "record-result", "notify-findings")
_ORDERED = (*_REVIEW, "draft-order", "order", "serve-order")
_PROPOSED = (*_ORDERED, "miss-deadline", "draft-notice")
_WARNED = (*_PROPOSED, "issue-notice", "publish")
_REMOVED = (*_WARNED, "miss-notice", "draft-removal", "remove", "acknowledge-removal", "acknowledge-removal")


@dataclass(frozen=True)
class Story:
    """``acts`` of the case; ``findings``: what may happen to one of its findings; ``again``: there was a second inspection."""

    weight: int
    acts: tuple[str, ...]
    findings: tuple[tuple[str, ...], ...]
    again: bool = False


_CONFIRMED = (("suspect", "confirm"), ("suspect", "answer", "confirm"), ("suspect", "dispute", "confirm"))
_PASSED = tuple((*one, "pass") for one in _CONFIRMED)
_FAILED = tuple((*one, "fail") for one in _CONFIRMED)
STORIES = (
    Story(4, ("open",), (("suspect",),)),
    Story(3, _REVIEW[:2], (("suspect",),)),
    Story(10, _REVIEW, (("suspect",), ("suspect",), ("suspect", "answer"), ("suspect", "dispute"), *_CONFIRMED)),
    Story(5, (*_REVIEW, "dismiss"), (("suspect", "withdraw"),)),
    Story(18, _ORDERED, _CONFIRMED),
    Story(6, (*_ORDERED, "extend"), _CONFIRMED),
    Story(8, (*_ORDERED, "file-rectification"), _CONFIRMED),
    Story(20, (*_ORDERED, "file-rectification", "pass"), _PASSED, again=True),
    Story(5, (*_ORDERED, "file-rectification", "fail"), (*_FAILED, *_PASSED), again=True),
    Story(4, _PROPOSED, _CONFIRMED),
    Story(6, _WARNED, _CONFIRMED),
    Story(5, _REMOVED, _CONFIRMED),
    Story(
        5,
        (*_REMOVED, "file-while-removed", "pass-while-removed", "commit", "draft-restoration", "restore"),
        _PASSED,
        again=True,
    ),
    Story(1, (*_REMOVED, "disconnect"), _CONFIRMED),
)
_WEIGHTS = [one.weight for one in STORIES]
PAPERS = {
    "draft-order": ("order", ("draft",)),
    "order": ("order", ("draft", "review", "issue")),
    "serve-order": ("order", ("draft", "review", "issue", "serve")),
    "draft-notice": ("notice", ("draft",)),
    "issue-notice": ("notice", ("draft", "review", "issue")),
    "publish": ("notice", ("draft", "review", "issue", "publish")),
    "draft-removal": ("removal", ("draft",)),
    "remove": ("removal", ("draft", "review", "issue")),
    "draft-restoration": ("restoration", ("draft",)),
    "restore": ("restoration", ("draft", "review", "issue")),
}
"""Acts of a case that carry a document further: its kind, and all that has happened to it then."""


def story(chance: random.Random) -> Story:
    """One of them, by its weight."""
    return chance.choices(STORIES, _WEIGHTS)[0]
