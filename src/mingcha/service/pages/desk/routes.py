"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from mingcha.service.access.rules import ADMINISTRATION, ANYBODY, AUDIT, OFFICE, SIGNED_IN, rule
from mingcha.service.pages.desk import acts, house, lists, things, tokens

rule("desk", to=ANYBODY)
rule("act", "act-new", "tokens", to=SIGNED_IN)
rule("complaints", "leads", "cases", "tasks", "complaint", "lead", "task", "report", "evidence", "package", to=OFFICE)
rule("log", to=AUDIT)
rule("accounts", "account", to=ADMINISTRATION)
rule("case", "finding", "handover", "document", "document-pdf", to=SIGNED_IN)

urlpatterns = [
    path("", lists.desk, name="desk"),
    path("complaints/", lists.complaints, name="complaints"),
    path("leads/", lists.leads, name="leads"),
    path("cases/", lists.cases, name="cases"),
    path("tasks/", lists.tasks, name="tasks"),
    path("complaints/<int:pk>/", things.complaint, name="complaint"),
    path("leads/<int:pk>/", things.lead, name="lead"),
    path("cases/<int:pk>/", things.case, name="case"),
    path("cases/<int:pk>/handover/", acts.handover, name="handover"),
    path("tasks/<int:pk>/", things.task, name="task"),
    path("tasks/<int:pk>/report/", things.report, name="report"),
    path("findings/<int:pk>/", things.finding, name="finding"),
    path("documents/<int:pk>/", things.document, name="document"),
    path("documents/<int:pk>.pdf", things.document_pdf, name="document-pdf"),
    path("evidence/<int:pk>/", things.evidence, name="evidence"),
    path("cases/<int:pk>/package.zip", house.package, name="package"),
    path("log/", house.log, name="log"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("accounts/", house.accounts, name="accounts"),
    path("accounts/<int:pk>/", house.account, name="account"),
    path("do/<str:process>/<str:verb>/", acts.begin, name="act-new"),
    path("do/<str:process>/<int:pk>/<str:verb>/", acts.act, name="act"),
]
