"""Whether a paper is genuine: by number and by file; published notices."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.service.public.conftest import Site


@pytest.fixture
def case(site: Site) -> Any:
    """A case in which a notice was published."""
    return site.case(site.subject(), "publicly-warned")


def test_a_published_notice_is_genuine(site: Site, case: Any) -> None:
    """Number, case, hash and signature are shown in both languages, and the file can be had."""
    paper = site.paper(case, published="2026-09-10T10:00")
    chinese, english = site.text(f"/verify/{paper.number}/"), site.text(f"/en/verify/{paper.number}/")
    assert "有效：签名与内容、文件一致" in chinese
    assert "Valid: signature, content and file belong together" in english
    for shown in (paper.number, case.number, paper.pdf.sha256, paper.data_hash):
        assert shown in chinese
        assert shown in english
    file = site.browser.get(f"/verify/{paper.number}/document.pdf")
    assert file.getvalue().startswith(b"%PDF")
    found = site.browser.get("/verify/", {"number": f" {paper.number} "})
    assert found.status_code == 302
    assert "通报里的句子" in site.text(f"/notices/{paper.pk}/")


@pytest.mark.parametrize(
    ("kind", "moments"),
    [
        ("notice", {}),
        ("notice", {"served": "2026-09-11T09:00"}),
        ("order", {}),
        ("order", {"published": "2026-09-11T09:00"}),
    ],
)
def test_what_waits_is_not_found(site: Site, case: Any, kind: str, moments: dict[str, str]) -> None:
    """A notice that is signed and not published, and an order that is not served, are unknown to the public."""
    paper = site.paper(case, kind, **moments)
    assert "没有编号为" in site.text(f"/verify/{paper.number}/", 404)
    assert site.browser.get(f"/verify/{paper.number}/document.pdf").status_code == 404
    assert site.browser.get(f"/notices/{paper.pk}/").status_code == 404
    assert paper.number not in site.text("/") + site.text("/notices/") + site.text("/notices/feed/")


def test_withdrawn_says_why_and_what_holds_instead(site: Site, case: Any) -> None:
    """A withdrawn notice gives its reason and the one that came after it, and no longer what it said."""
    from mingcha.service.models import Document

    paper = site.paper(case, published="2026-09-10T10:00")
    later = site.paper(case, published="2026-09-14T10:00")
    Document.objects.filter(pk=paper.pk).update(
        withdrawn="2026-09-13T10:00+08:00", withdrawal_reason="所列<b>事实有误", state="withdrawn"
    )
    page = site.text(f"/verify/{paper.number}/")
    assert "已于 2026-09-13 撤回" in page
    assert "所列&lt;b&gt;事实有误" in page
    assert later.number in page
    assert "有效：签名" not in page
    assert site.browser.get(f"/verify/{paper.number}/document.pdf").status_code == 404
    notice = site.text(f"/notices/{paper.pk}/")
    assert "通报里的句子" not in notice
    assert "已撤回" in site.text("/notices/")


@pytest.mark.parametrize("what", ["data", "number", "file", "signature", "none"])
def test_what_was_changed_is_not_confirmed(site: Site, case: Any, what: str) -> None:
    """A row, a file or a signature that somebody changed behind our back does not pass for genuine."""
    from mingcha.service.models import Document
    from mingcha.service.shelf import shelf

    paper = site.paper(case, published="2026-09-10T10:00")
    if what == "data":
        Document.objects.filter(pk=paper.pk).update(data={**paper.data, "days": 50})
    elif what == "number":
        Document.objects.filter(pk=paper.pk).update(number="演示通报〔2026〕88888号")
        paper.number = "演示通报〔2026〕88888号"
    elif what == "file":
        path = shelf().path(paper.pdf.sha256)
        path.chmod(0o600)
        path.write_bytes(b"%PDF another")
    elif what == "signature":
        Document.objects.filter(pk=paper.pk).update(signature={**paper.signature, "signature": "00" * 64})
    else:
        Document.objects.filter(pk=paper.pk).update(signature=None)
    page = site.text(f"/verify/{paper.number}/")
    if what == "file":
        path.unlink()  # the store is shared by the tests of this process
    assert "不能确认" in page
    assert "有效：签名" not in page


def test_a_file_is_compared_and_not_kept(site: Site, case: Any) -> None:
    """The original is recognised byte for byte, anything else is not, and nothing sent is kept."""
    from mingcha.service.models import Evidence
    from mingcha.service.shelf import shelf

    paper = site.paper(case, published="2026-09-10T10:00")
    before = Evidence.objects.count(), len(list(shelf().digests()))
    with shelf().open(paper.pdf.sha256) as stream:
        original = stream.read()
    for data, words in ((original, "的原件完全一致"), (original + b" ", "不是本站任何公开文书的原件")):
        answer = site.browser.post("/verify/", {"file": io.BytesIO(data)})
        assert words in answer.content.decode()
    assert "请选择文件" in site.browser.post("/verify/", {}).content.decode()
    assert (Evidence.objects.count(), len(list(shelf().digests()))) == before


@pytest.mark.parametrize("number", ["x", "演示通报〔2026〕00000号", "' OR 1=1", "<b>x</b>", "..", "\u202e1"])
def test_unknown_numbers(site: Site, number: str) -> None:
    """A number that is none of ours is said to be unknown, harmlessly."""
    page = site.browser.get("/verify/", {"number": number})
    assert page.status_code == 404
    text = page.content.decode()
    assert "没有编号为" in text
    assert "<b>x" not in text
    assert "\u202e" not in text
