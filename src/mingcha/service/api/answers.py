"""How the API says no: one object in both languages, and the number that fits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from mingcha.service.actions.acting import Forbidden, Refused, Unreadable
from mingcha.service.text import Text

SIGN_IN = Text("请先登录或出示令牌。", "Sign in first, or show a token.")
NOT_FOUND = Text("没有找到。", "Not found.")


def no(status: int, text: Text) -> JsonResponse:
    """A refusal."""
    answer = JsonResponse({"zh": text.zh, "en": text.en}, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def refused(request: HttpRequest, problem: Refused | type[Refused]) -> HttpResponse:
    """403 for hands that may not, 422 for data that cannot be read, 409 for what is not possible as things stand."""
    status = 403 if isinstance(problem, Forbidden) else 422 if isinstance(problem, Unreadable) else 409
    assert isinstance(problem, Refused)
    return no(status, problem.text)


def missing(request: HttpRequest, problem: object) -> HttpResponse:
    """404: what one may not see is not there."""
    return no(404, NOT_FOUND)


def unreadable(request: HttpRequest, problem: object) -> HttpResponse:
    """422 for parameters of the wrong kind."""
    return no(422, Text("参数有误。", "A parameter is wrong."))
