"""Which hosts are the operator's own: two signs, never one, and nobody's mailbox provider."""

from __future__ import annotations

import pytest

from mingcha.model.artefact import Place
from mingcha.model.fact import AppDeclared, Fact, HostNamed, ProvisionStated, SignedBy
from mingcha.model.factbase import FactBase
from mingcha.relate.ownhosts import domain_of, own_domains


def at(path: str = "", quote: str = "") -> Place:
    """A place."""
    return Place(sha256="0" * 64, path=path, quote=quote)


PACKAGE = AppDeclared(place=at(), package="com.example.weather", version_name="1", version_code=1)
POLICY = ProvisionStated(place=at(quote="如有疑问请发邮件至 privacy@mail.example.com 。"), provision="contact")
MANIFEST = HostNamed(place=at("AndroidManifest.xml"), host="www.example.com")
CODE = HostNamed(place=at("classes.dex"), host="api.example.com")
SIGNER = SignedBy(place=at(), scheme="v2", certificate_sha256="0" * 64, subject="CN=example.com,O=Example")


@pytest.mark.parametrize(
    ("facts", "own"),
    [
        ((PACKAGE,), set()),
        ((PACKAGE, CODE), set()),
        ((PACKAGE, POLICY), {"example.com"}),
        ((PACKAGE, MANIFEST), {"example.com"}),
        ((MANIFEST, SIGNER), {"example.com"}),
        ((POLICY, POLICY), set()),
    ],
)
def test_two_signs(facts: tuple[Fact, ...], own: set[str]) -> None:
    """One sign, or one sign twice, or a host in the code makes no host the operator's own."""
    assert own_domains(FactBase.of(facts)) == own


def test_a_mailbox_provider_is_nobodys() -> None:
    """An operator with a mailbox at a provider does not own the provider's hosts."""
    mail = ProvisionStated(place=at(quote="邮箱：someone@qq.com"), provision="contact")
    assert (
        own_domains(
            FactBase.of([AppDeclared(place=at(), package="com.qq.app", version_name="1", version_code=1), mail])
        )
        == set()
    )


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("x.example.com.cn", "example.com.cn"),
        ("com.cn", "com.cn"),
        ("localhost", "localhost"),
    ],
)
def test_domains(host: str, domain: str) -> None:
    """Two labels, three under com.cn."""
    assert domain_of(host) == domain
