"""Acts of handling in a sentence: each verb with who does it, its objects, and whether it is denied.

A sentence is read clause by clause. What is named behind a verb is its object, also in later clauses without a verb
("we collect: name, phone"); a verb with nothing behind it takes what stands before it ("your phone number is stored").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple, cast

from mingcha.collect.policy.actors import APP, Actor, subject
from mingcha.collect.policy.mentions import Mention, is_technique, listed
from mingcha.collect.policy.negation import PLAIN, Mood, mood
from mingcha.collect.policy.receivers import receiver_of
from mingcha.model.terms import Terms
from mingcha.model.words import Does

Verb = Literal["collect", "use", "share", "store", "give", "used", "basis", "why"]
_VERBS = (
    "(?P<used>@state_used@)|(?P<why>@purpose_start@)|(?P<share>@state_share@)|(?P<collect>@state_collect@)"
    "|(?P<give>@state_give@)|(?P<basis>@state_basis@)|(?P<store>@state_store@)|(?P<use>@state_use@)"
)
_CLAUSE_END = re.compile(r"[，；。：！？]|(?<![0-9a-z]),|, |; |\. ")
CLAUSE_VERBS = 12
"""Verbs of one clause that are read; the first ones."""
BEHIND = 160
"""Characters before and behind a verb, in its clause, that are looked at."""
_NEAR = 24
"""Characters between a verb and a word that belongs to it, at most."""


@dataclass(slots=True)
class Act:
    """One verb; ``start`` and ``end`` are places in the sentence, ``kinds`` what it is done with."""

    does: Does
    start: int
    end: int
    actor: Actor
    verb: Verb = "collect"
    mood: Mood = PLAIN
    receiver: str | None = None
    weak: bool = False
    """An attribute ("the information we collected"): it counts where the sentence says nothing else."""
    told: bool = False
    """The clause itself says who does it, or that it is not done."""
    kinds: list[Mention] = field(default_factory=list)


class Clause(NamedTuple):
    """A clause with its place in the sentence; ``idle`` if it only says when."""

    start: int
    text: str
    idle: bool


def acts(terms: Terms, sentence: str, about: Sequence[Mention], default: Actor = APP) -> list[Act]:
    """All acts of a sentence, which names what is in ``about``, by the app or somebody else; ``default`` does what has no subject."""
    found: list[Act] = []
    carried, person = default, False
    waiting: list[Mention] = []
    for clause in _clauses(terms, sentence):
        named = [one for one in about if clause.start <= one.start < clause.start + len(clause.text)]
        if any(terms.has(name, clause.text) for name in ("state_about", "state_right")):
            continue
        here = _here(terms, sentence, clause, named, Subjects(carried, person), found)
        if any(act.verb != "why" for act in here):
            _share_out(terms, sentence, clause, here, named, found, waiting)
            found.extend(here)
            waiting = []
        elif not clause.idle:
            end = here[0].start - clause.start if here else len(clause.text)
            named = [one for one in named if one.start < clause.start + end]
            if found and _is_list(terms, clause.text[:end], named):
                found[-1].kinds += named
            else:
                waiting = [*waiting, *named]
        carried, person = _carried(terms, sentence, clause, here, Subjects(carried, person))
    return _settled(terms, sentence, found)


def _clauses(terms: Terms, sentence: str) -> list[Clause]:
    found: list[Clause] = []
    at = 0
    for end in [*(mark.span() for mark in _CLAUSE_END.finditer(sentence)), (len(sentence), len(sentence))]:
        text = sentence[at : end[0]]
        if text.strip():
            found.append(Clause(at, text, conditional(terms, text.strip())))
        at = end[1]
    return found


def conditional(terms: Terms, clause: str) -> bool:
    """A clause that only says when."""
    if terms.language == "en":
        return terms.pattern("state_if").match(clause) is not None
    starts = terms.pattern("state_if").match(clause) is not None
    return (starts and terms.compiled("(?:@state_if_end@)$|^(?:@when@)").search(clause) is not None) or (
        terms.compiled("^(?:如|若)").search(clause) is not None
    )


def _is_list(terms: Terms, clause: str, found: Sequence[Mention]) -> bool:
    """The clause is made of names of information for the greater part, or goes on with "including"."""
    named = sum(one.end - one.start for one in found)
    return bool(found) and (named * 3 >= len(clause) or terms.has("state_including", clause))


class Subjects(NamedTuple):
    """Who does what has no subject of its own; ``person``: the one last named is the person, who gives things."""

    actor: Actor
    person: bool


def _carried(terms: Terms, sentence: str, clause: Clause, here: Sequence[Act], carried: Subjects) -> Subjects:
    """Who does what the next clause says without a subject."""
    before = clause.text if not here else sentence[clause.start : here[0].start]
    named = subject(terms, before)
    if named:
        person = named.who == "you"
        return Subjects(carried.actor if person else named, person and not clause.idle)
    if terms.has("sdk", clause.text) and terms.has("state_with", clause.text) and not here:
        return Subjects(Actor("other"), person=False)
    return carried


def _settled(terms: Terms, sentence: str, found: Sequence[Act]) -> list[Act]:
    """The acts that count: with objects, by somebody; attributes only if there is nothing else."""
    for act in found:
        if act.does in ("collect", "share"):
            act.kinds = [one for one in act.kinds if not is_technique(terms, sentence, one)]
    real = [act for act in found if act.actor.who != "you" and act.verb != "why" and act.kinds]
    strong = [act for act in real if not act.weak]
    return strong or real


def rest(terms: Terms, sentence: str, about: Sequence[Mention], found: Sequence[Act]) -> list[Mention]:
    """Items of lists that are no verb's object: their verb was not understood, or stands in a clause too far away."""
    taken = {one.start for act in found for one in act.kinds}
    return [one for one in listed(about) if one.start not in taken and not is_technique(terms, sentence, one)]


