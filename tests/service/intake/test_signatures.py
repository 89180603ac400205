"""Signatures of a claim's challenge: only the holder of the key passes, and no bytes make anything but a refusal."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from mingcha.service.intake.signatures import LARGEST, Unproved, signer

MESSAGE = b"mingcha claim 1\nnonce: x\n"
RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
SERIAL = 77


def certificate(key: Any, name: str = "app", serial: int = SERIAL) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2015, 1, 1)
    built = x509.CertificateBuilder(subject, subject, key.public_key(), serial, start, start + dt.timedelta(days=365))
    return built.sign(key, hashes.SHA256())


def cms(
    key: Any, signing: x509.Certificate, message: bytes = MESSAGE, *, plain: bool = False, pss: bool = False
) -> bytes:
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary] + (
        [pkcs7.PKCS7Options.NoAttributes] if plain else []
    )
    more = {"rsa_padding": padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)} if pss else {}
    built = pkcs7.PKCS7SignatureBuilder().set_data(message).add_signer(signing, key, hashes.SHA256(), **more)
    return built.sign(serialization.Encoding.DER, options)


def digest(found: x509.Certificate) -> str:
    return hashlib.sha256(found.public_bytes(serialization.Encoding.DER)).hexdigest()


@pytest.mark.parametrize("key", [RSA, EC], ids=["rsa", "ec"])
@pytest.mark.parametrize("plain", [True, False])
def test_the_holder_of_the_key_passes_whatever_the_key_and_the_attributes(key: Any, plain: bool) -> None:
    """RSA and EC, with signed attributes and without, give the digest of the certificate, out of date or not."""
    found = certificate(key)
    assert signer(MESSAGE, cms(key, found, plain=plain)) == digest(found)


def test_pss_and_pem_pass_too() -> None:
    """The padding that newer tools choose, and a signature in PEM."""
    found = certificate(RSA)
    assert signer(MESSAGE, cms(RSA, found, pss=True)) == digest(found)
    import base64

    pem = b"-----BEGIN CMS-----\n" + base64.encodebytes(cms(RSA, found)) + b"-----END CMS-----\n"
    assert signer(MESSAGE, pem) == digest(found)


def test_a_plain_signature_passes_with_its_own_certificate_alone() -> None:
    """The genuine certificate, which everybody has from the app, does not help who has not its key."""
    genuine, other = certificate(RSA), certificate(EC, "other")
    mine = EC.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))
    pem = other.public_bytes(serialization.Encoding.PEM)
    assert signer(MESSAGE, mine, pem) == digest(other)
    with pytest.raises(Unproved):
        signer(MESSAGE, mine, genuine.public_bytes(serialization.Encoding.PEM))


def test_the_genuine_certificate_put_beside_a_foreign_signature_is_not_believed() -> None:
    """A signature made with another key under the same name and serial number gives the other certificate, never the app's."""
    genuine, other = certificate(RSA), certificate(EC)
    built = (
        pkcs7.PKCS7SignatureBuilder().set_data(MESSAGE).add_signer(other, EC, hashes.SHA256()).add_certificate(genuine)
    )
    data = built.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    assert signer(MESSAGE, data) == digest(other)


@pytest.mark.parametrize("plain", [True, False])
def test_no_changed_byte_passes_for_another_text(plain: bool) -> None:
    """A signature with any byte changed never verifies another text, and gives the app's digest for its own text only if it still holds."""
    found = certificate(RSA)
    data, chance = cms(RSA, found, plain=plain), random.Random(7)
    for _ in range(300):
        broken = bytearray(data)
        broken[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with pytest.raises(Unproved):
            signer(MESSAGE + b"!", bytes(broken))


def test_any_bytes_are_refused_in_words() -> None:
    """Noise, cut-off signatures, archives and too much of anything raise Unproved with a sentence in both languages."""
    data, chance = cms(RSA, certificate(RSA)), random.Random(8)
    given = [chance.randbytes(chance.randrange(200)) for _ in range(300)]
    given += [data[:at] for at in range(0, len(data), 9)]
    given += [b"PK\x03\x04" + chance.randbytes(80) for _ in range(50)] + [
        b"",
        b"-----BEGIN",
        b"\x30" * 4000,
        b"x" * (LARGEST + 1),
    ]
    for one in given:
        for beside in (None, b"", one[:500]):
            with pytest.raises(Unproved) as refused:
                signer(MESSAGE, one, beside)
            assert refused.value.text.zh
