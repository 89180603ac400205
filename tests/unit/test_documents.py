"""A policy may be several documents, given one by one or as a folder; each keeps its role."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from mingcha.catalogue.load import load
from mingcha.documents import DOCUMENTS_LIMIT, documents_of
from mingcha.errors import UsageError
from mingcha.inspection import collect_facts, open_case
from mingcha.model.fact import PolicyDocument

MAIN = "# 隐私政策\n\n我们会收集您的手机号码。详见《第三方SDK清单》。\n"
SDKS = "# 附件\n\n| 产品 | 内容 |\n|---|---|\n| 友盟统计 | IMEI |\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a policy, a list in a folder of its own, and what is neither."""
    (tmp_path / "b.md").write_text(MAIN, encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "list.md").write_text(SDKS, encoding="utf-8")
    (tmp_path / "a" / "deep").mkdir()
    (tmp_path / "a" / "deep" / "c.md").write_text("# 太深\n", encoding="utf-8")
    (tmp_path / ".hidden.md").write_text("# 隐藏\n", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "data.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_folder_is_its_documents_by_name(folder: Path) -> None:
    """Documents of a folder and of the folders in it come sorted; hidden files, pictures, data and deeper folders do not."""
    found, roles = documents_of([folder])
    assert [str(Path(path).relative_to(folder)) for path in found] == ["a/list.md", "b.md"]
    assert roles == {}


def test_a_record_of_fetching_tells_the_roles(folder: Path) -> None:
    """The role that fetched.json states for a file, by its digest, is the role of its facts, and the list is given."""
    digest = hashlib.sha256(SDKS.encode()).hexdigest()
    record = {
        "format": 1,
        "documents": [{"role": "sdk_list", "sha256": digest, "url": "https://a.example/"}, {"role": "other"}],
    }
    (folder / "fetched.json").write_text(json.dumps(record), encoding="utf-8")
    facts = collect_facts(open_case([], policy=[folder]), load(), strict=True)
    roles = {fact.place.sha256 == digest: fact.role for fact in facts.facts if isinstance(fact, PolicyDocument)}
    assert roles == {True: "sdk_list", False: "main"}
    assert not any(gap.code == "policy.list_not_given" for gap in facts.gaps)


@pytest.mark.parametrize("record", ["", "[]", '{"documents": [{"role": "king"}]}', "\x00"])
def test_a_record_that_cannot_be_read_tells_nothing(folder: Path, record: str) -> None:
    """A damaged record is no reason not to read the policy."""
    (folder / "fetched.json").write_text(record, encoding="utf-8")
    assert documents_of([folder])[1] == {}


def test_a_policy_alone_lacks_the_list_it_names(folder: Path) -> None:
    """Handing in the policy without its list leaves the gap that keeps silence about SDKs from deciding."""
    facts = collect_facts(open_case([], policy=[folder / "b.md"]), load(), strict=True)
    assert [gap.values["role"] for gap in facts.gaps if gap.code == "policy.list_not_given"] == ["sdk_list"]


def test_a_folder_without_documents_says_what_to_do(tmp_path: Path) -> None:
    """An empty folder is wrong use, told in one line."""
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="without any document Mingcha reads: put the policy"):
        documents_of([tmp_path])


def test_too_many_documents_are_refused(tmp_path: Path) -> None:
    """A folder that is no policy's is not read through."""
    for number in range(DOCUMENTS_LIMIT + 1):
        (tmp_path / f"{number}.md").write_text("# 政策\n", encoding="utf-8")
    with pytest.raises(UsageError, match="more than 50 documents"):
        documents_of([tmp_path])
