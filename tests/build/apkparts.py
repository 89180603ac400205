"""Makers of tiny binary artefacts in pure Python, one module per format, under one name for tests.

Tests say what stands in a file and get its bytes, so no Android tool is needed. The makers follow the
formats' descriptions and share no code with the readers; aapt, openssl and unzip read what they make.
"""

from __future__ import annotations

from tests.build.arscparts import Bag, Package, Variant, arsc
from tests.build.axmlparts import ANDROID, Attr, Tree, XmlOptions, axml, end_tag, start_tag
from tests.build.poolparts import Ref, Typed, chunk, pool
from tests.build.signparts import (
    certificate,
    der,
    distinguished_name,
    pkcs7,
    scheme_v2,
    scheme_v3,
    signing_block,
    sized,
)
from tests.build.zipparts import Part, deflated, zipped

__all__ = [
    "ANDROID",
    "Attr",
    "Bag",
    "Package",
    "Part",
    "Ref",
    "Tree",
    "Typed",
    "Variant",
    "XmlOptions",
    "arsc",
    "axml",
    "certificate",
    "chunk",
    "deflated",
    "der",
    "distinguished_name",
    "end_tag",
    "pkcs7",
    "pool",
    "scheme_v2",
    "scheme_v3",
    "signing_block",
    "sized",
    "start_tag",
    "zipped",
]
