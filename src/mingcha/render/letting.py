"""What a policy lets them do, in at most ten plain sentences, the weightiest first; each cites the sentence it was read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mingcha.model.fact import Fact
from mingcha.render.citing import cite
from mingcha.render.claims import certainty, claims, covering, deeds, giving, hedged, led_by_may
from mingcha.render.picture import sensitive
from mingcha.render.policyview import Line
from mingcha.render.reading import Reading

NAMES_SHOWN = 6
CITES_SHOWN = 2
SPANS_SHOWN = 3


def letting(reading: Reading) -> tuple[Line, ...]:
    """The lines, none without a policy; where nothing was read the line says so."""
    if not reading.all("PolicyDocument"):
        return ()
    return tuple(make(reading) for make in _TOPICS)


def _line(reading: Reading, topic: str, text: str, facts: Iterable[Fact]) -> Line:
    """A line with the sentences behind it, each once."""
    cites = tuple(dict.fromkeys(cite(reading, fact) for fact in facts))
    rest = len(cites) - CITES_SHOWN
    more = reading.words.say("let_more", count=rest) if rest > 0 else ""
    return Line(topic, text, bool(cites), cites[:CITES_SHOWN], more)


def _none(reading: Reading, topic: str) -> Line:
    return _line(reading, topic, reading.words.say(f"let_{topic}_none"), ())


# --- what is taken, and given to whom ----------------------------------------------------------------------------------


def _sensitive(reading: Reading) -> Line:
    return _taken(reading, "sensitive", wanted=True)


def _other(reading: Reading) -> Line:
    return _taken(reading, "other", wanted=False)


def _taken(reading: Reading, topic: str, *, wanted: bool) -> Line:
    """The types of information the app itself is said to take that are, or are not, sensitive; parents only alone.

    Permissions that only open such a type, and types of which two sentences say the opposite, are told as that.
    """
    found = claims(reading)
    taken, asked, disputed = (
        _of_weight(reading, facts, wanted) for facts in (found.taken, found.asked, found.disputed)
    )
    text = _says(reading, topic, taken) if taken else reading.words.say(f"let_{topic}_none")
    for name, facts in (("let_asked", asked), ("let_disputed", disputed)):
        text += _listing(reading, name, _leaves(reading, facts)) if facts else ""
    denials = covering(reading, disputed[0], found.denials) if disputed else []
    return _line(reading, topic, text, [*taken, *asked, *disputed[:1], *denials[:1], *disputed[1:]])


def _says(reading: Reading, topic: str, facts: list[Any]) -> str:
    """What is taken, with the deeds that are named, and no more certainty than the sentences have."""
    verbs = [reading.value("let_does", does) for does in deeds(facts)]
    does = reading.words.labels["let_or"].join(verbs)
    will = reading.value("let_will", certainty(reading, facts))
    return _listing(reading, f"let_{topic}", _leaves(reading, facts), does=does, will=will)


def _of_weight(reading: Reading, facts: Iterable[Any], wanted: bool) -> list[Any]:
    return [fact for fact in facts if sensitive(reading, fact.information) is wanted]


def _leaves(reading: Reading, facts: Iterable[Any]) -> list[str]:
    types = dict.fromkeys(fact.information for fact in facts)
    leaves = [one for one in types if not any(o != one and reading.catalogue.is_a(o, one) for o in types)]
    return [reading.information(one) for one in leaves]


def _listing(reading: Reading, sentence: str, items: Iterable[str], **blanks: str) -> str:
    """A sentence with the first few of a list, and how many there are where that is not all."""
    names, labels = list(dict.fromkeys(items)), reading.words.labels
    count = len(names) if len(names) > NAMES_SHOWN else None
    comma = labels["list_join"]
    join = labels["semicolon"] if any(comma.strip() in name for name in names[:NAMES_SHOWN]) else comma
    return reading.words.say(sentence, names=join.join(names[:NAMES_SHOWN]), count=count, **blanks)


def _given(reading: Reading) -> Line:
    """Whom the policy says it gives information to: SDKs, named recipients, receivers of what is shared."""
    found, say = giving(reading), reading.words.say
    if found.named or found.maybe:
        sure = _names(reading, found.named)
        maybe = [name for name in _names(reading, found.maybe) if name not in sure]
        parts = (("let_given", sure), ("let_given_too" if sure else "let_given_maybe", maybe))
        text = "".join(_listing(reading, name, names) for name, names in parts if names)
        return _line(reading, "given", text, [*found.named, *found.maybe])
    if found.vague:
        excepted = all(fact.place in found.excepted for fact in found.vague)
        return _line(reading, "given", say("let_given_if" if excepted else "let_given_someone"), found.vague)
    if found.denied:
        return _line(reading, "given", say("let_given_denied"), found.denied)
    return _none(reading, "given")


def _names(reading: Reading, facts: Iterable[Any]) -> list[str]:
    """Each receiver once, by the catalogue's name where it knows the one as written."""
    known = {_folded(fact.name): fact.sdk for fact in reading.all("SdkNamed") if fact.sdk}
    found: dict[str, str] = {}
    for fact in facts:
        party = getattr(fact, "party", None)
        written = getattr(fact, "receiver", None) or getattr(fact, "named", None) or getattr(fact, "name", None) or ""
        sdk = known.get(_folded(written)) or (party if party not in (None, "app") else None)
        name = reading.sdk(sdk) if sdk else written.strip(_STOPS)
        found.setdefault(_folded(name), name)
    return [name for name in found.values() if name]


