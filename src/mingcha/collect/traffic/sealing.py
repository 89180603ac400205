"""How values are told apart without being told: a keyed hash, with one key for each case, and texts with values taken out."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from mingcha.errors import UsageError

_LEAST_KEY: Final = 16
_separators = re.compile(r"[\s:._-]+")
_telling = re.compile(
    r"[^\x20-\x7e]+|[^\s/>?&=]*@[^\s/>?&=]*|(?:[0-9A-Fa-f]{2}[:-]){3,}[0-9A-Fa-f]{2}|\d{5,}"
    r"|(?=(?:[A-Za-z_~%+=-]*\d){4})[0-9A-Za-z_~%+=-]{12,}"
)
MASK: Final = "…"
_beside_a_mask = re.compile(rf"[0-9A-Za-z_~%+=-]*(?:{MASK}[0-9A-Za-z_~%+=-]*)+")


class Seal:
    """Makes digests that are the same for the same value within a case and mean nothing outside of it."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _LEAST_KEY:
            raise UsageError(f"the key of a case must have at least {_LEAST_KEY} bytes")
        self._key = key[:64]

    def of(self, value: str) -> str:
        """Sixteen hex digits for a value, whatever its case and separators."""
        bare = _separators.sub("", value).casefold()
        return hashlib.blake2b(bare.encode("utf-8", "replace"), key=self._key, digest_size=8).hexdigest()


def masked(text: str) -> str:
    """A text for people without what could be someone's value: long numbers, tokens, addresses, Chinese text."""
    return _beside_a_mask.sub(MASK, _telling.sub(MASK, text))
