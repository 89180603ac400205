"""Hostile XML, as text and binary, wherever XML of strangers is read (X1)."""

from __future__ import annotations

import io
import re
import socket
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mingcha
from mingcha.errors import FormatError
from mingcha.formats import axml, page
from mingcha.formats.spreadsheet_xlsx import read_xlsx
from mingcha.formats.uidump import read_dump
from tests.build.axmlparts import Attr, XmlOptions, start_tag
from tests.build.axmlparts import axml as binary
from tests.build.workbooks import xlsx

SECRET = "SECRET-OF-THE-SERVER"
DEEP = 100_000
LONG = 10_000_000


def bomb(root: str, use: str) -> str:
    """Ten levels of ten entities each."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "ha">{levels}]>{use.format("&e10;")}'


def quadratic(root: str, use: str) -> str:
    """One long entity, used many times."""
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e "{"a" * 100_000}">]>{use.format("&e;" * 20_000)}'


def outside(address: str) -> Callable[[str, str], str]:
    """An entity that stands for a file of the server or a page of the network."""
    return lambda root, use: (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e SYSTEM "{address}">]>{use.format("&e;")}'
    )


def outside_type(address: str) -> Callable[[str, str], str]:
    """A document type that lies elsewhere."""
    return lambda root, use: f'<?xml version="1.0"?><!DOCTYPE {root} SYSTEM "{address}">{use.format("x")}'


def parameter(address: str) -> Callable[[str, str], str]:
    """A parameter entity, which the reader itself would have to fetch."""
    return lambda root, use: (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY % p SYSTEM "{address}"> %p;]>{use.format("x")}'
    )


def included(address: str) -> Callable[[str, str], str]:
    """XInclude."""
    element = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{address}"/>'
    return lambda _, use: use.format(element)


def long_attribute(_: str, use: str) -> str:
    """An attribute of ten million characters."""
    return use.format(f'<x a="{"a" * LONG}"/>')


def many_attributes(_: str, use: str) -> str:
    """An element of a hundred thousand attributes."""
    attributes = " ".join(f'a{n}=""' for n in range(100_000))
    return use.format(f"<x {attributes}/>")


def deep(_: str, use: str) -> str:
    """A hundred thousand elements in one another."""
    return use.format("<x>" * DEEP + "</x>" * DEEP)


def deep_open(_: str, use: str) -> str:
    """A hundred thousand elements that never end."""
    return use.format("<x>" * DEEP)


HOSTILE: dict[str, Callable[[str], Callable[[str, str], str]]] = {
    "entity bomb": lambda _: bomb,
    "long entity": lambda _: quadratic,
    "file entity": outside,
    "file type": outside_type,
    "file parameter": parameter,
    "xinclude": included,
    "long attribute": lambda _: long_attribute,
    "many attributes": lambda _: many_attributes,
    "deep": lambda _: deep,
    "deep and open": lambda _: deep_open,
}

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def replaced(archive: bytes, name: str, text: str) -> bytes:
    """The archive with other content for one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in {*old.namelist(), name}:
            new.writestr(member, text if member == name else old.read(member))
    return out.getvalue()


def docx(name: str, text: str) -> bytes:
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body)
    return replaced(out.getvalue(), name, text)


def in_docx(make: Callable[[str, str], str]) -> Any:
    use = f"<w:document {W}><w:body><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:body></w:document>"
    return page.read(docx("word/document.xml", make("w:document", use)))


def in_docx_styles(make: Callable[[str, str], str]) -> Any:
    use = f'<w:styles {W}><w:style w:styleId="a">{{}}</w:style></w:styles>'
    return page.read(docx("word/styles.xml", make("w:styles", use)))


def in_workbook(name: str) -> Callable[[Callable[[str, str], str]], Any]:
    def read(make: Callable[[str, str], str]) -> Any:
        use = "<sst><si><t>{}</t></si></sst>" if "shared" in name else "<worksheet>{}</worksheet>"
        return read_xlsx(replaced(xlsx(("one", [["a", "b"]])), name, make("sst", use)))

    return read


def in_dump(make: Callable[[str, str], str]) -> Any:
    return read_dump(make("hierarchy", '<hierarchy rotation="0"><node text="a">{}</node></hierarchy>').encode())


