"""The reader of certificate subjects, against cryptography's and on broken names."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from mingcha.errors import FormatError
from mingcha.formats.distinguished import subject

KEY = ec.generate_private_key(ec.SECP256R1())


def made(name: x509.Name) -> bytes:
    """A certificate of that name, in DER."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    start = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key()).serial_number(7)
    whole = start.not_valid_before(moment).not_valid_after(moment.replace(year=2040)).sign(KEY, hashes.SHA256())
    return whole.public_bytes(serialization.Encoding.DER)


def name(*parts: tuple[x509.ObjectIdentifier, str, _ASN1Type]) -> x509.Name:
    """A name of these attributes."""
    return x509.Name([x509.NameAttribute(kind, value, form) for kind, value, form in parts])


UTF8 = _ASN1Type.UTF8String
NAMES = (
    name((NameOID.COMMON_NAME, "Android Debug", UTF8), (NameOID.ORGANIZATION_NAME, "Android", UTF8)),
    name((NameOID.COUNTRY_NAME, "CN", _ASN1Type.PrintableString), (NameOID.LOCALITY_NAME, "北京", UTF8)),
    name((NameOID.COMMON_NAME, '#a,b+c"d\\e<f>g;h ', UTF8)),
    name((NameOID.COMMON_NAME, " ", UTF8)),
    name((NameOID.COMMON_NAME, "a\0b", UTF8)),
    name((NameOID.EMAIL_ADDRESS, "a@example.cn", _ASN1Type.IA5String), (NameOID.USER_ID, "u", UTF8)),
    name((NameOID.ORGANIZATION_NAME, "示例科技", _ASN1Type.BMPString)),
    name((NameOID.ORGANIZATION_NAME, "示例𠮷", _ASN1Type.UniversalString)),
    name((x509.ObjectIdentifier("2.999.1234567.3"), "x", UTF8), (x509.ObjectIdentifier("1.2.3"), "", UTF8)),
    x509.Name([]),
    x509.Name(
        [
            x509.RelativeDistinguishedName(
                [x509.NameAttribute(NameOID.COMMON_NAME, "a"), x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "b")]
            )
        ]
    ),
)


@pytest.mark.parametrize("wanted", NAMES, ids=range(len(NAMES)))
def test_as_rfc_4514_writes_it(wanted: x509.Name) -> None:
    """The subject is written as cryptography writes it: order, short names, escapes, every string type."""
    certificate = made(wanted)
    read = x509.load_der_x509_certificate(certificate).subject
    assert subject(certificate) == read.rfc4514_string()


def test_damage_ends_in_a_format_error() -> None:
    """Of 3,000 damaged certificates each gives a name or a FormatError."""
    chance = random.Random(7)
    whole = [made(wanted) for wanted in NAMES]
    refused = 0
    for number in range(3000):
        data = bytearray(whole[number % len(whole)])
        for _ in range(chance.randrange(1, 5)):
            data[chance.randrange(200)] = chance.randrange(256)
        try:
            assert isinstance(subject(bytes(data[: chance.randrange(len(data)) if number % 3 else None])), str)
        except FormatError:
            refused += 1
    assert 500 < refused < 3000


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x80", b"\x30\x03\x30\x01\x00", b"\x30\x84\xff\xff\xff\xff"])
def test_no_certificate(data: bytes) -> None:
    """What is no certificate is refused."""
    with pytest.raises(FormatError):
        subject(data)


def test_a_huge_certificate_is_refused() -> None:
    """A certificate of more than a megabyte is not walked."""
    with pytest.raises(FormatError, match="a certificate of"):
        subject(b"\x30" * ((1 << 20) + 1))
