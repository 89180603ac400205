"""The lists that belong to a privacy policy, drafted from the evidence: information collected, SDKs, permissions.

What the evidence does not tell is left open; what only code or a permission makes possible is marked so.
"""

from __future__ import annotations

import csv as writer
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from mingcha.catalogue.load import Catalogue
from mingcha.model.clause import Language
from mingcha.model.report import FactsFile, Report
from mingcha.render.citing import cite
from mingcha.render.claims import claims
from mingcha.render.identity import name_of
from mingcha.render.legible import all_legible, legible
from mingcha.render.lists import by_taker, purposes_of, scenes_of
from mingcha.render.permitted import unpermitted
from mingcha.render.reading import Reading
from mingcha.render.spots import readable_member
from mingcha.render.table import guarded
from mingcha.render.tables import present
from mingcha.render.view import Table

DraftForm = Literal["markdown", "html", "csv"]
SUFFIXES: dict[str, DraftForm] = {".md": "markdown", ".html": "html", ".htm": "html", ".csv": "csv"}
"""The form that a file name asks for; Markdown for any other."""
CALLS_SHOWN = 4
_SAID = ("InformationNamedInPolicy", "PolicyStatement")


def draft(facts: FactsFile, catalogue: Catalogue, lang: Language = "zh", form: DraftForm = "markdown") -> bytes:
    """The lists of one app in UTF-8."""
    reading = Reading(_report(facts), catalogue, "operator", lang)
    tables = all_legible(tuple(table for table in _tables(reading) if table.rows))
    title = legible(f"{reading.words.labels['draft_title']}{reading.words.labels['colon']}{name_of(reading)}")
    if form == "csv":
        return _csv(tables)
    if form == "html":
        from mingcha.render.html import lists_page

        return lists_page(title, tables, reading.words.labels, lang)
    return _markdown(reading, title, tables)


def _report(facts: FactsFile) -> Report:
    if isinstance(facts, Report):
        return facts
    return Report(**{name: getattr(facts, name) for name in facts.__struct_fields__})


def _tables(reading: Reading) -> Iterator[Table]:
    labels = reading.words.labels
    for name, columns, rows in (
        ("draft_collection", "information source scene purpose seen", _collection(reading)),
        ("draft_said", "information scene purpose cited", _said_only(reading)),
        ("draft_unknown", "information source seen", _unknown(reading)),
        ("draft_sdks", "third vendor purpose taken declared scene seen link", _sdks(reading)),
        ("draft_permissions", "permission opens dangerous purpose seen", _permissions(reading)),
    ):
        yield Table(name, labels[f"t_{name}"], tuple(labels[f"c_{c}"] for c in columns.split()), tuple(rows))


# --- rows --------------------------------------------------------------------------------------------------------------


def _collection(reading: Reading) -> Iterator[tuple[str, ...]]:
    """What the app itself takes, each type once; what only the policy says is none of it."""
    blank = reading.words.labels["draft_fill"]
    for (party, information), facts in sorted(by_taker(reading).items()):
        shown = [fact for fact in facts if type(fact).__name__ not in _SAID]
        if party == "app" and shown:
            scene, purpose = scenes_of(reading, facts), purposes_of(reading, facts)
            name = reading.information(information)
            yield name, _sources(reading, shown) or blank, scene or blank, purpose or blank, _seen(reading, shown)


def _said_only(reading: Reading) -> Iterator[tuple[str, ...]]:
    """What the policy says the app collects and nothing in the app shows: what people type in or hand over, as a rule."""
    blank, shown = reading.words.labels["draft_fill"], {name for party, name in _shown(reading) if party == "app"}
    said: dict[str, list[Any]] = defaultdict(list)
    for fact in claims(reading).taken:
        if fact.information not in shown and getattr(fact, "does", "collect") != "use":
            said[fact.information].append(fact)
    for information, facts in sorted(said.items()):
        scene, purpose = scenes_of(reading, facts), purposes_of(reading, facts)
        yield reading.information(information), scene or blank, purpose or blank, cite(reading, facts[0]).quote


def _shown(reading: Reading) -> Iterator[tuple[str, str]]:
    """Who was shown, by something else than the policy, to take what."""
    for key, facts in by_taker(reading).items():
        if any(type(fact).__name__ not in _SAID for fact in facts):
            yield key


def _unknown(reading: Reading) -> Iterator[tuple[str, ...]]:
    """What code of unknown owners can take: whose it is decides in which of the lists it belongs."""
    calls: dict[str, list[Any]] = defaultdict(list)
    for call in reading.all("SensitiveCall"):
        if call.owner is None and call.information and call.reach != "unreached" and not unpermitted(reading, call):
            calls[call.information].append(call)
    for information, facts in sorted(calls.items()):
        yield reading.information(information), _sources(reading, facts), _seen(reading, facts)


def _sources(reading: Reading, facts: list[Any]) -> str:
    """Through which interfaces, permissions, forms or records it is known to be taken."""
    calls = dict.fromkeys(readable_member(f.callee) for f in facts if type(f).__name__ == "SensitiveCall")
    say = reading.words.say
    parts = [say("draft_call", what=call) for call in list(calls)[:CALLS_SHOWN]]
    parts += [say("and_more", count=len(calls) - CALLS_SHOWN).strip("；; ")] if len(calls) > CALLS_SHOWN else []
    for fact in facts:
        kind = type(fact).__name__
        if kind == "PermissionDeclared":
            parts.append(say("draft_permission", what=fact.permission.rpartition(".")[2]))
        elif kind == "FieldAsked":
            parts.append(say("draft_form", what=fact.on))
        elif kind in ("InformationRead", "InformationSent"):
            parts.append(say("draft_record" if kind == "InformationRead" else "draft_traffic"))
    return reading.joined(dict.fromkeys(parts))


