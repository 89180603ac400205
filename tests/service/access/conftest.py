"""The survey, made once for the tests that read it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.service.access import matrix, survey, world


def surveyed_once(*, set_up: bool = False) -> tuple[list[survey.Answer], dict[str, Any]]:
    """All answers of routes, and who may do which act; what it was asked of is gone again."""
    if set_up:
        import django

        django.setup()
        from django.test.utils import setup_databases

        setup_databases(verbosity=0, interactive=False)
    from django.conf import settings
    from django.db import transaction

    from mingcha.service.shelf import shelf

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    shelf.cache_clear()
    with transaction.atomic():
        made = world.build()
        found = list(survey.asked(made)), matrix.verbs(made)
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="package")
def surveyed(tables: None) -> tuple[list[survey.Answer], dict[str, Any]]:
    """Every route asked by everybody."""
    return surveyed_once()


@pytest.fixture(scope="module")
def built(tables: None) -> Iterator[world.World]:
    """Both sides, made once for a file of tests."""
    from django.conf import settings
    from django.db import transaction

    from mingcha.service.shelf import shelf

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    shelf.cache_clear()
    with transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture
def made(built: world.World) -> Iterator[world.World]:
    """Both sides; what a test does to them is undone after it."""
    from django.db import transaction

    with transaction.atomic():
        yield deepcopy(built)
        transaction.set_rollback(True)
