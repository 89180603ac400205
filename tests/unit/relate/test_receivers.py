"""Receivers of flows over facts written by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    AppDeclared,
    Fact,
    HostNamed,
    InformationFlow,
    InformationRead,
    InformationSent,
    InformationTaken,
    SdkPresent,
)
from mingcha.model.factbase import FactBase
from mingcha.relate.joins import relate
from mingcha.relate.receivers import with_receivers

TABLES = load()
PLACE = Place(sha256="0", path="classes.dex", at=1)
UMENG = HostNamed(place=PLACE, host="ulogs.umeng.com", owner="umeng-analytics")
OWN = HostNamed(place=PLACE, host="api.example.com")


def flow(**fields: Any) -> InformationFlow:
    """A flow of the IMEI over the network, changed by ``fields``."""
    usual = {"information": "dev.imei", "source": "s", "sink": "t", "channel": "network", "owner": "app"}
    return InformationFlow(place=PLACE, source_place=PLACE, **{**usual, **fields})


def received(*facts: Fact) -> list[InformationFlow]:
    """The flows among the facts after their receivers are filled in."""
    return [f for f in with_receivers(FactBase.of(facts), TABLES).facts if isinstance(f, InformationFlow)]


def test_the_owner_of_the_host_receives() -> None:
    """A flow to a host of an SDK goes to that SDK, and says which fact told so."""
    (found,) = received(flow(host="ulogs.umeng.com"), UMENG, OWN)
    assert found.receiver == "umeng-analytics"
    host = next(f for f in FactBase.of([UMENG]).facts)
    assert found.sources == (host.id,)


@pytest.mark.parametrize("host", ["api.example.com", "elsewhere.example.net", None])
def test_a_host_nobody_knows_is_nobodys(host: str | None) -> None:
    """A host without a known owner, one that no fact names, and no host at all leave the receiver open."""
    assert [f.receiver for f in received(flow(host=host), UMENG, OWN)] == [None]


@pytest.mark.parametrize(
    ("owner", "host", "receiver"),
    [
        ("bmob", "open.bmob.cn", "bmob"),
        ("bmob", "bmob.cn", "bmob"),
        ("bmob", "openbmob.cn", None),
        ("app", "open.bmob.cn", None),
        (None, "open.bmob.cn", None),
        ("umeng-analytics", "open.bmob.cn", None),
    ],
)
def test_a_doubtful_domain_counts_for_the_code_of_its_own_sdk(
    owner: str | None, host: str, receiver: str | None
) -> None:
    """A domain nobody verified is the SDK's where the SDK's own code sends there, and nobody's otherwise."""
    assert not any(s.verified for s in TABLES.sdks["bmob"].signatures if s.value == "bmob.cn"), "take another SDK"
    named = HostNamed(place=PLACE, host=host)
    assert [f.receiver for f in received(flow(host=host, owner=owner), named)] == [receiver]
    assert [f.receiver for f in received(flow(host=host, owner=owner))] == [receiver]


def test_what_the_code_says_stands() -> None:
    """A receiver that the call itself tells is not changed by the host."""
    (found,) = received(flow(host="ulogs.umeng.com", channel="sdk", receiver="bugly"), UMENG)
    assert (found.receiver, found.sources) == ("bugly", ())


def test_the_rest_of_the_base_stays() -> None:
    """Facts, coverage and gaps other than flows are the same before and after."""
    base = FactBase.of([UMENG, OWN, flow(host="ulogs.umeng.com")])
    after = with_receivers(base, TABLES)
    kept = [f for f in base.facts if not isinstance(f, InformationFlow)]
    assert [f for f in after.facts if not isinstance(f, InformationFlow)] == kept
    assert (after.covered, after.gaps) == (base.covered, base.gaps)


def taken(*facts: Fact) -> list[InformationTaken]:
    """What is taken, joined from the facts."""
    base = relate(FactBase.of(facts), Case(), TABLES)
    return [f for f in base.facts if isinstance(f, InformationTaken)]


def test_a_known_receiver_may_take_what_flows_to_it() -> None:
    """An IMEI that the app's code reads and hands to an SDK is potentially taken by the SDK, hashed or not."""
    found = taken(flow(host="ulogs.umeng.com", transforms=("md5",)), UMENG)
    assert [(f.information, f.grade, f.actor, f.party, f.phase) for f in found] == [
        ("dev.imei", "potential", "app", "umeng-analytics", None)
    ]
    assert len(found[0].sources) == 1


@pytest.mark.parametrize(
    "change",
    [{"host": "api.example.com"}, {"channel": "log"}, {"channel": "sdk", "receiver": "bugly", "implicit": True}],
)
def test_no_receiver_no_taking(change: dict[str, Any]) -> None:
    """A flow to nobody known, into a log, or of what was only decided by the value gives nobody anything."""
    assert taken(msgspec.structs.replace(flow(), **change), UMENG, OWN) == []


# --- what was seen leaving


def sent(**fields: Any) -> InformationSent:
    """The IMEI seen leaving, changed by ``fields``."""
    return InformationSent(place=PLACE, **{"information": "dev.imei", "host": "ulogs.umeng.com", **fields})


def inside(sdk: str, **fields: Any) -> SdkPresent:
    """An SDK in the app."""
    return SdkPresent(place=PLACE, sdk=sdk, score=3, signals=("class",), **fields)


def receivers(*facts: Fact) -> list[str | None]:
    """Receivers of what was sent."""
    return [f.receiver for f in with_receivers(FactBase.of(facts), TABLES).facts if isinstance(f, InformationSent)]


def test_a_shared_domain_belongs_to_the_one_sdk_inside() -> None:
    """Of several SDKs that share a host the one in the app has it; two of them, or one that is only possible, leave it open."""
    assert receivers(sent(), inside("umeng-analytics")) == ["umeng-analytics"]
    assert receivers(sent()) == [None]
    assert receivers(sent(), inside("umeng-analytics", possible=True)) == [None]
    sharing = [
        s for s, row in TABLES.sdks.items() if any(x.form == "host" and x.value == "umeng.com" for x in row.signatures)
    ]
    if len(sharing) > 1:
        assert receivers(sent(), *map(inside, sharing[:2])) == [None]


def test_an_own_host_is_the_operators() -> None:
    """A host that two signs make the operator's own receives as the app."""
    package = AppDeclared(place=PLACE, package="com.example.app", version_name="1", version_code=1)
    manifest = HostNamed(place=msgspec.structs.replace(PLACE, path="AndroidManifest.xml"), host="www.example.com")
    assert receivers(sent(host="log.example.com"), package, manifest) == ["app"]
    assert receivers(sent(host="log.example.com"), package) == [None]


def told_taken(*facts: Fact) -> list[tuple[str | None, str]]:
    """What counts as taken."""
    base = relate(FactBase.of(facts), Case(), TABLES)
    return [(f.information, f.grade) for f in base.facts if isinstance(f, InformationTaken)]


def test_what_accuses_nobody() -> None:
    """Values that only look like one, values nothing ties to the app, and what only describes a device are not taken."""
    assert told_taken(sent()) == [("dev.imei", "transmitted")]
    assert told_taken(sent(confidence="probable")) == told_taken(sent(confidence="possible")) == []
    assert told_taken(sent(tie=None)) == []
    assert told_taken(sent(information="dev.model")) == []
    assert told_taken(InformationRead(place=PLACE, information="dev.os", outcome="value")) == []
    assert told_taken(InformationRead(place=PLACE, information="dev.imei", outcome="exception")) == []