_SEEN = {
    "InformationSent": "draft_sent", "InformationRead": "draft_saw", "FieldAsked": "draft_saw", "SensitiveCall": "draft_may",
    "InformationFlow": "draft_may", "PermissionDeclared": "draft_asks",
}  # fmt: skip


def _seen(reading: Reading, facts: Iterable[Any]) -> str:
    """The strongest evidence first: seen sent, seen, or only possible."""
    kinds = {_SEEN[type(fact).__name__] for fact in facts if type(fact).__name__ in _SEEN}
    return reading.joined(reading.words.labels[label] for label in dict.fromkeys(_SEEN.values()) if label in kinds)


def _sdks(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Every SDK inside, and every third party that was seen taking something."""
    taken: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    for (party, information), facts in sorted(by_taker(reading).items()):
        shown = [fact for fact in facts if type(fact).__name__ not in _SAID]
        if party != "app" and shown:
            taken[party][information] = shown
    inside = present(reading)
    for party in [*inside, *(party for party in taken if party not in inside)]:
        yield _sdk(reading, party, taken[party], inside.get(party))


def _sdk(reading: Reading, party: str, taken: dict[str, list[Any]], inside: Any | None) -> tuple[str, ...]:
    labels = reading.words.labels
    known = reading.catalogue.sdks.get(party)
    facts = [fact for some in taken.values() for fact in some]
    named = [fact for fact in reading.all("SdkNamed") if fact.sdk == party]
    purpose = purposes_of(reading, named) or (reading.value("purpose_class", known.purpose) if known else "")
    presence = labels["draft_inside_maybe" if inside.possible else "draft_inside"] if inside else ""
    return (
        reading.party(party),
        (known.vendor if known else "") or labels["draft_fill"],
        purpose or labels["draft_fill"],
        reading.joined(map(reading.information, taken)) or "—",
        _declared(reading, party) or labels["draft_fill"],
        scenes_of(reading, facts) or labels["draft_fill"],
        reading.joined(filter(None, (_seen(reading, facts), presence))),
        labels["draft_fill"],
    )


def _declared(reading: Reading, party: str) -> str:
    """What the catalogue knows that the vendor declares; what only follows from the function is marked so."""
    known = reading.catalogue.sdks.get(party)
    if known is None:
        return ""
    parts = [reading.joined(map(reading.information, known.declared))]
    if known.declared_optional:
        names = reading.joined(map(reading.information, known.declared_optional))
        parts.append(reading.words.say("draft_optional", names=names))
    told = reading.words.labels["semicolon"].join(filter(None, parts))
    inferred = told and known.declared_source.startswith("FN")
    return reading.words.say("draft_inferred", names=told) if inferred else told


def _permissions(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Every permission asked for, the dangerous ones first."""
    labels = reading.words.labels
    facts: dict[str, Any] = {fact.permission: fact for fact in reading.all("PermissionDeclared")}
    for fact in sorted(facts.values(), key=lambda fact: (fact.dangerous is not True, fact.permission)):
        told = [one for one in reading.all("PermissionNamedInPolicy") if one.permission == fact.permission]
        yield (
            reading.permission(fact.permission),
            reading.joined(map(reading.information, fact.information or ())),
            labels[{True: "yes", False: "no", None: "unknown"}[fact.dangerous]],
            purposes_of(reading, told) or labels["draft_fill"],
            labels["draft_asks"],
        )
    named: dict[str, Any] = {fact.permission: fact for fact in reading.all("PermissionNamedInPolicy")}
    for permission in sorted(set(named) - (reading.declared if reading.declared is not None else set(named))):
        yield reading.permission(permission), "", "", named[permission].purpose or "", labels["draft_not_asked"]


# --- forms ---------------------------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"[\\`*|<>\[\]#~&!]")
"""What Markdown, or HTML inside it, would not print as it is."""


def _escaped(cell: str) -> str:
    return _MARKUP.sub(lambda match: f"&{_NAMED[match[0]]};" if match[0] in _NAMED else f"\\{match[0]}", cell)


_NAMED = {"<": "lt", ">": "gt", "&": "amp"}


def _markdown(reading: Reading, title: str, tables: tuple[Table, ...]) -> bytes:
    labels = reading.words.labels
    lines = [f"# {_escaped(title)}", "", labels["draft_note"]]
    for table in tables:
        lines += ["", f"## {table.caption}", "", _row(table.columns), _row("---" for _ in table.columns)]
        lines += [_row(map(_escaped, row)) for row in table.rows]
    lines += [] if tables else ["", labels["draft_none"]]
    return ("\n".join(lines) + "\n").encode()


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _csv(tables: tuple[Table, ...]) -> bytes:
    """The tables one below the other, each under its name, with a byte order mark."""
    text = io.StringIO()
    out = writer.writer(text)
    for number, table in enumerate(tables):
        out.writerows([[]] if number else [])
        out.writerow([table.caption])
        out.writerow(table.columns)
        out.writerows([guarded(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
