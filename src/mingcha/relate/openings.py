"""What went to another application that a person had refused to give anything to.

Screens show that the question was answered with no and that the other application opened all the same; a capture of this app
alone shows a value of the device on its way to that application's own domain. Only both together say what was given, and only
where nothing else explains it: the operator's own domain, an SDK of the same house, or a domain that was sent things all along.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from mingcha.model.fact import Fact, InformationSent, RunRecorded, ThirdPartyOpened
from mingcha.model.factbase import FactBase
from mingcha.relate.ownhosts import NOBODYS, domain_of, own_domains

_SURE = timedelta(seconds=1)
"""The collector gives no time where a capture's clock is less well known."""
_AT_ONCE = timedelta(minutes=1)
"""How long after the opening what is sent belongs to it."""
_LEAST = 3
"""Labels of a package's name from which on its first ones may be somebody's domain."""


def with_passed_on(base: FactBase) -> FactBase:
    """The base with what each refused application was sent after the refusal, in runs that began clean."""
    runs = [fact for fact in base.facts if isinstance(fact, RunRecorded)]
    clean = {fact.run for fact in runs if fact.start == "clean"}
    sent = [fact for fact in base.facts if isinstance(fact, InformationSent) and fact.run in clean]
    agreed = {(f.run, f.name) for f in base.facts if isinstance(f, ThirdPartyOpened) and f.consent is not False}
    if not sent or not any(_refused(fact, clean, agreed) for fact in base.facts):
        return base
    own = own_domains(base) | {_domain(run.package) for run in runs if run.package is not None}
    facts = [_with(fact, sent, own) if _refused(fact, clean, agreed) else fact for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


def _refused(fact: Fact, clean: set[str], agreed: set[tuple[str | None, str]]) -> bool:
    """Whether every opening of that application in the run came after a no."""
    return (
        isinstance(fact, ThirdPartyOpened)
        and fact.consent is False
        and fact.time is not None
        and fact.run in clean
        and (fact.run, fact.name) not in agreed
    )


def _with(fact: Fact, sent: list[InformationSent], own: frozenset[str | None]) -> Fact:
    assert isinstance(fact, ThirdPartyOpened)
    domain = _domain(fact.name)
    if domain is None or domain in own:
        return fact
    to_it = [one for one in sent if domain_of(one.host) == domain and one.run == fact.run]
    if not to_it or not all(_follows(one, fact) for one in to_it):
        return fact
    information = tuple(dict.fromkeys(one.information for one in to_it))
    return msgspec.structs.replace(fact, information=information, sources=tuple(sorted(one.id for one in to_it)))


def _follows(sent: InformationSent, opened: ThirdPartyOpened) -> bool:
    """A value that was known before, surely sent by this app and by no SDK, right after the opening.

    Their clocks may differ by the error that the collector allows; a time that is not known is none that follows.
    """
    surely = sent.confidence == "planted" and sent.tie == "capture" and sent.receiver is None
    if not surely or sent.time is None or opened.time is None:
        return False
    return _SURE < datetime.fromisoformat(sent.time) - datetime.fromisoformat(opened.time) <= _AT_ONCE


def _domain(package: str) -> str | None:
    """The domain that a package's name is written after; None where it is nobody's own."""
    labels = package.lower().split(".")
    if len(labels) < _LEAST:
        return None
    domain = domain_of(".".join(reversed(labels)))
    return None if domain in NOBODYS else domain
