"""What a walk shows, as facts; and what it does not show, as gaps. An unsure reading gives a null or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, get_args

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.screens import first, purposes
from mingcha.collect.screens.asking import Question, bursts, left, permissions_in, questions, repeated
from mingcha.collect.screens.graph import fewest
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words, masked
from mingcha.model.artefact import Place, clip
from mingcha.model.fact import (
    ActMade,
    PermissionRequested,
    RefusalOutcome,
    RepeatedAsking,
    RequestBurst,
    ScreenSeen,
    ScreenText,
    StepsTo,
    ThirdPartyOpened,
)
from mingcha.model.factbase import Covered, Gap
from mingcha.model.words import ScreenKind

NAME = "screens"
PlaceOf = Callable[[str, str], Place]
"""A file of the walk by its name, and what is quoted of it, as a place."""
YIELDS = (
    "ScreenSeen", "ActMade", "ConsentPrompt", "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "RepeatedAsking",
    "RequestBurst", "PermissionRequested", "ThirdPartyOpened", "FieldAsked", "ChangeNotice",
)  # fmt: skip
_TITLED = frozenset(get_args(ScreenKind)) - {"main", "account", "other", "other app", "launcher", "login", "offer"}
"""Kinds of screen whose title is the app's or the system's own wording; others may be headed by a person's name."""
_JUDGED = tuple(kind for kind in YIELDS if kind not in ("ScreenSeen", "ActMade"))


def findings(walk: Walk, run: str, place: PlaceOf, tables: Catalogue, *, clean: bool | None) -> Iterator[Finding]:
    """All facts, coverage and gaps of one walk; ``clean`` says whether the app was newly installed or its data cleared before."""
    quoted = _Quoting(place)
    asked = [one for one in questions(walk, tables) if one.first.kind != "permission" or not _of_another(walk, one)]
    yield from _moments(walk, run, quoted)
    words, began_clean = Words(tables), first.was_clean(walk, told=clean)
    yield from first.consent(walk, quoted, words, clean=began_clean)
    yield from _texts(walk, quoted)
    yield from _ways(walk, quoted)
    yield from _requests(walk, run, asked, quoted, tables)
    yield from _refusals(walk, asked, quoted, tables)
    yield from _third_parties(walk, quoted, tables)
    yield from _gaps(walk, covered=first.covers(walk, words, clean=began_clean))


class _Quoting:
    """Places of a walk; what is quoted is masked, and a field's content never is."""

    def __init__(self, place: PlaceOf) -> None:
        self._place = place

    def __call__(self, step: WalkStep, text: str = "") -> Place:
        """Where a moment stands, with words of it."""
        return self._place(step.file, clip(masked(text)))


def _moments(walk: Walk, run: str, place: _Quoting) -> Iterator[Finding]:
    for step in walk.steps:
        yield ScreenSeen(
            place=place(step, step.reading.title if step.kind in _TITLED else ""),
            run=run,
            number=step.number,
            time=step.step.time,
            screen=step.kind,
            package=step.reading.package,
            fingerprint=step.moment.fingerprint,
        )
        if step.done is not None:
            yield ActMade(
                place=place(step, step.done.on),
                run=run,
                number=step.number,
                act=step.done.act,
                time=step.done.time,
                choice=step.done.choice,
                about=step.done.about,
            )
    led = walk.steps[0].led if walk.steps else None
    if led is not None:
        yield ActMade(place=place(walk.steps[0]), run=run, number=0, act=led.kind, time=led.time)


def _texts(walk: Walk, place: _Quoting) -> Iterator[Finding]:
    """How the policy is set, once for each of its screens."""
    seen: set[tuple[float | None, float | None, str | None]] = set()
    for step in walk.steps:
        body = step.reading.body
        if step.kind != "policy" or body is None or step.own is not True:
            continue
        size = round(body.pixels / walk.density, 1) if body.pixels and walk.density else None
        key = (size, body.contrast, body.language)
        if key not in seen:
            seen.add(key)
            yield ScreenText(
                place=place(step, step.reading.title),
                of="policy",
                size=size,
                contrast=body.contrast,
                language=body.language,
            )


def _ways(walk: Walk, place: _Quoting) -> Iterator[Finding]:
    for target, taps, step in fewest(walk):
        yield StepsTo(place=place(step, step.reading.title), target=target, taps=taps, found=True)


