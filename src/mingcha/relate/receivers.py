"""Whose a host is that a flow goes to: the receiver that the call itself does not tell.

A flow that hands a value to an SDK's class has its receiver from the code. A flow to a server has a host at most, and the
hosts written in the app are known with their owners: the flow gets that owner. A host nobody knows keeps a null receiver,
because it may be the app's own.
"""

from __future__ import annotations

import msgspec

from mingcha.model.fact import HostNamed, InformationFlow
from mingcha.model.factbase import FactBase


def with_receivers(base: FactBase) -> FactBase:
    """The base with the receiver of each flow to a host whose owner is known; nothing that is known is changed."""
    hosts = {fact.host: fact for fact in base.of_kind("HostNamed") if isinstance(fact, HostNamed) and fact.owner}
    if not hosts or not base.of_kind("InformationFlow"):
        return base
    facts = [_received(fact, hosts) if isinstance(fact, InformationFlow) else fact for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


def _received(flow: InformationFlow, hosts: dict[str, HostNamed]) -> InformationFlow:
    named = hosts.get(flow.host or "") if flow.receiver is None else None
    if named is None:
        return flow
    return msgspec.structs.replace(flow, receiver=named.owner, sources=(*flow.sources, named.id))
