"""Whether somebody holds the key of a certificate: a text signed as a file (CMS or plain), or inside a JAR or APK (scheme v1).

Only the signature is checked, not who issued the certificate or until when it holds: an app is signed by whoever holds its key.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa

from mingcha.errors import FormatError, MingchaError
from mingcha.formats.der import CONTEXT_0, INTEGER, OBJECT, SEQUENCE, SET, Element, element, inside, only
from mingcha.service.text import Text

LARGEST = 1 << 20
"""Of a signature, a certificate or a JAR made for the purpose."""
_MEMBER = 256 << 10
_MEMBERS = 40
_CERTIFICATES, _SIGNERS = 20, 4
_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----([A-Za-z0-9+/=\s]+)-----END ").search
"""The first block; tools write remarks before it."""
_OCTETS = 0x04
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_HASHES: dict[bytes, hashes.HashAlgorithm] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}
_PSS = bytes.fromhex("2a864886f70d01010a")


class Unproved(MingchaError):  # noqa: N818  # a state of affairs
    """The signature does not show what it should; ``text`` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def signer(message: bytes, signature: bytes, certificate: bytes | None = None) -> str:
    """SHA-256 of the certificate with whose key the message was signed. Raises Unproved for anything else, whatever the bytes."""
    if max(len(signature), len(certificate or b"")) > LARGEST:
        raise Unproved(
            "文件过大：签名和证书各不超过 1 MB。", "Too big: signature and certificate have at most 1 MB each."
        )
    try:
        if signature[:2] == b"PK":
            return _digest(_jar(message, signature))
        plain = _unwrapped(signature)
        if certificate is not None:
            return _digest(_plain(message, plain, certificate))
        return _digest(_cms(message, plain))
    except (
        FormatError,
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        InvalidSignature,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        KeyError,
        RuntimeError,
    ) as problem:
        raise Unproved(
            "签名未通过验证，请确认签的是最新的验证文本，并附上同一密钥的证书。",
            "The signature does not verify: sign the newest challenge, and give the certificate of that key.",
        ) from problem


