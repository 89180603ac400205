"""What one verb of a clause stands for: a deed with its doer and its mood, or nothing that is done with information."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from mingcha.collect.policy.actors import Actor, subject
from mingcha.collect.policy.mentions import Mention
from mingcha.collect.policy.negation import PLAIN, Mood, denied, mood
from mingcha.collect.policy.receivers import receiver_of
from mingcha.model.terms import Terms
from mingcha.model.words import Does

Verb = Literal["collect", "use", "share", "store", "give", "used", "basis", "why"]
BEHIND = 160
"""Characters before and behind a verb, in its clause, that are looked at."""
_GOES_ON = re.compile(r"(?:以及|及|和|或)(?!我们|将|会)")
"""A clause that goes on with the purpose that the clause before it gave."""
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
    should: bool = False
    """Told as a condition ("if we must publish …")."""
    kinds: list[Mention] = field(default_factory=list)


class Clause(NamedTuple):
    """A clause with its place in the sentence; ``idle`` if it only says when."""

    start: int
    text: str
    idle: bool


class Subjects(NamedTuple):
    """Who does what has no subject of its own; ``person``: the one last named is the person, who gives things."""

    actor: Actor
    person: bool


def deed(
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
    if (
        _is_noun(terms, before, after)
        or _is_consent(terms, verb[0], after)
        or _is_supposed(terms, clause, group, before, told)
    ):
        return None
    if earlier and earlier[-1].verb == "why" and earlier[-1].start < clause.start and _GOES_ON.match(clause.text):
        return None
    whys = [found.end() for found in terms.pattern("purpose_start").finditer(before)]
    if whys and subject(terms, before[whys[-1] :]) is None and not terms.has("state_needs_to", before[whys[-1] :]):
        return None
    actor, does = told or carried.actor, group
    near = before[-_NEAR:] + verb[0]
    if group in ("give", "share", "use") and terms.has("state_to_you", near):
        return None
    if group == "share" and terms.compiled(_TO_US).search(near + after[:_NEAR]):
        actor, does = Actor("app"), "collect"
    if group == "give":
        given = _given(
            terms, clause, verb[0], before, after, Subjects(told or carried.actor, carried.person), told, earlier
        )
        if given is None:
            return None
        actor, does = Actor("app"), given
    if actor.who == "other" and terms.compiled(_DUTY).search(before):
        return None
    lets = terms.compiled(_LETS).search(before) if actor.who == "other" else None
    if lets:
        if clause.idle:
            return None
        actor, does = Actor("app"), "share"
    if does == "share" and actor.also and terms.language == "zh":
        actor = actor._replace(also=False)
    if does == "use" and any(
        a.verb == "share" and terms.has("state_entrust", sentence[a.start : a.end]) for a in earlier[-1:]
    ):
        return None
    if group == "basis":
        does = "use"
    if group == "use" and told and told.who == "you" and terms.compiled(_SIGNS_IN).search(after):
        actor, does = Actor("app"), "collect"
    state = mood(terms, sentence, before[: lets.start()] if lets else before)
    if state.void or (group == "share" and not state.negated and terms.has("state_leaks", verb[0])):
        return None
    receiver = receiver_of(terms, before, verb[0], after) if does == "share" else None
    weak = _is_attribute(terms, before, after)
    if weak and does == "share" and actor.who == "other" and not lets:
        actor, does = Actor("app"), "collect"
    should = clause.idle and does == "share"
    return Act(
        cast("Does", does), start, end, actor, group, state, receiver, weak, told is not None or state.negated, should
    )


def _around(clause: Clause, verb: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind a verb in its clause."""
    return clause.text[max(0, verb.start() - BEHIND) : verb.start()], clause.text[verb.end() : verb.end() + BEHIND]


def _is_nested(terms: Terms, sentence: str, clause: Clause, start: int, earlier: Sequence[Act]) -> bool:
    """Behind another verb of its clause, and not joined to it: "收集您使用服务时产生的日志" is about collecting alone."""
    last = next((act for act in reversed(earlier) if act.verb != "why"), None)
    if last and last.end < start and _begins_anew(terms, sentence[last.end : start]):
        return False
    if last is None or last.start < clause.start or last.actor.who == "you" or last.weak or last.verb == "basis":
        return False
    if terms.has("state_entrust", sentence[last.start : last.end]):
        return False
    return terms.compiled("(?:@state_and@)[^，的时您你]{0,12}$").search(sentence[last.end : start]) is None


def _begins_anew(terms: Terms, between: str) -> bool:
    """Between two verbs of a clause the app is named again, or the first is the means of the second ("use … to collect")."""
    if terms.language == "en":
        return between.endswith(" to ")
    told = subject(terms, between)
    return told is not None and told.who == "app" and "的" not in between[-3:]


