"""How a clause was answered, and with which facts."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mingcha.model.factbase import Where

Answer = Literal["yes", "no", "unknown"]
Outcome = Literal["breached", "met", "not determined", "not applicable"]


class PersonAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person said, keyed by clause, question and subject; ``answer`` is yes, no or a number.

    Who says it, in what role, when and with what proof is kept with it.
    """

    clause: str
    question: str
    answer: bool | int
    about: str | None = None
    who: str | None = None
    role: str | None = None
    date: str | None = None
    proof: str | None = None


class Wait(Struct, frozen=True, kw_only=True):
    """Why a node is unknown: a kind of fact not completely looked at (with the gaps in the way), a null field, or a question.

    ``clause`` is whose question it is, where that is another clause than the one judged.
    """

    kind: str | None = None
    gaps: tuple[int, ...] = ()
    field: str | None = None
    fact: str | None = None
    question: str | None = None
    about: str | None = None
    clause: str | None = None


class Trace(Struct, frozen=True, kw_only=True):
    """How one node of a condition was answered.

    ``facts`` are ids of the facts that decided it, ``where`` the test with its variables filled in, ``answers`` the
    numbers of the answers used, ``waits`` what stands in the way when it is unknown. The node of a followed clause is an
    ``all`` (it applies, and it is breached) with the clause's id in ``about``.
    """

    word: Literal["seen", "at_least", "some", "ask", "all", "any", "not"]
    answer: Answer
    kind: str | None = None
    where: Where = {}
    facts: tuple[str, ...] = ()
    question: str | None = None
    about: str | None = None
    answers: tuple[int, ...] = ()
    waits: tuple[Wait, ...] = ()
    parts: tuple[Trace, ...] = ()


class Verdict(Struct, frozen=True, kw_only=True):
    """One clause judged; ``evidence`` repeats the ids of the facts that carry the outcome, ``waits`` what is missing."""

    clause: str
    outcome: Outcome
    trace: Trace | None
    applies: Trace | None = None
    evidence: tuple[str, ...] = ()
    answers: tuple[int, ...] = ()
    waits: tuple[Wait, ...] = ()
