"""What a policy lacks, as far as was read: why it should be there, a sentence to adapt, and the heading to put it under."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from mingcha.model.clause import Language
from mingcha.model.drafts import Draft
from mingcha.model.fact import Fact
from mingcha.render.citing import cite
from mingcha.render.letting import pushes
from mingcha.render.marking import Marked
from mingcha.render.passages import heading_before
from mingcha.render.picture import sensitive
from mingcha.render.policyview import Cite, Lack
from mingcha.render.reading import Reading
from mingcha.render.said import Said, said
from mingcha.render.spots import anchor_of
from mingcha.render.wording import fill

SHOWN_OF_EACH = 30
Blanks = Callable[[Reading], dict[str, str]]
"""What fills a draft, in the words of a language."""
_BLANK = re.compile("«([^»]*)»")
_BY_STATE = {
    "incorrect": "denied", "denied": "denied", "ambiguous": "ambiguous", "omitted": "app", "unfound": "app", "vague": "vague",
    "wide": "vague", "permission": "permission",
}  # fmt: skip
ALWAYS = (
    "operator_identity", "date", "retention", "storage_place", "after_expiry", "personalisation", "cross_border", "security",
    "sharing", "access", "correction", "deletion", "account_cancellation", "after_cancellation", "withdrawal",
    "complaint_channel", "reply_deadline", "minors", "update_notice", "collection_list",
)  # fmt: skip
"""Provisions that every policy is expected to have: TC260-PG-20202A 1.5 a to j, and what the clauses and PIPL ask besides."""


def lacking(reading: Reading) -> tuple[tuple[Lack, ...], str]:
    """The list in the operator's order, and how many more there are; empty without a policy."""
    if not reading.all("PolicyDocument") or not _drafts(reading):
        return (), ""
    groups = [list(make(reading)) for make in (_unfilled, _information, _sdks, _permissions, _provisions)]
    shown = [lack for group in groups for lack in group[:SHOWN_OF_EACH]]
    rest = sum(map(len, groups)) - len(shown)
    numbered = (msgspec.structs.replace(lack, anchor=f"lack-{n}") for n, lack in enumerate(shown, 1))
    return tuple(numbered), reading.words.say("lacks_more", count=rest) if rest > 0 else ""


_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,40}\}\}|\$\{[^{}\n]{1,40}\}|【[^】\n]{0,12}(?:填写|填入|补充|替换)[^】\n]{0,12}】|\[[^\]\n]{0,12}(?:填写|填入|补充|替换)[^\]\n]{0,12}\]"
    r"|«[^»\n]{1,30}»|\[(?:your|insert|company|app|email|e-mail|contact|date)\b[^\]\n]{0,30}\]|[xX×]{3,}(?=公司|有限|科技|网络|平台)",
    re.IGNORECASE,
)
_FILLED = re.compile(r"[\w]")
NAMES_SHOWN = 5


def _unfilled(reading: Reading) -> Iterator[Lack]:
    """Places of a template that nobody filled in, once for the whole policy."""
    found: dict[str, Fact] = {}
    for fact in reading.all("PolicyParagraph"):
        for match in _PLACEHOLDER.finditer(fact.text):
            if _FILLED.search(match[0]):
                found.setdefault(match[0], fact)
    if found:
        names, rest = list(found), len(found) - NAMES_SHOWN

        def blanks(told: Reading) -> dict[str, str]:
            more = told.words.say("and_more", count=rest) if rest > 0 else ""
            return {"names": told.joined(names[:NAMES_SHOWN]) + more}

        yield _lack(reading, "placeholder", found[names[0]], "", blanks)


def _drafts(reading: Reading) -> dict[str, Draft]:
    return reading.catalogue.drafts.get(reading.lang) or reading.catalogue.drafts.get("zh") or {}


# --- information and SDKs ----------------------------------------------------------------------------------------------


def _information(reading: Reading) -> Iterator[Lack]:
    """What the app itself can take and the policy does not say, or denies, or says vaguely."""
    for row in said(reading):
        if (
            row.party == "app"
            and row.doubt != "blocked"
            and row.state in _BY_STATE
            and not (row.state == "permission" and row.also)
        ):
            name = f"information_{_BY_STATE[row.state]}"
            blanks = _information_blanks(row.information)
            yield _lack(reading, name, row.fact, _doubt(reading, [row]), blanks)


def _information_blanks(information: str) -> Blanks:
    return lambda reading: {"information": reading.information(information)}


def _doubt(reading: Reading, rows: list[Said]) -> str:
    potential = all(row.grade == "potential" for row in rows)
    if not potential:
        return ""
    doubts = {row.doubt for row in rows}
    if not doubts <= {"asked", "unowned"}:
        return reading.words.say("lack_potential")
    return reading.words.say("lack_unowned" if "unowned" in doubts else "lack_asked")


def _sdks(reading: Reading) -> Iterator[Lack]:
    """SDKs inside that are not listed, then those that are listed without something they can take."""
    rows: dict[str, list[Said]] = defaultdict(list)
    for row in said(reading):
        if (
            row.party not in ("app", None)
            and row.doubt != "blocked"
            and row.party in reading.catalogue.sdks
            and row.state in _BY_STATE
        ):
            rows[row.party].append(row)
    listed = {fact.sdk for fact in reading.all("SdkNamed")}
    inside = {fact.sdk: fact for fact in reading.all("SdkPresent") if not fact.possible}
    for sdk in sorted({*inside, *rows}, key=lambda sdk: (sdk in listed, sdk)):
        if sdk in inside and sdk not in listed:
            yield _third(reading, "sdk", sdk, rows[sdk])
        else:
            vague = [row for row in rows[sdk] if _BY_STATE[row.state] == "vague"]
            silent = [row for row in rows[sdk] if row not in vague]
            for name, some in (("information_third", silent), ("information_third_vague", vague)):
                if some:
                    yield _third(reading, name, sdk, some)


