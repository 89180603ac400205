"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from mingcha.service.access.rules import ANYBODY, rule
from mingcha.service.pages.public import (
    app,
    asking,
    calculator,
    comparing,
    feeds,
    following,
    home,
    house,
    notices,
    reports,
    verifying,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("app/<int:pk>/", app.app, name="app"),
    path("app/<int:pk>/page.json", app.as_json, name="app-json"),
    path("app/<int:pk>/report/<int:report>.<str:form>", reports.report, name="app-report"),
    path("app/<int:pk>/compare/", comparing.compare, name="compare"),
    path("app/<int:pk>/inspect/", asking.ask_app, name="ask-app"),
    path("app/<int:pk>/follow/", following.follow, name="follow"),
    path("app/<int:pk>/feed/", feeds.AppFeed(), name="feed-app"),
    path("case/<int:pk>/feed/", feeds.CaseFeed(), name="feed-case"),
    path("inspect/", asking.ask, name="ask"),
    path("inspect/<str:key>/", asking.asked, name="asked"),
    path("follow/<str:key>/", following.confirm, name="follow-confirm"),
    path("follow/<str:key>/end/", following.end, name="follow-end"),
    path("notices/", notices.notices, name="notices"),
    path("notices/feed/", feeds.NoticeFeed(), name="feed-notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<str:number>/", verifying.document, name="verify-number"),
    path("verify/<str:number>/document.pdf", verifying.pdf, name="verify-pdf"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("privacy/", house.privacy, name="privacy"),
    path("about/", house.about, name="about"),
    path("about/close-account/", house.close_account, name="close-account"),
]
rule(*(one.name for one in urlpatterns if one.name), to=ANYBODY)
