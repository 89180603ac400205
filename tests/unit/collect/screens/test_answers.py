"""A button in words of no list is read by its place, and nothing is ever proved by it."""

import pytest

from mingcha.model.fact import ActMade, ConsentControl, RefusalOutcome
from tests.unit.collect.screens.making import MAIN, screen
from tests.unit.collect.screens.test_reading import read
from tests.unit.collect.screens.test_walk import of

ASKED = ["个人信息保护提示", "请阅读并同意《用户协议》和《隐私政策》。"]


def said(*buttons: str, texts=ASKED, **more) -> tuple[list[str], list[str]]:
    """The words of what agrees, and of what does not."""
    reading = read(screen(texts, buttons, **more))
    return [b.text for b in reading.agree], [b.text for b in reading.refuse + reading.skip]


def test_the_other_answer() -> None:
    """Beside the one known answer, the one other button is the other answer."""
    assert said("同意", "窗口办理") == (["同意"], ["窗口办理"])
    assert said("不同意", "进园赏花") == (["进园赏花"], ["不同意"])
    assert said("启程去远方", "不去远方") == (["启程去远方"], ["不去远方"])


def test_the_only_way_on() -> None:
    """Under a box for consent, or a sentence that calls it consent, the only button is the way on."""
    assert said("挑一束花", texts=["花坊"], boxes=[("我已阅读并同意《隐私政策》", False)]) == (["挑一束花"], [])
    assert said("启程", texts=["桃源", "点击“启程”即视为接受《隐私协议》"]) == (["启程"], [])


@pytest.mark.parametrize(
    "buttons", [("同意", "联系客服"), ("同意", "查看协议"), ("同意", "切换语言"), ("同意", "窗口办理", "网点办理"), ("同意", "手机号登录")]
)  # fmt: skip
def test_not_every_other_button_answers(buttons: tuple[str, ...]) -> None:
    """Help, papers to read, a login, or one of two that are not known, are no answer."""
    assert said(*buttons)[1] == []


def test_where_nothing_is_asked() -> None:
    """Without a question about consent or a permission, a button's place means nothing."""
    reading = read(screen(["换货申请", "商家已收到"], ["同意", "窗口办理"]))
    assert [button.text for button in reading.buttons] == ["同意"]


def test_nothing_is_proved_by_a_place() -> None:
    """What a tap on it decided is not known, no control is told of it, and whether one can refuse stays open."""
    dialog = screen(ASKED, ["窗口办理", "同意"])
    moments = (("start", dialog), ("tap 窗口办理", MAIN))
    assert [act.choice for act in of(ActMade, *moments) if act.number == 1] == ["undecided"]
    assert [fact.control for fact in of(ConsentControl, *moments)] == ["agree"]
    assert of(RefusalOutcome, *moments) == []
    assert read(dialog).no_refuse is None
