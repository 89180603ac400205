"""What is secret and what is not there look alike: the same answer in the same time (H2)."""

from __future__ import annotations

import itertools
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.service.access import survey

NEAR = 0.2
"""How far two medians may lie apart."""
_SERIES = 6
_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|[A-Za-z0-9]{64}')


def _alike(first: Callable[[], Any], second: Callable[[], Any], tries: int) -> None:
    """Both are answered alike, and the medians of their times lie near each other in one of some series.

    Time is that of the processor: whatever else the machine does meanwhile is no sign of anything.
    """
    told = []
    for _ in range(_SERIES):
        times: tuple[list[float], list[float]] = ([], [])
        for _turn in range(tries):
            for at, ask in enumerate((first, second)):
                since = time.process_time()
                answer = ask()
                times[at].append(time.process_time() - since)
                if _turn == 0:
                    told.append((answer.status_code, _CHANGING.sub("", answer.content.decode())))
        one, other = (statistics.median(found) for found in times)
        ratio = one / other
        if 1 - NEAR <= ratio <= 1 + NEAR:
            break
    else:
        pytest.fail(f"the medians lie apart: {one * 1000:.1f} ms and {other * 1000:.1f} ms")
    assert told[0] == told[1]


def _post(path: str, **fields: str) -> Callable[[], Any]:
    """A form sent by somebody new each time, so that no limit is met."""
    from django.test import Client

    addresses = itertools.count()

    def ask() -> Any:
        at = next(addresses)
        address = f"10.{hash(path) % 200}.{at // 250}.{at % 250}"
        return Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=address).post(path, fields)

    return ask


def test_a_complaint_that_is_there_and_one_that_is_not(made: Any) -> None:
    """A wrong code with a right number, a right code with a wrong number, and both wrong are answered alike."""
    number = made.a.things["complaint-kept"].number
    nothing = _post("/track/", number="投x", code="GGGG-5555-HHHH")
    _alike(_swapped(_post("/track/", number=number, code="GGGG-5555-HHHH"), number), _swapped(nothing, "投x"), 15)
    _alike(_post("/track/", number="投x", code="AAAA-2222-BBBB"), nothing, 15)


def _swapped(ask: Callable[[], Any], number: str) -> Callable[[], Any]:
    """The number that was typed stands in the form again: left out of the comparison."""

    def asked() -> Any:
        answer = ask()
        answer.content = answer.content.replace(number.encode(), b"")
        return answer

    return asked


def test_an_account_that_is_there_and_one_that_is_not(made: Any) -> None:
    """A wrong password for an account that exists and for a name that nobody has: the same page, after the same hashing."""
    account = made.account("handler-a")
    account.set_password("a long enough secret 7")
    account.save()
    names = itertools.count()

    def known() -> Any:
        from django.core.cache import cache

        cache.clear()
        return _post("/accounts/login/", login="handler-a", password="wrong wrong wrong")()

    def unknown() -> Any:
        from django.core.cache import cache

        cache.clear()
        return _post("/accounts/login/", login=f"nobody-{next(names):02}", password="wrong wrong wrong")()

    _alike(_swapped(known, "handler-a"), _anonymous(unknown), 6)


def _anonymous(ask: Callable[[], Any]) -> Callable[[], Any]:
    def asked() -> Any:
        answer = ask()
        answer.content = re.sub(rb"nobody-\d\d", b"", answer.content)
        return answer

    return asked


def test_a_forgotten_password_tells_nobody_who_has_an_account(made: Any, settings_mail: None) -> None:
    """The form for a forgotten password answers an address that is known and one that is not with the same page."""
    account = made.account("handler-a")
    account.email = "known@example.cn"
    account.save()
    answers = [
        _post("/accounts/password/reset/", email=email)() for email in ("known@example.cn", "unknown@example.cn")
    ]
    assert (
        len(
            {(one.status_code, one.headers.get("Location"), _CHANGING.sub("", one.content.decode())) for one in answers}
        )
        == 1
    )


@pytest.fixture
def settings_mail() -> Any:
    """Mail stays in memory."""
    from django.test import override_settings

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield


@pytest.mark.parametrize(
    ("doer", "path", "thing"),
    [
        ("handler-b", "/desk/cases/{}/", "case-secret"),
        ("owner-a", "/desk/cases/{}/", "case-secret"),
        ("visitor", "/case/{}/feed/", "case-secret"),
        ("owner-a", "/operator/findings/{}/", "finding-secret"),
        ("handler-a", "/operator/checks/{}/", "selfcheck"),
        ("owner-b", "/api/v1/case/{}", "case-secret"),
        ("owner-a", "/api/v1/complaint/{}", "complaint-kept"),
        ("visitor", "/api/v1/notices/{}", "document-unpublished"),
    ],
)
def test_a_draft_case_and_none_look_alike(made: Any, doer: str, path: str, thing: str) -> None:
    """A case, finding, complaint or paper that is not his to see and one that is not there: the same 404 in the same time."""
    browser = survey.client(made, doer)
    there, absent = path.format(made.a.things[thing].pk), path.format(survey.ABSENT)

    def ask(address: str, other: str) -> Callable[[], Any]:
        def asked() -> Any:
            answer = browser.get(address)
            answer.content = answer.content.replace(address.encode(), b"").replace(other.encode(), b"")
            return answer

        return asked

    assert browser.get(there).status_code == 404
    _alike(ask(there, absent), ask(absent, there), 20)


def test_a_paper_that_waits_and_none_look_alike(made: Any) -> None:
    """The number of a signed notice that nobody published is answered like a number that nobody gave."""
    waiting = made.a.things["document-unpublished"].number
    browser = survey.client(made, "visitor")
    _alike(
        _swapped(lambda: browser.get(f"/verify/{waiting}/"), waiting),
        _swapped(lambda: browser.get("/verify/文xunknown/"), "文xunknown"),
        20,
    )
