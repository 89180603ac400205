"""A dated text as data: regulations, clauses, and the seven words in which their conditions are written."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from mingcha.model.factbase import Where

Label = Literal["V", "VT", "VE", "RECALLED", "D"]
"""How well a text is verified; only V prints without "wording not verified" (meanings: standards reference, 0.1)."""

Machine = Literal["full", "fail-only", "partly", "human"]
Reader = Literal["regulator", "operator", "public"]
Language = Literal["zh", "en"]


class Seen(Struct, frozen=True, kw_only=True, tag="seen"):
    """Yes when a fact of the kind matches."""

    kind: str
    where: Where = {}


class AtLeast(Struct, frozen=True, kw_only=True, tag="at_least"):
    """Yes when matching facts have ``n`` different values in the field ``by``."""

    n: int
    kind: str
    by: str
    where: Where = {}


class Some(Struct, frozen=True, kw_only=True, tag="some"):
    """Yes when the inner condition holds for one matching fact, named ``$name`` inside."""

    kind: str
    name: str
    then: Condition
    where: Where = {}


class Ask(Struct, frozen=True, kw_only=True, tag="ask"):
    """Yes when a person answered a question yes, about one subject or about the app (``about`` null).

    The question is the clause's own, or that of the clause ``of``: nobody is asked the same thing twice.
    """

    question: str
    about: str | None = None
    of: str | None = None


class All(Struct, frozen=True, kw_only=True, tag="all"):
    """Three-valued and."""

    parts: tuple[Condition, ...]


class Any_(Struct, frozen=True, kw_only=True, tag="any"):  # noqa: N801  # "any" is taken
    """Three-valued or."""

    parts: tuple[Condition, ...]


class Not(Struct, frozen=True, kw_only=True, tag="not"):
    """Three-valued not."""

    part: Condition


Condition = Seen | AtLeast | Some | Ask | All | Any_ | Not


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person is asked.

    Without ``states`` the answer is yes or no and serves the word ``ask``. With ``states`` the answer becomes a fact
    (and may serve ``ask`` as well): the template's ``$answer`` and ``$about`` are replaced, ``fact_when`` ("yes", "no" or "any") says which answers make one,
    and the person is taken to have fully looked at that kind within ``covers`` (default: the template's constant fields).
    """

    id: str
    text: dict[Language, str]
    answer: Literal["yes/no", "number"] = "yes/no"
    states: dict[str, Any] | None = None
    fact_when: Literal["yes", "no", "any"] = "any"
    covers: Where | None = None


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hand-written facts and the outcome they must give; run by the tests."""

    outcome: Literal["breached", "met", "not determined", "not applicable"]
    facts: tuple[dict[str, Any], ...] = ()
    covered: tuple[Any, ...] = ()
    gaps: tuple[dict[str, Any], ...] = ()
    answers: tuple[dict[str, Any], ...] = ()
    case: dict[str, Any] = {}
    note: str = ""


class Citation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The passage a clause rests on, in the words of the Chinese text, and how well those words are verified."""

    article: str
    text: str
    label: Label


class Found(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The finding for each reader where one of several alternatives of a clause breached it.

    ``by`` are words of those alternatives: a question, a kind, a field that is tested or a word it is tested for.
    """

    by: tuple[str, ...]
    regulator: str
    operator: str
    public: str


class Wording(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clause in one language: title, paraphrase, the finding for each reader, the remedy, and what would decide it.

    ``regulator``, ``operator`` and ``public`` are said when the clause is breached; ``decide_by`` when it is not determined.
    ``cases`` say it more exactly where one alternative of the condition breached it; the first that fits is taken.
    """

    title: str
    gloss: str
    regulator: str
    operator: str
    public: str
    remedy: str
    decide_by: str
    cases: tuple[Found, ...] = ()


class Followed(Struct, frozen=True, kw_only=True):
    """Another clause whose verdict counts here as well; YAML names it, the loader fills in how it is tested."""

    clause: str
    breached_when: Condition | None = None
    applies_when: Condition | None = None
    follows: tuple[Followed, ...] = ()


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One obligation: its text and how well that is verified, how it is tested, and how it is told.

    It is tested by ``breached_when``, by the verdicts of the clauses it ``follows``, or by both. A day of effect stands here
    only where it is another than the regulation's.
    """

    id: str
    category: str
    cites: Citation
    machine: Machine
    wording: dict[Language, Wording]
    examples: tuple[Example, ...]
    breached_when: Condition | None = None
    applies_when: Condition | None = None
    follows: tuple[Followed, ...] = ()
    questions: tuple[Question, ...] = ()
    gravity: Literal[1, 2, 3] = 2
    effective_from: str | None = None
    effective_to: str | None = None
    related: tuple[str, ...] = ()
    notes: str = ""
    status: Literal["draft", "reviewed"] = "draft"
    reviewed_by: str | None = None
    reviewed_on: str | None = None


class Regulation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dated text: its issuers, its number, and from when to when it was in force (ISO dates).

    ``default`` is false for a text that is judged only where somebody asks for it: it says again, in other headings, much
    of what a default one says, and a report must stay readable.
    """

    id: str
    title: dict[Language, str]
    number: str
    number_label: Label
    issuers: tuple[str, ...]
    issued: str
    effective_from: str
    effective_to: str | None = None
    source: str = ""
    default: bool = True
    categories: dict[str, dict[Language, str]] = {}
    clauses: tuple[Clause, ...] = ()


def in_force(text: Regulation | Clause, day: str | None) -> bool:
    """Whether a text was in force on the day; without a day every text is taken to be."""
    return day is None or (text.effective_from or day) <= day <= (text.effective_to or day)
