"""Loads every module of verbs, so that their register is whole."""

from __future__ import annotations


def load_verbs() -> None:
    """Import them; twice does nothing."""
    from mingcha.service.actions import (  # noqa: F401
        accounts,
        cases,
        closing,
        complaints,
        correcting,
        documents,
        findings,
        following,
        leads,
        operators,
        orders,
        reckoning,
        removals,
        selfchecks,
        subjects,
        tasks,
        tokens,
    )
