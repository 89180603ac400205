"""The phases of a run: what the screens tell, and that a choice nobody saw never leaves "before consent" standing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.collect.run.moments import Moment
from mingcha.collect.run.phases import Phases, Seen, phases_of
from mingcha.model.words import Choice

T0 = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


def at(seconds: float, error: float = 0) -> Moment:
    """A moment of the run."""
    return Moment(T0 + timedelta(seconds=seconds), timedelta(seconds=error))


def seen(seconds: float, screen: str | None = None, act: str | None = None, **more: object) -> Seen:
    """A screen of the app at a second."""
    own = more.pop("own", True)
    done = more.pop("done", None)
    moment = T0 + timedelta(seconds=float(done)) if done is not None else None  # type: ignore[arg-type]
    return Seen(T0 + timedelta(seconds=seconds), screen, own, act, done=moment, **more)  # type: ignore[arg-type]


FIRST = (
    seen(0, "launcher", "clear", own=False),
    seen(10, "consent", "start", done=8),
    seen(30, "main", "tap", choice="agree", about="policy", done=25),
    seen(40, "main", "none"),
)


def told(
    run: tuple[Seen, ...], *seconds: float, start: str | None = "clean", complete: bool = True
) -> list[str | None]:
    """The phases at some seconds of a run."""
    phases = phases_of(run, start=start, complete=complete)  # type: ignore[arg-type]
    return [phases.at(at(second)) for second in seconds]


def test_the_first_start() -> None:
    """Before the start P0, from the start to the tap on "agree" P1, then P3, and nothing beyond the last screen."""
    assert told(FIRST, 5, 9, 24.9, 25, 39, 41) == ["P0", "P1", "P1", "P3", "P3", None]


def test_a_used_app_is_never_before_consent() -> None:
    """Without a clean start only what comes after the choice is known."""
    assert told(FIRST[1:], 9, 24, 30, start=None) == [None, None, "P3"]
    assert told(FIRST[1:], 9, 24, 30, start="used") == [None, None, "P3"]


def test_an_error_that_reaches_the_tap_leaves_the_phase_open() -> None:
    """A read within the clock's error of the tap is in no phase."""
    phases = phases_of(FIRST, start="clean", complete=True)
    assert [phases.at(at(24, error)) for error in (0.9, 1, 1.1)] == ["P1", None, None]
    assert phases.at(None) is None


def test_a_tap_between_two_screens_is_somewhere_between_them() -> None:
    """Where the act's own time is not known, the time between the screens is in no phase."""
    run = (FIRST[0], FIRST[1], seen(30, "main", "tap", choice="agree", about="policy"), FIRST[3])
    assert told(run, 9.9, 10.1, 29, 31) == ["P1", None, None, "P3"]


@pytest.mark.parametrize("choice", [None, "tick", "skip", "undecided", "agree"])
def test_a_touch_that_may_mean_consent_ends_p1(choice: Choice | None) -> None:
    """After a touch nobody can be sure of, nothing is before consent any more; an agreement to something else is one."""
    run = (*FIRST[:2], seen(20, "main", "tap", choice=choice, done=15), seen(60, "main", "none"))
    assert told(run, 14, 16, 30) == ["P1", None, None]


@pytest.mark.parametrize("choice", ["grant", "deny", "open"])
def test_a_touch_that_is_no_agreement_leaves_p1(choice: Choice) -> None:
    """Opening the policy or answering the system's dialog agrees to nothing."""
    run = (*FIRST[:2], seen(20, "policy", "tap", choice=choice, done=15), seen(60, "consent", "back"))
    assert told(run, 14, 16, 59) == ["P1", "P1", "P1"]


def test_a_screen_that_came_up_nobody_knows_how_ends_p1() -> None:
    """An unknown act that led away from the question may have answered it."""
    run = (*FIRST[:2], seen(20, "main", None), seen(60, "main", "none"))
    assert told(run, 9, 15, 30) == ["P1", None, None]
    still = (*FIRST[:2], seen(20, "consent", None), seen(60, "consent", None, same=True))
    assert told(still, 9, 15, 59) == ["P1", "P1", "P1"]


def test_without_every_touch_only_a_standing_question_is_p1() -> None:
    """Where touches may be missing, P1 holds from the first screen that asks to the last one."""
    run = (seen(0, "launcher", "start", own=False), seen(5, "main", "start"), seen(9, "main", "none"))
    assert told(run, 6, 8, complete=False) == [None, None]
    asked = (seen(5, "consent", "start"), seen(9, "consent", "tap"), seen(15, "main", "tap"), seen(20, "main", "none"))
    assert told(asked, 6, 8.9, 10, 16, complete=False) == ["P1", "P1", None, None]


def test_refusal_and_what_follows() -> None:
    """P2 from the refusal of the policy on; refusing a permission is no refusal of the policy."""
    run = (*FIRST[:2], seen(20, "consent", "tap", choice="refuse", about="policy", done=15), seen(30, "other", "none"))
    assert told(run, 14, 16, 29) == ["P1", "P2", "P2"]
    other = (*FIRST[:2], seen(20, "consent", "tap", choice="refuse", about="android.permission.CAMERA", done=15))
    assert told(other, 14, 16) == ["P1", None]


