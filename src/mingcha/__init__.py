"""Mingcha (明察): an app, its privacy policy and what it did, judged clause by clause with evidence.

>>> import mingcha
>>> report = mingcha.inspect(mingcha.open_case(["app.apk"]))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["inspect", "open_case"]


def __getattr__(name: str) -> Any:
    """``inspect`` and ``open_case``, imported when asked for, so that ``mingcha --help`` starts at once."""
    if name in __all__:
        from mingcha import inspection

        return getattr(inspection, name)
    raise AttributeError(f"module 'mingcha' has no attribute {name!r}")
