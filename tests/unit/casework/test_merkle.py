"""The tree of RFC 9162: published roots, and proofs against the RFC's own recursive definitions written out here."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.casework.merkle import Tree, extends, leads

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Inputs and roots that logs of Certificate Transparency test with."""
HASHES = [hashlib.sha256(bytes([number])).hexdigest() for number in range(40)]


def mth(leaves: list[str]) -> bytes:
    """The hash of a list, as RFC 9162 2.1.1 defines it."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + bytes.fromhex(leaves[0])).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + mth(leaves[:half]) + mth(leaves[half:])).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_published_roots(count: int) -> None:
    """The roots are those that logs of Certificate Transparency publish for these inputs."""
    assert Tree(INPUTS[:count]).root == ROOTS[count - 1]


def test_the_empty_tree() -> None:
    """No links: the hash of nothing, no head, no link."""
    tree = Tree([])
    assert tree.root == hashlib.sha256(b"").hexdigest()
    assert (tree.count, tree.head, tree.hash_at(1), tree.hash_at(0)) == (0, "", None, None)


@given(st.integers(1, 40), st.data())
def test_roots_of_all_beginnings(count: int, data: st.DataObject) -> None:
    """Root and root of any beginning are those of the recursive definition."""
    tree, first = Tree(HASHES[:count]), data.draw(st.integers(1, count))
    assert tree.root == mth(HASHES[:count]).hex()
    assert tree.root_at(first) == mth(HASHES[:first]).hex() == tree.cut(first).root


@given(st.integers(1, 40), st.data())
def test_a_proof_is_of_one_link_at_one_place(count: int, data: st.DataObject) -> None:
    """The proof holds for this link at this place, and for no other place, link, count or root."""
    tree, seq = Tree(HASHES[:count]), data.draw(st.integers(1, count))
    proof = tree.proof(seq)
    assert leads(HASHES[seq - 1], seq, count, proof, tree.root)
    other = data.draw(st.integers(-1, count + 1))
    assert leads(HASHES[seq - 1], other, count, proof, tree.root) == (other == seq)
    assert not leads(HASHES[seq % 40], seq, count, proof, tree.root)
    assert not leads(HASHES[seq - 1], seq, count, (*proof, HASHES[0]), tree.root)
    assert not leads(HASHES[seq - 1], seq, count, proof, HASHES[0])
    assert not proof or not leads(HASHES[seq - 1], seq, count, proof[1:], tree.root)


@given(st.integers(1, 40), st.data())
def test_an_extension_is_of_one_beginning(count: int, data: st.DataObject) -> None:
    """The proof shows that the tree grew from this beginning, and from no tree in which one link was another."""
    tree, first = Tree(HASHES[:count]), data.draw(st.integers(1, count))
    proof = tree.extension(first)
    assert extends(first, tree.root_at(first), count, tree.root, proof)
    at = data.draw(st.integers(0, first - 1))
    forged = Tree([*HASHES[:at], "ff" * 32, *HASHES[at + 1 : count]])
    assert not extends(first, forged.root_at(first), count, tree.root, proof)
    assert not extends(first, tree.root_at(first), count, forged.root, proof)
    assert not extends(first, forged.root_at(first), count, tree.root, forged.extension(first))


@given(st.integers(-2, 9), st.integers(-2, 9), st.lists(st.sampled_from([*HASHES[:3], "", "zz", "0"]), max_size=5))
def test_hostile_proofs_prove_nothing(first: int, count: int, proof: list[str]) -> None:
    """Any counts and any text for hashes: no exception, and nothing is proved."""
    assert not leads("zz", first, count, proof, HASHES[1])
    assert not leads(HASHES[0], first, count, proof, HASHES[1])
    assert not extends(first, HASHES[0], count, HASHES[1], proof)