def test_refusing_what_is_asked_later_takes_nothing_back() -> None:
    """Who agreed once, or may have, and refuses a later question is in no phase that we know; who withdrew refuses everything."""
    again = seen(40, "consent", "none"), seen(50, "main", "tap", choice="refuse", about="policy", done=45)
    end = seen(60, "main", "none")
    assert told((*FIRST[:3], *again, end), 39, 44, 46, 59) == ["P3", "P3", None, None]
    assert told((*FIRST[1:3], *again, end), 46, 59, start="used") == [None, None]
    assert told((FIRST[1], seen(20, "main", "tap", choice="refuse", about="policy", done=15), end), 30, start=None) == [
        None
    ]
    unknown = seen(30, "main", "tap", choice="undecided", done=25)
    assert told((*FIRST[:2], unknown, *again, end), 26, 46, 59) == [None, None, None]
    assert told((*FIRST[:2], seen(30, "main", None), *again, end), 46, 59) == [None, None]
    back = (
        seen(35, "consent", "tap", choice="withdraw", done=34),
        seen(50, "main", "tap", choice="refuse", about="policy", done=45),
    )
    assert told((*FIRST[:3], *back, end), 36, 59) == ["P7", "P2"]


def test_a_tap_on_something_else_before_the_question_hides_no_refusal() -> None:
    """A picture that was tapped away, or a permission that was agreed to, before the first question agrees to nothing."""
    for choice, about in (("open", None), ("agree", "android.permission.CAMERA")):
        early = seen(10, "other", "start", done=8), seen(15, "consent", "tap", choice=choice, about=about, done=14)
        run = (
            FIRST[0],
            *early,
            seen(30, "main", "tap", choice="refuse", about="policy", done=25),
            seen(60, "main", "none"),
        )
        assert told(run, 9, 26, 59) == ["P1", "P2", "P2"]


def test_background_stop_and_start_again() -> None:
    """P5 after HOME, P8 after a stop, P3 again when the app's window is back; P1 stays P1 in the background."""
    run = (
        *FIRST, seen(50, "launcher", "home", own=False, done=45), seen(90, "main", "start", done=85),
        seen(100, "launcher", "stop", own=False, done=95), seen(200, "launcher", "none", own=False),
    )  # fmt: skip
    assert told(run, 44, 46, 84, 91, 96, 199) == ["P3", "P5", "P5", "P3", "P8", "P8"]
    early = (*FIRST[:2], seen(20, "launcher", "home", own=False, done=15), seen(60, "launcher", "none", own=False))
    assert told(early, 16, 50) == ["P1", "P1"]


def test_idle_after_a_minute() -> None:
    """In front and untouched for more than a minute is idle, until the next act."""
    run = (*FIRST, seen(200, "main", "tap", choice="open", done=180))
    assert told(run, 41, 99, 101, 179, 181) == ["P3", "P3", "P6", "P6", "P3"]


def test_leaving() -> None:
    """P7 after withdrawal, logging out or closing the account; a new clean start begins anew."""
    for choice in ("withdraw", "log out", "cancel account"):
        run = (
            *FIRST,
            seen(50, "login", "tap", choice=choice, done=45),
            seen(60, "launcher", "clear", own=False, done=55),
            seen(70),
        )
        assert told(run, 44, 46, 56) == ["P3", "P7", "P0"]


def test_a_clock_that_went_back_tells_nothing() -> None:
    """Screens out of order give no phases."""
    assert phases_of((FIRST[1], FIRST[0]), start="clean", complete=True).spans == ()
    assert phases_of((), start="clean", complete=True).spans == ()


CHOICES = st.sampled_from([None, "agree", "refuse", "skip", "tick", "grant", "deny", "open", "undecided", "withdraw"])
STEPS = st.lists(
    st.builds(
        Seen,
        at=st.integers(0, 50).map(lambda n: T0 + timedelta(seconds=n)),
        screen=st.sampled_from([None, "consent", "main", "policy", "launcher"]),
        own=st.sampled_from([True, False, None]),
        act=st.sampled_from([None, "tap", "back", "home", "start", "stop", "clear", "none"]),
        choice=CHOICES,
        about=st.sampled_from([None, "policy", "android.permission.CAMERA"]),
        done=st.none(),
        same=st.booleans(),
    ),
    max_size=12,
).map(lambda steps: sorted(steps, key=lambda one: one.at))


@given(STEPS, st.sampled_from(["clean", "used", None]), st.booleans())
@settings(max_examples=500, deadline=None)
def test_nothing_is_before_consent_after_an_agreement(steps: list[Seen], start: str | None, complete: bool) -> None:
    """P1 needs a clean start, and never follows an agreement before the app's data are cleared again."""
    phases = phases_of(steps, start=start, complete=complete)  # type: ignore[arg-type]
    assert all(span.start < span.end for span in phases.spans)
    for span in phases.spans:
        if span.phase == "P1":
            before = [one for one in steps if one.at <= span.start]
            agreed = max((n for n, one in enumerate(before) if one.choice == "agree"), default=-1)
            cleared = max((n for n, one in enumerate(before) if one.act == "clear"), default=-1)
            assert agreed <= cleared
            assert start == "clean" or cleared >= 0


def test_minutes() -> None:
    """The length of a phase is the sum of its spans."""
    assert Phases(phases_of(FIRST, start="clean", complete=True).spans).minutes("P1") == pytest.approx(17 / 60)
