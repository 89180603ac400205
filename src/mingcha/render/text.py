"""The summary a terminal shows: the status first, then what is wrong, then what would decide the rest; no colours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mingcha.render.lines import wrapped
from mingcha.render.policyview import Line
from mingcha.render.possible import possible
from mingcha.render.runlines import run_lines
from mingcha.render.view import Evidence, Lead, Row, Table, View
from mingcha.render.wording import words

EVIDENCE_SHOWN = 2
BRIEF_FROM = 3
HINTS_SHOWN = 6
GAPS_SHOWN = 8
LINES_SHOWN = 12


def text(view: View) -> bytes:
    """The page as UTF-8 text, ``WIDTH`` columns wide."""
    lines = [*_head(view), *(_plain(view) if view.reader == "public" else _work(view))]
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _head(view: View) -> Iterator[str]:
    yield f"{view.labels['brand']} Mingcha {view.tool} · {view.kind}"
    pairs = dict(view.identity)
    version = pairs.get(view.labels["i_version"], "")
    package = pairs.get(view.labels["i_package"], "")
    yield from wrapped(" · ".join(dict.fromkeys(filter(None, (view.name, package, version)))))
    yield ""
    yield from wrapped(view.headline)
    yield ""


# --- for those who work with it ------------------------------------------------------------------------------------


def _work(view: View) -> Iterator[str]:
    yield from possible(view)
    yield from _breached(view)
    yield from run_lines(view)
    yield from _undetermined(view)
    say = words(view.lang).say
    yield from wrapped(say("text_rest", met=len(view.of("met")), other=len(view.of("not applicable"))))
    yield from _gaps(view)
    yield ""
    for note in view.notes:
        yield from wrapped(note)
    yield from wrapped(say("text_more"))


def _breached(view: View) -> Iterator[str]:
    """Each suspected breach with its first evidence; where there are many, only what names the place and the way out."""
    rows = view.of("breached")
    brief = len(rows) > BRIEF_FROM
    for row in rows:
        yield from wrapped(f"✗ {_title(row)}", 0, 2)
        if not brief:
            yield from wrapped(row.finding, 4)
        if view.reader == "regulator" and row.text:
            yield from wrapped(f"{row.article} {row.text}", 4)
        yield from _evidence(view, row, brief)
        if view.reader == "operator":
            remedy = first_part(row.remedy) if brief else row.remedy
            yield from wrapped(f"{view.labels['remedy']}{view.labels['colon']}{remedy}", 4, 6)
        if not brief:
            yield ""
    if rows and brief:
        yield ""


def first_part(text: str) -> str:
    """The text up to its first full stop or semicolon."""
    match = _PART.match(text)
    return match[0].rstrip("；;") + "……" if match and match.end() < len(text) else text


_PART = re.compile(r".+?(?:[；。]|[;.](?= ))")


def _title(row: Row) -> str:
    marks = ", ".join(filter(None, (row.outcome_word, row.gravity_word, row.unverified)))
    return f"{row.number} {row.title} [{marks}]"


def _evidence(view: View, row: Row, brief: bool) -> Iterator[str]:
    shown = 1 if brief else EVIDENCE_SHOWN
    rest = len(row.evidence) - shown
    say = words(view.lang).say
    for item in row.evidence[:shown]:
        yield from wrapped(f"- {item.sentence}", 4, 6)
        more = say("lead_more", count=rest) if brief and rest > 0 else ""
        yield from wrapped(item.place + more if brief else _where(item), 6)
    for reply in row.answers[: 0 if row.evidence else 2]:
        said = [f"{reply.question} {reply.answer}", reply.about, reply.who, reply.date]
        yield from wrapped(f"- {view.labels['answers']}{view.labels['colon']}{' · '.join(filter(None, said))}", 4, 6)
    if row.follows and not row.evidence and not row.answers:
        names = view.labels["semicolon"].join(name for name, _ in row.follows)
        yield from wrapped(view.labels["same_as"] + names, 4, 6)
    if not brief and (row.more_evidence or rest > 0):
        yield from wrapped(row.more_evidence or say("more_evidence", count=rest), 6)


def _where(item: Evidence) -> str:
    return item.place + (f": {item.spot.quote}" if item.spot.quote else "")


def _undetermined(view: View) -> Iterator[str]:
    """The nearest to a decision first; the rest is a number."""
    rows = view.of("not determined")
    if not rows:
        return
    say = words(view.lang).say
    hinted = sorted((row for row in rows if row.leads), key=lambda row: -row.gravity)
    yield view.labels["o_undetermined"]
    for row in hinted[:HINTS_SHOWN]:
        yield from wrapped(f"? {say('text_hint', number=row.number, title=row.title, hint=_hint(row.leads[0]))}", 2, 4)
    if not hinted:
        for row in sorted(rows, key=lambda row: -row.gravity)[:HINTS_SHOWN]:
            yield from wrapped(f"? {say('text_hint', number=row.number, title=row.title, hint=row.decide_by)}", 2, 4)
    rest = len(rows) - min(len(hinted) or len(rows), HINTS_SHOWN)
    if rest > 0:
        yield from wrapped(say("text_other_leads", count=rest), 2)
    yield ""


def _hint(lead: Lead) -> str:
    return f"{lead.sentence} ({lead.evidence.place})"


def _gaps(view: View) -> Iterator[str]:
    if not view.gaps:
        return
    say = words(view.lang).say
    yield ""
    yield say("text_gaps", count=len(view.gaps))
    sentences = list(dict.fromkeys(view.gaps))
    for sentence in sentences[:GAPS_SHOWN]:
        yield from wrapped(f"- {sentence}", 2, 4)
    if len(sentences) > GAPS_SHOWN:
        yield f"  {say('remaining', count=len(sentences) - GAPS_SHOWN)}"


# --- for everybody -------------------------------------------------------------------------------------------------


def _plain(view: View) -> Iterator[str]:
    labels = view.labels
    yield from _block(labels["p_take"], _cells(view, view.tables.get("take")) or [labels["p_nothing"]])
    yield from _block(labels["t_goes"], _goes(view))
    yield from run_lines(view)
    yield from _block(labels["letting_title"], (_letting(view, line) for line in view.policy.lines))
    yield from _block(labels["p_who"], _cells(view, view.tables.get("who")) or [labels["p_nobody"]])
    found = list(dict.fromkeys(row.finding for row in view.of("breached")))
    yield from _block(labels["p_findings"], found or [labels["p_none"]])
    areas = _cells(view, view.tables.get("unchecked"))
    yield from _block(labels["p_unchecked"], [*areas, *view.plain])
    for note in view.notes:
        yield from wrapped(note)


def _letting(view: View, line: Line) -> str:
    """What the policy lets them do, and in brackets where that was read first."""
    place = line.cites[0].place if line.cites else ""
    return line.text + (f"{view.labels['open_bracket']}{place}{view.labels['close_bracket']}" if place else "")


def _goes(view: View) -> list[str]:
    """Where information may go, and in brackets whose code may send it there."""
    labels = view.labels
    rows = view.tables["goes"].rows if "goes" in view.tables else ()
    colon, opened, closed = labels["colon"], labels["open_bracket"], labels["close_bracket"]
    return [f"{end}{opened}{owner}{closed}{colon}{information}" for end, owner, information in rows]


def _cells(view: View, table: Table | None) -> list[str]:
    rows = table.rows if table else ()
    colon, join = view.labels["colon"], view.labels["place_join"]
    return [row[0] + colon + join.join(cell for cell in row[1:] if cell) for row in rows]


def _block(heading: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if not listed:
        return
    yield heading
    for item in listed[:LINES_SHOWN]:
        yield from wrapped(f"- {item}", 2, 4)
    if len(listed) > LINES_SHOWN:
        yield f"  … +{len(listed) - LINES_SHOWN}"
    yield ""
