"""Which hosts are the operator's own: two signs of four must agree, so that none is guessed.

Signs: the package's name read backwards, a host in the manifest, an address that the policy gives for contact, and the
signer's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from mingcha.model.fact import AppDeclared, HostNamed, ProvisionStated, SignedBy
from mingcha.model.factbase import FactBase

_HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_SHARED_SECOND = frozenset({"com", "net", "org", "gov", "edu", "co", "ac"})
_CONTACT = frozenset({"contact", "complaint_channel", "operator_identity", "officer"})
NOBODYS = frozenset(
    {"qq.com", "163.com", "126.com", "gmail.com", "foxmail.com", "sina.com", "sina.cn", "sohu.com", "outlook.com",
     "hotmail.com", "yeah.net", "139.com", "189.cn", "aliyun.com", "icloud.com", "github.io", "github.com", "gitee.io"}
)  # fmt: skip
"""Where people have mailboxes and pages: such an address says nothing of who owns the domain."""


def own_domains(base: FactBase) -> frozenset[str]:
    """Domains of the operator (``example.com``), each by two signs."""
    signs: dict[str, set[str]] = defaultdict(set)
    for sign, host in _signs(base):
        if (domain := domain_of(host)) not in NOBODYS:
            signs[domain].add(sign)
    return frozenset(domain for domain, found in signs.items() if len(found) > 1)


def _signs(base: FactBase) -> Iterator[tuple[str, str]]:
    for fact in base.facts:
        match fact:
            case AppDeclared(package=str(package)):
                yield "package", ".".join(reversed(package.lower().split(".")[:2]))
            case HostNamed(host=host, place=place) if place.path.endswith("AndroidManifest.xml"):
                yield "manifest", host
            case ProvisionStated(provision=provision, place=place) if provision in _CONTACT:
                yield from (("policy", found) for found in _HOST.findall(place.quote))
            case SignedBy(subject=str(subject)):
                yield from (("signer", found) for found in _HOST.findall(subject))


def domain_of(host: str) -> str:
    """The part of a host that somebody registers: two labels, or three under ``com.cn`` and its like."""
    labels = host.lower().strip(".").split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_SECOND
    return ".".join(labels[-3:] if shared else labels[-2:])
