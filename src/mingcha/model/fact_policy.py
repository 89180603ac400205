"""What a privacy policy says."""

from __future__ import annotations

from typing import Literal

from mingcha.model.fact_kind import Fact
from mingcha.model.words import DocumentRole, Does, Provision, Topic


class PolicyDocument(Fact, frozen=True, kw_only=True, tag=True):
    """A privacy policy, or a list that belongs to one; ``collection_rules`` is false only when the whole text was read and has none.

    ``learnt`` tells whether the topic model had a part in the reading; without it rules alone did.
    """

    title: str
    language: str | None
    characters: int
    collection_rules: bool | None = None
    role: DocumentRole = "main"
    learnt: bool = False


class PolicyParagraph(Fact, frozen=True, kw_only=True, tag=True):
    """A paragraph or row of a policy as it stands, so that a report can show the text it speaks of.

    ``level`` is that of a heading or 0; ``cells`` are a row's; ``topics`` are those of any of its sentences.
    """

    text: str
    level: int = 0
    cells: tuple[str, ...] | None = None
    language: str | None = None
    topics: tuple[Topic, ...] = ()


class PolicyStatement(Fact, frozen=True, kw_only=True, tag=True):
    """One thing a sentence says is done, or not done, with one type of information.

    ``party`` does it: "app", an SDK id, or null for a third party the catalogue does not know (``named`` is its name as
    written). ``clear`` as in `InformationNamedInPolicy`. ``receiver`` is whom it is shared with, as written. ``negated``
    is a flat denial; what is denied with an exception, or done only under a condition, has ``condition``.
    ``function`` is the part of the app it is for, ``permission`` the Android permission it needs.
    """

    does: Does
    information: str
    clear: bool
    party: str | None = "app"
    named: str | None = None
    negated: bool = False
    receiver: str | None = None
    purpose: str | None = None
    condition: str | None = None
    function: str | None = None
    permission: str | None = None


class PolicyDefinition(Fact, frozen=True, kw_only=True, tag=True):
    """A term the policy defines for itself by listing types of information ("device information means …")."""

    term: str
    information: tuple[str, ...]


class PermissionNamedInPolicy(Fact, frozen=True, kw_only=True, tag=True):
    """A permission that the policy says the app asks for."""

    permission: str
    purpose: str | None = None


class ProvisionStated(Fact, frozen=True, kw_only=True, tag=True):
    """A provision the policy contains, with its parameters.

    reply_deadline: ``number`` of ``unit`` ("working day" | "calendar day" | "hour"), ``scope`` says for what ("correction",
    "deletion", "cancellation", "complaint", "request"); account_cancellation: ``way`` is the path, ``form`` its condition;
    complaint_channel and contact: ``form`` is "e-mail" | "phone" | "online service" | "form" | "messenger" | "address".
    ``over_limit``, of a reply_deadline: it is longer than fifteen working days from every day of the calendar (true), from none
    (false), or that depends on the day it begins (null).
    """

    provision: Provision
    number: int | None = None
    unit: str | None = None
    scope: tuple[str, ...] = ()
    way: str | None = None
    form: str | None = None
    over_limit: bool | None = None


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


class ProvisionNear(Fact, frozen=True, kw_only=True, tag=True):
    """A sentence that comes near to a provision which no rule found in this text: for a person to look at, no more."""

    provision: Provision
