"""Acts of handling in a sentence: each verb with who does it, its objects, and whether it is denied.

A sentence is read clause by clause. What is named behind a verb is its object, also in later clauses without a verb
("we collect: name, phone"); a verb with nothing behind it takes what stands before it ("your phone number is stored").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from mingcha.collect.policy_negation import Mood, mood
from mingcha.model.terms import Terms
from mingcha.model.words import Does

GENERIC = "generic.pi"
_VERBS = (
    "(?P<used>@state_used@)|(?P<why>@purpose_start@)|(?P<share>@state_share@)|(?P<collect>@state_collect@)"
    "|(?P<give>@state_give@)|(?P<store>@state_store@)|(?P<use>@state_use@)"
)
_CLAUSE_END = re.compile(r"[，；。：！？]|(?<![0-9a-z]),|, |; |\. ")
_NEAR = 24
"""Characters between a verb and a word that belongs to it, at most."""


@dataclass(slots=True)
class Act:
    """One verb: ``actor`` is "app", "other" or "you"; ``start`` and ``end`` are places in the sentence."""

    does: Does
    start: int
    end: int
    actor: str
    named: str | None = None
    mood: Mood = Mood()
    receiver: str | None = None
    told: bool = False
    """The clause itself names who does it."""
    looks_back: bool = False
    """What it is done with stands before it: behind "used for" stands a purpose."""
    kinds: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its place in the sentence."""

    start: int
    text: str


def split(sentence: str) -> list[Clause]:
    """The clauses of a plain sentence, with places."""
    found: list[Clause] = []
    at = 0
    for mark in _CLAUSE_END.finditer(sentence):
        found.append(Clause(at, sentence[at : mark.start()]))
        at = mark.end()
    found.append(Clause(at, sentence[at:]))
    return [clause for clause in found if clause.text.strip()]


def acts(terms: Terms, sentence: str, default: str = "app") -> list[Act]:
    """All acts of a sentence that somebody other than "you" does; ``default`` does what has no subject."""
    found: list[Act] = []
    actor, named = default, None
    waiting: list[tuple[str, int]] = []
    for clause in split(sentence):
        mentions = [(kind, clause.start + a, clause.start + b) for kind, a, b in terms.named(clause.text)]
        idle = conditional(terms, clause.text)
        actor, named, here = _of_clause(terms, sentence, clause, mentions, (actor, named), idle=idle)
        if here:
            _share_out(sentence, clause, here, mentions, found, waiting)
            found.extend(here)
            waiting = []
        elif not idle and found and _is_list(terms, clause.text, mentions):
            found[-1].kinds += [(kind, start) for kind, start, _ in mentions]
        elif not idle:
            waiting = [(kind, start) for kind, start, _ in mentions]
    return [act for act in found if act.actor in ("app", "other") and act.kinds]


def conditional(terms: Terms, clause: str) -> bool:
    """A clause that only says when."""
    return terms.pattern("state_if").match(clause.strip()) is not None and terms.compiled(r"(?:@state_if_end@)$|^(?:@when@)").search(
        clause.strip()
    ) is not None


def _is_list(terms: Terms, clause: str, mentions: Sequence[tuple[str, int, int]]) -> bool:
    """The clause is made of names of information for the greater part, or goes on with "including"."""
    named = sum(end - start for _, start, end in mentions)
    return bool(mentions) and (named * 3 >= len(clause) or terms.has("state_including", clause))


def _of_clause(
    terms: Terms, sentence: str, clause: Clause, mentions: Sequence[tuple[str, int, int]], before: tuple[str, str | None], *, idle: bool
) -> tuple[str, str | None, list[Act]]:
    """The subject a later clause inherits, and the acts of this one."""
    actor, named = before
    here: list[Act] = []
    for verb in terms.compiled(_VERBS).finditer(clause.text):
        start, end = clause.start + verb.start(), clause.start + verb.end()
        if any(a < end and start < b for _, a, b in mentions) and verb.lastgroup != "share":
            continue
        act = _act(terms, sentence, clause, verb, (actor, named))
        if act and not (idle and act.actor != "why" and not act.told):
            here.append(act)
    subject = _subject(terms, clause.text)
    if subject and subject[0] != "you":
        actor, named = subject
    elif subject is None and terms.has("state_with", clause.text) and terms.has("sdk", clause.text):
        actor, named = "other", None
    return actor, named, here


_SUBJECT = r"(?P<app>@state_we@)|(?P<other>@state_others@)|(?P<you>@state_you@)(?!的)"


