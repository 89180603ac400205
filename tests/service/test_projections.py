"""What is kept of a public page equals what would be read now: after every act, at every moment, for every edition."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.service import test_story
from tests.service.public.conftest import CLAUSES, Site, card, inspected, site

__all__ = ["card", "inspected", "site"]


@pytest.fixture
def subject(site: Site) -> Any:
    """An app with a case under review and one suspected finding, told to its operator on Monday 28 September 2026."""
    app = site.subject()
    task = site.task(app, case=site.case(app, "findings-review"))
    site.finding(task, CLAUSES[0], "suspected", notified="2026-09-28T09:30")
    return app


def same(kept: Any, read: Any) -> bool:
    """Whether two readings say the same, as JSON."""
    return json.dumps(kept, sort_keys=True) == json.dumps(read, sort_keys=True)


def test_after_every_act_of_the_story_what_is_kept_is_what_would_be_read(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From complaint to restoration, after each act: either nothing is held, or it equals a fresh reading; and after a refresh it is held."""
    from mingcha.service import clock as legal
    from mingcha.service import projections
    from mingcha.service.actions import acting
    from mingcha.service.models import Subject
    from mingcha.service.pages.public import reading

    done_so_far, kept, states = acting._done, list[int](), set[str]()

    def checked(*arguments: Any) -> Any:
        done = done_so_far(*arguments)
        for subject in Subject.objects.all():
            now = legal.now()
            read, held = reading.app_page(subject.pk, now), projections.held(subject.pk, now)
            assert read is not None
            assert held is None or same(held, read), arguments[0]
            projections.refresh(subject.pk)
            again = projections.held(subject.pk, legal.now())
            assert same(again, read), arguments[0]
            kept.extend([subject.pk] if held else [])
            states.add(read["status"]["text"]["en"])
        return done

    monkeypatch.setattr(acting, "_done", checked)  # not `perform`: modules keep that by name
    test_story.test_a_case_from_complaint_to_restoration(clock)
    assert kept, "what does not concern the subject leaves what is kept alone"
    assert len(states) > 5, "the page went through the states of the ladder"


def test_a_suspected_finding_appears_when_the_time_to_answer_is_over_though_nothing_happens(
    subject: Any, clock: Any
) -> None:
    """Kept on the Monday it was told, still held on the last of five working days, over with the first second after it."""
    from mingcha.service import clock as legal
    from mingcha.service import projections
    from mingcha.service.models import Shown

    projections.refresh(subject.pk)
    assert Shown.objects.get(pk=subject.pk).until > 0
    # told on Monday 28 September; 1-7 October are holidays, Saturday 10 October is a working day: 29, 30 September, 8, 9, 10 October
    clock.set("2026-10-10T23:59")
    assert projections.held(subject.pk, legal.now()) is not None
    assert projections.page(subject.pk)["findings"] == []  # type: ignore[index]
    clock.set("2026-10-11T00:01")
    assert projections.held(subject.pk, legal.now()) is None
    shown = projections.page(subject.pk)
    assert [one["clause"] for one in shown["findings"]] == [CLAUSES[0]]  # type: ignore[index]
    projections.refresh(subject.pk)
    assert same(projections.held(subject.pk, legal.now()), shown)


def test_what_is_held_costs_one_query(subject: Any, site: Site) -> None:
    """The page of an app, its JSON apart from what its report says, and nothing else is asked of the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingcha.service import projections

    projections.refresh(subject.pk)
    site.text(f"/app/{subject.pk}/")
    with CaptureQueriesContext(connection) as queries:
        site.text(f"/app/{subject.pk}/")
    assert len(queries) == 1


def test_what_another_edition_read_is_not_held(subject: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new program reads anew, and catches up on what the old one kept."""
    from mingcha.service import clock as legal
    from mingcha.service import projections

    projections.refresh(subject.pk)
    assert projections.held(subject.pk, legal.now()) is not None
    monkeypatch.setattr(projections, "edition", lambda: "another")
    assert projections.held(subject.pk, legal.now()) is None
    assert projections.caught_up(10) == 1
    assert projections.held(subject.pk, legal.now()) is not None


def test_a_reading_that_an_event_overtook_is_not_kept(subject: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event between reading and keeping wins: nothing old is held as if it were new."""
    from mingcha.service import clock as legal
    from mingcha.service import projections
    from mingcha.service.pages.public import reading

    read = reading.app_page

    def overtaken(*arguments: Any) -> Any:
        told = read(*arguments)
        projections.changed(subject, 10**9)
        return told

    monkeypatch.setattr(reading, "app_page", overtaken)
    projections.refresh(subject.pk)
    assert projections.held(subject.pk, legal.now()) is None


def test_subjects_from_before_get_their_row(subject: Any) -> None:
    """A row for each subject that has none, once."""
    from mingcha.service import projections
    from mingcha.service.models import Shown

    Shown.objects.all().delete()
    assert projections.begun() == 1
    assert projections.begun() == 0
    assert projections.caught_up(10) == 1
    assert projections.caught_up(10) == 0
