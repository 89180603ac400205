"""A class belongs to whom the longest known prefix says, and to nobody where none is known."""

from __future__ import annotations

import pytest

from mingcha.collect.owners import Owners
from mingcha.model.sdk import Signature
from tests.build.dexmaker import Class
from tests.build.tinyapp import app, catalogue, manifest, opened, sdk

TABLES = catalogue(
    sdks=[
        sdk("umeng", Signature(form="package", value="com.umeng")),
        sdk(
            "umeng-push",
            Signature(form="package", value="com.umeng.message"),
            Signature(form="class", value="org.agoo.Sole"),
        ),
        sdk(
            "guess",
            Signature(form="package", value="com.guess.sdk", verified=False),
            Signature(form="native", value="libguess.so"),
        ),
        sdk("pattern", Signature(form="package", value="com.patt.*", pattern=True)),
        sdk(
            "parts",
            Signature(form="component", value="com.parts.Service"),
            Signature(form="host", value="parts.example"),
        ),
    ],
    libraries=["androidx", "com.squareup"],
)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("com.umeng.Main", "umeng"),
        ("com.umeng.message.Push", "umeng-push"),
        ("com.umeng.messages.Other", "umeng"),
        ("com.umengx.Main", None),
        ("com.umeng", "umeng"),
        ("com", None),
        ("org.agoo.Sole", "umeng-push"),
        ("org.agoo.Sole.Inner", "umeng-push"),
        ("org.agoo.Soleil", None),
        ("com.example.app.Main", "app"),
        ("com.example.app", "app"),
        ("com.example.appendix.Main", None),
        ("com.example.Main", None),
        ("androidx.core.App", None),
        ("com.guess.sdk.A", None),
        ("com.patt.A", None),
        ("com.parts.Service", None),
        ("", None),
    ],
)
def test_owner(name: str, owner: str | None) -> None:
    """Prefixes count at a dot, the longest first; shared libraries, doubtful and other signatures give no owner."""
    assert Owners(TABLES, opened(app())).of(name) == owner


def test_doubtful_prefix_counts_for_an_sdk_that_is_inside() -> None:
    """An unverified package is the SDK's once a verified sign (its library) shows that the SDK is inside."""
    package = opened(app(members={"lib/arm64-v8a/libguess.so": b"x"}))
    assert Owners(TABLES, package).of("com.guess.sdk.A") == "guess"


def test_sdk_wins_over_the_app_that_is_named_like_it() -> None:
    """An app whose package is an SDK's prefix does not take the SDK's classes for its own."""
    package = opened(app([Class("Lcom/umeng/A;")], xml=manifest(package="com.umeng")))
    assert Owners(TABLES, package).of("com.umeng.A") == "umeng"


def test_app_without_a_name_owns_nothing() -> None:
    """Where the manifest cannot be read nothing is the app's."""
    assert Owners(TABLES, opened(app([Class("La/A;")], xml=b""))).of("com.example.app.Main") is None


def test_owner_by_descriptor() -> None:
    """Descriptors are read as dotted names; arrays and primitives are nobody's."""
    owners = Owners(TABLES, opened(app()))
    assert [owners.of_descriptor(name) for name in ("Lcom/umeng/A;", "Lcom/example/app/A$1;", "[I", "I")] == [
        "umeng",
        "app",
        None,
        None,
    ]
