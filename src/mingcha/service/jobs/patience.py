"""Waiting for a database that is away for a moment, as in a restart."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections

PAUSES = (0.2, 0.5, 1, 2, 2, 2, 5, 5, *[10] * 18)
"""Some three minutes, as long as a server may take to come back."""
T = TypeVar("T")
log = logging.getLogger(__name__)


def patiently(act: Callable[[], T]) -> T:
    """Do it again while the database does not answer; what is given bears being done twice."""
    for pause in PAUSES:
        try:
            return act()
        except (OperationalError, InterfaceError) as away:
            log.warning("the database does not answer (%s); again in %s s", type(away).__name__, pause)
            connections.close_all()
            time.sleep(pause)
    return act()
