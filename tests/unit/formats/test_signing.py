"""The reader of signatures on all schemes, and on broken blocks."""

from __future__ import annotations

import hashlib
import random
import struct

import pytest

from mingcha.formats.signing import Signer, is_v1_block, signers
from mingcha.formats.zipped import Archive
from tests.build.apkparts import (
    Part,
    certificate,
    der,
    distinguished_name,
    pkcs7,
    scheme_v2,
    scheme_v3,
    signing_block,
    sized,
    zipped,
)

ALICE, BOB = certificate("Alice"), certificate("示例科技有限公司", serial=2)
V31 = 0x1B93AD61


def signed_app(*schemes: tuple[int, bytes]) -> tuple[bytes, int]:
    """An app with a signing block, and where its directory starts."""
    data = zipped([Part("AndroidManifest.xml", b"x")], before_directory=signing_block(*schemes))
    return data, Archive(data).central_directory_offset


def v1(*blocks: bytes) -> tuple[Signer, ...]:
    """The signers of v1 blocks in an app without a signing block."""
    return signers(b"", 0, [(f"META-INF/{number}.RSA", block) for number, block in enumerate(blocks)])


def test_unsigned() -> None:
    """An app without signature has no signer."""
    data = zipped([Part("AndroidManifest.xml", b"x")])
    assert signers(data, Archive(data).central_directory_offset) == ()


@pytest.mark.parametrize("make", [lambda data: data, memoryview])
def test_v2(make: type) -> None:
    """A v2 block gives the certificate of each signer, its digest, subject and place in the file."""
    data, directory = signed_app(scheme_v2(ALICE, BOB))
    first, second = signers(make(data), directory)
    assert (first.scheme, first.subject, first.problem) == ("v2", "CN=Alice", None)
    assert (second.scheme, second.subject) == ("v2", "CN=示例科技有限公司")
    for signer, cert in ((first, ALICE), (second, BOB)):
        assert signer.certificate == cert
        assert signer.sha256 == hashlib.sha256(cert).hexdigest()
        assert data[signer.offset : signer.offset + len(cert)] == cert
        assert (signer.min_sdk, signer.max_sdk, signer.block) == (None, None, None)


def test_v3_and_v31() -> None:
    """v3 and v3.1 signers tell for which versions of Android they are."""
    data, directory = signed_app(scheme_v2(ALICE), scheme_v3(ALICE, 28, 32), scheme_v3(BOB, 33, 0x7FFFFFFF, number=V31))
    found = [(s.scheme, s.subject, s.min_sdk, s.max_sdk) for s in signers(data, directory)]
    assert found == [
        ("v2", "CN=Alice", None, None),
        ("v3", "CN=Alice", 28, 32),
        ("v3.1", "CN=示例科技有限公司", 33, 0x7FFFFFFF),
    ]


def test_other_pairs_are_skipped() -> None:
    """Padding and channel marks in the signing block are no signers."""
    data, directory = signed_app((0x42726577, b"\0" * 4000), scheme_v2(ALICE), (0x71777777, b'{"channel":"mi"}'))
    assert [s.subject for s in signers(data, directory)] == ["CN=Alice"]


def test_second_block_of_a_scheme() -> None:
    """A second block of one scheme, which Android does not read, names no signer."""
    data, directory = signed_app(scheme_v2(ALICE), scheme_v2(BOB))
    first, second = signers(data, directory)
    assert first.subject == "CN=Alice"
    assert (second.sha256, second.subject) == (None, None)
    assert second.problem == "a second v2 block, which Android does not read"


def test_v1() -> None:
    """A v1 block gives the certificate that its signer entry names, not the others in the bag."""
    block = pkcs7([BOB, ALICE], [(distinguished_name("Alice"), 1)])
    (signer,) = v1(block)
    assert (signer.scheme, signer.subject, signer.block) == ("v1", "CN=Alice", "META-INF/0.RSA")
    assert block[signer.offset : signer.offset + len(ALICE)] == ALICE
    assert signer.sha256 == hashlib.sha256(ALICE).hexdigest()


def test_v1_chain() -> None:
    """In a chain the signer is the leaf, whoever issued it."""
    leaf = certificate("Leaf", issuer="Root", serial=7)
    (signer,) = v1(pkcs7([certificate("Root"), leaf], [(distinguished_name("Root"), 7)]))
    assert signer.subject == "CN=Leaf"


def test_v1_issuer_in_another_encoding() -> None:
    """A signer entry that writes the issuer in another string type is matched by serial number."""
    (signer,) = v1(pkcs7([ALICE, BOB], [(distinguished_name("示例科技有限公司", tag=0x1E), 2)]))
    assert signer.subject == "CN=示例科技有限公司"


def test_several_v1_blocks() -> None:
    """Each v1 block has its own signer, in the order given."""
    alice = pkcs7([ALICE], [(distinguished_name("Alice"), 1)])
    bob = pkcs7([BOB], [(distinguished_name("示例科技有限公司"), 2)])
    assert [(s.block, s.subject) for s in v1(bob, alice)] == [
        ("META-INF/0.RSA", "CN=示例科技有限公司"),
        ("META-INF/1.RSA", "CN=Alice"),
    ]