def _subject(terms: Terms, text: str) -> tuple[str, str | None] | None:
    """The last one named in the text who is no object there."""
    found: tuple[str, str | None] | None = None
    for who in terms.compiled(_SUBJECT).finditer(text):
        lead = text[max(0, who.start() - 14) : who.start()]
        if text[who.end() : who.end() + 1] == "的" and who.lastgroup == "app":
            continue
        if _is_object(terms, lead):
            continue
        found = (cast("str", who.lastgroup), None)
    return found


def _is_object(terms: Terms, lead: str) -> bool:
    """A preposition stands before, with nothing between that ends its reach."""
    return terms.compiled(r"(?:@state_of@)(?:[^，。会将可需要]{0,10})$").search(lead) is not None and not terms.compiled(
        r"(?:@state_by@)[^，。会将可需要]{0,10}$"
    ).search(lead)


def _act(terms: Terms, sentence: str, clause: Clause, verb: re.Match[str], inherited: tuple[str, str | None]) -> Act | None:
    group = cast("str", verb.lastgroup)
    before, after = clause.text[: verb.start()], clause.text[verb.end() :]
    if terms.has("state_to_you", before[-_NEAR:] + verb[0]) and group in ("give", "share", "use"):
        return None
    if group == "why":
        return Act("use", clause.start + verb.start(), clause.start + verb.end(), "why")
    subject = _subject(terms, before)
    actor, named = subject or inherited
    whys = [found.end() for found in terms.pattern("purpose_start").finditer(before)]
    if group == "used":
        group = "use"
    elif whys and _subject(terms, before[whys[-1] :]) is None:
        return None
    if group == "share" and terms.has("state_to_us", before[-_NEAR:] + verb[0] + after[:_NEAR]):
        group, actor, named = "collect", "app", None
    if group == "give":
        if actor == "other":
            return None
        if actor == "app" and not (subject is None and terms.has("state_needs", before[-6:])):
            return None
        if terms.has("state_no", before[-4:]):
            return None
        group, actor, named = "collect", "app", None
    state = mood(terms, sentence, before, after)
    if state.void:
        return None
    return Act(
        does=cast("Does", group),
        start=clause.start + verb.start(),
        end=clause.start + verb.end(),
        actor=actor,
        named=named,
        mood=state,
        receiver=_receiver(terms, before, verb[0], after) if group == "share" else None,
        told=subject is not None,
        looks_back=verb.lastgroup == "used",
    )


_ENGLISH_TO = re.compile(r"\b(?:with|to) (?P<who>[a-z][^,.;，。；]{2,60}?)(?=$|[,.;，。；]| for | in order| to | when | as | if | who )")
_TO = r"(?:向|与|和|同|跟|给)(?P<who>[^，。；向与]{2,24}?)$"
_GIVEN = r"^(?:给|至|到)?(?P<who>[^，。；的将用]{2,24}?)(?:$|，|用于|以便|以)"


def _receiver(terms: Terms, before: str, verb: str, after: str) -> str | None:
    if terms.language == "en":
        given = _ENGLISH_TO.search(after)
        return given["who"] if given else None
    inside = re.search(r"^(?:向|与)(?P<who>.+?)(?:提供|传输|发送|共享|透露|分享)$", verb)
    found = inside or re.search(_TO, before)
    if found is None and verb.endswith(("给", "至")):
        found = re.search(_GIVEN, after)
    if found is None:
        return None
    who = terms.compiled(r"^(?:@any@)?").sub("", found["who"]).strip("的 ")
    return who or None


def _share_out(
    sentence: str, clause: Clause, here: list[Act], mentions: Sequence[tuple[str, int, int]], earlier: list[Act], waiting: list[tuple[str, int]]
) -> None:
    """Give each verb of a clause its objects."""
    edges = [act.start for act in here[1:]] + [clause.start + len(clause.text)]
    for act, edge in zip(here, edges, strict=True):
        if not act.looks_back:
            act.kinds += [(kind, a) for kind, a, _ in mentions if act.end <= a < edge]
    for n in range(len(here) - 2, -1, -1):
        if not here[n].kinds and not here[n].looks_back and _joined(sentence[here[n].end : here[n + 1].start]):
            here[n].kinds += here[n + 1].kinds
    ahead = [(kind, a) for kind, a, _ in mentions if a < here[0].start] or waiting
    for n, act in enumerate(here):
        if not act.kinds:
            behind = next((other.kinds for other in reversed(here[:n]) if other.kinds and other.actor != "why"), [])
            act.kinds += behind or ahead or next((other.kinds for other in reversed(earlier) if other.kinds), [])


def _joined(gap: str) -> bool:
    return re.fullmatch(r"[、和及与或以及并者且/ ]{0,5}(?:and|or)? ?", gap) is not None
