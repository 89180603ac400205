"""Fields are read by the words at them; a label that names two things, somebody else's, or nothing known asks for nothing known."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens.forms import Field, fields_on, named_in
from mingcha.collect.screens.tree import from_tree
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import read_dump
from tests.unit.collect.screens.making import APP, node

TABLES = load()
WORDS = Words(TABLES)


def fields(*nodes: str) -> list[tuple[str, bool | None]]:
    """What the fields of a screen ask for."""
    dump = read_dump(f'<hierarchy rotation="0">{node(inside="".join(nodes))}</hierarchy>'.encode())
    found: tuple[Field, ...] = fields_on(from_tree(dump, WORDS, APP), WORDS, TABLES)
    return [(field.information, field.required) for field in found]


def text(words: str, box: tuple[int, int, int, int]) -> str:
    """A label."""
    return node(text=words, box=box)


def field(words: str, box: tuple[int, int, int, int], **more: str) -> str:
    """A field to fill in."""
    return node("android.widget.EditText", words, box, clickable="true", **more)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("请输入身份证号", "identity.id_number"),
        ("请填写您本人的真实姓名", "basic.name"),
        ("*手机号码", "basic.phone"),
        ("银行卡号（必填）", "fin.bank_card"),
        ("昵称", "basic.nickname"),
        ("紧急联系人手机号", None),
        ("搜索手机号", None),
        ("会员卡号", None),
        ("好友昵称", None),
        ("姓名/手机号", None),
        ("手机号用于接收验证码", None),
        ("请输入内容", None),
        ("", None),
    ],
)
def test_a_label_asks_for_one_thing(label: str, expected: str | None) -> None:
    """Words of politeness and marks are left aside; anything else beside the name makes it another question."""
    found = named_in(WORDS.plain(label), WORDS, TABLES)
    assert (found[0] if found else None) == expected


def test_labels_stand_in_left_of_or_over_a_field() -> None:
    """A hint inside it, a label in its row, a label over it; a field between takes the label over it away."""
    inside = field("请输入身份证号", (30, 50, 510, 100))
    row = [text("姓名", (30, 150, 120, 200)), field("", (130, 150, 510, 200))]
    over = [text("银行卡号", (30, 250, 200, 280)), field("", (30, 290, 510, 340))]
    below = field("", (30, 350, 510, 400))
    assert fields(inside) == [("identity.id_number", None)]
    assert fields(*row) == [("basic.name", None)]
    assert fields(*over, below) == [("fin.bank_card", None)]


def test_what_must_be_filled_in_says_so() -> None:
    """A star or a word; another word for what may be left empty; nothing where neither stands there."""
    assert fields(field("身份证号*", (30, 50, 510, 100))) == [("identity.id_number", True)]
    assert fields(field("邮箱（选填）", (30, 50, 510, 100))) == [("basic.email", False)]
    assert fields(field("邮箱", (30, 50, 510, 100))) == [("basic.email", None)]


def test_what_was_typed_is_no_label() -> None:
    """A field that holds a number is named by its label alone, and two that disagree name nothing."""
    row = (text("身份证号", (30, 150, 120, 200)), field("110101199001011237", (130, 150, 510, 200)))
    assert fields(*row) == [("identity.id_number", None)]
    odd = (text("身份证号", (30, 150, 120, 200)), field("昵称", (130, 150, 510, 200)))
    assert fields(*odd) == []
