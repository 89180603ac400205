"""Hosts become facts, with the SDK whose domain they are in where only one SDK names it."""

from __future__ import annotations

import pytest

from mingcha.collect.hosts import collect, domain_owners, owner_of
from mingcha.errors import LimitError
from mingcha.model.fact import HostNamed
from mingcha.model.sdk import Signature
from tests.build.tinyapp import app, catalogue, opened, sdk

TABLES = catalogue(
    sdks=[
        sdk("push", Signature(form="host", value="push.example.com"), Signature(form="host", value="group.example.cn")),
        sdk(
            "ads",
            Signature(form="host", value="ads.push.example.com"),
            Signature(form="host", value="group.example.cn"),
        ),
        sdk("guess", Signature(form="host", value="guess.example.com", verified=False)),
    ]
)


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("push.example.com", "push"),
        ("a.b.push.example.com", "push"),
        ("x.ads.push.example.com", "ads"),
        ("xpush.example.com", None),
        ("example.com", None),
        ("api.group.example.cn", None),
        ("guess.example.com", None),
        ("com", None),
    ],
)
def test_owner_of_a_host(host: str, owner: str | None) -> None:
    """The longest domain decides, at a dot; shared and unverified domains give no owner."""
    assert owner_of(host, domain_owners(TABLES)) == owner


def test_each_host_once_at_its_first_place() -> None:
    """One fact for each host, which stands at the byte the fact names; never a word of completeness."""
    data = app(strings=["https://a.push.example.com/1", "https://a.push.example.com/2", "http://other.example.org"])
    package = opened(data)
    found = list(collect(package, TABLES))
    assert [(f.host, f.owner, f.place.quote) for f in found if isinstance(f, HostNamed)] == [
        ("other.example.org", None, "other.example.org"), ("a.push.example.com", "push", "a.push.example.com"),
    ]  # fmt: skip
    assert len(found) == 2
    dex = package.base.archive.read("classes.dex")
    assert all(dex[f.place.at :].startswith(f.host.encode()) for f in found if isinstance(f, HostNamed))


def test_more_hosts_than_any_app_has() -> None:
    """Too many hosts are a LimitError, not millions of facts."""
    with pytest.raises(LimitError, match="hosts"):
        list(collect(opened(app(strings=[f"https://h{n}.example.com/" for n in range(30)]), findings=20), TABLES))
