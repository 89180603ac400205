"""Measure what the policy reader says of provisions: `python -m tests.bench.policy_provisions POLICIES [--half HALF] [--misses] [--labels DIR]`.

POLICIES is the folder with the files that the index.csv of the labels (DIR, a folder of tests/accuracy) names (and, in text/, their numbered paragraphs, as the
two readers saw them; only for the share of sentences at the right place). What is compared is what both readers say; what they
differ on is listed apart and counts neither way. A list of values that a policy gives (dates, ways, times) is right where either
reader has it, and missed where both have it. Halves are by the last digit of a file's SHA-256: even is "dev", from which rules were
made, odd is "held-out".
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mingcha.catalogue.load import load
from mingcha.collect.policy import collector as policy
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import ProvisionStated, SdkNamed

ACCURACY = Path(__file__).resolve().parents[1] / "accuracy"
LABELS = ACCURACY / "policies"

Entry = dict[str, Any]
_FOLDER = [LABELS]
"""Where the labels are; one entry, set by the command line."""
_SETS = ("main", "new", "second")

# --- what the readers say ------------------------------------------------------------------------------------------------

PROVISION_OF = {
    "policy_date": "date",
    "personalised_push": "personalisation",
    "personalised_switch": "personalisation_switch",
    "security_measures": "security",
}
"""Labels whose provision has another name."""
STRICT = (
    "complaint_channel", "reply_deadline", "account_cancellation", "sdk_list", "minors", "retention", "update_notice",
)  # fmt: skip
"""Those that must reach 0.95; the rest 0.85."""


@cache
def labels(reader: str, number: str) -> dict[str, Entry]:
    """What one reader says of one policy."""
    text = (_FOLDER[0] / reader / f"{number}.yaml").read_text("utf-8")
    return yaml.safe_load(text)["provisions"]


def paragraphs(entry: Entry) -> set[int]:
    """The paragraphs of an entry, runs written out."""
    found: set[int] = set()
    for run in entry.get("paragraphs") or ():
        first, _, last = str(run).partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


# --- what the collector says -----------------------------------------------------------------------------------------------


@dataclass
class Case:
    """One policy: what was collected of it, and its paragraphs as the readers had them."""

    file: str
    sha256: str
    facts: dict[str, list[ProvisionStated]] = field(default_factory=dict)
    sdks: list[str] = field(default_factory=list)
    text: dict[int, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.file.partition("-")[0]

    @property
    def half(self) -> str:
        return "held-out" if int(self.sha256[-1], 16) % 2 else "dev"


def cases(folder: Path, half: str) -> list[Case]:
    """The measured policies of a half, each read by the collector."""
    tables = load()
    rows = csv.DictReader((_FOLDER[0] / "index.csv").open(encoding="utf-8", newline=""))
    found = [Case(row["file"], row["sha256"]) for row in rows if row["set"] in _SETS]
    found = [case for case in found if half in ("all", case.half)]
    for case in found:
        artefact = Artefact(sha256=case.sha256, name=case.file, kind="policy", size=1)
        document = read((folder / case.file).read_bytes(), case.file)
        for item in policy.collect(artefact, document, tables):
            if isinstance(item, ProvisionStated):
                case.facts.setdefault(item.provision, []).append(item)
            elif isinstance(item, SdkNamed):
                case.sdks.append(item.name)
        numbered = folder / "text" / f"{case.number}.txt"
        if numbered.exists():
            lines = re.findall(r"^\[(\d+)\] (.*)$", numbered.read_text("utf-8"), re.MULTILINE)
            case.text = {int(number): _bare(line) for number, line in lines}
    return found


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def stated(case: Case, label: str) -> list[ProvisionStated]:
    """The facts that state what the label means; cancelling counts with a way only, an operator by name."""
    facts = case.facts.get(PROVISION_OF.get(label, label), [])
    if label == "account_cancellation":
        return [fact for fact in facts if fact.way]
    if label == "operator_identity":
        return [fact for fact in facts if fact.form == "name"]
    return facts


def in_place(case: Case, label: str, fact: ProvisionStated) -> bool:
    """Whether the sentence of a fact stands in a paragraph that a reader listed."""
    quote = _bare(fact.place.quote or "")[:60]
    listed = set.union(*(paragraphs(labels(reader, case.number)[label]) for reader in "ab"))
    texts = [case.text.get(number, "") for number in listed]
    return any(quote in text or (len(text) >= 12 and text in quote) for text in texts if text)


# --- presence --------------------------------------------------------------------------------------------------------------


@dataclass
class Score:
    """Counts, and what is behind the errors."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    placed: int = 0
    sentences: int = 0

    def row(self, name: str) -> str:
        """A line of the table."""
        told, there = self.right + len(self.wrong), self.right + len(self.missed)
        precision = f"{self.right / told:.2f}" if told else "–"
        recall = f"{self.right / there:.2f}" if there else "–"
        placed = f"{self.placed}/{self.sentences}" if self.sentences else ""
        return f"| {name} | {there} | {precision} ({self.right}/{told}) | {recall} ({self.right}/{there}) | {placed} |"

    def add(self, where: str, said: set[Any], first: set[Any], second: set[Any]) -> None:
        """A list of values: right where either reader has it, missed where both do."""
        self.right += len(said & (first | second))
        self.wrong += [f"{where} {value}" for value in sorted(said - (first | second), key=str)]
        self.missed += [f"{where} {value}" for value in sorted((first & second) - said, key=str)]
        self.apart += [f"{where} {value}" for value in sorted(first ^ second, key=str)]


