"""Acts of handling in a sentence: each verb with who does it, its objects, and whether it is denied.

A sentence is read clause by clause. What is named behind a verb is its object, also in later clauses without a verb
("we collect: name, phone"); a verb with nothing behind it takes what stands before it ("your phone number is stored").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from mingcha.collect.policy.actors import APP, Actor, subject
from mingcha.collect.policy.deeds import Act, Clause, Subjects, deed
from mingcha.collect.policy.mentions import Mention, is_technique, listed, things
from mingcha.collect.policy.text import clauses_of, without_number
from mingcha.model.terms import Terms

_VERBS = (
    "(?P<used>@state_used@)|(?P<why>@purpose_start@)|(?P<share>@state_share@)|(?P<collect>@state_collect@)"
    "|(?P<give>@state_give@)|(?P<basis>@state_basis@)|(?P<store>@state_store@)|(?P<use>@state_use@)"
)
_CLAUSE_END = re.compile(r"[，；。：！？]|(?<![0-9a-z]),|, |; |\. ")
CLAUSE_VERBS = 12
"""Verbs of one clause that are read; the first ones."""


def acts(terms: Terms, sentence: str, about: Sequence[Mention], default: Actor = APP) -> list[Act]:
    """All acts of a sentence, which names what is in ``about``, by the app or somebody else; ``default`` does what has no subject."""
    found: list[Act] = []
    carried, person = default, False
    waiting: list[Mention] = []
    for clause in _clauses(terms, sentence):
        named = [one for one in about if clause.start <= one.start < clause.start + len(clause.text)]
        if terms.has("state_bids", clause.text):
            carried = Actor("you")
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
    _pass_on(sentence, found)
    for act in found:
        if not act.kinds and not act.mood.negated and not act.weak:
            act.kinds += _unnamed(terms, sentence, act, about)
    return _settled(terms, sentence, found)


def _pass_on(sentence: str, found: Sequence[Act]) -> None:
    """A verb that a comma parts from the next one has the object of that: "collect, use and share your data"."""
    for n in range(len(found) - 2, -1, -1):
        act, then = found[n], found[n + 1]
        if not act.kinds and act.end < then.start and _SERIES.fullmatch(sentence[act.end : then.start]):
            act.kinds += then.kinds


_SERIES = re.compile(r"[，,、 ]{1,2}(?:and |or |和|或|并)?")
_OBJECT_REACH = 60
_BEHIND = re.compile(r"[^，。；]*(?:，(?:包括|包含|例如|如))?")
_BEFORE = re.compile(r"(?:将|把)([^，。；]{2,40})$")


def _unnamed(terms: Terms, sentence: str, act: Act, about: Sequence[Mention]) -> list[Mention]:
    """What is gathered or given away without any name that is known: the thing behind the verb, or before it ("将您的…提供给")."""
    verb = sentence[act.start : act.end]
    if act.verb not in ("collect", "share") or (act.verb == "collect" and not terms.has("state_gathers", verb)):
        return []
    behind = sentence[act.end : act.end + _OBJECT_REACH]
    end = act.end + (len(behind) if terms.language == "en" else _BEHIND.match(behind).end())  # type: ignore[union-attr]
    if terms.compiled(_NOTHING).match(behind):
        return []
    if act.verb == "share" and act.should:
        return [one for one in about if one.start > act.end][:1]
    before = _BEFORE.search(sentence[: act.start])
    if before and act.verb == "share":
        return things(terms, sentence[: act.start], before.start(1), about)
    return things(terms, sentence[:end], act.end, about)


_NOTHING = r"[^，。；]{0,16}?(?:@state_consent@|@permission@)"


def _clauses(terms: Terms, sentence: str) -> list[Clause]:
    found: list[Clause] = []
    at = 0
    for end in [*(mark.span() for mark in _CLAUSE_END.finditer(sentence)), (len(sentence), len(sentence))]:
        text = sentence[at : end[0]]
        if text.strip():
            found.append(Clause(at, text, conditional(terms, without_number(text.strip()))))
        at = end[1]
    return found


def conditional(terms: Terms, clause: str) -> bool:
    """A clause that only says when."""
    if terms.language == "en":
        return terms.pattern("state_if").match(clause) is not None
    starts = terms.pattern("state_if").match(clause) is not None
    return (starts and terms.compiled(_WHEN).search(clause) is not None) or (
        terms.compiled("^(?:如|若)").search(clause) is not None
    )


_WHEN = r"(?:@state_if_end@)$|^(?:@when@)(?![^，。；]*(?:时|后|过程中|期间)[^，。；]{0,4}(?:@state_then@))"


def _is_list(terms: Terms, clause: str, found: Sequence[Mention]) -> bool:
    """The clause is made of names of information for the greater part, or goes on with "including"."""
    named = sum(one.end - one.start for one in found)
    return bool(found) and (named * 3 >= len(clause) or terms.has("state_including", clause))


def _carried(terms: Terms, sentence: str, clause: Clause, here: Sequence[Act], carried: Subjects) -> Subjects:
    """Who does what the next clause says without a subject."""
    brought = terms.has("sdk", clause.text) and terms.has("state_with", clause.text)
    if brought and not any(act.kinds for act in here) and not terms.has("state_no", clause.text):
        return Subjects(Actor("other"), person=False)
    before = clause.text if not here else sentence[clause.start : here[0].start]
    named = subject(terms, before)
    if named and (named.who != "other" or here or terms.has("state_modal", clause.text)):
        person = named.who == "you"
        return Subjects(carried.actor if person else named, person and not clause.idle)
    return carried


def _settled(terms: Terms, sentence: str, found: Sequence[Act]) -> list[Act]:
    """The acts that count: with objects, by somebody; attributes only if there is nothing else."""
    for act in found:
        if act.does in ("collect", "share"):
            act.kinds = [one for one in act.kinds if not is_technique(terms, sentence, one)]
    real = [act for act in found if act.actor.who != "you" and act.verb != "why" and act.kinds]
    strong = [act for act in real if not act.weak]
    return strong or [act for act in real if _stands_alone(terms, sentence, act)]


_ALONE = r"^[^，。；]{0,30}(?:@state_lists@)"


def _stands_alone(terms: Terms, sentence: str, act: Act) -> bool:
    """Whether an attribute is all that its clause says: a heading of information, or one that goes on to list it."""
    behind = sentence[act.end :]
    if terms.compiled(_ALONE).search(behind):
        return True
    if terms.language == "en":
        return terms.compiled(_TOPIC).fullmatch(sentence[: act.start]) is not None
    return not terms.has("state_predicate", clauses_of(behind)[0] if clauses_of(behind) else "")


_TOPIC = r"[^a-z]*(?:the )?(?:[a-z]+ of )?(?:[a-z]+ )?(?:information|data)(?: that)? we (?:may |will )?"


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
        act = deed(terms, sentence, clause, verb, carried, [*earlier, *here])
        if act and not (act.actor.who == "you" and any(a.verb != "why" and a.actor.who != "you" for a in here)):
            here.append(act)
    return here


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
