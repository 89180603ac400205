"""Django's entry for the one app of the service."""

from __future__ import annotations

from django.apps import AppConfig


class Service(AppConfig):
    """All models, pages and actions are one app: the domain is one."""

    name = "mingcha.service"
    label = "service"
    verbose_name = "明察"

    def ready(self) -> None:
        """Verbs are registered once the models are there."""
        from mingcha.service.actions.everything import load_verbs

        load_verbs()
