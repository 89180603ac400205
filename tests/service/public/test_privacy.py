"""The service keeps the rules that it inspects others by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.service.public.conftest import Site

PROMISED = {
    "date", "contact", "collection_list", "cookies", "sdk_list", "sharing", "automated_decision", "cross_border", "storage_place", "retention",
    "after_expiry", "security", "incident_notice", "access", "correction", "deletion", "withdrawal", "account_cancellation", "reply_deadline",
    "minors", "update_notice", "complaint_channel", "explanation",
}  # fmt: skip


def report(folder: Path, text: str) -> Any:
    """Mingcha's own reading of a notice."""
    from mingcha.catalogue.load import load
    from mingcha.inspection import inspect, open_case

    path = folder / "privacy.md"
    path.write_text(text, "utf-8")
    return inspect(open_case([], policy=[path], on="2026-11-22"), load())


def told(clauses: Any) -> list[str]:
    """The clauses held for breached."""
    return [verdict.clause for verdict in clauses.verdicts if verdict.outcome == "breached"]


def test_our_notice_breaks_no_rule(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader finds each provision in our notice, misses none, and no clause is breached; a notice with a broken promise is caught."""
    from django.conf import settings

    from mingcha.service.pages.public import house

    named = replace(settings.CONFIGURATION, authority="某某部门", site={"contact": "privacy@example.gov.cn"})
    monkeypatch.setattr(settings, "CONFIGURATION", named)
    text = house.notice("zh")
    made = report(tmp_path, text)
    assert told(made) == []
    kinds = {type(fact).__name__ for fact in made.facts}
    assert "ProvisionAbsent" not in kinds
    stated = {fact.provision for fact in made.facts if type(fact).__name__ == "ProvisionStated"}
    assert stated >= PROMISED, PROMISED - stated
    assert told(report(tmp_path, text.replace("15个工作日", "30个工作日"))) == ["idm-2019/6.3"]


def test_the_notice_tells_what_the_code_does(site: Site) -> None:
    """The times in both notices are those of the code."""
    from django.conf import settings

    from mingcha.service import telling
    from mingcha.service.actions.complaints import KEEPS_IDENTITY
    from mingcha.service.intake.uploads import Limits
    from mingcha.service.pages.public import house

    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    assert KEEPS_IDENTITY.days == 3 * 365
    assert telling.PATIENCE.days == 7
    assert Limits().keep_seconds == 24 * 3600
    chinese, english = house.notice("zh"), house.notice("en")
    for zh, en in (
        ("八小时", "eight hours"),
        ("三年", "three years"),
        ("七日", "seven days"),
        ("二十四小时", "24 hours"),
        ("15个工作日", "15 working days"),
    ):
        assert zh in chinese
        assert en in english


def test_both_notices_have_the_same_parts(site: Site) -> None:
    """The English notice has every section and every row of the table of the Chinese one, and no place is left unfilled."""
    from mingcha.service.pages.public import house

    counts = [
        [sum(line.startswith(mark) for line in house.notice(lang).splitlines()) for mark in ("# ", "## ", "| ")]
        for lang in ("zh", "en")
    ]
    assert counts[0] == counts[1]
    assert counts[0][1] == 8
    assert "{" not in house.notice("zh") + house.notice("en")


def test_the_page_and_its_news(site: Site, clock: Any) -> None:
    """The notice can be read in both languages from every page, and the first page tells of a change for thirty days."""
    from mingcha.service.pages.public import house

    assert "<h2>五、您的权利</h2>" in site.text("/privacy/")
    assert "<h2>5. Your rights</h2>" in site.text("/en/privacy/")
    assert 'href="/privacy/"' in site.text("/calculator/")
    assert house.updated() == date(2026, 11, 22)
    clock.set("2026-12-10T09:00")
    assert "隐私政策已于 2026-11-22 更新" in site.text("/")
    clock.set("2026-12-25T09:00")
    assert "隐私政策已于" not in site.text("/")


def test_about_shows_only_what_is_set(site: Site, monkeypatch: Any) -> None:
    """Records and contact of the host are shown when they are set, and nothing is made up otherwise."""
    from django.conf import settings

    bare = site.text("/about/")
    assert "本站是演示" in bare
    assert "ICP" not in bare
    monkeypatch.setattr(
        settings,
        "CONFIGURATION",
        replace(
            settings.CONFIGURATION,
            authority="某某部门",
            site={"icp": "某ICP备00000000号", "contact": "a@example.gov.cn"},
        ),
    )
    page = site.text("/about/")
    assert "某ICP备00000000号" in page
    assert "本站是演示" not in page
    assert "公安备案号" not in page


def test_closing_an_account_erases_who_it_was(site: Site) -> None:
    """Whoever has an account closes it himself at once: name, address and password are gone, and it cannot sign in again."""
    from django.test import Client

    from mingcha.service.actions.acting import VISITOR, perform
    from mingcha.service.models import Account, Event

    made = perform(
        "account",
        "create",
        VISITOR,
        None,
        {"username": "zhang-canary", "password": "long-enough-7781", "title": "张某", "email": "z@example.cn"},
    )
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(made, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    assert "注销账户" in browser.get("/about/close-account/").content.decode()
    assert "账户已注销" in browser.post("/about/close-account/").content.decode()
    row = Account.objects.get(pk=made.pk)
    assert (row.state, row.is_active, row.email, row.title, row.has_usable_password()) == (
        "closed",
        False,
        "",
        "",
        False,
    )
    assert "zhang-canary" not in row.username
    assert "zhang-canary" not in str(list(Event.objects.values_list("body", flat=True)))
    assert site.browser.get("/about/close-account/").status_code == 302


def test_officers_and_the_last_owner_stay(site: Site) -> None:
    """An officer's account is ended by the administrator, and an operator's last owner cannot leave it without one."""
    from mingcha.service.actions.acting import Forbidden, Refused, doer_of, perform
    from mingcha.service.models import Account, Grant
    from mingcha.service.roles import Role
    from tests.service.public.conftest import at

    handler = site.made.accounts["handler"]
    Account.objects.filter(pk=handler.pk).update(state="active")
    owner = Account.objects.create(username="owner", state="active")
    since = at("2026-01-01T00:00")
    Grant.objects.create(account=handler, role=Role.HANDLER, authority=site.made.authority, since=since)
    Grant.objects.create(account=owner, role=Role.OPERATOR_OWNER, operator=site.made.operator, since=since)
    for account in (handler, owner):
        with pytest.raises(Refused):
            perform("account", "close", doer_of(account, strong=True, second_factor=True), account)
    with pytest.raises(Forbidden):
        perform("account", "close", doer_of(owner), handler)