# --- one clause ------------------------------------------------------------------------------------------------------


def _here(
    terms: Terms, sentence: str, clause: Clause, named: Sequence[Mention], carried: Subjects, earlier: Sequence[Act]
) -> list[Act]:
    here: list[Act] = []
    for verb in islice(terms.compiled(_VERBS).finditer(clause.text), CLAUSE_VERBS):
        start, end = clause.start + verb.start(), clause.start + verb.end()
        if any(one.start < end and start < one.end for one in named) and verb.lastgroup != "share":
            continue
        act = _act(terms, sentence, clause, verb, carried, [*earlier, *here])
        if act and not (act.actor.who == "you" and any(a.verb != "why" and a.actor.who != "you" for a in here)):
            here.append(act)
    return here


def _act(
    terms: Terms, sentence: str, clause: Clause, verb: re.Match[str], carried: Subjects, earlier: Sequence[Act]
) -> Act | None:
    """The act a verb stands for; None where it stands for none."""
    group = cast("Verb", verb.lastgroup)
    before, after = _around(clause, verb)
    start, end = clause.start + verb.start(), clause.start + verb.end()
    told = subject(terms, before)
    if group == "why":
        return None if clause.idle else Act("use", start, end, Actor("app"), "why")
    if group not in ("used", "share") and _is_nested(terms, sentence, clause, start, earlier):
        return None
    if group == "used":
        return _used(terms, sentence, clause, verb, told or carried.actor, earlier)
    if _is_noun(terms, after) or (clause.idle and told and told.who == "you"):
        return None
    whys = [found.end() for found in terms.pattern("purpose_start").finditer(before)]
    if whys and subject(terms, before[whys[-1] :]) is None and not terms.has("state_needs_to", before[whys[-1] :]):
        return None
    actor, does = told or carried.actor, group
    near = before[-_NEAR:] + verb[0]
    if group in ("give", "share", "use") and terms.has("state_to_you", near):
        return None
    if group == "share" and terms.has("state_to_us", near + after[:_NEAR]):
        actor, does = Actor("app"), "collect"
    if group == "give":
        if not _gives(terms, clause, before, verb[0], told, person=carried.person) or any(
            a.start >= clause.start and a.verb != "why" for a in earlier
        ):
            return None
        actor, does = Actor("app"), "collect"
    lets = terms.pattern("state_lets").search(before) if actor.who == "other" else None
    if lets:
        actor, does = Actor("app"), "share"
    if does == "use" and any(
        a.verb == "share" and terms.has("state_entrust", sentence[a.start : a.end]) for a in earlier[-1:]
    ):
        return None
    if group == "basis":
        does = "use"
    state = mood(terms, sentence, before[: lets.start()] if lets else before)
    if state.void:
        return None
    receiver = receiver_of(terms, before, verb[0], after) if does == "share" else None
    weak = terms.compiled("^(?:@state_of_it@)").search(after) is not None
    return Act(cast("Does", does), start, end, actor, group, state, receiver, weak, told is not None or state.negated)


