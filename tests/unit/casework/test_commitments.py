"""Commitments: the chain holds no personal value, and erasing one leaves it whole (PV2)."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.casework.chain import check, link
from mingcha.casework.commitments import SALT, Opening, commit, commitments, opens, sealed, shown
from mingcha.errors import UsageError
from tests.build.chains import COMPLAINANT, chain

ONE, OTHER = bytes(range(SALT)), bytes(SALT)
SALTS = st.binary(min_size=SALT, max_size=SALT)


def test_the_commitment_is_what_the_page_says() -> None:
    """SHA-256 over a fixed line, the salt and the canonical JSON, reckoned here by other means."""
    assert commit("张三", ONE) == hashlib.sha256(b"mingcha commitment 1\n" + ONE + '"张三"'.encode()).hexdigest()


@given(st.text(st.characters(exclude_categories=("Cs",))), SALTS, SALTS)
def test_only_value_and_salt_open_it(value: str, salt: bytes, other: bytes) -> None:
    """The value with its salt opens the commitment; another value or another salt does not."""
    made = commit(value, salt)
    assert opens(made, value, salt)
    assert not opens(made, value + "x", salt)
    assert opens(made, value, other) == (salt == other)


def test_bad_input_opens_nothing() -> None:
    """A short salt, a value that cannot be written and a commitment in other letters open nothing and raise nothing."""
    made = commit("v", ONE)
    assert not opens(made, "v", b"short")
    assert not opens(made, 0.5, ONE)
    assert not opens("承诺", "v", ONE)
    assert not opens("\ud800", "v", ONE)


def test_a_salt_has_one_length() -> None:
    """A short salt is refused: it could be guessed, or run together with the value."""
    with pytest.raises(UsageError, match="32 bytes"):
        commit("v", b"x" * 31)


def test_what_a_body_commits_to() -> None:
    """Commitments are found at any depth."""
    first, second = sealed("a", ONE), sealed("b", ONE)
    assert list(commitments({"who": first, "more": [{"phone": second}], "n": 1})) == [
        first["commitment"],
        second["commitment"],
    ]
    assert list(commitments({"commitment": 5, "erased": False})) == []


def test_the_chain_holds_no_value_and_survives_erasure() -> None:
    """PV2: neither value nor salt is anywhere in the chain, so the chain is checked with both erased."""
    links = chain(6)
    stored = msgspec.json.encode(links)
    assert COMPLAINANT.encode() not in stored
    assert "张三".encode() not in stored
    vault = {next(commitments(links[2].body)): Opening(value=COMPLAINANT, salt=bytes(range(32)))}
    assert shown(links[2].body, vault)["who"] == COMPLAINANT
    gone = set(vault)
    vault.clear()
    links.append(
        link(links[-1], time="2026-12-01T00:00:00+08:00", actor="retention", act="identity.erased", object="case-1",
             body={"commitments": sorted(gone)})
    )  # fmt: skip
    assert check(links) == []
    assert shown(links[2].body, vault, gone)["who"] == {"commitment": next(iter(gone)), "erased": True}


def test_a_false_opening_shows_nothing() -> None:
    """A vault that holds another value than was committed to does not put words into the chain's mouth."""
    body = {"list": [sealed("真", ONE)]}
    made = next(commitments(body))
    assert shown(body, {made: Opening(value="假", salt=ONE)}) == {"list": [{"commitment": made, "erased": False}]}
