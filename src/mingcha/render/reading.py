"""A report in the hands of one reader in one language: everything the makers of a page look things up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Artefact, Place
from mingcha.model.clause import Clause, Language, Reader
from mingcha.model.fact import Fact
from mingcha.model.factbase import FactBase
from mingcha.model.report import Report
from mingcha.model.verdict import Verdict
from mingcha.model.words import Reach
from mingcha.render.marking import Marking, marking
from mingcha.render.wording import Words, words

PARTIES = frozenset({"party", "owner", "actor", "receiver"})


@dataclass(frozen=True)
class Reading:
    """A report, the catalogue it is told with, a reader and a language.

    ``full`` leaves no evidence out for length; ``marked`` tells that the page shows the text of the policy, to link to.
    """

    report: Report
    catalogue: Catalogue
    reader: Reader
    lang: Language
    full: bool = False
    marked: bool = False

    @cached_property
    def words(self) -> Words:
        """The fixed words of the language."""
        return words(self.lang)

    @cached_property
    def base(self) -> FactBase:
        """The facts, with their index by id."""
        return self.report.base

    @cached_property
    def artefacts(self) -> dict[str, Artefact]:
        """What was handed in, by digest."""
        return {artefact.sha256: artefact for artefact in self.report.case.artefacts}

    @cached_property
    def reaches(self) -> dict[tuple[str, str, int | None], Reach]:
        """When each sensitive call can run, by artefact, path and position."""
        calls = self.all("SensitiveCall")
        return {(call.place.sha256, call.place.path, call.place.at): call.reach for call in calls}

    @cached_property
    def calls(self) -> dict[tuple[str, str, int | None], list[Any]]:
        """The sensitive calls by artefact, path and position."""
        found: dict[tuple[str, str, int | None], list[Any]] = {}
        for call in self.all("SensitiveCall"):
            found.setdefault((call.place.sha256, call.place.path, call.place.at), []).append(call)
        return found

    @cached_property
    def paragraphs(self) -> dict[tuple[str, str, int | None], Any]:
        """The paragraphs of the policies by artefact, path and number."""
        found = self.all("PolicyParagraph")
        return {(fact.place.sha256, fact.place.path, fact.place.at): fact for fact in found}

    @cached_property
    def declared(self) -> frozenset[str] | None:
        """The permissions that the app declares; null where its manifest was not read whole."""
        if not self.base.is_complete("PermissionDeclared", {}):
            return None
        return frozenset(fact.permission for fact in self.all("PermissionDeclared"))

    @cached_property
    def one_package(self) -> bool:
        """Whether a path inside a package says which package: only one was handed in."""
        return sum(artefact.kind == "apk" for artefact in self.report.case.artefacts) < 2

    @cached_property
    def marking(self) -> Marking:
        """The text of the policies with what was read from it."""
        return marking(self.base)

    def anchor(self, place: Place) -> str:
        """Where on the page the cited sentence of a policy stands; empty where it does not."""
        return self.marking.anchor(place) if self.marked else ""

    @cached_property
    def judged(self) -> dict[str, Verdict]:
        """The verdicts by clause."""
        return {verdict.clause: verdict for verdict in self.report.verdicts}

    @cached_property
    def rule_sets(self) -> tuple[str, ...]:
        """The regulations whose clauses were judged, in the order of the report."""
        return tuple(dict.fromkeys(clause.partition("/")[0] for clause in self.judged))

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clauses of the catalogue by id; a report may name some that are gone."""
        return {c.id: c for regulation in self.catalogue.regulations.values() for c in regulation.clauses}

    # --- names -------------------------------------------------------------------------------------------------

    def information(self, identity: str | None) -> str:
        """A type of information in plain words; its id where the catalogue has no name."""
        if identity is None:
            return self.words.labels["information_unknown"]
        row = self.catalogue.information.get(identity)
        return named(row.name, self.lang, identity) if row else identity

    def group(self, identity: str) -> str:
        """The broad group of a type of information: its highest ancestor below the root."""
        step, seen = identity, set()
        while step not in seen:
            seen.add(step)
            row = self.catalogue.information.get(step)
            above = self.catalogue.information.get(row.parent or "") if row else None
            if above is None or above.parent is None:
                break
            step = above.id
        return self.information(step)

    def sdk(self, identity: str) -> str:
        """An SDK's name; its id where the catalogue has none."""
        row = self.catalogue.sdks.get(identity)
        return named(row.name, self.lang, identity) if row else identity

    def party(self, identity: str | None) -> str:
        """The app itself, an SDK, a host as written, or somebody unknown."""
        if identity is None:
            return self.words.labels["someone"]
        return self.words.labels["app"] if identity == "app" else self.sdk(identity)

    def permission(self, identity: str) -> str:
        """A permission's name with its constant; the constant alone where the catalogue has no name."""
        short = identity.rpartition(".")[2]
        row = self.catalogue.permissions.get(identity)
        name = named(row.name, self.lang, "") if row else ""
        return f"{name}{self.bracketed(short)}" if name else identity.removeprefix("android.permission.")

    def bracketed(self, text: str) -> str:
        """The text in the language's brackets."""
        return f"{self.words.labels['open_bracket']}{text}{self.words.labels['close_bracket']}"

    def joined(self, items: Any) -> str:
        """Several things in one line."""
        return self.words.labels["list_join"].join(items)

    def shortened(self, items: tuple[str, ...]) -> str:
        """The first few of a long list, and how many more there are."""
        most = 12 if self.reader == "regulator" else 3
        more = self.words.say("and_more", count=len(items) - most) if len(items) > most else ""
        return self.joined(items[:most]) + more

    def value(self, field: str, value: Any, kind: str = "") -> str:
        """A field's value in words; empty for null and for what needs no word."""
        if isinstance(value, tuple | list):
            return self.joined(self.value(field, item, kind) for item in value)
        word = self.words.value(field, value, kind)
        if word is not None:
            return word
        if field == "information" and (value is None or isinstance(value, str)):
            return self.information(value)
        if value is None or isinstance(value, bool):
            return ""
        if not isinstance(value, str):
            return _plain(value)
        if field in PARTIES:
            return self.party(value)
        return {"sdk": self.sdk, "permission": self.permission}.get(field, _plain)(value)

    def all(self, kind: str) -> list[Any]:
        """Facts of one kind, in order; typed loosely, because which fields they have is known where the kind is named."""
        return [*self.base.of_kind(kind)]

    def fact(self, identity: str | None) -> Fact | None:
        """A fact by id, if the report holds it."""
        return self.base.by_id.get(identity or "")


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def named(names: Mapping[Any, str], lang: str, otherwise: str) -> str:
    """The name in the language, else in Chinese, else in any, else ``otherwise``."""
    return names.get(lang) or names.get("zh") or next(iter(names.values()), "") or otherwise