_STOPS = "、，,；;。 "


def _folded(name: str) -> str:
    return "".join(name.strip(_STOPS).lower().split())


# --- pushed, kept, sent abroad -----------------------------------------------------------------------------------------


_NOT_DONE = ("denied", "not done")


def _stated(reading: Reading, *provisions: str, denied: bool = False) -> list[Any]:
    """Statements of these provisions, or denials of them; those that give a way or a number first."""
    facts = [fact for fact in reading.all("ProvisionStated") if fact.provision in provisions]
    facts = [fact for fact in facts if (fact.form in _NOT_DONE) is denied]
    return sorted(facts, key=lambda fact: (fact.way is None and fact.number is None, fact.place.order))


def _way(fact: Any) -> str:
    """The way as written, without quotation marks around the whole of it."""
    way = str(fact.way or "").strip()
    inner = way.strip(_QUOTES)
    return way if set(inner) & set(_QUOTES) else inner


_QUOTES = '“”"'


def pushes(reading: Reading) -> list[Any]:
    """The sentences that say content is chosen by their information; what is decided automatically need not be that."""
    denied = {fact.place for fact in _stated(reading, "personalisation", denied=True)}
    return [fact for fact in _stated(reading, "personalisation") if fact.place not in denied]


def _push(reading: Reading) -> Line:
    """Whether content is chosen by their information, and how to switch that off."""
    say = reading.words.say
    pushed, denied = pushes(reading), _stated(reading, "personalisation", denied=True)
    switch = _stated(reading, "personalisation_switch")
    way = _way(switch[0]) if switch else ""
    if pushed:
        how = say("let_push_way", way=way) if way else say("let_push_somehow" if switch else "let_push_closed_none")
        return _line(
            reading,
            "push",
            say("let_push", way=how, will=_will(reading, pushed)),
            [*pushed[:1], *switch[:1], *pushed[1:]],
        )
    if denied:
        return _line(reading, "push", say("let_push_no"), denied)
    if switch:
        return _line(reading, "push", say("let_push_only_switch", way=way), switch)
    decided = _stated(reading, "automated_decision")
    if not decided:
        return _none(reading, "push")
    return _line(reading, "push", say("let_push_decided", will=_will(reading, decided)), decided)


def _will(reading: Reading, facts: list[Any]) -> str:
    """That it is done, if one sentence says so; else that it may be."""
    return reading.value("let_will", "may" if all(led_by_may(reading, fact) for fact in facts) else "will")


def _kept(reading: Reading) -> Line:
    facts = _stated(reading, "retention")
    if not facts:
        return _none(reading, "kept")
    counted = [fact for fact in facts if fact.number is not None]
    if counted:
        return _line(reading, "kept", reading.words.say("let_kept", spans=_spans(reading, counted)), counted)
    return _line(reading, "kept", reading.words.say("let_kept_needed"), facts)


