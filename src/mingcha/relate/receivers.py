"""Whose a host is that a flow goes to: the receiver that the call itself does not tell.

A flow that hands a value to an SDK's class has its receiver from the code. A flow to a server has a host at most. The
hosts written in the app are facts with their owners where the catalogue is sure, and the flow gets that owner. Where it is
not sure, or several SDKs share a domain, the code decides: an SDK's own code that sends to a domain listed for that SDK
sends to it. Any other host keeps a null receiver, because it may be the app's own.

What was seen leaving has its host from the traffic: it goes to the SDK that alone lists the domain, to the one SDK in the app
of several that share it, or to the operator, where the host is surely the operator's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.fact import (
    Fact,
    HostContacted,
    HostNamed,
    InformationFlow,
    InformationSent,
    PlainTransport,
    SdkPresent,
)
from mingcha.model.factbase import FactBase
from mingcha.relate.ownhosts import domain_of, own_domains


def with_receivers(base: FactBase, tables: Catalogue) -> FactBase:
    """The base with the receiver of each flow and sending to a host whose owner is known; nothing that is known is changed."""
    if not any(base.of_kind(kind) for kind in ("InformationFlow", *_OBSERVED)):
        return base
    hosts = {fact.host: fact for fact in base.of_kind("HostNamed") if isinstance(fact, HostNamed)}
    seen = _owners_seen(base, tables)
    facts = [_received(fact, hosts, tables) if isinstance(fact, InformationFlow) else seen(fact) for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


_OBSERVED = ("InformationSent", "PlainTransport", "HostContacted")


def _owners_seen(base: FactBase, tables: Catalogue) -> Callable[[Fact], Fact]:
    """What tells the owner of a host that was contacted in a run."""
    own = own_domains(base)
    inside = sorted({f.sdk for f in base.of_kind("SdkPresent") if isinstance(f, SdkPresent) and not f.possible})

    @cache
    def owner(host: str) -> str | None:
        sharing = [sdk for sdk in inside if _lists(sdk, host, tables)]
        if len(sharing) == 1:
            return sharing[0]
        return "app" if not sharing and domain_of(host) in own else None

    def told(fact: Fact) -> Fact:
        match fact:
            case InformationSent(receiver=None) | PlainTransport(receiver=None):
                return msgspec.structs.replace(fact, receiver=owner(fact.host))
            case HostContacted(owner=None):
                return msgspec.structs.replace(fact, owner=owner(fact.host))
        return fact

    return told


def _received(flow: InformationFlow, hosts: Mapping[str, HostNamed], tables: Catalogue) -> InformationFlow:
    if flow.receiver is not None or flow.host is None:
        return flow
    named = hosts.get(flow.host)
    owner = (named.owner if named else None) or (flow.owner if _lists(flow.owner, flow.host, tables) else None)
    if owner is None:
        return flow
    sources = (*flow.sources, named.id) if named else flow.sources
    return msgspec.structs.replace(flow, receiver=owner, sources=sources)


def _lists(sdk: str | None, host: str, tables: Catalogue) -> bool:
    """Whether a domain that the SDK lists, verified or not, holds the host."""
    row = tables.sdks.get(sdk or "")
    domains = [s.value for s in row.signatures if s.form == "host" and not s.pattern] if row else []
    return any(f".{host}".endswith(f".{domain}") for domain in domains)
