"""Django's entry for the one app of the service."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class Service(AppConfig):
    """All models, pages and actions are one app: the domain is one."""

    name = "mingcha.service"
    label = "service"
    verbose_name = "明察"

    def ready(self) -> None:
        """Verbs are registered once the models are there."""
        from mingcha.service.actions.everything import load_verbs

        load_verbs()
        post_migrate.connect(_upgraded, sender=self)


def _upgraded(using: str, **_: Any) -> None:
    """An upgrade may have brought the calendar of a new year."""
    from mingcha.service.actions.reckoning import renew

    if using == DEFAULT_DB_ALIAS:
        renew()
