"""The form for complaints takes what anybody may send it, and answers in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.public.conftest import easy, work  # noqa: F401  # the fixture
from tests.service.test_story import Office

pytestmark = pytest.mark.usefixtures("db", "easy")
ABOUT = {"kind": "report", "subject_kind": "app", "subject_name": "某应用", "category": "other"}


def browser() -> Any:
    """A visitor's."""
    from django.conf import settings
    from django.test import Client

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    return Client(SERVER_NAME="127.0.0.1")


@pytest.mark.parametrize("number", ["²", "९", "9" * 5000, "-1", "99999999999999", "x"])
def test_a_number_that_is_none_is_no_app(number: str) -> None:
    """Whatever stands where the number of an app belongs, the form comes up, and takes the name that is written."""
    one = browser()
    assert one.get("/complain/", {"app": number}).status_code == 200
    assert one.post("/complain/", ABOUT | {"app": number}).status_code == 302


def test_the_app_stays_known_when_something_is_missing() -> None:
    """A form that comes back still knows the app from whose page it was opened."""
    office, one = Office(), browser()
    page = one.post("/complain/", {"kind": "report", "subject_name": "", "app": office.subject.pk})
    assert page.status_code == 422
    assert f'name="app" value="{office.subject.pk}"' in page.content.decode()


def test_a_body_that_is_not_there_is_refused_in_words() -> None:
    """A receiving body nobody knows, and a service without any, take no complaint; what was written is kept."""
    from mingcha.service.models import Authority, Complaint

    one = browser()
    one.post("/complain/", ABOUT)
    one.post("/complain/story/", {"narrative": "没点同意就读了通讯录。"})
    for authority in ("", "77777", "²"):
        answer = one.post("/complain/send/", {"anonymous": "yes", "authority": authority, **work("complaint")})
        assert answer.status_code == 422, authority
        assert 'role="alert"' in answer.content.decode()
    Authority.objects.create(code="a", name="示例监管部门")
    assert one.post("/complain/send/", {"anonymous": "yes", **work("complaint")}).status_code == 302
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"kind": "case"}, {"category": "made-up"}, {"kind": ""}, {"subject_name": "\0 "}])
def test_a_choice_that_is_none_of_ours_is_asked_for_again(wrong: dict[str, str]) -> None:
    """The first page does not go on with a kind or category nobody offered; an unknown kind of subject counts as an app."""
    one = browser()
    assert one.post("/complain/", ABOUT | wrong).status_code == 422
    assert one.post("/complain/", ABOUT | {"subject_kind": "planet"}).status_code == 302
