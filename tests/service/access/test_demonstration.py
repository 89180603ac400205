"""Until a host authority is configured every page says that it is a demonstration, whoever opens it and whatever is wrong."""

from __future__ import annotations

from typing import Any

WORDS = "演示，无法律效力"


def test_every_page_of_every_route_says_that_it_is_a_demonstration(surveyed: Any) -> None:
    """Each answer that is a page, for anybody, with any status, also allauth's own, says so."""
    answers, _ = surveyed
    html = [one for one in answers if one.headers.get("Content-Type", "").startswith("text/html") and one.body]
    pages = [one for one in html if not one.route.startswith("api:")]  # the API has no pages, only words to programs
    assert len({one.route for one in pages}) > 60
    assert {(one.route, one.answer) for one in pages if WORDS not in one.body} == set()
