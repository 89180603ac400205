"""Every kind of fact, one class each, in the order in which evidence comes: app, policy, observed, joined.

A field that is null is *not known*: a condition that tests it comes out unknown, never no.
Adding a kind is adding one class to the module it belongs to and its name here; the loader, the JSON Schema and the docs
read this module.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from mingcha.model.fact_app import (
    AppDeclared,
    CodeProtected,
    ComponentDeclared,
    HostNamed,
    InformationFlow,
    PermissionDeclared,
    QueryDeclared,
    SdkPresent,
    SensitiveCall,
    SignedBy,
    TextShown,
    VersionChange,
)
from mingcha.model.fact_joined import (
    ChangeNotice,
    ForeignNameInPolicy,
    InformationTaken,
    NecessaryInformation,
    ProvisionAbsent,
    ReadRate,
    RepeatedAsking,
    RequestBurst,
    RequestHandled,
    SaidAgainstDone,
    SaidNotDone,
)
from mingcha.model.fact_kind import Fact
from mingcha.model.fact_observed import (
    ActMade,
    ConsentControl,
    ConsentPrompt,
    FieldAsked,
    HostContacted,
    InformationRead,
    InformationSent,
    PermissionChanged,
    PermissionGranted,
    PermissionRequested,
    PhaseSpan,
    PlainTransport,
    RefusalOutcome,
    RunRecorded,
    ScreenSeen,
    ScreenText,
    StepsTo,
    ThirdPartyOpened,
)
from mingcha.model.fact_policy import (
    InformationNamedInPolicy,
    PermissionNamedInPolicy,
    PolicyDefinition,
    PolicyDenial,
    PolicyDocument,
    PolicyParagraph,
    PolicyStatement,
    ProvisionNear,
    ProvisionStated,
    PurposeStated,
    RecipientNamed,
    SdkNamed,
)

__all__ = [
    "KINDS",
    "ActMade",
    "AnyFact",
    "AppDeclared",
    "ChangeNotice",
    "CodeProtected",
    "ComponentDeclared",
    "ConsentControl",
    "ConsentPrompt",
    "Fact",
    "FieldAsked",
    "ForeignNameInPolicy",
    "HostContacted",
    "HostNamed",
    "InformationFlow",
    "InformationNamedInPolicy",
    "InformationRead",
    "InformationSent",
    "InformationTaken",
    "NecessaryInformation",
    "PermissionChanged",
    "PermissionDeclared",
    "PermissionGranted",
    "PermissionNamedInPolicy",
    "PermissionRequested",
    "PhaseSpan",
    "PlainTransport",
    "PolicyDefinition",
    "PolicyDenial",
    "PolicyDocument",
    "PolicyParagraph",
    "PolicyStatement",
    "ProvisionAbsent",
    "ProvisionNear",
    "ProvisionStated",
    "PurposeStated",
    "QueryDeclared",
    "ReadRate",
    "RecipientNamed",
    "RefusalOutcome",
    "RepeatedAsking",
    "RequestBurst",
    "RequestHandled",
    "RunRecorded",
    "SaidAgainstDone",
    "SaidNotDone",
    "ScreenSeen",
    "ScreenText",
    "SdkNamed",
    "SdkPresent",
    "SensitiveCall",
    "SignedBy",
    "StepsTo",
    "TextShown",
    "ThirdPartyOpened",
    "VersionChange",
]  # fmt: skip

_ORDER: tuple[type[Fact], ...] = (
    AppDeclared, SignedBy, PermissionDeclared, ComponentDeclared, QueryDeclared, SdkPresent, SensitiveCall,
    InformationFlow, HostNamed, TextShown, CodeProtected, VersionChange,
    PolicyDocument, PolicyParagraph, PolicyStatement, PolicyDefinition, PermissionNamedInPolicy,
    ProvisionStated, InformationNamedInPolicy, PolicyDenial, PurposeStated, SdkNamed, RecipientNamed,
    ProvisionNear,
    RunRecorded, ScreenSeen, ActMade, PhaseSpan,
    InformationRead, InformationSent, PlainTransport, HostContacted, PermissionRequested, PermissionGranted, PermissionChanged,
    ConsentPrompt, ConsentControl, ScreenText, StepsTo, RefusalOutcome, ThirdPartyOpened, FieldAsked,
    InformationTaken, SaidAgainstDone, ProvisionAbsent, SaidNotDone, ForeignNameInPolicy, RepeatedAsking,
    RequestBurst, ReadRate, NecessaryInformation, ChangeNotice, RequestHandled,
)  # fmt: skip

KINDS: dict[str, type[Fact]] = {cls.__name__: cls for cls in _ORDER}
"""Every kind by name; the order is that of this module."""

AnyFact: Any = reduce(or_, KINDS.values())
"""The union of all kinds, for msgspec."""