def _requests(walk: Walk, run: str, asked: list[Question], place: _Quoting, tables: Catalogue) -> Iterator[Finding]:
    for question in asked:
        if question.first.kind != "permission":
            continue
        for permission in permissions_in(question, tables):
            row = tables.permissions[permission]
            yield PermissionRequested(
                place=place(question.first, question.first.reading.title),
                permission=permission,
                information=row.information,
                purpose_shown=purposes.shown(walk, question),
                run=run,
                time=question.first.step.time,
            )
    for row_of, ended in bursts(walk, asked, tables):
        yield RequestBurst(
            place=place(row_of[0].first, row_of[0].first.reading.title), count=len(row_of), exit_on_refusal=ended
        )


def _of_another(walk: Walk, question: Question) -> bool:
    """Whether another app's window stood there before: then the request may be its."""
    earlier = [step for step in walk.steps[: question.first.number - 1] if step.kind != "permission"]
    return bool(earlier) and earlier[-1].kind == "other app"


def _refusals(walk: Walk, asked: list[Question], place: _Quoting, tables: Catalogue) -> Iterator[Finding]:
    """What followed a no. A burst's end is not blamed on one of its questions."""
    together = {id(question) for row, _ in bursts(walk, asked, tables) for question in row}
    for question in asked:
        if not question.refused or question.about is None or id(question) in together:
            continue
        answer = question.answered
        on = answer.done.on if answer.done else ""
        yield RefusalOutcome(place=place(answer, on), refused=question.about, outcome=_outcome(walk, question, asked))
    for question, times, hours, last in repeated(walk, asked):
        yield RepeatedAsking(
            place=place(last.first, last.first.reading.title), about=question.about or "", hours=hours, times=times
        )


def _outcome(walk: Walk, question: Question, asked: list[Question]) -> Literal["asks again", "exit", "works"] | None:
    """What the app did after a question was refused; null where that was not seen."""
    then, gone = walk.after(question.last), left(walk, question)
    if any(other.first is then and other.about == question.about for other in asked):
        return "asks again"
    if gone:
        return "exit"
    worked = gone is False and then is not None and walk.settled(then).kind == "main"
    return "works" if worked else None


def _third_parties(walk: Walk, place: _Quoting, tables: Catalogue) -> Iterator[Finding]:
    """Another app's window after a tap on the app's own screen; what was answered before it `run.openings` tells."""
    words = Words(tables)
    system = words.words("ui_packages_settings") | words.words("ui_packages_system_apps")
    for step in walk.steps:
        before = walk.before(step)
        tapped = step.led is not None and step.led.kind == "tap"
        if step.kind != "other app" or before is None or before.own is not True or not tapped:
            continue
        name = step.reading.package
        if name is None or name in system or name == walk.package:
            continue
        yield ThirdPartyOpened(place=place(step, name), name=name)


def _gaps(walk: Walk, *, covered: bool) -> Iterator[Finding]:
    """One walk shows what it passed and no more."""
    if covered:
        yield Covered(kind="ConsentPrompt", collector=NAME)
    hidden = tuple(kind for kind in _JUDGED if not (covered and kind == "ConsentPrompt"))
    yield Gap(
        collector=NAME,
        reason="partial",
        hides=hidden,
        code="screens.one_walk",
        values={"screens": str(len(walk.steps))},
    )
    unread = [step for step in walk.steps if not step.read and step.own is not False]
    if unread:
        blind = [step for step in unread if "no engine" in step.moment.lacks]
        code = "screens.no_engine" if blind else "screens.unread"
        values = {"screens": str(len(blind or unread))}
        yield Gap(collector=NAME, reason="unreadable", hides=hidden, code=code, values=values)
    if any("no library" in step.moment.lacks for step in walk.steps):
        yield Gap(collector=NAME, reason="unreadable", hides=("ScreenText", "ConsentControl"), code="screens.no_pixels")
    if walk.source.partial:
        lost = len(walk.source.unreadable)
        yield Gap(
            collector=NAME,
            reason="unreadable",
            hides=_JUDGED,
            code="screens.damaged",
            values={"lines": str(lost), "fields": str(walk.source.damaged)},
        )