def presence(found: list[Case], label: str) -> Score:
    """Whether the provision is said to be there where both readers see it."""
    score = Score()
    for case in found:
        first, second = (labels(reader, case.number)[label]["present"] for reader in "ab")
        facts = stated(case, label)
        if first is not second:
            score.apart.append(f"{case.number} {'a' if first else 'b'} says yes; we say {'yes' if facts else 'no'}")
            continue
        if first and facts:
            score.right += 1
        elif facts:
            score.wrong.append(f"{case.number} {facts[0].place.at}: {facts[0].place.quote}")
        elif first:
            score.missed.append(f"{case.number} best {labels('a', case.number)[label].get('best')}")
        if case.text and all("paragraphs" in labels(reader, case.number)[label] for reader in "ab"):
            score.sentences += len(facts)
            score.placed += sum(in_place(case, label, fact) for fact in facts)
    return score


# --- parameters ------------------------------------------------------------------------------------------------------------

Reader = Callable[[Entry], set[Any]]
Told = Callable[[list[ProvisionStated]], set[Any]]

_KINDS = {
    "e-mail": "email", "phone": "phone", "address": "post", "online service": "online", "form": "online", "messenger": "im",
    "online_service": "online", "online_form": "online", "in_app": "online",
}  # fmt: skip
_UNITS = {"working day": "working_day", "calendar day": "day"}


def _kinds_told(facts: list[ProvisionStated]) -> set[str]:
    return {_KINDS.get(fact.form, fact.form) for fact in facts if fact.form}


def _kinds(entry: Entry) -> set[str]:
    return {_KINDS.get(kind, kind) for kind in entry.get("kinds") or ()}


def _times_told(facts: list[ProvisionStated]) -> set[tuple[int, str]]:
    return {(fact.number, _UNITS.get(fact.unit or "", fact.unit or "")) for fact in facts if fact.number}


def _deadlines(entry: Entry) -> set[tuple[int, str]]:
    return {(item["number"], item["unit"]) for item in entry.get("items") or ()}


_FOR = ("correction", "deletion", "cancellation", "complaint")
"""What a promise must be for to matter to clauses 6.3 and 6.5."""


def _scopes_told(facts: list[ProvisionStated]) -> set[tuple[int, str, str]]:
    return {
        (fact.number or 0, _UNITS.get(fact.unit or "", fact.unit or ""), scope)
        for fact in facts
        for scope in fact.scope
        if scope in _FOR
    }


def _scopes(entry: Entry) -> set[tuple[int, str, str]]:
    rows = entry.get("items") or ()
    return {(item["number"], item["unit"], scope) for item in rows for scope in item["for"] if scope in _FOR}


def _kept(entry: Entry) -> set[tuple[int, str]]:
    found = (re.match(r"(\d+) ?(\w+)", str(value)) for value in entry.get("values") or ())
    return {(int(value[1]), value[2].rstrip("s")) for value in found if value}


def _days(entry: Entry) -> set[tuple[str, str]]:
    kinds = ("published", "updated", "effective")
    return {(kind, str(entry[kind])) for kind in kinds if entry.get(kind)}


def _days_told(facts: list[ProvisionStated]) -> set[tuple[str, str]]:
    return {(fact.form or "", fact.way or "") for fact in facts}


def _name(entry: Entry) -> set[str]:
    return {_bare(entry["name"])} if entry.get("name") else set()


def _one(key: str, words: dict[str, str] | None = None) -> Reader:
    """The single word of an entry."""
    return lambda entry: {(words or {}).get(entry[key], entry[key])} if entry.get(key) else set()


def _strongest(order: tuple[str, ...], words: dict[str, str]) -> Told:
    """The word of a policy as a whole: that of the strongest of its sentences."""

    def told(facts: list[ProvisionStated]) -> set[str]:
        forms = {fact.form for fact in facts}
        return set([words[form] for form in order if form in forms][:1])

    return told


def _way_told(facts: list[ProvisionStated]) -> set[str]:
    return {"yes" if any(fact.way for fact in facts) else "none"} if facts else set()


def _way(entry: Entry) -> set[str]:
    return {"none" if entry.get("way") == "none" else "yes"} if entry.get("present") else set()


_HARD = {"id_photo": "document", "held_id_photo": "document"}
_PAPER = re.compile("身份证|证件|身份证明|id card|copy of your id|identification|passport|photo")


def _conditions(entry: Entry) -> set[str]:
    return {_HARD[word] for word in entry.get("conditions") or () if word in _HARD}


def _conditions_told(facts: list[ProvisionStated]) -> set[str]:
    return {"document" for fact in facts if fact.form and _PAPER.search(fact.form)}


PARAMETERS: tuple[tuple[str, str, Reader, Told], ...] = (
    ("complaint_channel", "kind", _kinds, _kinds_told),
    ("contact", "kind", _kinds, _kinds_told),
    ("reply_deadline", "number and unit", _deadlines, _times_told),
    ("reply_deadline", "for correction, deletion, cancellation, complaint", _scopes, _scopes_told),
    ("account_cancellation", "identity document demanded", _conditions, _conditions_told),
    ("retention", "number and unit", _kept, _times_told),
    ("policy_date", "kind and day", _days, _days_told),
    (
        "update_notice",
        "kind",
        _one("kind"),
        _strongest(("active", "publish"), {"active": "active", "publish": "publish_only"}),
    ),
    (
        "cross_border",
        "says",
        _one("says"),
        _strongest(
            ("done", "perhaps", "conditional", "not done"),
            {"done": "transfers", "perhaps": "transfers", "conditional": "conditional", "not done": "denied"},
        ),
    ),
    ("access", "way given", _way, _way_told),
    ("correction", "way given", _way, _way_told),
    ("deletion", "way given", _way, _way_told),
    ("withdrawal", "way given", _way, _way_told),
)


_KEYS = {
    "account_cancellation": "conditions", "update_notice": "kind", "cross_border": "says",
    "access": "way", "correction": "way", "deletion": "way", "withdrawal": "way",
}  # fmt: skip
"""The key that a parameter is read from; labels in the short form lack some, and a policy without it in both is left out."""


def parameter(found: list[Case], label: str, read_label: Reader, told: Told) -> Score:
    """Values compared where both readers see the provision; single words only where they agree."""
    score = Score()
    for case in found:
        first, second = (labels(reader, case.number)[label] for reader in "ab")
        if first["present"] is not second["present"]:
            continue
        if first["present"] and _KEYS.get(label, "present") not in first.keys() & second.keys():
            continue
        facts = stated(case, label)
        score.add(case.number, told(facts), read_label(first), read_label(second))
    return score


def operator_names(found: list[Case]) -> Score:
    """Names of operators: right where one holds the other."""
    score = Score()
    for case in found:
        said = {_bare(fact.way or "") for fact in stated(case, "operator_identity")}
        first, second = (_name(labels(reader, case.number)["operator_identity"]) for reader in "ab")
        right = {name for name in said if any(name in other or other in name for other in first | second)}
        got = {other for other in first & second if any(name in other or other in name for name in said)}
        score.right += bool(right)
        score.wrong += [f"{case.number} {name}" for name in sorted(said - right)] if not right else []
        score.missed += [f"{case.number} {name}" for name in sorted((first & second) - got)]
    return score


