"""The timeline of each run, for one reader: which lanes are drawn, in which order, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from mingcha.render.reading import Reading
from mingcha.render.runevents import EARLY, Deed, runs
from mingcha.render.runwords import MARKED, Teller
from mingcha.render.timeline import Item, Row, Story, panel
from mingcha.render.timelineview import Panel, Timeline
from mingcha.render.view import Table

LANES = 15
"""Data lanes at most: with phases, screens and acts that makes eighteen."""
SENDS = 5
"""Of these so many at least are kept for sends, where there are so many."""
MARKS = 240
"""Screens and acts drawn at most, the earliest."""
LARGER = 0.3
"""Where the time up to the choice takes less of the axis than this, it is drawn once more alone."""
AFTER = 0.3
"""How much of that time is drawn after the choice."""
_WEIGHT = {"consent": 3, "permission": 3, "policy": 2, "purpose": 2, "main": 1, "login": 1}


def timelines(reading: Reading) -> tuple[Timeline, ...]:
    """A timeline for each run of which anything has a time; for the public, of which the phases are known as well."""
    made = (_drawn(teller) for teller in _tellers(reading))
    return tuple(one for one in made if one)


def timeline_tables(reading: Reading) -> dict[str, Table]:
    """The same as tables, but for the public: there the lines of text say it all."""
    made = (
        [] if reading.reader == "public" else [teller.table() for teller in _tellers(reading) if not teller.run.mixed]
    )
    return {table.id: table for table in made}


def _tellers(reading: Reading) -> Iterator[Teller]:
    for number, run in enumerate((run for run in runs(reading) if run.first), 1):
        yield Teller(reading, run, number)


def _drawn(teller: Teller) -> Timeline | None:
    run = teller.run
    if run.first is None or run.last is None or (teller.public and not run.spans):
        return None
    if run.mixed:
        return _mixed(teller)
    rows, left = _rows(teller)
    story = _story(teller, run.first, run.last, rows)
    moments, more = teller.moments()
    return Timeline(
        number=teller.number,
        anchor=f"run-{teller.number}",
        title=teller.say("title", run=run.name),
        about=_about(teller, run.first, run.last),
        description=_description(teller, story),
        panels=tuple(_panels(teller, story)),
        legend=tuple(_legend(teller, story)),
        notes=tuple(filter(None, _notes(teller, left))),
        moments=moments,
        more=more,
        table="" if teller.public else f"timeline_{teller.number}",
    )


def _mixed(teller: Teller) -> Timeline:
    """Several runs of one name are not drawn: a bar would reach from one into the other."""
    note = teller.say("twice", count=len(teller.run.records))
    title, anchor = teller.say("title", run=teller.run.name), f"run-{teller.number}"
    return Timeline(teller.number, anchor, title, "", "", (), (), (note,), (), "", "")


def _about(teller: Teller, first: datetime, last: datetime) -> str:
    """When, on which device, how the app stood, and who recorded it."""
    record = teller.run.record
    told = [first.strftime("%Y-%m-%d"), f"{teller.times(first, last)} (UTC{teller.offset(first)})"]
    if record:
        told += [
            record.device or "",
            teller.say("system", system=record.system) if record.system else "",
            teller.reading.words.value("start", record.start, "RunRecorded") or "",
            teller.say("by", by=record.by) if record.by and not teller.public else "",
        ]
    return " · ".join(filter(None, told))


def _description(teller: Teller, story: Story) -> str:
    decided = teller.run.decided
    return teller.say(
        "desc",
        first=teller.clock(story.first),
        last=teller.clock(story.last),
        choice=teller.say("was", choice=teller.chosen(decided)) if decided else teller.label("no_choice"),
        lanes=len(story.rows),
        early=sum(teller.taken_early(deed) for deed in teller.run.deeds) or None,
    )


# --- axes ----------------------------------------------------------------------------------------------------------


def _story(teller: Teller, first: datetime, last: datetime, rows: Sequence[Row]) -> Story:
    choices = (act for act in teller.run.acts if act.choice)
    return Story(
        first=first,
        last=last,
        rules=tuple(Item(act.choice, act.start, act.end, teller.chosen(act), "") for act in choices),
        stretches=tuple(_stretches(teller, first, last)),
        screens=() if teller.public else tuple(_screens(teller)),
        acts=() if teller.public else tuple(_acts(teller)),
        rows=tuple(rows),
    )


def _panels(teller: Teller, story: Story) -> Iterator[Panel]:
    """The whole run, and where that leaves little room for what came before the choice, that part again."""
    decided, name = teller.run.decided, f"tl{teller.number}"
    whole = (story.last - story.first).total_seconds()
    until = (decided.end - story.first).total_seconds() if decided else whole
    end = min(story.last, story.first + timedelta(seconds=until + max(2.0, until * AFTER)))
    if teller.public:  # reads and sends after a refusal came before any agreement, too
        reached = [item.end for row in story.rows for item in row.items]
        yield panel(story, story.first, min(story.last, max(end, *reached)) if reached else end, f"{name}p", "")
        return
    larger = 0 < until < LARGER * whole
    yield panel(story, story.first, story.last, f"{name}w", teller.label("whole") if larger else "")
    if larger:
        yield panel(story, story.first, end, f"{name}z", teller.label("larger"))


def _stretches(teller: Teller, first: datetime, last: datetime) -> Iterator[Item]:
    """Phases, and what lies between them, before the first and after the last."""
    told: list[tuple[datetime, datetime, str | None]] = []
    for start, end, phase in teller.run.spans:
        reached = told[-1][1] if told else first
        if start > reached:
            told.append((reached, start, None))
        if told and told[-1][1] == start and told[-1][2] == phase:
            told[-1] = (told[-1][0], max(end, start), phase)
        else:
            told.append((start, end, phase))
    reached = told[-1][1] if told else first
    if reached < last:
        told.append((reached, last, None))
    return (_stretch(teller, *one) for one in told)


def _stretch(teller: Teller, start: datetime, end: datetime, phase: str | None) -> Item:
    word = teller.phase(phase)
    return Item(phase or "", start, end, word, f"{teller.times(start, end)} {word}")


def _screens(teller: Teller) -> Iterator[Item]:
    """Every screen as a mark; a label where it becomes another kind."""
    short = teller.reading.words.values["tl_screen"]
    changed = {id(fact) for _, fact in teller.screens_changed()}
    for time, fact in teller.run.screens[:MARKS]:
        key = fact.screen or "unknown"
        label = short[fact.screen] if fact.screen and id(fact) in changed else ""
        yield Item(key, time, time, label, f"{teller.clock(time)} {teller.screen(fact)}", _WEIGHT.get(key, 0))


def _acts(teller: Teller) -> Iterator[Item]:
    """Every act as a mark; a label where it decided something or tells where the app is."""
    for act in teller.run.acts[:MARKS]:
        if act.fact.act != "none":
            label = teller.acted(act, brief=True) if act.fact.choice or act.fact.act in MARKED else ""
            told = f"{teller.times(act.start, act.end)} {teller.acted(act)}"
            weight = 3 if act.choice else 2 if act.fact.choice else 1
            yield Item(act.choice or "act", act.start, act.end, label, told, weight)


# --- lanes ---------------------------------------------------------------------------------------------------------


def _rows(teller: Teller) -> tuple[list[Row], list[Deed]]:
    """The lanes that are drawn, reads before sends, and what is left to the table."""
    lanes: dict[tuple[str, ...], list[Deed]] = defaultdict(list)
    for deed in filter(teller.told, teller.run.deeds):
        lanes[deed.lane].append(deed)
    ranked = sorted(lanes.values(), key=_weight)
    sent = [deeds for deeds in ranked if deeds[0].kind == "sent"]
    others = [deeds for deeds in ranked if deeds[0].kind != "sent"]
    room = LANES - min(len(sent), max(SENDS, LANES - len(others)))
    types = [deeds[0].what for deeds in others]
    drawn = sorted(others[:room], key=lambda deeds: (deeds[0].kind != "asked", types.index(deeds[0].what)))
    left = [deed for deeds in others[room:] + sent[LANES - room :] for deed in deeds]
    return [_row(teller, deeds) for deeds in drawn + sent[: LANES - room]], left


def _weight(deeds: Sequence[Deed]) -> tuple[Any, ...]:
    """The most telling first: taken before anybody agreed, a value rather than an attempt, sensitive or plain text, often."""
    early = any(deed.early and deed.look == "solid" for deed in deeds)
    values = any(deed.look == "solid" for deed in deeds)
    weighty = any(deed.weighty or deed.plain for deed in deeds)
    return not early, not values, not weighty, -sum(deed.count for deed in deeds), deeds[0].start, deeds[0].lane


def _row(teller: Teller, deeds: Sequence[Deed]) -> Row:
    first = deeds[0]
    name = {"read": first.what[0], "sent": f"→ {first.host}", "asked": teller.label("asked")}[first.kind]
    weighty = any(deed.weighty for deed in deeds)
    note = " · ".join(filter(None, [first.party, teller.label("sensitive") if weighty else ""]))
    early = any(teller.taken_early(deed) for deed in deeds)
    return Row(first.kind, first.who, name, note, early, tuple(_bar(teller, deed) for deed in deeds))


def _bar(teller: Teller, deed: Deed) -> Item:
    names = teller.brief(deed) if deed.kind != "read" else ""
    count = f"×{deed.count}" if deed.count > 1 else ""
    plain = teller.label("plain") + (f" ×{deed.plain}" if deed.plain < deed.count else "") if deed.plain else ""
    label = " ".join(filter(None, (names, count, plain)))
    told = f"{teller.times(deed.start, deed.end)} {teller.deed(deed)}"
    return Item("", deed.start, deed.end, label, told, look=deed.look, plain=deed.plain > 0, short=plain or count)


# --- beside it -----------------------------------------------------------------------------------------------------


def _legend(teller: Teller, story: Story) -> Iterator[tuple[str, str]]:
    """What the marks mean, only those that are there."""
    items = [(row, item) for row in story.rows for item in row.items if row.kind != "asked"]
    for who in ("app", "sdk", "unknown"):
        if any(row.who == who for row, _ in items):
            yield f"w-{who}", teller.label(f"who_{who}")
    for kind in ("read", "sent"):
        for look in ("solid", "hollow", "dashed"):
            if any(row.kind == kind and item.look == look for row, item in items):
                yield f"l-{look} b-{kind}", teller.label(f"{kind}_{look}")
    if any(row.early for row in story.rows):
        yield "l-early", teller.label("early_note")
    if any(rule.end > rule.start for rule in story.rules):
        yield "l-between", teller.label("between_note")
    if any(item.plain for _, item in items):
        yield "l-plain", teller.label("plain_note")


def _notes(teller: Teller, left: Sequence[Deed]) -> Iterator[str]:
    """What the picture does not show, and what its emptiness does not mean."""
    run = teller.run
    if run.spans and not any(act.choice for act in run.acts):
        yield teller.label("no_choice")
    if not run.spans:
        yield teller.label("no_phase")
    elif not any(teller.taken_early(deed) for deed in run.deeds) and any(phase in EARLY for *_, phase in run.spans):
        yield teller.label("nothing_early")
    for recorder in ("runtime", "traffic"):
        if run.record and recorder not in run.record.recorders:
            yield teller.label(f"no_{recorder}")
    if left:
        count = {kind: sum(deed.count for deed in left if deed.kind == kind) or None for kind in ("read", "sent")}
        lanes = len({deed.lane for deed in left})
        yield teller.say("left", lanes=lanes, reads=count["read"], sends=count["sent"])
    if max(len(run.screens), len(run.acts)) > MARKS and not teller.public:
        yield teller.say("marks", count=MARKS)
    if run.untimed and not teller.public:
        yield teller.say("untimed", count=run.untimed)
