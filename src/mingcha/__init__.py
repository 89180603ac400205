"""Mingcha (明察): an app, its privacy policy and what it did, judged clause by clause with evidence."""

from __future__ import annotations

__version__ = "0.1.0"
