"""Every address of the service. Chinese pages have no prefix, English ones stand below /en/.

Each area lists its own routes beside their rules (`pages/<area>/routes.py`); a route without a rule is refused and fails the build.
"""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from mingcha.service.access.rules import ANYBODY, rule
from mingcha.service.api.routes import api
from mingcha.service.pages import errors, health

rule("health", to=ANYBODY)

urlpatterns = [
    path("health", health.health, name="health"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        path("desk/", include("mingcha.service.pages.desk.routes")),
        path("operator/", include("mingcha.service.pages.operator.routes")),
        path("upload/", include("mingcha.service.pages.uploading.routes")),
        path("", include("mingcha.service.pages.complaining.routes")),
        path("", include("mingcha.service.pages.public.routes")),
        prefix_default_language=False,
    ),
]
handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken
