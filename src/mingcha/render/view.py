"""What a page shows, in words already: one ``View`` for each reader, built once and drawn by every form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingcha.model.clause import Language, Reader
from mingcha.model.fact import Grade
from mingcha.model.verdict import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a thing stands: ``file`` and ``position`` in words, the rest for programs."""

    file: str
    artefact: str
    sha256: str
    path: str
    position: str
    quote: str
    at: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact as a sentence and a spot."""

    id: str
    kind: str
    grade: Grade | None
    grade_word: str
    sentence: str
    spot: Spot
    place: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Evidence that points at a clause without deciding it."""

    sentence: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Query:
    """A question that waits for a person, and what it is asked about; nothing means the app as a whole."""

    id: str
    text: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person answered, with everything that vouches for it."""

    clause: str
    question: str
    answer: str
    about: str
    who: str
    date: str
    proof: str


@dataclass(frozen=True, slots=True)
class Node:
    """One step of how a clause was judged."""

    text: str
    answer: Answer
    answer_word: str
    note: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One clause as judged, with everything the reader is told about it."""

    id: str
    number: str
    anchor: str
    category: str
    article: str
    title: str
    text: str
    label: str
    unverified: str
    gloss: str
    outcome: Outcome
    outcome_word: str
    finding: str
    remedy: str
    decide_by: str
    gravity: int
    gravity_word: str
    draft: str
    evidence: tuple[Evidence, ...]
    more_evidence: str
    leads: tuple[Lead, ...]
    more_leads: str
    missing: tuple[str, ...]
    questions: tuple[Query, ...]
    answers: tuple[Reply, ...]
    trace: Node | None
    applies: Node | None


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of the picture: a type of information and the evidence that a party takes it."""

    information: str
    group: str
    sensitive: bool
    grade: Grade
    grade_word: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes information, with the lines that lead to it."""

    name: str
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is taken and by whom; ``parties`` holds the rows drawn, ``more`` counts those left to the table."""

    parties: tuple[Party, ...]
    more: str
    description: str
    legend: tuple[tuple[Grade, str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, column heads and rows of text; ``note`` stands under it."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clauses came out one way."""

    outcome: Outcome
    key: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class View:
    """A whole page for one reader in one language."""

    reader: Reader
    lang: Language
    html_lang: str
    title: str
    name: str
    kind: str
    headline: str
    mood: Outcome
    notes: tuple[str, ...]
    tally: tuple[Tally, ...]
    rows: tuple[Row, ...]
    identity: tuple[tuple[str, str], ...]
    picture: Picture | None
    tables: Mapping[str, Table]
    plain: tuple[str, ...]
    gaps: tuple[str, ...]
    tool: str
    labels: Mapping[str, str]

    def of(self, outcome: Outcome) -> tuple[Row, ...]:
        """The clauses that came out one way, in the order of the page."""
        return tuple(row for row in self.rows if row.outcome == outcome)

    def categories(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The clauses by category, in the order of the page."""
        names = dict.fromkeys(row.category for row in self.rows)
        return tuple((name, tuple(row for row in self.rows if row.category == name)) for name in names)
