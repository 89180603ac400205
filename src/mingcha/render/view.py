"""What a page shows, in words already: one ``View`` for each reader, built once and drawn by every form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mingcha.model.clause import Language, Reader
from mingcha.model.verdict import Answer, Outcome
from mingcha.model.words import Grade
from mingcha.render.pictureview import Picture
from mingcha.render.policyview import Cite, PolicyView
from mingcha.render.timelineview import Timeline

HTML_LANGUAGES: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


class Spot(Struct, frozen=True):
    """Where a thing stands: ``file`` and ``position`` in words, the rest for programs; ``anchor`` is its mark on the page."""

    file: str
    artefact: str
    sha256: str
    path: str
    position: str
    quote: str
    at: int | None
    unit: str
    anchor: str = ""


class Stop(Struct, frozen=True):
    """One step of a path: in which method what is done, and where that stands."""

    method: str
    does: str
    place: str
    spot: Spot


class Path(Struct, frozen=True):
    """A way through code; of a long one the middle is left out: ``left_out`` says how much, the tail's first step is ``resume``."""

    head: tuple[Stop, ...]
    left_out: str = ""
    tail: tuple[Stop, ...] = ()
    resume: int = 1

    @property
    def stops(self) -> tuple[Stop, ...]:
        """All steps that are kept."""
        return self.head + self.tail


class Evidence(Struct, frozen=True):
    """One fact as a sentence and a spot; ``path`` is its way through the code, where a program reads the page.

    ``cites`` are the sentences of the policy that a joined fact was drawn from.
    """

    id: str
    kind: str
    grade: Grade | None
    grade_word: str
    sentence: str
    spot: Spot
    place: str
    path: Path | None = None
    cites: tuple[Cite, ...] = ()


class Lead(Struct, frozen=True):
    """Evidence that points at a clause without deciding it."""

    sentence: str
    evidence: Evidence


class Query(Struct, frozen=True):
    """A question that waits for a person, and what it is asked about; nothing means the app as a whole."""

    id: str
    text: str
    about: tuple[str, ...]


class Reply(Struct, frozen=True):
    """What a person answered, with everything that vouches for it."""

    clause: str
    question: str
    answer: str
    about: str
    who: str
    date: str
    proof: str


class Node(Struct, frozen=True):
    """One step of how a clause was judged; ``anchor`` is the entry of a clause that tells the step in full."""

    text: str
    answer: Answer
    answer_word: str
    note: str
    parts: tuple[Node, ...]
    anchor: str = ""


class RuleSet(Struct, frozen=True):
    """A regulation whose clauses were judged: its title, and its number with a mark where that is not verified."""

    id: str
    title: str
    number: str


class Row(Struct, frozen=True):
    """One clause as judged, with everything the reader is told about it.

    ``follows`` are the clauses (name and anchor) that settle this one and tell their evidence in their own entries; what
    stands here is only what is not told there.
    """

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
    follows: tuple[tuple[str, str], ...] = ()


class Route(Struct, frozen=True):
    """That code may carry one type of information from one owner's code to one receiver, and some of the ways it may take.

    ``more`` counts the ways beyond ``paths``, ``more_than_first`` those beyond the shortest, for pages that show it alone.
    """

    number: int
    anchor: str
    title: str
    information: str
    owner: str
    end: str
    third: bool
    changes: str
    when: str
    drawn: bool
    paths: tuple[Path, ...]
    more: str
    more_than_first: str


class Start(Struct, frozen=True):
    """One type of information that one owner's code may obtain at one moment of the start."""

    information: str
    sensitive: bool
    call: str
    place: str
    more: str
    path: Path


class Starter(Struct, frozen=True):
    """Whose code it is, what to do about it, and what it may obtain."""

    owner: str
    fix: str
    starts: tuple[Start, ...]


class Moment(Struct, frozen=True):
    """A place where Android enters the app at its start, and whose code may then obtain personal information."""

    entry: str
    starters: tuple[Starter, ...]


class Table(Struct, frozen=True):
    """A caption, column heads and rows of text; ``note`` stands under it.

    ``links`` holds, for each row, the anchor that its last cell leads to; empty, or empty for a row, where there is none.
    """

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    links: tuple[str, ...] = ()


class Tally(Struct, frozen=True):
    """How many clauses came out one way."""

    outcome: Outcome
    key: str
    word: str
    count: int


class View(Struct, frozen=True):
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
    startup: tuple[Moment, ...]
    startup_more: tuple[str, ...]
    routes: tuple[Route, ...]
    routes_more: str
    undrawn_more: str
    tables: Mapping[str, Table]
    plain: tuple[str, ...]
    gaps: tuple[str, ...]
    tool: str
    labels: Mapping[str, str]
    policy: PolicyView
    sets: tuple[RuleSet, ...] = ()
    timelines: tuple[Timeline, ...] = ()

    def of(self, outcome: Outcome) -> tuple[Row, ...]:
        """The clauses that came out one way, in the order of the page."""
        return tuple(row for row in self.rows if row.outcome == outcome)

    def by_set(self, rows: Iterable[Row]) -> tuple[tuple[RuleSet | None, tuple[Row, ...]], ...]:
        """Rows under the regulations they belong to, in the order of the report; a single regulation needs no heading."""
        kept = tuple(rows)
        if len(self.sets) < 2:
            return ((None, kept),) if kept else ()
        groups = ((one, tuple(row for row in kept if row.id.partition("/")[0] == one.id)) for one in self.sets)
        return tuple((one, group) for one, group in groups if group)

    def categories(self, rows: Iterable[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Rows by category, in the order of the page."""
        kept = tuple(rows)
        names = dict.fromkeys(row.category for row in kept)
        return tuple((name, tuple(row for row in kept if row.category == name)) for name in names)
