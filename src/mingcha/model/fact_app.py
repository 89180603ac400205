"""What an app shows of itself: manifest, signatures, code, resources, and what changed since an older version."""

from __future__ import annotations

from typing import Literal

from mingcha.model.artefact import Place
from mingcha.model.fact_kind import Fact
from mingcha.model.words import Channel, Reach, Step


class AppDeclared(Fact, frozen=True, kw_only=True, tag=True):
    """What the manifest says of the app as a whole; SDK levels are API numbers."""

    package: str | None = None
    version_name: str | None = None
    version_code: int | None = None
    min_sdk: int | None = None
    target_sdk: int | None = None
    label: str | None = None
    debuggable: bool | None = None
    allow_backup: bool | None = None
    cleartext: bool | None = None


class SignedBy(Fact, frozen=True, kw_only=True, tag=True):
    """A certificate found in a signature (v1, v2, v3, v3.1); the signature itself was not verified."""

    scheme: str
    certificate_sha256: str | None
    subject: str | None = None


class PermissionDeclared(Fact, frozen=True, kw_only=True, tag=True):
    """A permission the manifest asks for; ``information`` lists the types it opens, ``dangerous`` is null if unknown.

    ``group`` is Android's permission group, what a user is asked about; ``sensitive`` is true for dangerous permissions and
    for special ones opened in the settings. Null is a permission the catalogue does not know. ``max_sdk`` is null where there is no limit; ``before_23`` says that it is asked for below Android 6 alone.
    """

    permission: str
    max_sdk: int | None = None
    before_23: bool = False
    group: str | None = None
    dangerous: bool | None = None
    sensitive: bool | None = None
    information: tuple[str, ...] | None = None


class ComponentDeclared(Fact, frozen=True, kw_only=True, tag=True):
    """An activity, service, receiver or provider; ``owner`` is "app", an SDK id, or null where unknown."""

    component: Literal["activity", "service", "receiver", "provider"]
    name: str
    exported: bool | None = None
    enabled: bool | None = None
    permission: str | None = None
    actions: tuple[str, ...] = ()
    foreground: tuple[str, ...] = ()
    owner: str | None = None


class QueryDeclared(Fact, frozen=True, kw_only=True, tag=True):
    """Another package, intent or provider the app asks to see (``<queries>``)."""

    target: str


class SdkPresent(Fact, frozen=True, kw_only=True, tag=True):
    """An SDK inside the app; ``possible`` is true below the threshold. Presence is never a breach by itself.

    ``confidence`` (0 to 1) is given where renamed classes were told by what they resemble; null where names show the SDK.
    """

    sdk: str
    score: int
    signals: tuple[str, ...]
    version: str | None = None
    possible: bool = False
    confidence: float | None = None


class SensitiveCall(Fact, frozen=True, kw_only=True, tag=True):
    """A call site (or field read) that can obtain personal information.

    ``caller`` and ``callee`` are in smali notation; ``owner`` is "app", an SDK id, or null; ``argument`` is the constant
    that decided the information type. ``place.at`` is the byte offset of the instruction in the DEX file. ``steps`` is the
    shortest path that ``reach`` rests on, from the method that Android enters to the caller; ``order`` counts the places
    at which Android enters the app at its start (0 first), null where ``reach`` is not "startup".
    """

    interface: str
    information: str | None
    owner: str | None
    caller: str
    callee: str
    reach: Reach = "unknown"
    argument: str | None = None
    permission: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    order: int | None = None


class InformationFlow(Fact, frozen=True, kw_only=True, tag=True):
    """A value that code can carry from ``source`` to ``sink`` (both in smali notation; ``place`` is the sink's).

    ``receiver`` is whose code or server takes it: "app", an SDK id, or null where not known; ``host`` is the constant host it
    is sent to. ``owner`` is whose code asked for it. ``transforms`` names what was done to it on the way (``md5``,
    ``base64``); a hash of it is still the information. ``implicit`` marks that not the value, but what was decided by it, flows.
    """

    information: str | None
    source: str
    source_place: Place
    sink: str
    channel: Channel
    owner: str | None = None
    receiver: str | None = None
    host: str | None = None
    transforms: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    implicit: bool = False


class HostNamed(Fact, frozen=True, kw_only=True, tag=True):
    """A host name written in the code or resources; ``owner`` is an SDK id where the catalogue knows it."""

    host: str
    owner: str | None = None


class TextShown(Fact, frozen=True, kw_only=True, tag=True):
    """A text or link of the app's own screens that speaks of privacy (``about`` says in what way)."""

    about: Literal["policy_link", "policy", "consent", "permission_purpose", "cancellation", "complaint"]
    text: str
    language: str | None = None
    resource: str | None = None


class CodeProtected(Fact, frozen=True, kw_only=True, tag=True):
    """Why code may hide behaviour from static reading."""

    form: Literal["packer", "dynamic loading", "encrypted code", "reflection", "other runtime", "native", "hot patch"]
    name: str


class VersionChange(Fact, frozen=True, kw_only=True, tag=True):
    """What this version has that the previous report did not, or the other way round."""

    what: Literal["permission", "sdk", "information", "target_sdk", "policy", "said", "sdk named", "policy date"]
    value: str
    change: Literal["added", "removed", "changed"]
