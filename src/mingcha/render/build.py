"""The one page of a report for one reader in one language."""

from __future__ import annotations

from typing import Any

from mingcha.catalogue.load import Catalogue
from mingcha.model.clause import Language, Reader
from mingcha.model.report import Report
from mingcha.model.verdict import Outcome
from mingcha.render.areas import unchecked
from mingcha.render.identity import identity, name_of, number
from mingcha.render.lacking import lacking
from mingcha.render.legible import all_legible
from mingcha.render.letting import letting
from mingcha.render.missing import gap_sentence
from mingcha.render.passages import marked_texts
from mingcha.render.picture import picture
from mingcha.render.pictureview import Picture
from mingcha.render.policyview import PolicyView
from mingcha.render.reading import Reading, named
from mingcha.render.routes import blocked_flows, bundles, routes
from mingcha.render.rows import rows
from mingcha.render.startup import startup, startup_more
from mingcha.render.tables import tables
from mingcha.render.timelineview import Timeline
from mingcha.render.view import HTML_LANGUAGES, Row, RuleSet, Table, Tally, View

_KEYS: tuple[tuple[Outcome, str], ...] = (
    ("breached", "breached"), ("not determined", "undetermined"), ("met", "met"), ("not applicable", "not_applicable"),
)  # fmt: skip


def view(
    report: Report, catalogue: Catalogue, reader: Reader, lang: Language, *, full: bool = False, marked: bool = False
) -> View:
    """Everything the page shows, already in words and with no character that hides or misleads."""
    reading = Reading(report, catalogue, reader, lang, full, marked)
    made = rows(reading)
    tally = _tally(reading, made)
    name = name_of(reading)
    kind = reading.words.labels[reader]
    drawn, lines = picture(reading), _lines(reading)
    return all_legible(
        View(
            reader=reader,
            lang=lang,
            html_lang=HTML_LANGUAGES[lang],
            title=reading.words.say("title", name=name, reader=kind),
            name=name,
            kind=kind,
            headline=_headline(reading, tally, name),
            mood=_mood(tally),
            notes=_notes(reading, made),
            tally=tally,
            rows=made,
            identity=identity(reading),
            picture=drawn,
            **_paths(reading, drawn),
            tables=tables(reading, made) | lines[1],
            plain=unchecked(reading, made),
            gaps=tuple(gap_sentence(reading, gap) for gap in report.gaps),
            tool=report.tool.version,
            labels=reading.words.labels,
            policy=_policy(reading),
            sets=_sets(reading),
            timelines=lines[0],
        )
    )


def _lines(reading: Reading) -> tuple[tuple[Timeline, ...], dict[str, Table]]:
    """The timelines of the runs, and their tables."""
    if not reading.all("RunRecorded"):
        return (), {}
    from mingcha.render.runs import run_tables  # only where there is a run: it costs start-up
    from mingcha.render.timelines import timeline_tables, timelines

    return timelines(reading), timeline_tables(reading) | run_tables(reading)


def _sets(reading: Reading) -> tuple[RuleSet, ...]:
    """The regulations that were judged, for headings."""
    known = reading.catalogue.regulations
    return tuple(
        RuleSet(name, named(known[name].title, reading.lang, name), number(reading, known[name])) if name in known
        else RuleSet(name, name, "")
        for name in reading.rule_sets
    )  # fmt: skip


def _policy(reading: Reading) -> PolicyView:
    """What is told of the policy: its text on pages that can be searched, ten lines for everybody, what it lacks for the operator."""
    if reading.full:
        return PolicyView()
    texts, legend = marked_texts(reading) if reading.marked else ((), ())
    lines = letting(reading) if reading.reader == "public" else ()
    lacks, more = lacking(reading) if reading.reader == "operator" else ((), "")
    return PolicyView(texts, legend, lines, lacks, more)