def _digest(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def _unwrapped(data: bytes) -> bytes:
    """DER out of PEM or bare base64; anything else as it is."""
    text = data.strip()
    if (block := _PEM(text)) is not None:
        return base64.b64decode(block[1])
    if text.isascii() and len(text) > 64 and not text.startswith(b"0\x82"):
        return base64.b64decode(b"".join(text.split()), validate=True)
    return data


def _certificate(data: bytes) -> x509.Certificate:
    return _loaded(_unwrapped(data))


def _loaded(data: bytes) -> x509.Certificate:
    """From DER. Old signing tools wrote certificates that are warned about; they sign apps all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x509.load_der_x509_certificate(data)


def _plain(message: bytes, signature: bytes, data: bytes) -> x509.Certificate:
    """`openssl dgst -sha256 -sign key.pem challenge.txt`, with the certificate beside it."""
    found = _certificate(data)
    _verified(found, signature, message, hashes.SHA256())
    return found


def _verified(
    certificate: x509.Certificate,
    signature: bytes,
    message: bytes,
    algorithm: hashes.HashAlgorithm,
    *,
    pss: bool = False,
) -> None:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        scheme = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO) if pss else padding.PKCS1v15()
        key.verify(signature, message, scheme, algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(algorithm))
    elif isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, message, algorithm)
    else:
        raise UnsupportedAlgorithm("neither RSA, EC nor DSA")


# --- CMS -------------------------------------------------------------------------------------------------------------


def _cms(message: bytes, data: bytes) -> x509.Certificate:
    """A detached signature with its certificate inside (`openssl cms -sign -binary -outform DER`): one signer of it must hold."""
    certificates = [_loaded(one) for one in _certificates(data)]
    problem: Exception = FormatError("no signer")
    for entry in _entries(data):
        for one in certificates:
            if one.serial_number != _serial(data, entry):
                continue
            try:
                _held(data, entry, one, message)
            except InvalidSignature as wrong:
                problem = wrong
            else:
                return one
    raise problem


def _fields(data: bytes) -> list[Element]:
    outer = only([element(data, 0, len(data))], 0, SEQUENCE, "CMS")
    content = only(inside(data, outer), 1, CONTEXT_0, "signed data")
    return inside(data, only(inside(data, content), 0, SEQUENCE, "signed data"))


def _certificates(data: bytes) -> Iterator[bytes]:
    for bag in _fields(data):
        if bag.tag == CONTEXT_0:
            yield from (data[one.start : one.end] for one in inside(data, bag)[:_CERTIFICATES])


def _entries(data: bytes) -> list[Element]:
    fields = _fields(data)
    return inside(data, only(fields, len(fields) - 1, SET, "signers"))[:_SIGNERS]


def _serial(data: bytes, entry: Element) -> int:
    name = only(inside(data, entry), 1, SEQUENCE, "signer's name")
    number = only(inside(data, name), 1, INTEGER, "serial number")
    return int.from_bytes(data[number.body : number.end], "big", signed=True)


def _held(data: bytes, entry: Element, certificate: x509.Certificate, message: bytes) -> None:
    """Raises InvalidSignature. Signed attributes, where there are any, must name the message's digest."""
    fields = inside(data, entry)
    algorithm = _HASHES[_name(data, fields[2])]
    attributes = fields[3] if fields[3].tag == CONTEXT_0 else None
    rest = fields[4:] if attributes else fields[3:]
    signature = only(rest, 1, _OCTETS, "signature")
    signed = message
    if attributes is not None:
        digest = hashes.Hash(algorithm)
        digest.update(message)
        if _named_digest(data, attributes) != digest.finalize():
            raise InvalidSignature
        signed = b"\x31" + data[attributes.start + 1 : attributes.end]
    _verified(certificate, data[signature.body : signature.end], signed, algorithm, pss=_name(data, rest[0]) == _PSS)


def _name(data: bytes, algorithm: Element) -> bytes:
    found = only(inside(data, algorithm), 0, OBJECT, "algorithm")
    return data[found.body : found.end]


def _named_digest(data: bytes, attributes: Element) -> bytes:
    for one in inside(data, attributes):
        if _name(data, one) == _MESSAGE_DIGEST:
            value = only(inside(data, only(inside(data, one), 1, SET, "values")), 0, _OCTETS, "digest")
            return data[value.body : value.end]
    raise InvalidSignature


# --- JAR -------------------------------------------------------------------------------------------------------------


def _jar(message: bytes, data: bytes) -> x509.Certificate:
    """A JAR signed by `jarsigner` (or an APK by `apksigner --v1-signing-enabled`) that holds the message as one of its files."""
    with zipfile.ZipFile(io.BytesIO(data)) as jar:
        names = jar.namelist()
        if len(names) > _MEMBERS or len(set(names)) != len(names):
            raise FormatError("more files than such a JAR has, or two of one name")
        files = {name: _member(jar, name) for name in names}
    member = next((name for name, content in files.items() if content == message), None)
    manifest = files["META-INF/MANIFEST.MF"]
    block = next(
        (name for name in names if name.startswith("META-INF/") and name.endswith((".RSA", ".EC", ".DSA"))), None
    )
    if member is None or block is None or not _listed(manifest, message, member):
        raise FormatError("the challenge is not in the JAR, or not listed in its manifest")
    statement = files[block.rpartition(".")[0] + ".SF"]
    if _sections(statement)[0].get("SHA-256-Digest-Manifest") != _base64(manifest):
        raise FormatError("the signature file is not about this manifest")
    return _cms(statement, files[block])


def _member(jar: zipfile.ZipFile, name: str) -> bytes:
    with jar.open(name) as stream:
        content = stream.read(_MEMBER + 1)
    if len(content) > _MEMBER:
        raise FormatError("a file of the JAR is too big")
    return content


def _listed(manifest: bytes, message: bytes, member: str) -> bool:
    return any(
        one.get("Name") == member and one.get("SHA-256-Digest") == _base64(message) for one in _sections(manifest)[1:]
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _sections(data: bytes) -> list[dict[str, str]]:
    """The sections of a manifest; lines that begin with a space go on the line before."""
    text = data.decode().replace("\r\n", "\n").replace("\n ", "")
    lines = (
        dict(pair for line in part.split("\n") if len(pair := line.split(": ", 1)) == 2) for part in text.split("\n\n")
    )
    return [one for one in lines if one] or [{}]
