"""Which document of a policy one is (the policy itself, a list, rules for children), and which lists it names without holding them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from mingcha.collect.findings import Finding
from mingcha.collect.policy.headings import looks_like_heading
from mingcha.collect.policy.text import Frame, Sentence, plain
from mingcha.formats.page import Document, Paragraph
from mingcha.model.artefact import Place, clip
from mingcha.model.fact import PolicyDocument
from mingcha.model.factbase import Gap
from mingcha.model.terms import Terms
from mingcha.model.words import DocumentRole

LIST_NOT_GIVEN = "policy.list_not_given"
_ROLES: tuple[DocumentRole, ...] = get_args(DocumentRole)
_LISTS: tuple[DocumentRole, ...] = ("sdk_list", "collection_list", "permission_list")
_FIRST_LINES = 6
_LINE = 60
_BRACKETS = re.compile(r"（[^（）]*）|【[^【】]*】")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")


def role_of(document: Document, name: str, tables: Mapping[str, Terms]) -> DocumentRole:
    """Told from the title, the first short lines and the name of the file, in this order; the policy itself where nothing says so."""
    first = [p.text for p in document.paragraphs[:_FIRST_LINES] if len(p.text) <= _LINE and p.row is None]
    languages = ("en", "zh") if document.language == "en" else ("zh", "en")
    lines = (document.title, *first, _ENDING.sub("", name.lower()).replace("-", " "))
    told = (_named(tables[language], line) for line in lines for language in languages)
    found = [role for role in told if role]
    return next((role for role in found if role != "other"), found[0] if found else "main")


def _named(terms: Terms, line: str) -> DocumentRole | None:
    """The role a title means: the longest word decides; what stands in brackets only adds to it."""
    text = plain(line).replace("_", " ")
    bare = _BRACKETS.sub("", text) or text
    found = [(len(match[0]), role) for role in _ROLES if (match := _longest(terms, role, bare))]
    if not found:
        return None
    lists = [row for row in found if row[1] != "main" and row[1] != "other"]
    return max(lists or found)[1]


def _longest(terms: Terms, role: DocumentRole, text: str) -> re.Match[str] | None:
    return max(terms.pattern(f"role_{role}").finditer(text), key=lambda match: len(match[0]), default=None)


# --- what a role adds ------------------------------------------------------------------------------------------------


def frame_of(role: DocumentRole, terms: Terms) -> Frame:
    """What the role of a document adds to the reading of its sentences."""
    if role in ("main", "other"):
        return Frame()
    return Frame(
        heading=terms.words.get(f"role_title_{role}", ()),
        row_lead=next(iter(terms.words.get(f"row_lead_{role}", ())), ""),
        named=terms.pattern("row_collects"),
        columns=_Columns(terms) if role == "sdk_list" else None,
    )


_ROWS_ARE_ABOUT: dict[DocumentRole, frozenset[str]] = {
    "collection_list": frozenset({"collection"}),
    "sdk_list": frozenset({"sharing"}),
    "permission_list": frozenset({"permission"}),
}


def of_rows(role: DocumentRole, sentence: Sentence) -> frozenset[str]:
    """What the rows of a list are about, whatever words they have."""
    return _ROWS_ARE_ABOUT.get(role, frozenset()) if sentence.row and not sentence.title else frozenset()


class _Columns:
    """In a list of SDKs each row is a third party: where no column is called so, the first that does not only count is."""

    def __init__(self, terms: Terms) -> None:
        self._known = {*terms.words.get("key_name", ()), *terms.words.get("key_vendor", ())}
        self._long = [word for word in self._known if len(word) > 2]
        self._name = next(iter(terms.words.get("row_name", ())), "")

    def __call__(self, paragraph: Paragraph) -> tuple[str, ...] | None:
        row, header = paragraph.row or (), paragraph.header
        if header is not None and self._names(header):
            return header
        at = next((n for n, cell in enumerate(row) if cell.strip("0123456789.、 ")), None)
        if at is None or (header is not None and at >= len(header)):
            return header
        columns = list(header or ("",) * len(row))
        columns[at] = self._name
        return tuple(columns)

    def _names(self, header: tuple[str, ...]) -> bool:
        titles = [plain(title).rstrip("：:") for title in header]
        return any(title in self._known or any(word in title for word in self._long) for title in titles)


# --- lists that are named and not given ------------------------------------------------------------------------------

_QUOTED = re.compile(r"《([^《》]{2,40})》")
_HIDES: dict[DocumentRole, tuple[str, ...]] = {
    "sdk_list": ("SdkNamed", "RecipientNamed", "InformationNamedInPolicy", "PolicyStatement"),
    "collection_list": ("InformationNamedInPolicy", "PolicyStatement", "PurposeStated"),
    "permission_list": ("PermissionNamedInPolicy", "PolicyStatement"),
    "children": ("ProvisionStated", "InformationNamedInPolicy", "PolicyStatement"),
}


def lists_named(sha256: str, document: Document, role: DocumentRole, terms: Terms) -> Iterator[Gap]:
    """A gap for each list that the document links or names and that has no section of its own in it; see `not_given`."""
    seen: set[DocumentRole] = {role, *_held(document, terms)}
    for paragraph in document.paragraphs:
        for name in (*paragraph.links, *_QUOTED.findall(paragraph.text)):
            named = _list_named(terms, name)
            if named and named not in seen:
                seen.add(named)
                place = Place(sha256=sha256, at=paragraph.number, unit="paragraph", quote=clip(paragraph.text))
                yield Gap(
                    collector="policy", reason="partial", hides=_HIDES[named], code=LIST_NOT_GIVEN,
                    values={"list": clip(name.strip("《》")), "role": named}, place=place,
                )  # fmt: skip


_SECTION = 12
_LEAST_ENTRIES = 3


def _held(document: Document, terms: Terms) -> Iterator[DocumentRole]:
    """The lists that are sections of the document itself: a heading says so, and rows or several entries follow it."""
    paragraphs = document.paragraphs
    for at, paragraph in enumerate(paragraphs):
        if paragraph.links or not (paragraph.level or looks_like_heading(paragraph)):
            continue
        role = _list_named(terms, paragraph.text)
        if role:
            after = paragraphs[at + 1 : at + 1 + _SECTION]
            entries = sum(terms.has("sdk", plain(p.text)) for p in after if len(p.text) <= _LINE)
            if any(p.row for p in after) or (role == "sdk_list" and entries >= _LEAST_ENTRIES):
                yield role


def _list_named(terms: Terms, name: str) -> DocumentRole | None:
    role = _named(terms, name)
    return role if role in _HIDES and not terms.has("role_law", plain(name)) else None


def not_given(found: Iterable[Finding]) -> list[Finding]:
    """The findings of all documents, without the gaps for lists that are among them."""
    items = list(found)
    given = {item.role for item in items if isinstance(item, PolicyDocument)}
    return [
        item
        for item in items
        if not (isinstance(item, Gap) and item.code == LIST_NOT_GIVEN and item.values.get("role") in given)
    ]
