"""Addresses of complaint, receipt and tracking."""

from __future__ import annotations

from django.urls import path

from mingcha.service.access.rules import ANYBODY, PERSON, rule
from mingcha.service.pages.complaining import filing, tracking

rule("complain", "complain-story", "complain-send", "receipt", "track", to=ANYBODY)
rule("mine", "mine-act", "mine-package", "mine-leave", to=PERSON)

urlpatterns = [
    path("complain/", filing.about, name="complain"),
    path("complain/story/", filing.story, name="complain-story"),
    path("complain/send/", filing.send, name="complain-send"),
    path("complain/receipt/", filing.receipt, name="receipt"),
    path("track/", tracking.track, name="track"),
    path("mine/", tracking.mine, name="mine"),
    path("mine/leave/", tracking.leave, name="mine-leave"),
    path("mine/package.zip", tracking.package, name="mine-package"),
    path("mine/<str:verb>/", tracking.act, name="mine-act"),
]
