"""What follows from facts of several artefacts together."""

from __future__ import annotations

from typing import Literal

from mingcha.model.fact_kind import Fact
from mingcha.model.words import Grade, Phase, Provision, SaidOutcome


class InformationTaken(Fact, frozen=True, kw_only=True, tag=True):
    """Information obtained or obtainable, whatever showed it; the grades never turn into one another."""

    information: str | None
    grade: Grade
    phase: Phase | None = None
    actor: str | None = None
    party: str | None = None


class SaidAgainstDone(Fact, frozen=True, kw_only=True, tag=True):
    """One information type and party: what the policy says against what the app does, in PoliCheck's five outcomes."""

    information: str
    party: str | None
    outcome: SaidOutcome
    grade: Grade


class ProvisionAbsent(Fact, frozen=True, kw_only=True, tag=True):
    """A policy that was read as a whole does not state this, as far as the reader can tell, and that is measured to be far.

    ``positives`` and ``missed`` are those of `Measured`: so many texts that state it, so many read without finding it.
    """

    provision: Provision
    positives: int
    missed: int


class SaidNotDone(Fact, frozen=True, kw_only=True, tag=True):
    """The policy says that the app does or has this, and nothing in the app that was wholly looked at shows it (over-declaring)."""

    what: Literal["information", "sdk", "permission"]
    value: str


class ForeignNameInPolicy(Fact, frozen=True, kw_only=True, tag=True):
    """The policy speaks as another app or operator than the one inspected: a sign that it was copied."""

    name: str
    form: Literal["app", "operator", "package"]


class RepeatedAsking(Fact, frozen=True, kw_only=True, tag=True):
    """The same consent asked again after a refusal: ``times`` within ``hours``."""

    about: str
    hours: float
    times: int


class RequestBurst(Fact, frozen=True, kw_only=True, tag=True):
    """Several permission requests in one go; ``exit_on_refusal`` tells whether the app stopped working without them."""

    count: int
    exit_on_refusal: bool | None = None


class ReadRate(Fact, frozen=True, kw_only=True, tag=True):
    """How often one type is read, per minute, in one phase; ``needed`` is a person's judgement."""

    information: str
    phase: Phase | None
    per_minute: float
    needed: bool | None = None


class NecessaryInformation(Fact, frozen=True, kw_only=True, tag=True):
    """Information that npi-2021 calls necessary for the app's confirmed type."""

    type: int
    information: str


class ChangeNotice(Fact, frozen=True, kw_only=True, tag=True):
    """Whether users were told, and reminded to read, when the rules changed."""

    given: bool
    way: str | None = None


class RequestHandled(Fact, frozen=True, kw_only=True, tag=True):
    """A correction, deletion, cancellation or complaint and what became of it, in working days."""

    request: Literal["correction", "deletion", "cancellation", "complaint"]
    days: int | None = None
    promised_days: int | None = None
    done: bool | None = None
    backend_done: bool | None = None
