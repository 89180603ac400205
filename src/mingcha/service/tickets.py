"""Links that stand for a right: whoever holds the link to an inspection he asked for, or to his following, may end it. Signed, not kept."""

from __future__ import annotations

from django.core import signing


def ticket(purpose: str, pk: int) -> str:
    """A link's secret part; the purpose keeps one kind of right from serving as another."""
    return signing.dumps(pk, salt=f"mingcha.{purpose}")


def holder(purpose: str, text: str) -> int | None:
    """For which row it stands; None for what we did not sign."""
    try:
        found = signing.loads(text, salt=f"mingcha.{purpose}")
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
