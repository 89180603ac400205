"""How often one address may try something. Counted in the shared cache; addresses are kept only as keyed hashes, for the time of the count."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """From where somebody comes. Behind a proxy (mode `production`) the last hop it names; nginx must set it (docs/operate.md)."""
    if settings.CONFIGURATION.tls:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def allowed(request: HttpRequest, what: str, most: int, seconds: int) -> bool:
    """Count one try of this address; False when it had its number within the last so many seconds, whenever they began.

    Each try takes a place that is free again when the time is over: adding is one statement of the database, so two workers never take one.
    """
    key = f"limit:{what}:{_hidden(address(request))}"
    return any(cache.add(f"{key}:{place}", 1, seconds) for place in range(most))


def once(what: str, identifier: str, seconds: int) -> bool:
    """Whether this identifier is used for the first time."""
    return bool(cache.add(f"once:{what}:{identifier}", 1, seconds))


def _hidden(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:24]