def test_v1_without_the_signers_certificate() -> None:
    """A block whose signer's certificate is not in it says so."""
    (signer,) = v1(pkcs7([ALICE], [(distinguished_name("Nobody"), 99)]))
    assert (signer.sha256, signer.subject) == (None, None)
    assert signer.problem == "no certificate in the block belongs to a signer"


@pytest.mark.parametrize("block", [b"", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"junk" * 20, der(0x30)])
def test_v1_block_that_is_none(block: bytes) -> None:
    """Bytes that are no PKCS #7 block give a signer with a problem in one line."""
    (signer,) = v1(block)
    assert signer.problem
    assert "\n" not in signer.problem
    assert (signer.scheme, signer.sha256, signer.certificate) == ("v1", None, b"")


def test_certificate_that_does_not_parse() -> None:
    """A certificate that is none still has its digest, and the problem is told."""
    data, directory = signed_app(scheme_v2(b"not a certificate"))
    (signer,) = signers(data, directory)
    assert signer.subject is None
    assert signer.sha256 == hashlib.sha256(b"not a certificate").hexdigest()
    assert signer.problem is not None
    assert signer.problem.startswith("certificate does not parse")


def test_broken_scheme_does_not_hide_the_others() -> None:
    """A v2 block cut short is told, and the v3 and v1 signers are found all the same."""
    broken = (0x7109871A, struct.pack("<L", 0xFFFFFF) + b"\0" * 8)
    data, directory = signed_app(broken, scheme_v3(ALICE, 28, 33))
    found = signers(data, directory, [("META-INF/A.EC", pkcs7([BOB], [(distinguished_name("示例科技有限公司"), 2)]))])
    assert [(s.scheme, s.subject) for s in found] == [
        ("v2", None),
        ("v3", "CN=Alice"),
        ("v1", "CN=示例科技有限公司"),
    ]
    assert found[0].problem is not None
    assert "claims 16777215 bytes" in found[0].problem


def test_signer_without_certificate() -> None:
    """A v2 signer without certificates has a problem and no digest."""
    data, directory = signed_app((0x7109871A, sized(sized(sized(sized(), sized(), sized()), sized(), sized()))))
    (signer,) = signers(data, directory)
    assert (signer.scheme, signer.sha256) == ("v2", None)
    assert signer.problem is not None


@pytest.mark.parametrize("size", [0, 8, 23, 1 << 30, (1 << 64) - 1])
def test_forged_block_size(size: int) -> None:
    """A signing block of impossible size is told, not followed."""
    data, directory = signed_app(scheme_v2(ALICE))
    forged = data[: directory - 24] + struct.pack("<Q", size) + data[directory - 16 :]
    (signer,) = signers(forged, directory)
    assert signer.problem == f"the signing block claims {size} bytes"


def test_directory_outside_the_file() -> None:
    """A directory offset that is no place in the file finds no block."""
    data, directory = signed_app(scheme_v2(ALICE))
    for offset in (-1, 0, 31, len(data) + 1, directory - 1):
        assert signers(data, offset) == ()


def test_many_pairs_and_signers_are_bounded() -> None:
    """Thousands of pairs or signers are not walked to the end."""
    data, directory = signed_app(*[(0x1234, b"")] * 5000, scheme_v2(ALICE))
    assert signers(data, directory) == ()
    data, directory = signed_app(scheme_v2(*[ALICE] * 50))
    assert len(signers(data, directory)) == 10


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("META-INF/CERT.RSA", True),
        ("META-INF/a.b.Ec", True),
        ("meta-inf/x.DSA", True),
        ("META-INF/sub/CERT.RSA", False),
        ("META-INF/CERT.SF", False),
        ("META-INF/.RSA", False),
        ("assets/META-INF/CERT.RSA", False),
    ],
)
def test_names_of_v1_blocks(name: str, expected: bool) -> None:
    """Signature blocks are told by folder and ending, in any case of letters."""
    assert is_v1_block(name) is expected


def test_mutations_never_raise() -> None:
    """Of 800 damaged blocks each gives signers or problems; none raises."""
    dice = random.Random(17)
    data, directory = signed_app(scheme_v2(ALICE, BOB), scheme_v3(BOB, 28, 33))
    block = pkcs7([BOB, ALICE], [(distinguished_name("Alice"), 1)])
    start = directory - len(signing_block(scheme_v2(ALICE, BOB), scheme_v3(BOB, 28, 33)))
    problems = 0
    for _ in range(800):
        damaged, v1_block = bytearray(data), bytearray(block)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(start, directory - 16)] = dice.randrange(256)
            v1_block[dice.randrange(len(v1_block))] = dice.randrange(256)
        found = signers(bytes(damaged), directory, [("META-INF/A.RSA", bytes(v1_block))])
        problems += sum(signer.problem is not None for signer in found)
    assert problems > 100