_TO_US = r"(?:@state_to_us@)(?!@state_not_us@)"
_CONSENT = r"^[^，。；]{0,14}?(?:@state_consent@)(?!的(?!情况|前提|情形|基础)|范围)"
_SHOULD_WE = r"^(?:\d+、)?(?:如|若|如果)(?:确)?[^，。；]{0,12}(?:需要?|必须|涉及到?)[^，。；]{0,16}$|而(?:需要?|必须)[^，。；]{0,16}$"
"""A clause "if we must …" tells of a sharing that is done on that condition."""
_MEANWHILE_BEFORE = r"(?:在|当|于)(?:@state_you@)[^，。；]{0,14}$"
_MEANWHILE_AFTER = r"^[^，。；]{0,20}?(?:时|后|期间|过程中|之前|前|的情况下|的前提下)"
_DUTY = r"(?:@state_duty@)[^，。；]{0,16}(?:@state_others@)"
_LETS = r"(?:@state_lets@)(?!的|范围|同意)[^（）；]{0,60}$"
_VERB = "@state_share@|@state_collect@|@state_give@|@state_store@|@state_use@"
_MORE_VERBS = rf"(?:(?:@state_and@)?(?:{_VERB}))*"
_NOUN = rf"^{_MORE_VERBS}(?:@state_noun_after@)"
_NOUN_OF = rf"^{_MORE_VERBS}(?:@state_you@|@state_whose@)*(?:@state_information@)的?(?:@state_matter@)"
"""Behind a verb with its object: "the rules for using your information"."""
_WHOM = r"^[^，。；]{0,24}(?:@state_information@)的(?:@state_whom@)"
_DOES = re.compile(r"进行(?!的)")
_IN_LIST = re.compile(r"(?:^|[、（/])$")
_OTHERS_FOLLOW = re.compile(r"、[^，、。；]{1,8}(?:、[^，、。；]{1,8}){0,4}等")
_PERMISSIONS = r"^[^，。；：]{0,30}(?:@permission@)"
_SIGNS_IN = r"^[^，。；]{0,30}(?:@state_signs_in@)"
_NOUN_END = r"(?:@state_information@)(?:的)?$"
_ATTRIBUTE = rf"^(?:[、和或与及/ ]{{0,3}}(?:{_VERB}|产生|生成|形成|发布)){{0,4}}(?:@state_of_it@)"
_ATTRIBUTE_WITHIN = r"^(?:在|于)[^，。；]{0,12}(?:@state_within@)(?:@state_information@)"
_ATTRIBUTE_BEFORE = r"(?:@state_attribute@)$"


def _is_noun(terms: Terms, before: str, after: str) -> bool:
    """Names no act: "the purpose of collecting information", "information processing"; but stopping it is one."""
    if terms.has("state_stop", before):
        return False
    if any(terms.compiled(form).search(after) for form in (_NOUN, _NOUN_OF, _WHOM)):
        return True
    if _IN_LIST.search(before) and terms.compiled(_PERMISSIONS).search(after):
        return True
    if before.endswith("、") and _OTHERS_FOLLOW.match(after) and not terms.compiled(rf"(?:{_VERB})、$").search(before):
        return not terms.compiled(rf"^[、等]?(?:{_VERB})").search(after)
    if before.endswith("在") and after.startswith(("后", "前", "时", "之")):
        return True
    found = None if terms.language == "en" else terms.compiled(_NOUN_END).search(before)
    if found is None or terms.compiled(_MORE_VERBS).fullmatch(after) is None:
        return False
    return (before[: found.start()].endswith("的") and not _DOES.search(before)) or not terms.has(
        "state_object", before
    )


def _is_consent(terms: Terms, verb: str, after: str) -> bool:
    """Consent is asked for or got, not information."""
    return terms.has("state_obtain", verb) and terms.compiled(_CONSENT).search(after) is not None


def _is_supposed(terms: Terms, clause: Clause, verb: str, before: str, told: Actor | None) -> bool:
    """What a clause that says when tells of the person, or what would follow if nothing were done."""
    if not clause.idle:
        return False
    if told is None and verb == "share" and terms.compiled(_SHOULD_WE).search(before):
        return False
    yours = told.who == "you" if told else terms.has("state_you", before)
    return yours or terms.compiled("^(?:@state_suppose@)").search(clause.text) is not None


def _is_meanwhile(terms: Terms, before: str, after: str) -> bool:
    """Inside "when you provide …": it says when something else is done."""
    return (
        terms.compiled(_MEANWHILE_BEFORE).search(before) is not None
        and terms.compiled(_MEANWHILE_AFTER).search(after) is not None
    )


def _is_attribute(terms: Terms, before: str, after: str) -> bool:
    """Says which information is meant: "the information collected is used"."""
    behind = (_ATTRIBUTE, _ATTRIBUTE_WITHIN)
    if any(terms.compiled(form).search(after) for form in behind):
        return True
    return terms.compiled(_ATTRIBUTE_BEFORE).search(before) is not None


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


def _given(
    terms: Terms,
    clause: Clause,
    verb: str,
    before: str,
    after: str,
    carried: Subjects,
    told: Actor | None,
    earlier: Sequence[Act],
) -> Does | None:
    """What "provide" stands for: the person gives something to the app, or the app goes on with a sharing it spoke of."""
    last = next((act for act in reversed(earlier) if act.verb != "why"), None)
    if not carried.person and told is None and last and last.verb == "share" and denied(terms, before):
        return "share" if last.actor.who == "app" and not terms.has("state_uploads", verb) else None
    if (
        _is_meanwhile(terms, before, after)
        or not _gives(terms, clause, before, verb, told, person=carried.person)
        or any(a.start >= clause.start and a.verb != "why" for a in earlier)
    ):
        return None
    return "collect"


def _gives(terms: Terms, clause: Clause, before: str, verb: str, told: Actor | None, *, person: bool) -> bool:
    """Whether "provide" means that the person gives it to the app."""
    if clause.idle or terms.has("state_law", clause.text):
        return False
    if terms.has("state_no", before[-5:]) and not terms.has("state_asks", verb):
        return terms.has("state_uploads", verb) and not person and (told is None or told.who == "app")
    if terms.has("state_asks", before + verb):
        return True
    if told:
        return told.who == "you" or (told.who == "app" and terms.has("state_uploads", verb))
    return person or (told is None and (terms.has("state_needs", before[-6:]) or terms.language == "en"))