def _spans(reading: Reading, facts: list[Any]) -> str:
    """Each time with all that it is said for."""
    alike: dict[tuple[int, str], dict[str, None]] = {}
    for fact in facts:
        alike.setdefault((fact.number, fact.unit or ""), {}).update(dict.fromkeys(fact.scope))
    said = (
        reading.words.say(
            "let_reply_span",
            number=number,
            unit=reading.value("unit", unit),
            scope=reading.value("scope", tuple(scope)),
        )
        for (number, unit), scope in list(alike.items())[:SPANS_SHOWN]
    )
    return reading.words.labels["semicolon"].join(said)


_GRAVITY = {"done": 0, "perhaps": 1, "conditional": 2, "not done": 3}
_ABROAD = {"not done": "let_abroad_no", "conditional": "let_abroad_maybe", "perhaps": "let_abroad_perhaps"}


def _abroad(reading: Reading) -> Line:
    """The gravest of what is said: that it is done goes before that it may be, and both before that it is not."""
    facts = [*_stated(reading, "cross_border"), *_stated(reading, "cross_border", denied=True)]
    facts.sort(key=lambda fact: _GRAVITY.get(_abroad_form(fact), 0))
    if facts:
        return _line(reading, "abroad", reading.words.say(_ABROAD.get(_abroad_form(facts[0]), "let_abroad_yes")), facts)
    places = _stated(reading, "storage_place")
    return (
        _line(reading, "abroad", reading.words.say("let_abroad_place"), places) if places else _none(reading, "abroad")
    )


def _abroad_form(fact: Any) -> str:
    """The form that was read; what a sentence says may be done is not told as done."""
    form = fact.form or ""
    return "perhaps" if form in ("", "done") and hedged(fact) else form


# --- leaving, answers, complaints --------------------------------------------------------------------------------------


def _leave(reading: Reading) -> Line:
    closing, deletion = _stated(reading, "account_cancellation"), _stated(reading, "deletion")
    if not closing and not deletion:
        return _none(reading, "leave_cancel")
    say = reading.words.say
    text = _closing(reading, closing) if closing else say("let_leave_cancel_none")
    unknown = say("let_leave_cancel_way_unknown")
    text += say("let_leave_delete", way=_way(deletion[0]) or unknown) if deletion else say("let_leave_delete_none")
    conditions = [fact for fact in closing if fact.form]
    return _line(reading, "leave", text, [*closing[:1], *conditions[:1], *deletion[:1]])


def _closing(reading: Reading, facts: list[Any]) -> str:
    form = next((fact.form for fact in facts if fact.form), None)
    condition = reading.value("form", form, "ProvisionStated") or None
    way = _way(facts[0]) or reading.words.say("let_leave_cancel_way_unknown")
    return reading.words.say("let_leave_cancel", way=way, condition=condition)


def _reply(reading: Reading) -> Line:
    facts = [fact for fact in _stated(reading, "reply_deadline") if fact.number is not None]
    firm = [fact for fact in facts if fact.form == "firm"] or facts
    if not firm:
        return _none(reading, "reply")
    return _line(reading, "reply", reading.words.say("let_reply", spans=_spans(reading, firm)), firm)


def _complain(reading: Reading) -> Line:
    for provision, sentence in (("complaint_channel", "let_complain"), ("contact", "let_complain_contact")):
        facts = sorted(_stated(reading, provision), key=lambda fact: fact.form == "address")
        if facts:
            ways = dict.fromkeys(filter(None, (_channel(reading, fact) for fact in facts)))
            told = reading.joined(ways) or reading.words.say("let_leave_cancel_way_unknown")
            return _line(reading, "complain", reading.words.say(sentence, ways=told), facts)
    return _none(reading, "complain")


def _channel(reading: Reading, fact: Any) -> str:
    form = reading.value("form", fact.form, "ProvisionStated")
    return reading.words.say("let_complain_way", form=form, way=_way(fact)) if form else _way(fact)


def _consent(reading: Reading) -> Line:
    by_use = _stated(reading, "consent_by_use")
    if by_use:
        return _line(reading, "withdraw", reading.words.say("let_consent_use"), by_use)
    back = _stated(reading, "withdrawal")
    if not back:
        return _none(reading, "withdraw")
    way = _way(back[0]) or reading.words.say("let_leave_cancel_way_unknown")
    return _line(reading, "withdraw", reading.words.say("let_withdraw", way=way), back)


_TOPICS: tuple[Callable[[Reading], Line], ...] = (
    _sensitive, _given, _push, _kept, _abroad, _leave, _reply, _complain, _consent, _other,
)  # fmt: skip
