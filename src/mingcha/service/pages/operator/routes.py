"""Addresses of the operator's side."""

from __future__ import annotations

from django.urls import path

from mingcha.service.access.rules import ANYBODY, COMPANY, OFFICE, SIGNED_IN, Rule, rule
from mingcha.service.pages.operator import answering, checking, claiming, clerks, home
from mingcha.service.roles import Role

OWNERS = Rule(frozenset({Role.OPERATOR_OWNER}))

rule("operator", "operator-begin", "operator-questions", "operator-compare", to=COMPANY)
rule("operator-case", "operator-rectify", "operator-finding", "operator-complaint", to=COMPANY)
rule("operator-clerks", to=OWNERS)
rule("operator-selfcheck", "operator-do", "operator-report", "operator-file", to=SIGNED_IN)
rule("operator-filed", to=OFFICE)
rule("operator-open", "operator-claims", "operator-ask", "operator-claim", to=ANYBODY)
rule("operator-challenge", "operator-prove", "operator-decide", to=ANYBODY)
# An account without a role has nothing but a claim; the gate knows roles only, so that these views ask for an account themselves.

urlpatterns = [
    path("", home.home, name="operator"),
    path("clerks/", clerks.clerks, name="operator-clerks"),
    path("open/", claiming.open_account, name="operator-open"),
    path("claims/", claiming.claims, name="operator-claims"),
    path("claims/app/<int:pk>/", claiming.ask, name="operator-ask"),
    path("claims/<int:pk>/", claiming.claim, name="operator-claim"),
    path("claims/<int:pk>/challenge.txt", claiming.challenge, name="operator-challenge"),
    path("claims/<int:pk>/prove/", claiming.prove, name="operator-prove"),
    path("claims/<int:pk>/decide/", claiming.decide, name="operator-decide"),
    path("apps/<int:pk>/check/", checking.begin, name="operator-begin"),
    path("apps/<int:pk>/compare/", answering.compare, name="operator-compare"),
    path("checks/", checking.filed, name="operator-filed"),
    path("checks/<int:pk>/", checking.show, name="operator-selfcheck"),
    path("checks/<int:pk>/do/<str:act>/", checking.act, name="operator-do"),
    path("checks/<int:pk>/questions/", checking.questions, name="operator-questions"),
    path("checks/<int:pk>/report.<str:form>", checking.report, name="operator-report"),
    path("checks/<int:pk>/files/<int:file>/", checking.file, name="operator-file"),
    path("cases/<int:pk>/", answering.case, name="operator-case"),
    path("cases/<int:pk>/rectify/", answering.rectify, name="operator-rectify"),
    path("findings/<int:pk>/", answering.finding, name="operator-finding"),
    path("complaints/<int:pk>/", answering.complaint, name="operator-complaint"),
]