def in_xhtml(make: Callable[[str, str], str]) -> Any:
    use = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>隐私政策 {}</p></body></html>'
    return page.read(make("html", use).encode())


def in_xml_text(make: Callable[[str, str], str]) -> Any:
    return page.read(make("a", "<a>隐私政策 {}</a>").encode())


READERS: dict[str, Callable[[Callable[[str, str], str]], Any]] = {
    "docx": in_docx,
    "docx styles": in_docx_styles,
    "workbook": in_workbook("xl/workbook.xml"),
    "workbook texts": in_workbook("xl/sharedStrings.xml"),
    "sheet": in_workbook("xl/worksheets/sheet1.xml"),
    "screen dump": in_dump,
    "xhtml policy": in_xhtml,
    "xml policy": in_xml_text,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_refused_or_read_as_text(
    what: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is over within a second of work; nothing of the server's files and nothing swollen comes out, and nobody is asked."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    document = HOSTILE[what](secret.as_uri())
    start = time.process_time()
    try:
        shown = READERS[reader](document)
    except FormatError:
        shown = ""
    assert time.process_time() - start < 1
    shown = repr(shown)
    assert SECRET not in shown
    assert shown.count("haha") == 0
    if what in ("entity bomb", "long entity", "file entity", "file parameter"):
        assert len(shown) < 500_000


@pytest.mark.parametrize("reader", ["docx", "workbook texts", "screen dump"])
@pytest.mark.parametrize("what", ["entity bomb", "long entity", "file entity", "file parameter"])
def test_entities_are_refused(what: str, reader: str, tmp_path: Path) -> None:
    """Where XML is read as XML, whatever defines an entity is refused, not passed over."""
    with pytest.raises(FormatError):
        READERS[reader](HOSTILE[what]((tmp_path / "x").as_uri()))


# --- binary ----------------------------------------------------------------------------------------------------------


def endless_children() -> bytes:
    return binary(("manifest", [], [start_tag(0) * DEEP]))


def long_value() -> bytes:
    return binary(("manifest", [Attr("package", "a" * LONG)], []), XmlOptions(utf8=False))


def many_values() -> bytes:
    attribute = struct.pack("<LLLHBBL", 0xFFFFFFFF, 0, 0xFFFFFFFF, 8, 0, 0x10, 1)
    return binary(("manifest", [], [start_tag(0, [attribute] * 65_000)]))


def forged_count() -> bytes:
    return binary(("manifest", [], [start_tag(0, count=65_535) * 1000]))


def forged_strings() -> bytes:
    return binary(("manifest", [], []), XmlOptions(strings_stated=0x7FFFFFFF))


BINARY = {made.__name__: made for made in (endless_children, long_value, many_values, forged_count, forged_strings)}


@pytest.mark.parametrize("what", BINARY)
def test_hostile_binary_xml_is_refused_or_read(what: str) -> None:
    """Depth, long values, many attributes and lies about counts are over within a second of work."""
    data = BINARY[what]()
    start = time.process_time()
    try:
        assert axml.parse(data).name == "manifest"
    except FormatError:
        pass
    assert time.process_time() - start < 1


@pytest.mark.parametrize("what", HOSTILE)
def test_text_in_the_place_of_binary_xml(what: str, tmp_path: Path) -> None:
    """Text XML in an app is refused at once, whatever it holds; Android does not read it either."""
    text = HOSTILE[what]((tmp_path / "x").as_uri())("manifest", "<manifest>{}</manifest>")
    start = time.process_time()
    with pytest.raises(FormatError, match="plain-text XML"):
        axml.parse(text.encode())
    assert time.process_time() - start < 1


def test_no_other_reader_of_xml_is_used() -> None:
    """XML is read by expat in three modules that refuse entities; no module builds trees or resolves entities."""
    sources = {path: path.read_text("utf-8") for path in Path(mingcha.__file__).parent.rglob("*.py")}
    tree = re.compile(r"\blxml\b|ElementTree|minidom|xml\.sax|pulldom|resolve_entities|xmlrpc")
    assert [path.name for path, text in sources.items() if tree.search(text)] == []
    streams = {path.name: text for path, text in sources.items() if "xml.parsers" in text}
    assert sorted(streams) == ["page_docx.py", "spreadsheet_xlsx.py", "uidump.py"]
    assert all("StartDoctypeDeclHandler" in text or "EntityDeclHandler" in text for text in streams.values())
