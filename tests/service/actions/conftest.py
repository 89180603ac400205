"""A Monday morning, and passwords that are hashed cheaply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def monday(clock: Any) -> Iterator[Any]:
    """The legal clock on 2 March 2026."""
    from django.conf import settings
    from django.test import override_settings

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    clock.set("2026-03-02T09:00")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield clock
