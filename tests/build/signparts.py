"""Makes certificates, v1 signature blocks and APK Signing Blocks: well formed, and signed by nobody."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


_ED25519 = der(0x30, der(0x06, bytes([0x2B, 0x65, 0x70])))
_SIGNED_DATA = der(0x06, bytes.fromhex("2a864886f70d010702"))
_DATA = der(0x30, der(0x06, bytes.fromhex("2a864886f70d010701")))


def distinguished_name(common: str, *, tag: int = 0x0C) -> bytes:
    return der(0x30, der(0x31, der(0x30, der(0x06, bytes([0x55, 4, 3])), der(tag, common.encode()))))


def certificate(subject: str, *, issuer: str | None = None, serial: int = 1) -> bytes:
    """A certificate in DER with a key and a signature of zeros: well formed, and worth nothing."""
    moment = der(0x17, b"200101000000Z")
    inner = der(
        0x30,
        der(0xA0, der(0x02, b"\2")),
        der(0x02, bytes([serial])),
        _ED25519,
        distinguished_name(issuer or subject),
        der(0x30, moment, moment),
        distinguished_name(subject),
        der(0x30, _ED25519, der(0x03, b"\0" + b"\0" * 32)),
    )
    return der(0x30, inner, _ED25519, der(0x03, b"\0" + b"\0" * 64))


def pkcs7(certificates: Sequence[bytes], signers: Sequence[tuple[bytes, int]]) -> bytes:
    """A v1 signature block; ``signers`` are issuer (as DER) and serial number of those who signed."""
    entries = [
        der(
            0x30,
            der(0x02, b"\1"),
            der(0x30, issuer, der(0x02, bytes([serial]))),
            _ED25519,
            _ED25519,
            der(0x04),
        )
        for issuer, serial in signers
    ]
    signed = der(0x30, der(0x02, b"\1"), der(0x31), _DATA, der(0xA0, *certificates), der(0x31, *entries))
    return der(0x30, _SIGNED_DATA, der(0xA0, signed))


def sized(*parts: bytes) -> bytes:
    """Parts behind their common length, as signing blocks nest them."""
    body = b"".join(parts)
    return struct.pack("<L", len(body)) + body


def scheme_v2(*certificates: bytes) -> tuple[int, bytes]:
    signers = [sized(sized(sized(), sized(sized(cert)), sized()), sized(), sized()) for cert in certificates]
    return 0x7109871A, sized(*signers)


def scheme_v3(cert: bytes, min_sdk: int, max_sdk: int, *, number: int = 0xF05368C0) -> tuple[int, bytes]:
    sdks = struct.pack("<LL", min_sdk, max_sdk)
    signer = sized(sized(sized(), sized(sized(cert)), sdks, sized()), sdks, sized(), sized())
    return number, sized(signer)


def signing_block(*schemes: tuple[int, bytes]) -> bytes:
    pairs = b"".join(struct.pack("<QL", len(value) + 4, number) + value for number, value in schemes)
    size = struct.pack("<Q", len(pairs) + 24)
    return size + pairs + size + b"APK Sig Block 42"
