"""Who signed an app, by APK signature schemes v1 (JAR), v2, v3 and v3.1.

This identifies, it does not verify: no signature and no digest is checked, so a certificate found here is
what the file claims. A block that cannot be read gives a ``Signer`` with a ``problem`` instead of an error,
because the other schemes of the same file may be sound.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingcha.errors import FormatError
from mingcha.formats.der import CONTEXT_0, INTEGER, SEQUENCE, SET, Element, element, inside, only
from mingcha.formats.distinguished import subject

if TYPE_CHECKING:
    from mmap import mmap

_MAGIC = b"APK Sig Block 42"
_SCHEMES = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
_MAX_BLOCK = 16 << 20  # a block is kilobytes; padding to a page or a source stamp adds little
_MAX_PAIRS = 1000
_MAX_SIGNERS = 10  # as many as Android verifies
_MAX_CERTIFICATES = 100


@dataclass(frozen=True, slots=True)
class Signer:
    """One signing certificate; ``offset`` is a byte of the app or, for v1, of the member ``block``.

    Several certificates of one signer (a chain) give one ``Signer``, that of the signing key.
    """

    scheme: str
    certificate: bytes
    sha256: str | None
    subject: str | None
    offset: int
    block: str | None = None
    min_sdk: int | None = None
    max_sdk: int | None = None
    problem: str | None = None


def is_v1_block(name: str) -> bool:
    """Whether a member of that name holds a v1 signature."""
    return re.fullmatch(r"META-INF/[^/]+\.(RSA|DSA|EC)", name, re.IGNORECASE) is not None


def signers(
    data: bytes | memoryview | mmap,
    central_directory_offset: int,
    v1_blocks: Sequence[tuple[str, bytes]] = (),
) -> tuple[Signer, ...]:
    """Every signer of the signing block in front of the central directory, then those of the v1 members."""
    found = list(_block_signers(data, central_directory_offset))
    for name, block in v1_blocks:
        found.extend(_v1_signers(name, block))
    return tuple(found)


def _block_signers(data: bytes | memoryview | mmap, directory: int) -> Iterator[Signer]:
    if not 32 <= directory <= len(data) or bytes(data[directory - 16 : directory]) != _MAGIC:
        return
    (size,) = struct.unpack_from("<Q", data, directory - 24)
    start = directory - size - 8
    if not 24 <= size <= _MAX_BLOCK or start < 0:
        yield _broken("signing block", directory - 24, f"the signing block claims {size} bytes")
        return
    block = _Slice(bytes(data[start : directory - 24]), start, 8)
    seen: set[str] = set()
    try:
        for _ in range(_MAX_PAIRS):
            if not block.left:
                return
            pair = block.taken(8)
            (identifier,) = pair.numbers("<L")
            scheme = _SCHEMES.get(identifier)
            if scheme is None:
                continue
            if scheme in seen:
                yield _broken(scheme, pair.offset, f"a second {scheme} block, which Android does not read")
            else:
                yield from _scheme_signers(scheme, pair)
            seen.add(scheme)
    except FormatError as error:
        yield _broken("signing block", error.offset or start, str(error))


def _scheme_signers(scheme: str, value: _Slice) -> Iterator[Signer]:
    try:
        sequence = value.taken(4)
        for _ in range(_MAX_SIGNERS):
            if not sequence.left:
                return
            signed = sequence.taken(4).taken(4)
            signed.taken(4)  # digests
            certificate = signed.taken(4).taken(4)
            least, most = signed.numbers("<LL") if scheme != "v2" else (None, None)
            yield _identified(scheme, certificate.rest(), certificate.offset, min_sdk=least, max_sdk=most)
    except FormatError as error:
        yield _broken(scheme, error.offset or 0, str(error))


class _Slice:
    """Bytes with a reading position that know where in the file they stand."""

    def __init__(self, data: bytes, base: int, position: int = 0, end: int | None = None) -> None:
        self._data = data
        self._base = base
        self._position = position
        self._end = len(data) if end is None else end

    @property
    def offset(self) -> int:
        return self._base + self._position

    @property
    def left(self) -> int:
        return self._end - self._position

    def numbers(self, form: str) -> tuple[int, ...]:
        size = struct.calcsize(form)
        if size > self.left:
            raise FormatError("signing block is cut short", self.offset)
        found = struct.unpack_from(form, self._data, self._position)
        self._position += size
        return found

    def taken(self, width: int) -> _Slice:
        """Take the part that a length of ``width`` bytes announces; reading goes on behind it."""
        (length,) = self.numbers("<Q" if width == 8 else "<L")
        if length > self.left:
            raise FormatError(f"signing block part claims {length} bytes of {self.left}", self.offset)
        part = _Slice(self._data, self._base, self._position, self._position + length)
        self._position += length
        return part

    def rest(self) -> bytes:
        return self._data[self._position : self._end]


def _v1_signers(name: str, block: bytes) -> Iterator[Signer]:
    """Identify the certificates that the PKCS #7 block's signer entries name."""
    try:
        signing = _signing_certificates(block)
    except FormatError as error:
        yield _broken("v1", error.offset or 0, str(error), name)
        return
    if not signing:
        yield _broken("v1", 0, "no certificate in the block belongs to a signer", name)
    for part in signing[:_MAX_SIGNERS]:
        yield _identified("v1", block[part.start : part.end], part.start, block=name)


