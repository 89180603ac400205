"""The API's root: its routes, their rules, and how it says no. There is no page of documentation: the usual ones load scripts from elsewhere."""

from __future__ import annotations

from django.http import Http404
from ninja.errors import ValidationError

from mingcha import __version__
from mingcha.service.access.rules import ANYBODY, SIGNED_IN, Rule, rule
from mingcha.service.actions.acting import Refused
from mingcha.service.api import answers, doing, reading
from mingcha.service.api.door import NAMESPACE
from mingcha.service.api.schema import Described

ACTING = Rule(SIGNED_IN.roles, code=True)

api = Described(
    title="明察 Mingcha",
    version=__version__,
    description="公开查询与业务操作；每个操作与页面、命令行相同。/ Public look-ups, and the same acts as on pages and command line.",
    urls_namespace=NAMESPACE,
    docs_url=None,
    openapi_extra={
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            }
        }
    },
)
api.add_router("", reading.router)
api.add_router("", doing.router)
api.add_exception_handler(Refused, answers.refused)
api.add_exception_handler(Http404, answers.missing)
api.add_exception_handler(ValidationError, answers.unreadable)

rule("api:openapi-json", "api:api-root", to=ANYBODY)
rule(
    *(f"api:{name}" for name in ("apps", "app", "notices", "notice", "verify", "clocks", "calculator", "me")),
    to=ANYBODY,
)
rule("api:list", "api:one", "api:act", "api:begin", "api:tokens", to=ACTING)
