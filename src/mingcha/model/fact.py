"""Every kind of fact, one class each.

A field that is null is *not known*: a condition that tests it comes out unknown, never no.
Adding a kind is adding one class here; the loader, the JSON Schema and the docs read this module.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Literal

from msgspec import Struct

from mingcha.model.artefact import Place
from mingcha.model.words import Channel, Grade, Phase, Provision, Reach, SaidOutcome, Step


class Fact(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One thing seen in one place. ``id`` is derived from all the rest; ``sources`` names the facts it was joined from."""

    place: Place
    id: str = ""
    sources: tuple[str, ...] = ()


# --- declared by the app -------------------------------------------------------------------------------------------


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

    what: Literal["permission", "sdk", "information", "target_sdk", "policy"]
    value: str
    change: Literal["added", "removed", "changed"]


# --- said by the policy --------------------------------------------------------------------------------------------


class PolicyDocument(Fact, frozen=True, kw_only=True, tag=True):
    """A privacy policy that was read; ``collection_rules`` is false only when the whole text was read and has none."""

    title: str
    language: str | None
    characters: int
    collection_rules: bool | None = None


class ProvisionStated(Fact, frozen=True, kw_only=True, tag=True):
    """A provision the policy contains, with its parameters.

    reply_deadline: ``number`` of ``unit`` ("working day" | "calendar day" | "hour"), ``scope`` says for what ("correction",
    "deletion", "cancellation", "complaint", "request"); account_cancellation: ``way`` is the path, ``form`` its condition;
    complaint_channel and contact: ``form`` is "e-mail" | "phone" | "online service" | "form" | "messenger" | "address".
    """

    provision: Provision
    number: int | None = None
    unit: str | None = None
    scope: tuple[str, ...] = ()
    way: str | None = None
    form: str | None = None


class InformationNamedInPolicy(Fact, frozen=True, kw_only=True, tag=True):
    """A type of information the policy names: ``clear`` by its own name, else by a parent term; ``party`` "app" or an SDK id."""

    information: str
    clear: bool
    party: str | None = "app"
    purpose: str | None = None
    condition: str | None = None


class PolicyDenial(Fact, frozen=True, kw_only=True, tag=True):
    """The policy says, without exception, that this is not done."""

    information: str
    party: str | None = "app"
    action: Literal["collect", "share"] = "collect"


class PurposeStated(Fact, frozen=True, kw_only=True, tag=True):
    """A purpose given for collecting; ``only_improvement`` is true if nothing but improving, pushing or research is named."""

    purpose: str
    only_improvement: bool | None = None
    forced: bool | None = None


class SdkNamed(Fact, frozen=True, kw_only=True, tag=True):
    """A third-party SDK the policy names; ``sdk`` is its catalogue id where the name is known."""

    name: str
    sdk: str | None = None
    information: tuple[str, ...] = ()
    purpose: str | None = None


class RecipientNamed(Fact, frozen=True, kw_only=True, tag=True):
    """Somebody the policy says it gives information to."""

    name: str
    relation: str | None = None


# --- observed ------------------------------------------------------------------------------------------------------


class InformationRead(Fact, frozen=True, kw_only=True, tag=True):
    """An interface was called at run time; ``outcome`` "value" is a collection, all others are attempts."""

    information: str
    interface: str | None = None
    outcome: Literal["value", "empty", "null", "zeroed", "exception", "denied"] | None = None
    phase: Phase | None = None
    actor: str | None = None


class InformationSent(Fact, frozen=True, kw_only=True, tag=True):
    """A value was seen leaving the device; ``receiver`` is "app" (first party), an SDK id, or null."""

    information: str
    host: str
    receiver: str | None = None
    encoding: str | None = None
    phase: Phase | None = None


class HostContacted(Fact, frozen=True, kw_only=True, tag=True):
    """A connection was made."""

    host: str
    owner: str | None = None
    phase: Phase | None = None


class PermissionRequested(Fact, frozen=True, kw_only=True, tag=True):
    """The app asked for a permission; ``purpose_shown`` tells whether its purpose was told before or with the dialog."""

    permission: str
    information: tuple[str, ...] | None = None
    phase: Phase | None = None
    purpose_shown: bool | None = None


class PermissionGranted(Fact, frozen=True, kw_only=True, tag=True):
    """A permission was open at that moment; ``information`` lists the types it opens (null: not known)."""

    permission: str | None
    information: tuple[str, ...] | None = None
    phase: Phase | None = None


