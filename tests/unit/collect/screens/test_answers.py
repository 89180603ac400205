"""A button in words of no list is read by its place, and nothing is ever proved by it."""

import pytest

from mingcha.collect.screens.choices import control_at
from mingcha.formats.steps import StepAct
from mingcha.model.fact import ActMade, ConsentControl, RefusalOutcome
from tests.unit.collect.screens.making import APP, HIGH, MAIN, WIDE, node, screen
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


ARROW, CROSS = (0, 0, 54, 89), (252, 728, 288, 764)


def drawn(cls: str, box, *, words="", buttons=("同意",)) -> bytes:
    """A question with a picture to tap at a place; ``words`` is what it is called."""
    parts = [
        node("android.widget." + cls, box=box, clickable="true", content_desc=words),
        node(text="使用前请知悉", box=(75, 437, 465, 477)),
        node(text="请阅读并同意《隐私政策》。", box=(75, 495, 465, 590)),
    ]
    for n, text in enumerate(buttons):
        place = (75 + 200 * n, 605, 255 + 200 * n, 671)
        parts.append(node("android.widget.Button", text, place, clickable="true"))
    root = node("android.widget.FrameLayout", inside="".join(parts), box=(0, 0, WIDE, HIGH), package=APP)
    return f'<?xml version="1.0" encoding="UTF-8"?><hierarchy rotation="0">{root}</hierarchy>'.encode()


@pytest.mark.parametrize(("cls", "words"), [("ImageView", "返回"), ("View", "返回"), ("ImageButton", "Navigate up")])
def test_the_arrow_of_a_bar_answers_nothing(cls: str, words: str) -> None:
    """It is no refusal and no button, a tap on it decided nothing that is known, and whether one can refuse stays open."""
    page = drawn(cls, ARROW, words=words)
    reading = read(page)
    assert (reading.kind, reading.refuse, reading.no_refuse) == ("consent", (), None)
    moments = (("start", page), ("tap", MAIN))
    assert of(RefusalOutcome, *moments) == []
    assert [fact.control for fact in of(ConsentControl, *moments)] == ["agree"]
    assert control_at(reading, StepAct(kind="tap", at=(3, 3))) is None


def test_back_as_a_button_is_an_answer() -> None:
    """Beside the yes of a dialog the same word is its no."""
    reading = read(drawn("View", ARROW, buttons=("同意", "返回")))
    assert [button.text for button in reading.refuse] == ["返回"]


@pytest.mark.parametrize("box", [CROSS, (430, 440, 466, 476), (474, 390, 510, 426)])
def test_a_cross_without_words(box) -> None:
    """A small picture to tap, under a dialog or in its corner, may be its cross: there may be a way to say no."""
    reading = read(drawn("ImageView", box))
    assert reading.no_refuse is None
    assert [button.by_place for button in reading.refuse] == [True]
    assert control_at(reading, StepAct(kind="tap", at=(box[0] + 5, box[1] + 5))) is None


@pytest.mark.parametrize("box", [(75, 300, 465, 420), (20, 1000, 60, 1040)])
def test_other_pictures_are_no_cross(box) -> None:
    """A banner, or a picture far from the dialog, is no answer; what it does is not known all the same."""
    reading = read(drawn("ImageView", box))
    assert (reading.refuse, reading.no_refuse) == ((), None)


def test_no_way_to_say_no() -> None:
    """Without picture or arrow there is none."""
    assert read(screen(ASKED, ["同意"])).no_refuse is True


def test_what_a_place_tells_opens_nothing() -> None:
    """The control that a tap met is only told where its words say what it means."""
    page = screen(ASKED, ["窗口办理", "同意"])
    reading = read(page)
    box = next(button.box for button in reading.buttons if button.by_place)
    assert control_at(reading, StepAct(kind="tap", at=(box[0] + 5, box[1] + 5))) is None
