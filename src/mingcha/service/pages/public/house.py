"""The service about itself: its privacy notice, who runs it, and the end of one's account."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from markdown_it import MarkdownIt

from mingcha import __version__
from mingcha.service import seals
from mingcha.service.actions.acting import Refused, perform
from mingcha.service.models import Account
from mingcha.service.pages.doing import shown
from mingcha.service.pages.request import doer_of, language
from mingcha.service.text import Text

NOTICE = Path(__file__).parents[2] / "notice"
NEWS_DAYS = 30
"""How long the first page says that the notice changed."""
_NOBODY = {
    "zh": {"organiser": "运行这台服务器的人（演示，没有主管机关）", "contact": "运行这台服务器的人"},
    "en": {
        "organiser": "whoever runs this server (a demonstration, without an authority)",
        "contact": "whoever runs this server",
    },
}
_DATE = re.compile(r"更新日期：(\d+)年(\d+)月(\d+)日").search


def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice."""
    return render(request, "public/privacy.html", {"notice": drawn(language())})


@cache
def drawn(language: str) -> str:
    """The notice as HTML; marks of HTML in its text or in the settings are shown as such."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    return str(made.render(notice(language)))


def notice(language: str) -> str:
    """The notice with those who run this installation named."""
    site = settings.CONFIGURATION.site
    text = (NOTICE / f"privacy.{language}.md").read_text("utf-8")
    named = {key: site.get(key) or told for key, told in _NOBODY[language].items()}
    named["organiser"] = site.get("organiser") or settings.CONFIGURATION.authority or named["organiser"]
    return text.replace("{organiser}", named["organiser"]).replace("{contact}", named["contact"])


@cache
def updated() -> date:
    """When the notice was changed last, as it says itself."""
    found = _DATE((NOTICE / "privacy.zh.md").read_text("utf-8"))
    assert found is not None
    year, month, day = map(int, found.groups())
    return date(year, month, day)


def about(request: HttpRequest) -> HttpResponse:
    """What this is, who runs it, how to reach them, and the public keys of its signatures."""
    keys = [{"id": key.id, "public": key.public} for key in seals.our_keys()]
    context = {"version": __version__, "site": settings.CONFIGURATION.site, "keys": keys}
    return render(request, "public/about.html", context)


def close_account(request: HttpRequest) -> HttpResponse:
    """Ask once, then close: no reason, no proof, no waiting. Open to accounts without any role."""
    doer = doer_of(request)
    if doer.account is None:
        return redirect(f"{resolve_url('account_login')}?next={request.path}")
    problem: Text | None = None
    if request.method == "POST":
        try:
            perform("account", "close", doer, Account.objects.get(pk=doer.account.pk))
            logout(request)
            return render(request, "public/closed.html", {"done": True})
        except Refused as refused:
            problem = refused.text
    return shown(request, "public/closed.html", {"done": False}, problem, 409)
