"""What is told about a document on a terminal."""

from __future__ import annotations

from mingcha.capture.records import Fetched, holds_policy, told


def test_a_line_for_each_document() -> None:
    """A line names file, size, hash and address, or says why there is none; nothing in it can write on a terminal."""
    kept = Fetched(role="main", url="u", final_url="http://a.example/", file="main.html", sha256="ab", characters=300)
    assert told(kept) == "main.html: 300 characters, SHA-256 ab, from http://a.example/"
    lost = Fetched(role="sdk_list", url="u", problem="answered\x1b[31m 500")
    assert told(lost) == "sdk_list: not fetched: answered?[31m 500"


def test_a_policy_is_there_only_with_text() -> None:
    """A main document without text, or lists alone, are no policy."""
    kept = {"url": "u", "file": "f"}
    assert holds_policy([Fetched(role="main", characters=5, **kept), Fetched(role="main", characters=100, **kept)])
    assert not holds_policy(
        [Fetched(role="main", characters=99, **kept), Fetched(role="sdk_list", characters=900, **kept)]
    )
    assert not holds_policy([Fetched(role="main", url="u", problem="x")])
