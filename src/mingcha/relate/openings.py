"""What went to another application that a person had refused to give anything to.

Screens show that the question was answered with no and that the other application opened all the same; a capture of this app
alone shows a value of the device on its way to that application's own domain. Only both together say what was given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from mingcha.model.fact import Fact, InformationSent, RunRecorded, ThirdPartyOpened
from mingcha.model.factbase import FactBase
from mingcha.relate.ownhosts import NOBODYS, domain_of

_SURE = timedelta(seconds=1)
"""The collector gives no time where a capture's clock is less well known."""
_LEAST = 3
"""Labels of a package's name from which on its first ones may be somebody's domain."""


def with_passed_on(base: FactBase) -> FactBase:
    """The base with what each refused application was sent after the refusal, in runs that began clean."""
    clean = {fact.run for fact in base.facts if isinstance(fact, RunRecorded) and fact.start == "clean"}
    sent = [fact for fact in base.facts if isinstance(fact, InformationSent) and _counts(fact, clean)]
    agreed = {(f.run, f.name) for f in base.facts if isinstance(f, ThirdPartyOpened) and f.consent is not False}
    if not sent or not any(_refused(fact, clean, agreed) for fact in base.facts):
        return base
    facts = [_with(fact, sent) if _refused(fact, clean, agreed) else fact for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


def _counts(sent: InformationSent, clean: set[str]) -> bool:
    """A value that was known before, surely sent by this app."""
    return sent.confidence == "planted" and sent.tie == "capture" and sent.run in clean and sent.time is not None


def _refused(fact: Fact, clean: set[str], agreed: set[tuple[str | None, str]]) -> bool:
    """Whether every opening of that application in the run came after a no."""
    return (
        isinstance(fact, ThirdPartyOpened)
        and fact.consent is False
        and fact.time is not None
        and fact.run in clean
        and (fact.run, fact.name) not in agreed
    )


def _with(fact: Fact, sent: list[InformationSent]) -> Fact:
    assert isinstance(fact, ThirdPartyOpened)
    domain = _domain(fact.name)
    to_it = [
        one
        for one in sent
        if domain is not None and domain_of(one.host) == domain and one.run == fact.run and _after(one.time, fact.time)
    ]
    if not to_it:
        return fact
    information = tuple(dict.fromkeys(one.information for one in to_it))
    return msgspec.structs.replace(fact, information=information, sources=tuple(sorted(one.id for one in to_it)))


def _after(time: str | None, other: str | None) -> bool:
    """Whether one moment surely lies after another: by more than the error that their clocks may have here."""
    if time is None or other is None:
        return False
    return datetime.fromisoformat(time) - datetime.fromisoformat(other) > _SURE


def _domain(package: str) -> str | None:
    """The domain that a package's name is written after; None where it is nobody's own."""
    labels = package.lower().split(".")
    if len(labels) < _LEAST:
        return None
    domain = domain_of(".".join(reversed(labels)))
    return None if domain in NOBODYS else domain
