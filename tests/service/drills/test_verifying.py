"""E2: what the page says of a published notice: genuine, altered wherever anything was altered, withdrawn with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.drills import world

pytestmark = pytest.mark.usefixtures("db")
VALID, DOUBTED, WITHDRAWN = "有效：签名与内容、文件一致", "不能确认", "撤回。理由：决定已被撤销"


def _published(office: Any) -> Any:
    """A notice that was drafted, reviewed, signed and published."""
    from mingcha.service import clock
    from mingcha.service.models import Document

    made = office.made
    (case,) = world.cases(made, 1, "notice-proposed", clock.now(), [made.accounts["handler"]])
    world.drafts(made, [case], "notice")
    office.act("approver", "case", "issue-notice", case)
    office.act("publisher", "case", "publish", case)
    return Document.objects.get(case=case)


@pytest.fixture
def paper(office: Any) -> Any:
    """The office's one published notice."""
    made = _published(office)
    made.office = office
    return made


def _page(number: str, language: str = "") -> str:
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1").get(f"{language}/verify/{number}/").content.decode()


def _sent(data: bytes) -> str:
    """The page after somebody sent a file to be compared."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    return (
        Client(SERVER_NAME="127.0.0.1")
        .post("/verify/", {"file": SimpleUploadedFile("notice.pdf", data)})
        .content.decode()
    )


def _pdf(paper: Any) -> bytes:
    from mingcha.service.shelf import shelf

    with shelf().open(paper.pdf.sha256) as stream:
        return bytes(stream.read())


def _code_leads_to(svg: str, place: str) -> bool:
    """Whether the printed code is the code of this address."""
    import segno

    return svg == segno.make(place, error="m").svg_inline(scale=2)


def test_a_genuine_notice_is_said_to_be_genuine(paper: Any) -> None:
    """By its number, by the address its QR holds, by its file; hash, key and signature are shown, in both languages."""
    from mingcha.service import papers

    assert VALID in _page(paper.number)
    assert "Valid: signature, content and file belong together" in _page(paper.number, "/en")
    for shown in (paper.pdf.sha256, paper.data_hash, paper.signature["key"], paper.case.number):
        assert shown in _page(paper.number)
    assert _code_leads_to(papers._qr(paper.data["verify"]), papers.address(paper.number))
    assert "完全一致" in _sent(_pdf(paper))


def test_a_file_with_another_byte_is_not_ours(paper: Any) -> None:
    """One bit of the PDF, at its beginning, within, at its end, and the page says that it is not the original."""
    for at in (0, 1000, -1):
        data = bytearray(_pdf(paper))
        data[at] ^= 1
        said = _sent(bytes(data))
        assert "不是本站任何公开文书的原件" in said
        assert "完全一致" not in said


def test_a_file_changed_in_our_own_store_is_doubted(paper: Any) -> None:
    """Bytes altered below the service, where its disk is reached past it: the page no longer vouches."""
    from mingcha.service.shelf import shelf

    path = shelf().path(paper.pdf.sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        said = _page(paper.number)
    finally:
        path.write_bytes(whole)
    assert DOUBTED in said
    assert VALID not in said
    assert VALID in _page(paper.number)


def test_a_row_changed_behind_the_actions_is_doubted(paper: Any) -> None:
    """Content, number, signature or file of the row changed in the database: the page no longer vouches for it."""
    from mingcha.service.models import Document

    other = _published(paper.office)
    forged = {
        "data": {**paper.data, "operator": "别的公司"},
        "number": paper.number.replace("00001", "00077"),
        "signature": other.signature,
        "pdf": other.pdf,
    }
    for field, value in forged.items():
        genuine = getattr(paper, field)
        Document.objects.filter(pk=paper.pk).update(**{field: value})
        said = _page(str(value) if field == "number" else paper.number)
        assert DOUBTED in said, field
        assert VALID not in said, field
        Document.objects.filter(pk=paper.pk).update(**{field: genuine})
    assert VALID in _page(paper.number)
    assert VALID in _page(other.number)


def test_a_withdrawn_notice_says_so_and_why(paper: Any) -> None:
    """Its page and its file's say withdrawn, with the reason; the PDF is no longer offered; the signature still holds."""
    from django.test import Client

    from mingcha.service.pages.public.verifying import values

    file = _pdf(paper)
    paper.office.act("publisher", "document", "withdraw", paper, reason="决定已被撤销")
    said = _page(paper.number)
    assert WITHDRAWN in said
    assert VALID not in said
    assert Client(SERVER_NAME="127.0.0.1").get(f"/verify/{paper.number}/document.pdf").status_code == 404
    assert "已撤回" in _sent(file)
    paper.refresh_from_db()
    assert values(paper)["signed"]


def test_what_was_never_published_is_unknown(paper: Any) -> None:
    """Any other number gets 404 and the advice to check it."""
    from urllib.parse import quote

    from django.test import Client

    for number in ("演示通报〔2026〕00099号", "../../etc/passwd", "x' OR 1=1 --", "\N{RIGHT-TO-LEFT OVERRIDE}号"):
        assert Client(SERVER_NAME="127.0.0.1").get(f"/verify/{quote(number, safe='')}/").status_code == 404
        assert Client(SERVER_NAME="127.0.0.1").get("/verify/", {"number": number}).status_code == 404
