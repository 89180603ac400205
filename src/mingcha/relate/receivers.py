"""Whose a host is that a flow goes to: the receiver that the call itself does not tell.

A flow that hands a value to an SDK's class has its receiver from the code. A flow to a server has a host at most. The
hosts written in the app are facts with their owners where the catalogue is sure, and the flow gets that owner. Where it is
not sure, or several SDKs share a domain, the code decides: an SDK's own code that sends to a domain listed for that SDK
sends to it. Any other host keeps a null receiver, because it may be the app's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.fact import HostNamed, InformationFlow
from mingcha.model.factbase import FactBase


def with_receivers(base: FactBase, tables: Catalogue) -> FactBase:
    """The base with the receiver of each flow to a host whose owner is known; nothing that is known is changed."""
    if not base.of_kind("InformationFlow"):
        return base
    hosts = {fact.host: fact for fact in base.of_kind("HostNamed") if isinstance(fact, HostNamed)}
    facts = [_received(fact, hosts, tables) if isinstance(fact, InformationFlow) else fact for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


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
