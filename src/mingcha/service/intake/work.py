"""Proof of work instead of a captcha: a visitor's machine computes for a second, and no other company learns of the visit.

A challenge carries its purpose, its end and its difficulty under our signature, so that nothing is kept until it is solved. A solution
is a text with which the SHA-256 of ``challenge:nonce`` begins with so many zero bits. It may be used once: ``solved`` gives an
identifier, and the caller keeps those of the last ``LIFETIME`` seconds under a unique index.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable

from mingcha.service.intake.refusals import IntakeError

LIFETIME = 2 * 3600
"""Seconds; a complaint takes long to write, and an expired form costs the writer only a second solution."""

EASIEST, HARDEST = 1, 30
_NONCE = re.compile(r"[0-9A-Za-z]{1,32}").fullmatch
_PURPOSE = re.compile(r"[a-z][a-z-]{0,31}").fullmatch
_CHALLENGE = re.compile(
    r"1\.([a-z-]+)\.([0-9]{1,12})\.([0-9]{1,2})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22})"
).fullmatch


def challenge(
    secret: bytes,
    purpose: str,
    now: float,
    difficulty: int,
    fresh: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """A task for one form: about 2 to the power of ``difficulty`` hashes. ``now`` is in seconds since 1970."""
    if not _PURPOSE(purpose) or not EASIEST <= difficulty <= HARDEST:
        raise ValueError(f"purpose {purpose!r}, difficulty {difficulty}")
    body = f"1.{purpose}.{int(now) + LIFETIME}.{difficulty}.{_text(fresh(12))}"
    return f"{body}.{_signed(secret, body)}"


def solved(secret: bytes, challenge: str, nonce: str, now: float, *, purpose: str) -> str:
    """The identifier of a solved challenge, to be used once. Raises IntakeError: expired, or not solved."""
    identifier, end, difficulty = _ours(secret, challenge, purpose)
    if not is_solution(challenge, nonce, difficulty):
        raise IntakeError("work-wrong")
    if now >= end:
        raise IntakeError("work-expired")
    return identifier


def waited(secret: bytes, challenge: str, now: float, *, purpose: str, seconds: int) -> str:
    """The identifier of a challenge that is so old, for those whose browser runs no script. Raises IntakeError.

    It is the same as ``solved`` gives, so that one challenge serves once, in whichever way.
    """
    identifier, end, _ = _ours(secret, challenge, purpose)
    if now >= end:
        raise IntakeError("work-expired")
    if now - (end - LIFETIME) < seconds:
        raise IntakeError("work-too-soon", seconds=seconds)
    return identifier


def issued(secret: bytes, challenge: str, *, purpose: str) -> float:
    """When a challenge of ours was made. Raises IntakeError for what is not ours."""
    return float(_ours(secret, challenge, purpose)[1] - LIFETIME)


def _ours(secret: bytes, challenge: str, purpose: str) -> tuple[str, int, int]:
    """Identifier, end and difficulty of a challenge that we signed for this purpose. Raises IntakeError."""
    found = _CHALLENGE(challenge)
    if found is None or not hmac.compare_digest(found[5], _signed(secret, challenge.rpartition(".")[0])):
        raise IntakeError("work-wrong")
    if found[1] != purpose:
        raise IntakeError("work-wrong")
    return found[4], int(found[2]), int(found[3])


def is_solution(challenge: str, nonce: str, difficulty: int) -> bool:
    """Whether the hash begins with so many zero bits."""
    if not _NONCE(nonce):
        return False
    digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - difficulty) == 0


def _signed(secret: bytes, body: str) -> str:
    return _text(hmac.new(secret, b"mingcha proof of work\0" + body.encode(), hashlib.sha256).digest()[:16])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