class PermissionChanged(Fact, frozen=True, kw_only=True, tag=True):
    """A permission or setting changed its state; ``by`` says who did it."""

    permission: str
    state: Literal["opened", "closed"]
    by: Literal["user", "app", "update"] | None = None


class ConsentPrompt(Fact, frozen=True, kw_only=True, tag=True):
    """Whether the first run showed a pop-up or the like that points to the policy."""

    shown: bool
    phase: Phase | None = None


class ConsentControl(Fact, frozen=True, kw_only=True, tag=True):
    """A control that takes consent, as first shown; the design's ``kind`` is called ``control`` because JSON needs the word."""

    control: Literal["agree", "refuse", "skip", "checkbox", "implied"]
    checked: bool | None = None


class ScreenText(Fact, frozen=True, kw_only=True, tag=True):
    """How a text is shown: ``size`` in sp, ``contrast`` as WCAG ratio."""

    of: str
    size: float | None = None
    contrast: float | None = None
    language: str | None = None
    readable: bool | None = None


class StepsTo(Fact, frozen=True, kw_only=True, tag=True):
    """Fewest taps from the main screen to a target; ``taps`` null with ``found`` false means it was not reached at all."""

    target: Literal[
        "policy", "account_cancellation", "correction", "deletion", "withdrawal", "complaint", "personalisation_switch"
    ]
    taps: int | None = None
    found: bool | None = None


class RefusalOutcome(Fact, frozen=True, kw_only=True, tag=True):
    """What the app did after the user said no to ``refused`` (a permission, an information type, or "policy")."""

    refused: str
    outcome: Literal["exit", "blocked", "asks again", "works"] | None = None
    necessary: bool | None = None


class ThirdPartyOpened(Fact, frozen=True, kw_only=True, tag=True):
    """Another application (mini program, page, app) was opened from inside; ``consent`` to pass information was asked or not."""

    name: str
    information: tuple[str, ...] = ()
    consent: bool | None = None


class FieldAsked(Fact, frozen=True, kw_only=True, tag=True):
    """A form asks a person for information; ``on`` names the form."""

    information: str
    on: str
    required: bool | None = None
    purpose_shown: bool | None = None


# --- joined --------------------------------------------------------------------------------------------------------


class InformationTaken(Fact, frozen=True, kw_only=True, tag=True):
    """Information obtained or obtainable, whatever showed it; the grades never turn into one another."""

    information: str | None
    grade: Grade
    phase: Phase | None = None
    actor: str | None = None
    party: str | None = None


class SaidAgainstDone(Fact, frozen=True, kw_only=True, tag=True):
    """One information type and party: what the policy says against what the app does, in PoliCheck's five outcomes."""

    information: str
    party: str | None
    outcome: SaidOutcome
    grade: Grade


class RepeatedAsking(Fact, frozen=True, kw_only=True, tag=True):
    """The same consent asked again after a refusal: ``times`` within ``hours``."""

    about: str
    hours: float
    times: int


class RequestBurst(Fact, frozen=True, kw_only=True, tag=True):
    """Several permission requests in one go; ``exit_on_refusal`` tells whether the app stopped working without them."""

    count: int
    exit_on_refusal: bool | None = None


class ReadRate(Fact, frozen=True, kw_only=True, tag=True):
    """How often one type is read, per minute, in one phase; ``needed`` is a person's judgement."""

    information: str
    phase: Phase | None
    per_minute: float
    needed: bool | None = None


class NecessaryInformation(Fact, frozen=True, kw_only=True, tag=True):
    """Information that npi-2021 calls necessary for the app's confirmed type."""

    type: int
    information: str


class ChangeNotice(Fact, frozen=True, kw_only=True, tag=True):
    """Whether users were told, and reminded to read, when the rules changed."""

    given: bool
    way: str | None = None


class RequestHandled(Fact, frozen=True, kw_only=True, tag=True):
    """A correction, deletion, cancellation or complaint and what became of it, in working days."""

    request: Literal["correction", "deletion", "cancellation", "complaint"]
    days: int | None = None
    promised_days: int | None = None
    done: bool | None = None
    backend_done: bool | None = None


KINDS: dict[str, type[Fact]] = {cls.__name__: cls for cls in Fact.__subclasses__()}
"""Every kind by name; the order is that of this module."""

AnyFact: Any = reduce(or_, KINDS.values())
"""The union of all kinds, for msgspec."""
