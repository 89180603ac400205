"""Which names and texts of controls say agree, and which only look like it."""

from __future__ import annotations

import pytest

from mingcha.program.agree import controls, handlers, name_agrees, text_agrees
from mingcha.program.surroundings import Surroundings, View


@pytest.mark.parametrize(
    "text",
    ["同意", "我同意", "同意并继续", "我已阅读并同意", "接受", "Agree", "I agree", "ACCEPT", "Agree and continue"],
)
def test_texts_that_agree(text: str) -> None:
    """Short texts of buttons that say yes."""
    assert text_agrees(text)


@pytest.mark.parametrize(
    "text",
    ["不同意", "暂不同意", "拒绝", "取消同意", "Disagree", "I do not agree", "I don't accept", "agreement", "继续", "", "查看《用户协议》",
     "感谢您使用本应用，请您仔细阅读并同意我们的用户协议和隐私政策后再继续使用本应用的服务"],
)  # fmt: skip
def test_texts_that_do_not(text: str) -> None:
    """Refusals, links to an agreement, other words and whole paragraphs."""
    assert not text_agrees(text)


@pytest.mark.parametrize(
    ("name", "agrees"),
    [
        ("btn_agree", True), ("agreeButton", True), ("btnAgree", True), ("tv_accept", True), ("tongyi", True), ("BTN_AGREE", True),
        ("btn_disagree", False), ("not_agree", False), ("tv_agreement", False), ("cb_agree", False), ("agree_checkbox", False),
        ("btn_unagree", False), ("agree_link", False), ("degree", False), ("ok", False),
    ],
)  # fmt: skip
def test_names(name: str, agrees: bool) -> None:
    """Words of a name, however it is written; a box to tick, a link and a refusal are no agreement."""
    assert name_agrees(name) is agrees


def test_controls_by_name_text_and_class() -> None:
    """Ids by their names and by the texts in layouts, texts by themselves; boxes to tick and refusals are left out."""
    around = Surroundings(
        names={
            1: "id/btn_agree",
            2: "id/ok",
            3: "id/agree_me",
            4: "id/accept_no_more",
            5: "string/btn_agree",
            6: "id/agree_bar",
        },
        texts={10: "同意", 11: "不同意"},
        views=(
            View(2, "ok", "Button", 0, text="同意并继续"),
            View(3, "agree_me", "androidx.appcompat.widget.AppCompatCheckBox", 0),
            View(6, "agree_bar", "Button", 0, text="不同意"),
        ),
    )
    assert controls(around) == {1, 2, 10}


def test_handlers_given_to_agree_controls_alone() -> None:
    """A handler that another control of any layout has as well is no agreement."""
    views = (
        View(1, "btn_agree", "Button", 0, on_click="agreed"),
        View(0, "", "Button", 0, text="同意", on_click="agreed"),
        View(1, "btn_agree", "Button", 0, on_click="both"),
        View(2, "more", "Button", 1, on_click="both"),
    )
    assert handlers(Surroundings(names={1: "id/btn_agree", 2: "id/more"}, views=views)) == {"agreed"}
