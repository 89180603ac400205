"""The product with, in the same process, a bare Django view beside it: no middleware, one row by its key, as JSON. For the benchmark alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingcha.service.settings")

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # settings come first
from django.http import HttpRequest, JsonResponse
from django.test.utils import override_settings
from django.urls import path

from mingcha.service.wsgi import application as product

PREFIX = "/bare/"


def bare(_: HttpRequest, pk: int) -> JsonResponse:
    """One row by its key."""
    from mingcha.service.models import Subject

    row = Subject.objects.get(pk=pk)
    answer = JsonResponse({"id": row.pk, "name": row.name, "package": row.package})
    answer["Content-Length"] = str(len(answer.content))  # else it is sent in chunks: its middleware is left out too
    return answer


urlpatterns = [path("bare/<int:pk>/", bare)]


class Bare(WSGIHandler):
    """Django's own handler without any middleware, with the one address above."""

    def get_response(self, request: Any) -> Any:
        """Answer with our addresses instead of the product's."""
        assert isinstance(request, WSGIRequest)
        request.urlconf = __name__
        return super().get_response(request)


with override_settings(MIDDLEWARE=[]):
    _bare = Bare()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """To whom it is addressed."""
    return (_bare if environ["PATH_INFO"].startswith(PREFIX) else product)(environ, start)