def _signing_certificates(block: bytes) -> list[Element]:
    """Those whose issuer and serial number a signer entry repeats.

    Some tools write the issuer anew, in another encoding; then the serial number has to do.
    """
    certificates, names = _pkcs7(block)
    identities = [(part, *_issuer_and_serial(block, part)) for part in certificates]
    exact = [part for part, issuer, serial in identities if issuer + serial in names]
    return exact or [part for part, _, serial in identities if any(name.endswith(serial) for name in names)]


def _pkcs7(data: bytes) -> tuple[list[Element], set[bytes]]:
    """Find the certificates, and issuer with serial number of each signer entry as they stand."""
    outer = only([element(data, 0, len(data))], 0, SEQUENCE, "PKCS #7 data")
    content = only(inside(data, outer), 1, CONTEXT_0, "signed data")
    fields = inside(data, only(inside(data, content), 0, SEQUENCE, "signed data"))
    bag = [part for part in fields if part.tag == CONTEXT_0]
    entries = [part for part in fields if part.tag == SET][1:]
    names = {_signer_name(data, entry) for part in entries for entry in inside(data, part)[:_MAX_SIGNERS]}
    found = [part for outer in bag[:1] for part in inside(data, outer) if part.tag == SEQUENCE]
    return found[:_MAX_CERTIFICATES], names


def _signer_name(data: bytes, entry: Element) -> bytes:
    name = only(inside(data, entry), 1, SEQUENCE, "signer's name")
    return data[name.body : name.end]


def _issuer_and_serial(data: bytes, certificate: Element) -> tuple[bytes, bytes]:
    inner = inside(data, only(inside(data, certificate), 0, SEQUENCE, "certificate"))
    first = 1 if inner and inner[0].tag == CONTEXT_0 else 0  # version, absent in X.509 v1
    serial = only(inner, first, INTEGER, "serial number")
    issuer = only(inner, first + 2, SEQUENCE, "issuer")
    return data[issuer.start : issuer.end], data[serial.start : serial.end]


def _identified(
    scheme: str,
    certificate: bytes,
    offset: int,
    *,
    block: str | None = None,
    min_sdk: int | None = None,
    max_sdk: int | None = None,
) -> Signer:
    subject, problem = _subject(certificate)
    digest = hashlib.sha256(certificate).hexdigest()
    return Signer(scheme, certificate, digest, subject, offset, block, min_sdk, max_sdk, problem)


def _broken(scheme: str, offset: int, problem: str, block: str | None = None) -> Signer:
    return Signer(scheme, b"", None, None, offset, block, problem=problem)


def _subject(certificate: bytes) -> tuple[str | None, str | None]:
    """Give the subject as RFC 4514 writes it, or what stands in the way."""
    try:
        return subject(certificate), None
    except FormatError as error:
        return None, f"certificate does not parse: {error}"