# --- provisions that are parameters of a label -----------------------------------------------------------------------------


def _erased(entry: Entry) -> bool:
    return bool({"delete", "anonymise"} & set(entry.get("afterwards") or ()))


def _afterwards(entry: Entry) -> bool:
    return bool(set(entry.get("after") or ()) - {"not_said"})


_TOLD_IN = {
    "retention": "afterwards", "account_cancellation": "after", "minors": "guardian_consent", "access": "copy"
}  # fmt: skip
"""The key that tells; labels in the short form lack some, and a policy without it is left out."""


DERIVED: tuple[tuple[str, str, Callable[[Entry], bool]], ...] = (
    ("after_expiry", "retention", _erased),
    ("after_cancellation", "account_cancellation", _afterwards),
    ("guardian_consent", "minors", lambda entry: bool(entry.get("guardian_consent"))),
    ("copy or portability", "access", lambda entry: bool(entry.get("copy"))),
)
"""Provision, the label that tells, and how; a policy without the label is left out (the rest of its text may still say it)."""


def derived(found: list[Case], provision: str, label: str, told: Callable[[Entry], bool]) -> Score:
    """Whether the provision is said to be there where both readers say so in a parameter."""
    score = Score()
    for case in found:
        first, second = (labels(reader, case.number)[label] for reader in "ab")
        if not (first["present"] and second["present"]) or not (_TOLD_IN[label] in first and _TOLD_IN[label] in second):
            continue
        facts = [fact for name in provision.split(" or ") for fact in case.facts.get(name, [])]
        if told(first) is not told(second):
            score.apart.append(case.number)
        elif told(first) and facts:
            score.right += 1
        elif facts:
            score.wrong.append(f"{case.number} {facts[0].place.at}: {facts[0].place.quote}")
        elif told(first):
            score.missed.append(case.number)
    return score


# --- printing --------------------------------------------------------------------------------------------------------------

_HEAD = ("| provision | there | precision | recall | sentences in place |", "| --- | --- | --- | --- | --- |")


def figures(found: list[Case], *, misses: bool) -> Iterator[str]:
    """The tables, and what is behind the errors if asked for."""
    names = list(labels("a", found[0].number))
    scores = [(name, presence(found, name)) for name in (*STRICT, *(n for n in names if n not in STRICT))]
    yield f"{len(found)} policies; present:"
    yield from (*_HEAD, *(score.row(name) for name, score in scores))
    parameters = [(f"{label}: {what}", parameter(found, label, entry, told)) for label, what, entry, told in PARAMETERS]
    parameters.append(("operator_identity: name", operator_names(found)))
    parameters += [(f"{name} (told by {label})", derived(found, name, label, told)) for name, label, told in DERIVED]
    yield "\nparameters:"
    yield from (*_HEAD, *(score.row(name) for name, score in parameters))
    if misses:
        yield from _errors([*scores, *parameters])


def _errors(scores: Iterable[tuple[str, Score]]) -> Iterator[str]:
    for name, score in scores:
        for what, rows in (("wrong", score.wrong), ("missed", score.missed), ("readers differ", score.apart)):
            yield from (f"{name} {what}: {row}" for row in rows)


def beyond(found: list[Case]) -> Iterator[str]:
    """Provisions without labels: in how many policies they are said to be."""
    known = {PROVISION_OF.get(name, name) for name in labels("a", found[0].number)}
    count = Counter(name for case in found for name in case.facts if name not in known)
    yield "\nnot labelled, said to be in: " + ", ".join(f"{name} {n}" for name, n in sorted(count.items()))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("policies", type=Path)
    parser.add_argument("--half", choices=("dev", "held-out", "all"), default="all")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--labels", default="policies", help="folder of tests/accuracy: policies, policies_second")
    options = parser.parse_args()
    _FOLDER[0] = ACCURACY / options.labels
    found = cases(options.policies, options.half)
    for line in (*figures(found, misses=options.misses), *beyond(found)):
        print(line)


if __name__ == "__main__":
    main()
