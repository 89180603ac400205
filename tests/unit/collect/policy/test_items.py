"""Items, rows and names of the app: what a sentence takes from what stands around it."""

from __future__ import annotations

from mingcha.model.fact import PolicyStatement
from tests.unit.collect.policy.test_statements import facts, said

TABLE = """# 隐私政策

## 一、我们直接收集的信息

| 序号 | 信息类型 | 信息名称 | 使用目的 |
| --- | --- | --- | --- |
| 1 | 设备信息 | 手机型号 | 用于判断是否支持推送 |
| 2 |  | 国家编码 | 支持对不同国家推送不同的内容 |
"""


def test_a_row_under_a_heading_that_collects_is_collected() -> None:
    """The verb of a row is that of the heading, also where its purpose says "used for" and no term knows its name."""
    found = said(TABLE)
    assert ("collect", "dev.model", "app", False) in found
    assert ("collect", "generic.pi", "app", False) in found


def test_an_item_without_a_known_name_is_information_in_general() -> None:
    """It is collected if its list is."""
    found = said("# 隐私政策\n\n## 一、我们收集的信息\n\n收集的信息：\n\n- 宠物健康记录\n- 手机号码\n")
    assert {("collect", "basic.phone", "app", False), ("collect", "generic.pi", "app", False)} <= found


def test_an_unknown_name_denies_nothing() -> None:
    """In a list of what is not collected an item that no term knows makes no denial of information in general."""
    text = "# 隐私政策\n\n我们不会收集以下信息：\n\n- 通讯录\n- 宠物的喜好\n"
    quotes = {fact.place.quote for fact in facts(text, PolicyStatement) if fact.negated}
    assert "通讯录" in quotes
    assert "宠物的喜好" not in quotes