def _third(reading: Reading, name: str, sdk: str, rows: list[Said]) -> Lack:
    known = reading.catalogue.sdks.get(sdk)
    types = dict.fromkeys([row.information for row in rows] + list(known.declared if known and name == "sdk" else ()))
    vendor = known.vendor if known else ""
    cited = next((row.fact for row in rows if row.fact), None)

    def blanks(told: Reading) -> dict[str, str]:
        fill_in = told.words.labels["draft_fill"]
        names = told.joined(map(told.information, types))
        return {"party": told.sdk(sdk), "vendor": vendor or fill_in, "information": names or fill_in}

    return _lack(reading, name, cited, _doubt(reading, rows), blanks)


# --- permissions and provisions ------------------------------------------------------------------------------------------


def _permissions(reading: Reading) -> Iterator[Lack]:
    """Dangerous permissions that are asked for and have no purpose in what was read."""
    told = [*reading.all("PermissionNamedInPolicy"), *(f for f in reading.all("PolicyStatement") if not f.negated)]
    facts: dict[str, Any] = {f.permission: f for f in reading.all("PermissionDeclared") if f.dangerous}
    for name, fact in sorted(facts.items()):
        spoken = [one for one in told if one.permission == name]
        if not any(one.purpose for one in spoken):
            yield _lack(reading, "permission", next(iter(spoken), None), "", _permission_blanks(fact))


def _permission_blanks(fact: Any) -> Blanks:
    def blanks(told: Reading) -> dict[str, str]:
        opens = told.joined(map(told.information, fact.information or ()))
        return {"permission": told.permission(fact.permission), "information": opens}

    return blanks


def _provisions(reading: Reading) -> Iterator[Lack]:
    found = reading.all("ProvisionStated")
    stated = {f.provision for f in found if not (f.provision == "sdk_list" and f.form == "denied")}
    roles = {fact.role for fact in reading.all("PolicyDocument")}
    stated |= {name for name in ("sdk_list", "collection_list") if name in roles}
    stated |= {"minors"} if "children" in roles else set()
    stated |= {"sharing"} if any(f.does == "share" for f in reading.all("PolicyStatement")) else set()
    stated |= {"personalisation"} if "personalisation_switch" in stated else set()
    for name in (*ALWAYS, *_sometimes(reading)):
        if name not in stated:
            yield _provision(reading, name)


def _sometimes(reading: Reading) -> Iterator[str]:
    """Provisions that are due only where something else is there."""
    if pushes(reading):
        yield "personalisation_switch"
    if reading.all("SdkPresent"):
        yield "sdk_list"
    if any(sensitive(reading, row.information) for row in said(reading)):
        yield "sensitive_information"


def _provision(reading: Reading, name: str) -> Lack:
    near = next((fact for fact in reading.all("ProvisionNear") if fact.provision == name), None)
    absent = next((fact for fact in reading.all("ProvisionAbsent") if fact.provision == name), None)
    note = ""
    if absent is not None:
        note = reading.words.say("lack_measured", positives=absent.positives, missed=absent.missed)
    elif near is not None:
        note = reading.words.say("lack_near")
    return _lack(reading, name, near, note)


# --- one entry -----------------------------------------------------------------------------------------------------------


def _lack(reading: Reading, name: str, fact: Fact | None, note: str, blanks: Blanks = lambda _: {}) -> Lack:
    """What is missing, told to the reader, and a sentence to adapt in the language of the policy."""
    draft = _drafts(reading)[name]
    written = _in_language_of_policy(reading)
    heading = _heading(reading, name, fact)
    somewhere = reading.words.labels["lack_somewhere"]
    return Lack(
        anchor="",
        missing=fill(draft.missing, blanks(reading), "…"),
        basis=tuple(_basis(reading, text) for text in draft.basis),
        sentence=tuple(_BLANK.split(fill(_drafts(written)[name].text, blanks(written), "…"))),
        where=reading.words.say("lack_where", heading=heading.text) if heading else somewhere,
        where_anchor=reading.anchor(heading.place) if heading else "",
        cite=cite(reading, fact) if fact is not None and fact.place.unit == "paragraph" else Cite(),
        note=note,
    )


def _in_language_of_policy(reading: Reading) -> Reading:
    """The same report told in the language the policy is written in."""
    languages = {fact.language for fact in reading.all("PolicyDocument")}
    lang: Language = "en" if languages == {"en"} else "zh"
    return reading if lang == reading.lang else replace(reading, lang=lang)


def _basis(reading: Reading, text: str) -> tuple[str, str]:
    """A clause by number and title, with its anchor where it was judged; other texts as they are."""
    clause = reading.clauses.get(text)
    if clause is None:
        return text, ""
    wording = clause.wording.get(reading.lang) or clause.wording["zh"]
    anchor = anchor_of(text) if text in {verdict.clause for verdict in reading.report.verdicts} else ""
    return f"{text.partition('/')[2]} {wording.title}", anchor


def _heading(reading: Reading, name: str, fact: Fact | None) -> Marked | None:
    """The heading above the nearest sentence, else the first whose words fit best; never the title of the document."""
    if fact is not None and fact.place.unit == "paragraph":
        return heading_before(reading.marking, fact.place.sha256, fact.place.path, fact.place.at)
    found = [p for text in reading.marking.texts for p in text.paragraphs if p.level and p.place.at != 1]
    heads = {head.text: head for head in found}.values()  # a table of contents has each heading before its section does
    near = _drafts(_in_language_of_policy(reading))[name].near
    return next((head for word in near for head in heads if word.lower() in head.text.lower()), None)
