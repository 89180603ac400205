"""What was seen to happen on a device, in traffic, or in a record."""

from __future__ import annotations

from typing import Literal

from mingcha.model.fact_kind import Fact
from mingcha.model.words import ActKind, Choice, Phase, ScreenKind, Tie

Target = Literal[
    "policy", "account_cancellation", "correction", "deletion", "withdrawal", "complaint", "personalisation_switch"
]
"""What is looked for from the main screen."""


class RunRecorded(Fact, frozen=True, kw_only=True, tag=True):
    """One run of the app on a device, as its record says; every other observed fact names it by ``run``.

    ``start`` is how the app stood before: "clean" (newly installed or its data cleared), "used", or null. ``sources`` of evidence
    are named in ``recorders``.
    """

    run: str
    name: str
    package: str | None = None
    version_code: int | None = None
    by: str | None = None
    device: str | None = None
    system: str | None = None
    start: Literal["clean", "used"] | None = None
    first: str | None = None
    last: str | None = None
    screens: int = 0
    recorders: tuple[str, ...] = ()


class ScreenSeen(Fact, frozen=True, kw_only=True, tag=True):
    """One moment of the screen in a run: what it was taken for, by whose window, and when (ISO 8601 with offset)."""

    run: str
    number: int
    time: str | None = None
    screen: ScreenKind | None = None
    package: str | None = None
    fingerprint: str | None = None


class ActMade(Fact, frozen=True, kw_only=True, tag=True):
    """What a person or a driver did on screen ``number`` of a run; ``choice`` is what that act decided, about ``about``.

    ``about`` is "policy", a permission, or null. An act whose meaning could not be read has choice null.
    """

    run: str
    number: int
    act: ActKind
    time: str | None = None
    choice: Choice | None = None
    about: str | None = None


class PhaseSpan(Fact, frozen=True, kw_only=True, tag=True):
    """A stretch of a run for which the screens tell the phase; outside all of them the phase is not known."""

    run: str
    phase: Phase
    start: str
    end: str


class InformationRead(Fact, frozen=True, kw_only=True, tag=True):
    """An interface was called at run time; ``outcome`` "value" is a collection, all others are attempts.

    ``count`` calls of one kind in one phase are one fact, the first at ``time``, the last at ``last``.
    """

    information: str
    interface: str | None = None
    outcome: Literal["value", "empty", "null", "zeroed", "exception", "denied"] | None = None
    phase: Phase | None = None
    actor: str | None = None
    run: str | None = None
    time: str | None = None
    last: str | None = None
    count: int = 1


class InformationSent(Fact, frozen=True, kw_only=True, tag=True):
    """A value was seen leaving the device; ``receiver`` is "app" (first party), an SDK id, or null.

    ``confidence``: "planted" is a value of the test device that was known before; "probable" and "possible" only look like
    one. ``tie`` says what ties the sending to this app; null: nothing does, for a capture holds what the whole device sends.
    """

    information: str
    host: str
    receiver: str | None = None
    encoding: str | None = None
    phase: Phase | None = None
    confidence: Literal["planted", "probable", "possible"] = "planted"
    tie: Tie | None = "capture"
    run: str | None = None
    time: str | None = None
    last: str | None = None
    count: int = 1


class PlainTransport(Fact, frozen=True, kw_only=True, tag=True):
    """Information left the device in plain text, for anybody on the way to read."""

    information: str
    host: str
    receiver: str | None = None
    phase: Phase | None = None
    run: str | None = None
    time: str | None = None
    count: int = 1


class HostContacted(Fact, frozen=True, kw_only=True, tag=True):
    """A connection was made; ``decrypted`` of ``count`` connections could be looked into."""

    host: str
    owner: str | None = None
    phase: Phase | None = None
    run: str | None = None
    time: str | None = None
    last: str | None = None
    count: int = 1
    decrypted: int | None = None


class PermissionRequested(Fact, frozen=True, kw_only=True, tag=True):
    """The app asked for a permission; ``purpose_shown`` tells whether its purpose was told before or with the dialog."""

    permission: str
    information: tuple[str, ...] | None = None
    phase: Phase | None = None
    purpose_shown: bool | None = None
    run: str | None = None
    time: str | None = None


class PermissionGranted(Fact, frozen=True, kw_only=True, tag=True):
    """A permission was open at that moment; ``information`` lists the types it opens (null: not known).

    ``phase`` is null where a tester's tool may have opened it: from Android 6 on no app can do that itself.
    """

    permission: str | None
    information: tuple[str, ...] | None = None
    phase: Phase | None = None
    run: str | None = None
    time: str | None = None


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
    """Fewest taps from the main screen to a target; ``taps`` null with ``found`` false means it was not reached at all.

    A recorded walk says ``found`` false only where it was everywhere in the app and nothing came near to the target.
    """

    target: Target
    taps: int | None = None
    found: bool | None = None


class RefusalOutcome(Fact, frozen=True, kw_only=True, tag=True):
    """What the app did after the user said no to ``refused`` (a permission, an information type, or "policy")."""

    refused: str
    outcome: Literal["exit", "blocked", "asks again", "works"] | None = None
    necessary: bool | None = None


class ThirdPartyOpened(Fact, frozen=True, kw_only=True, tag=True):
    """Another application (mini program, page, app) was opened from inside; ``consent`` to pass ``information`` to it was given or not.

    ``consent`` false from a run: the question was answered with no, and it opened all the same, by the touch at ``time``.
    """

    name: str
    information: tuple[str, ...] = ()
    consent: bool | None = None
    run: str | None = None
    time: str | None = None


class FieldAsked(Fact, frozen=True, kw_only=True, tag=True):
    """A form asks a person for information; ``on`` names the form."""

    information: str
    on: str
    required: bool | None = None
    purpose_shown: bool | None = None
