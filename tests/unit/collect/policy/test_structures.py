"""Provisions are read from the structure of small policies: headings, labelled lines, lists, paths, sections on contact."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.collector import collect
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import ProvisionStated

ARTEFACT = Artefact(sha256="cd" * 32, kind="policy", name="policy.md", size=1)
TEXTS = yaml.safe_load(Path(__file__).with_name("structures.yaml").read_text("utf-8"))
HEAD = TEXTS.pop("head")


def _tables() -> Catalogue:
    sources = load.read_sources(load.HOME)
    return load.build({k: v for k, v in sources.items() if k == "information.yaml" or k.startswith("terms/")})


TABLES = _tables()


def told(text: str, provision: str, name: str) -> list[ProvisionStated]:
    """The facts that state it; cancelling counts with a way only, an operator by name."""
    found = [
        item
        for item in collect(ARTEFACT, read(text.encode(), name), TABLES)
        if isinstance(item, ProvisionStated) and item.provision == provision
    ]
    if provision == "account_cancellation":
        return [fact for fact in found if fact.way]
    return [fact for fact in found if provision != "operator_identity" or fact.form == "name"]


@pytest.mark.parametrize("provision", TEXTS)
def test_a_provision_is_read_from_the_structure_of_a_short_policy(provision: str) -> None:
    """Every short policy that states a provision is found to, and none of those that come near it."""
    texts = TEXTS[provision]
    assert [text for text in texts["states"] if not told(f"{HEAD}\n\n{text}", provision, "policy.md")] == []
    assert [text for text in texts.get("silent", ()) if told(f"{HEAD}\n\n{text}", provision, "policy.md")] == []


@pytest.mark.parametrize("provision", TEXTS)
def test_a_provision_is_read_from_lines_alone(provision: str) -> None:
    """The same of texts of one to four lines without mark-up."""
    texts = TEXTS[provision]
    assert [text for text in texts["lines"] if not told(text, provision, "policy.txt")] == []
    assert [text for text in texts.get("silent_lines", ()) if told(text, provision, "policy.txt")] == []


def test_complaints_about_personal_information_under_a_heading_on_sdks_are_our_own() -> None:
    """A heading on SDKs that is still open over a section on contact does not make its addresses a vendor's."""
    text = "接入第三方SDK目录\n一、联系我们\n如您对个人信息保护有投诉、建议，可将问题发送至a@example.com。"
    assert [fact.way for fact in told(text, "complaint_channel", "policy.txt")] == ["a@example.com"]


def test_a_vendor_that_provides_a_service_is_not_the_operator() -> None:
    """A known vendor after 由…提供 runs nothing, unless the app is said to be its own."""
    assert told("支付服务由支付宝（中国）网络技术有限公司提供。", "operator_identity", "policy.txt") == []
    own = told("本应用由深圳市腾讯计算机系统有限公司提供。", "operator_identity", "policy.txt")
    assert [fact.way for fact in own] == ["深圳市腾讯计算机系统有限公司"]


def test_a_way_for_all_rights_is_one_for_cancelling_but_not_that_of_the_deceased() -> None:
    """The way a section gives for its rights counts for an account's cancelling; one for relatives of the dead does not."""
    rights = "四、您的权利\n您有权更正、删除您的个人信息，并有权注销账号。\n"
    way = told(rights + "如需行使上述权利，请发送邮件至a@example.com。", "account_cancellation", "policy.txt")
    assert [fact.way for fact in way] == ["a@example.com"]
    dead = "您去世后，近亲属可通过a@example.com行使上述权利。"
    assert told(rights + dead, "account_cancellation", "policy.txt") == []
