"""The service's app with the models of jobs and no others, so that these tests need nothing of the rest."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from django.apps import AppConfig

import mingcha.service

PATHS = [f"{path}/models" for path in mingcha.service.__path__]


class Jobs(AppConfig):
    """Stands where the service's app stands."""

    name = "tests.service.jobs"
    label = "service"

    def import_models(self) -> None:
        """The package of models is stood in for by an empty one, so that only `jobs` is read."""
        package = ModuleType("mingcha.service.models")
        package.__path__ = PATHS
        sys.modules["mingcha.service.models"] = package
        self.models = self.apps.all_models[self.label]
        importlib.import_module("mingcha.service.models.jobs")
