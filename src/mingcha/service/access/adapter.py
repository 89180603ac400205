"""How allauth opens accounts here: not at all. The verb `account create` does, so that the chain knows of every account."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's own page for signing up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened at /operator/open/ and by administrators."""
        del request
        return False