def _paths(reading: Reading, drawn: Picture | None) -> dict[str, Any]:
    """What is told method by method: for readers who work with code, on pages that show it."""
    if reading.reader == "public" or reading.full:
        return {"startup": (), "startup_more": (), "routes": (), "routes_more": "", "undrawn_more": ""}
    numbers = frozenset(edge.number for party in (drawn.parties if drawn else ()) for edge in party.edges)
    told = routes(reading, numbers)
    count = len(bundles(reading))
    return {
        "startup": startup(reading),
        "startup_more": startup_more(reading),
        "routes": told,
        "routes_more": " ".join(filter(None, (_rest(reading, count - len(told)), blocked_flows(reading)))),
        "undrawn_more": _rest(reading, count - sum(route.drawn for route in told)),
    }


def _rest(reading: Reading, count: int) -> str:
    return reading.words.say("route_rest", count=count) if count else ""


def _tally(reading: Reading, made: tuple[Row, ...]) -> tuple[Tally, ...]:
    return tuple(
        Tally(outcome, key, reading.value("outcome_word", outcome), sum(row.outcome == outcome for row in made))
        for outcome, key in _KEYS
    )


def _mood(tally: tuple[Tally, ...]) -> Outcome:
    """The gravest outcome there is; what nobody could decide weighs more than what was found in order."""
    return next((part.outcome for part in tally if part.count), "not determined")


def _headline(reading: Reading, tally: tuple[Tally, ...], name: str) -> str:
    """The counts in a sentence; of several rule sets those of one, because the others find much of the same again."""
    style = "public" if reading.reader == "public" else "status"
    told = _told_set(reading)
    counted = {o: [v for v in reading.report.verdicts if v.outcome == o] for o in ("breached", "not determined")}
    if told is None or not counted["breached"]:
        return _counts(reading, {part.outcome: part.count for part in tally}, name)
    count = {o: sum(v.clause.startswith(f"{told}/") for v in found) for o, found in counted.items()}
    known = reading.catalogue.regulations.get(told)
    return reading.words.say(
        f"{style}_breached_sets",
        name=name,
        set=named(known.title, reading.lang, told) if known else told,
        breached=count["breached"],
        undetermined=count["not determined"] or None,
        others=len(reading.rule_sets) - 1,
        also=len(counted["breached"]) - count["breached"] or None,
    )


def _told_set(reading: Reading) -> str | None:
    """Of several rule sets the first that found something; none where there is one alone."""
    found = {v.clause.partition("/")[0] for v in reading.report.verdicts if v.outcome == "breached"}
    several = len(reading.rule_sets) > 1
    return next((name for name in reading.rule_sets if name in found), None) if several else None


def _counts(reading: Reading, count: dict[Outcome, int], name: str) -> str:
    state = (
        "breached" if count["breached"] else "open" if count["not determined"] else "clear" if count["met"] else "empty"
    )
    style = "public" if reading.reader == "public" else "status"
    return reading.words.say(
        f"{style}_{state}",
        name=name,
        breached=count["breached"],
        undetermined=count["not determined"] or None,
        met=count["met"],
        other=count["not applicable"] or None,
    )


def _notes(reading: Reading, made: tuple[Row, ...]) -> tuple[str, ...]:
    drafts = sum(bool(row.draft) for row in made)
    doubtful = sum(bool(row.unverified) for row in made)
    judged = reading.report.tool.catalogue
    notes = [reading.words.labels["suspected_note"]]
    if drafts:
        notes.append(reading.words.say("drafts", count=drafts))
    told = sum(bool(row.follows) and not row.evidence for row in made if row.outcome == "breached")
    if told:
        notes.append(reading.words.say("told_twice", count=told))
    if doubtful:
        notes.append(reading.words.say("unverified_count", count=doubtful))
    if judged != reading.catalogue.digest:
        notes.append(reading.words.say("catalogue_differs", shown=reading.catalogue.digest[:12], judged=judged[:12]))
    return tuple(notes)
