"""Following by e-mail and by feed: asked for twice, told once, and no name where it does not belong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.service.public.conftest import Site, at, work

pytestmark = pytest.mark.usefixtures("easy")


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is mailed."""
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    return mail.outbox


def ask(site: Site, subject: Any, email: str, prefix: str = "") -> Any:
    """Fill the form in."""
    return site.browser.post(f"{prefix}/app/{subject.pk}/follow/", {"email": email, **work("follow")})


def link(message: Any) -> str:
    """The first link of a mail, as a path."""
    found = re.search(r"https?://[^/]+(/\S+)", message.body)
    assert found is not None
    return found[1]


def test_nothing_is_sent_before_the_mailbox_confirms(site: Site, post: list[Any]) -> None:
    """Asking sends one mail without the app in its subject; opening the link changes nothing, its button does."""
    from mingcha.service import telling
    from mingcha.service.models import Event, Follow

    subject = site.subject("示例记账本")
    case = site.case(subject, "publicly-warned")
    site.task(subject, case=case)
    assert ask(site, subject, "canary@example.cn").status_code == 200
    assert len(post) == 1
    assert post[0].to == ["canary@example.cn"]
    assert "示例" not in post[0].subject
    site.event(case, "publish", "2026-09-28T11:00", document="x", days=5)
    assert telling.tell(at("2026-09-28T12:00")) == 0
    path = link(post[0])
    assert "确认关注" in site.text(path)
    assert Follow.objects.get().state == "asked"
    assert "正在关注" in site.browser.post(path).content.decode()
    assert telling.tell(at("2026-09-28T12:00")) == 1
    news = post[1]
    assert news.to == ["canary@example.cn"]
    assert not {"示例记账本", "canary"} & set(re.findall(r"示例记账本|canary", news.subject))
    assert "2026-09-28 向社会通报" in news.body
    assert news.body.count("http://127.0.0.1:8000/") == 2, "page and end, at the address that is configured"
    assert telling.tell(at("2026-09-28T13:00")) == 0
    chain = str(list(Event.objects.values_list("body", "actor")))
    assert "canary" not in chain
    assert b"canary" not in bytes(Follow.objects.get().sealed or b"canary")


def test_what_is_secret_is_not_mailed(site: Site, post: list[Any]) -> None:
    """Acts in a case that is no public matter make no mail."""
    from mingcha.service import telling

    subject = site.subject()
    ask(site, subject, "a@example.cn")
    site.browser.post(link(post[0]))
    case = site.case(subject, "findings-review")
    site.finding(site.task(subject, case=case), "idm-2019/1.3", "suspected", notified="2026-09-28T09:00")
    site.event(case, "notify-findings", "2026-09-28T11:00")
    assert telling.tell(at("2026-09-28T12:00")) == 0
    assert len(post) == 1


def test_ending_erases_the_address(site: Site, post: list[Any]) -> None:
    """The link in each mail ends following and erases the address, after which one may follow again."""
    from mingcha.service.models import Follow

    subject = site.subject()
    ask(site, subject, "a@example.cn", "/en")
    assert post[0].subject == "Mingcha: please confirm"
    path = link(post[0])
    site.browser.post(path)
    assert "the address is erased" in site.browser.post(f"{path}end/").content.decode()
    assert Follow.objects.get().sealed is None
    assert ask(site, subject, "a@example.cn").status_code == 200
    assert len(post) == 2


def test_the_same_address_twice_learns_nothing(site: Site, post: list[Any]) -> None:
    """Asking again for an address that follows gives the same page and no second mail."""
    subject = site.subject()
    first, again = ask(site, subject, "a@example.cn"), ask(site, subject, "A@example.cn ")
    assert "确认邮件已经发出" in first.content.decode()
    assert "确认邮件已经发出" in again.content.decode()
    assert len(post) == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "a@b",
        "a@example.cn\nBcc: b@example.cn",
        "a@example.cn,b@example.cn",
        "<a@example.cn>",
        "a b@example.cn",
    ],
)
def test_what_is_no_address_is_refused(site: Site, post: list[Any], email: str) -> None:
    """Only one plain address is taken, so that no mail goes elsewhere."""
    assert ask(site, site.subject(), email).status_code == 422
    assert post == []


def test_work_is_asked_for(site: Site, post: list[Any]) -> None:
    """Without the work, or with work used before, nothing is sent."""
    subject = site.subject()
    solved = work("follow")
    assert site.browser.post(f"/app/{subject.pk}/follow/", {"email": "a@example.cn"}).status_code == 422
    assert (
        site.browser.post(f"/app/{subject.pk}/follow/", {"email": "a@example.cn", **work("inspect")}).status_code == 422
    )
    assert site.browser.post(f"/app/{subject.pk}/follow/", {"email": "a@example.cn", **solved}).status_code == 200
    assert site.browser.post(f"/app/{subject.pk}/follow/", {"email": "b@example.cn", **solved}).status_code == 422
    assert len(post) == 1


def test_unconfirmed_addresses_go(site: Site, post: list[Any]) -> None:
    """After seven days without a confirmation the address is erased."""
    from mingcha.service import telling
    from mingcha.service.models import Follow

    ask(site, site.subject(), "a@example.cn")
    assert telling.lapse(at("2026-10-05T09:00")) == 0
    assert telling.lapse(at("2026-10-05T11:00")) == 1
    row = Follow.objects.get()
    assert (row.state, row.sealed) == ("ended", None)
    assert "已停止关注" in site.text(link(post[0]))


def test_links_cannot_be_made_up(site: Site) -> None:
    """A link for something else, or none of ours, opens nothing."""
    from mingcha.service.tickets import ticket

    for key in ("x", ticket("task", 1), "1:abc:def"):
        assert site.browser.get(f"/follow/{key}/").status_code == 404
        assert site.browser.post(f"/follow/{key}/end/").status_code == 404


def test_feeds_tell_acts_and_no_person(site: Site) -> None:
    """The feeds of app, case and notices are Atom, tell acts, numbers and days, and name nobody who acted."""
    from xml.etree import ElementTree as ET

    subject = site.subject()
    case = site.case(subject, "publicly-warned")
    site.task(subject, case=case)
    paper = site.paper(case, published="2026-09-10T10:00")
    site.event(case, "publish", "2026-09-10T10:00", document=paper.number, days=5)
    for path, words in ((f"/app/{subject.pk}/feed/", "向社会通报"), (f"/en/app/{subject.pk}/feed/", "publish the warning"),
                        (f"/case/{case.pk}/feed/", case.number), ("/notices/feed/", paper.number)):  # fmt: skip
        feed = site.text(path)
        entries = ET.fromstring(feed).findall("{http://www.w3.org/2005/Atom}entry")
        assert len(entries) == 1
        assert words in feed
        assert "account:" not in feed
        assert "handler" not in feed
