"""Whether a clause says that something is done, flatly not done, or done only under a condition."""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

from mingcha.collect.policy.text import clauses_of
from mingcha.model.artefact import clip
from mingcha.model.terms import Terms

PHRASE_LIMIT = 80
_REACH = 28
"""Characters between a "not" and the verb it denies, at most."""
_JOINED_REACH = 60


class Mood(NamedTuple):
    """``negated``: denied, flatly unless there is a condition. ``void``: nothing is said either way (it cannot be done, need not be)."""

    negated: bool = False
    void: bool = False
    condition: str | None = None


PLAIN = Mood()


def mood(terms: Terms, sentence: str, before: str) -> Mood:
    """The mood of a verb: ``before`` is its clause up to it."""
    word = _denied_by(terms, before)
    limit = _limit(terms, sentence)
    if word is None:
        return Mood(condition=limit or condition(terms, sentence))
    if terms.has("state_void_no", word):
        return Mood(void=True)
    if terms.has("state_stop", word):
        return Mood(negated=True, condition=limit or condition(terms, sentence) or clip(sentence)[:PHRASE_LIMIT])
    if limit and terms.compiled(_ALL_ELSE).search(limit):
        return Mood(negated=True, condition=limit)
    return Mood(condition=limit) if limit else Mood(negated=True)


def denied(terms: Terms, before: str) -> bool:
    """Whether what stands right behind ``before``, in its clause, is denied."""
    return _denied_by(terms, before) is not None


def _denied_by(terms: Terms, before: str) -> str | None:
    """The word that denies the verb right behind ``before``: in its own clause, near, and with nothing that ends its reach."""
    masked = terms.pattern("state_not_no").sub(lambda found: "·" * len(found[0]), before)
    last = next(iter(deque(terms.pattern("state_no").finditer(masked), maxlen=1)), None)
    if last is None or _out_of_reach(before[last.end() :]) or terms.has("state_no_ends", masked[last.end() :]):
        return None
    return last[0]


_BESIDES = re.compile(r"[^除]{0,6}除.{2,80}外$")
_ALL_ELSE = r"除(?:了)?(?:@state_beside_these@)(?:之)?外"
"""Leaves the denial as it is, of all that was not named before."""
_OTHER_THAN_THIS = re.compile(r"除此(?:以|之)?外的?(?=任何|其他|其它)")
"""Says which other purposes are meant, and makes no exception."""
_OR = re.compile(r"[、或]")


def _out_of_reach(between: str) -> bool:
    """Too far from its "not", unless it is one of several things that are denied together."""
    return len(between) > (_JOINED_REACH if _OR.search(between) else _REACH)


def _limit(terms: Terms, sentence: str) -> str | None:
    """The clause that makes a denial an exception, or an action an exception."""
    sentence = terms.pattern("state_no_limit").sub("", _OTHER_THAN_THIS.sub("", sentence))
    clause = next((c for c in clauses_of(sentence) if terms.has("state_unless", c) or _BESIDES.match(c)), None)
    return clip(clause)[:PHRASE_LIMIT] if clause else None


def condition(terms: Terms, sentence: str) -> str | None:
    """The clause that says when: "if you …", "when you …"."""
    clause = next((c for c in clauses_of(sentence) if terms.pattern("when").match(c)), None)
    return clip(clause)[:PHRASE_LIMIT] if clause else None
