"""The fixed words that facts use, and the step of a path."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mingcha.model.artefact import Place

Grade = Literal["declared", "potential", "observed", "transmitted"]
Reach = Literal["startup", "user-act", "consent-gated", "unreached", "unknown"]
Phase = Literal["P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"]
ScreenKind = Literal[
    "consent", "permission", "purpose", "policy", "sdk_list", "main", "settings", "login", "account", "cancellation",
    "correction", "deletion", "withdrawal", "complaint", "personalisation", "offer", "launcher", "other app", "other",
]  # fmt: skip
"""What a screen is: "consent" asks for agreement to the policy, "permission" is the system's dialog, "purpose" the app's own
word before one, "offer" gives a reward for information."""
ActKind = Literal["tap", "type", "swipe", "back", "home", "start", "stop", "install", "clear", "none"]
Choice = Literal[
    "agree", "refuse", "skip", "tick", "grant", "deny", "withdraw", "log out", "cancel account", "open", "undecided"
]
"""What an act decided. "undecided": a control was touched that may mean consent, and nobody can tell."""
Tie = Literal["capture", "package"]
"""What ties a sending to the app: a capture of this app alone, or the app's own name beside the value. A host or an SDK that
the app has ties nothing: other apps on the device have them too."""
SaidOutcome = Literal["clear", "vague", "omitted", "incorrect", "ambiguous"]
Provision = Literal[
    "operator_identity", "date", "contact", "complaint_channel", "reply_deadline", "account_cancellation", "access",
    "correction", "deletion", "withdrawal", "sdk_list", "collection_list", "minors", "retention", "storage_place",
    "cross_border", "security", "sharing", "personalisation", "personalisation_switch", "update_notice", "open_list",
    "consent_by_use", "after_expiry", "after_cancellation", "sensitive_information", "separate_consent", "guardian_consent",
    "copy", "portability", "explanation", "deceased", "refusal_reasons", "merger", "public_disclosure", "consent_exceptions",
    "incident_notice", "officer", "cookies", "verification", "automated_decision",
]  # fmt: skip
Does = Literal["collect", "use", "share", "store"]
DocumentRole = Literal["main", "sdk_list", "collection_list", "permission_list", "children", "other"]
Topic = Literal[
    "collection", "permission", "sharing", "use", "storage", "security", "minors", "rights", "contact", "revision", "closure",
    "cross_border", "personalisation",
]  # fmt: skip


StepKind = Literal[
    "enters", "calls", "starts", "registers", "reads", "writes", "returns", "passes", "hashes", "encodes", "encrypts",
    "keeps", "sends",
]  # fmt: skip
Channel = Literal[
    "network", "log", "file", "storage", "sms", "intent", "provider", "sdk", "process", "web page", "screen"
]


class Step(Struct, frozen=True, kw_only=True):
    """One step of a path through code: what ``method`` (smali notation) does at ``place``.

    ``does`` is a word of `StepKind`; ``place.quote`` is what is called, read or written there.
    """

    method: str
    does: StepKind
    place: Place
