"""What a collector is and what it may yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import ArtefactKind
from mingcha.model.fact import Fact
from mingcha.model.factbase import Covered, Gap

Finding = Fact | Covered | Gap


@dataclass(frozen=True, slots=True)
class Collector:
    """``run(subject, tables)`` reads one opened artefact of kind ``reads`` and yields facts of the kinds in ``yields``."""

    name: str
    reads: ArtefactKind
    yields: tuple[str, ...]
    run: Callable[[Any, Catalogue], Iterable[Finding]]
    vouches: tuple[str, ...] = ()
    """Kinds that others yield and whose gaps only this collector knows: they are hidden too when it fails."""


FROM_POLICY = (
    "PolicyDocument", "ProvisionStated", "InformationNamedInPolicy", "PolicyDenial", "PurposeStated", "SdkNamed",
    "RecipientNamed", "PolicyStatement", "PolicyDefinition", "PermissionNamedInPolicy", "PolicyParagraph",
    "ProvisionNear",
)  # fmt: skip
"""Kinds of fact that a policy's text shows, the document itself first."""
FROM_CODE = ("SensitiveCall", "InformationFlow", "SdkPresent", "HostNamed")
"""Kinds of fact that hidden code may hide."""
