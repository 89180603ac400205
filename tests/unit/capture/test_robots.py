"""robots.txt, by the examples of RFC 9309 and by what sites write."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.capture.robots import read


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/privacy", True),
        ("User-agent: *\nDisallow:", "/privacy", True),
        ("User-agent: *\nDisallow: /", "/privacy", False),
        ("user-agent: *\r\ndisallow: /priv # all of it", "/privacy", False),
        ("User-agent: *\nDisallow: /p\nAllow: /privacy", "/privacy", True),
        ("User-agent: *\nAllow: /p\nDisallow: /privacy", "/privacy", False),
        ("User-agent: *\nDisallow: /privacy\nAllow: /privacy", "/privacy", True),
        ("User-agent: *\nDisallow: /*.html$", "/privacy.html", False),
        ("User-agent: *\nDisallow: /*.html$", "/privacy.html?a=1", True),
        ("User-agent: *\nDisallow: /*?", "/privacy?a=1", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a/b/x", True),
        ("User-agent: *\nDisallow: /%E9%9A%90", "/隐私", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Mingcha\nAllow: /", "/privacy", True),
        ("User-agent: mingcha/1.0\nDisallow: /\nUser-agent: *\nAllow: /", "/privacy", False),
        ("User-agent: a\nUser-agent: mingcha\nDisallow: /x\nUser-agent: *\nDisallow: /", "/privacy", True),
        ("User-agent: mingcha\n\nUser-agent: *\nDisallow: /", "/privacy", False),
        ("User-agent: mingcha\nDisallow:\n\nUser-agent: *\nDisallow: /", "/privacy", True),
        ("Disallow: /", "/privacy", True),
        ("<!doctype html><title>Not found</title>", "/privacy", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    """The group for Mingcha counts, else the one for all; the longest rule decides."""
    assert read(text.encode(), "mingcha").allows(path) is allowed


@pytest.mark.parametrize(("said", "seconds"), [("5", 5.0), ("0.5", 0.5), ("86400", 20.0), ("soon", 0.0), ("-1", 0.0)])
def test_delay(said: str, seconds: float) -> None:
    """A site's wish for a pause counts up to twenty seconds."""
    assert read(f"User-agent: *\nCrawl-delay: {said}".encode(), "mingcha").delay == seconds


@given(st.binary(max_size=300), st.text(max_size=50))
def test_any_bytes(data: bytes, path: str) -> None:
    """Any bytes are read as rules, and any path is answered."""
    assert read(b"User-agent: *\nDisallow: " + data, "mingcha").allows(path) in (True, False)


def test_no_pattern_is_slow() -> None:
    """A file made to be slow is answered in well under a second."""
    text = "User-agent: *\n" + f"Disallow: /{'*a' * 40}$\n" * 5000
    start = time.monotonic()
    assert read(text.encode(), "mingcha").allows("/" + "a" * 3000 + "b")
    assert read(b"User-agent: *\n" + (b"a:" + b" " * 1900 + b"x\n") * 250, "mingcha").allows("/")
    assert time.monotonic() - start < 1.5