def _around(clause: Clause, verb: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind a verb in its clause."""
    return clause.text[max(0, verb.start() - BEHIND) : verb.start()], clause.text[verb.end() : verb.end() + BEHIND]


def _is_nested(terms: Terms, sentence: str, clause: Clause, start: int, earlier: Sequence[Act]) -> bool:
    """Behind another verb of its clause, and not joined to it: "收集您使用服务时产生的日志" is about collecting alone."""
    last = next((act for act in reversed(earlier) if act.verb != "why"), None)
    if last is None or last.start < clause.start or last.actor.who == "you" or last.weak or last.verb == "basis":
        return False
    if terms.has("state_entrust", sentence[last.start : last.end]):
        return False
    return terms.compiled("(?:@state_and@)[^，的时您你]{0,12}$").search(sentence[last.end : start]) is None


def _is_noun(terms: Terms, after: str) -> bool:
    """Names no act: "the purpose of collecting information"."""
    return terms.compiled("^(?:@state_noun_after@)").search(after) is not None


def _used(
    terms: Terms, sentence: str, clause: Clause, verb: re.Match[str], actor: Actor, earlier: Sequence[Act]
) -> Act | None:
    """For "used for": what stands before it is used, unless it was given away, which is told already, or it is an attribute."""
    before, after = _around(clause, verb)
    last = next((act for act in reversed(earlier) if act.verb != "why"), None)
    if (last and last.does == "share" and not last.mood.negated) or (clause.idle and subject(terms, before) is None):
        return None
    if terms.has("state_able", before[-2:]) and "的" in after:
        return None
    state = mood(terms, sentence, before)
    who = last.actor if last and last.actor.who != "you" else actor
    if state.void or who.who == "you":
        return None
    start = clause.start + verb.start()
    return Act("use", start, start + len(verb[0]), who, "used", state, told=state.negated)


def _gives(terms: Terms, clause: Clause, before: str, verb: str, told: Actor | None, *, person: bool) -> bool:
    """Whether "provide" means that the person gives it to the app."""
    if (
        clause.idle
        or terms.has("state_law", clause.text)
        or (terms.has("state_no", before[-5:]) and not terms.has("state_asks", verb))
    ):
        return False
    if terms.has("state_asks", before + verb):
        return True
    if told:
        return told.who == "you" or (told.who == "app" and terms.has("state_uploads", verb))
    return person or (told is None and (terms.has("state_needs", before[-6:]) or terms.language == "en"))


# --- objects ---------------------------------------------------------------------------------------------------------


def _share_out(
    terms: Terms,
    sentence: str,
    clause: Clause,
    here: list[Act],
    named: Sequence[Mention],
    earlier: Sequence[Act],
    waiting: Sequence[Mention],
) -> None:
    """Give each verb of a clause its objects."""
    edges = [act.start for act in here[1:]] + [clause.start + len(clause.text)]
    for act, edge in zip(here, edges, strict=True):
        if act.verb != "used":
            act.kinds += [one for one in named if act.end <= one.start < edge]
    for n in range(len(here) - 2, -1, -1):
        if not here[n].kinds and here[n].verb != "used" and _joined(sentence[here[n].end : here[n + 1].start]):
            here[n].kinds += here[n + 1].kinds
    ahead = [one for one in named if one.start < here[0].start] or list(waiting)
    for n, act in enumerate(here):
        if not act.kinds and act.verb != "why":
            goes_on = act.verb != "use" or terms.has("state_again", clause.text)
            act.kinds += _last(here[:n]) or ahead or (_last(earlier) if goes_on else [])


def _last(found: Sequence[Act]) -> list[Mention]:
    return next((act.kinds for act in reversed(found) if act.kinds and act.verb != "why"), [])


_JOINED = re.compile(r"[、和及与或以及并者且/ ]{0,5}(?:and|or)? ?")


def _joined(gap: str) -> bool:
    return _JOINED.fullmatch(gap) is not None
