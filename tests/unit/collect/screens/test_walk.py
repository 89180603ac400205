"""A walk gives the facts that its screens and acts show, and no more: whatever is unsure is null or a gap."""

import io
import json

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens import ocr
from mingcha.collect.screens.findings import YIELDS, findings
from mingcha.collect.screens.walk import Walk, read_walk
from mingcha.errors import FormatError
from mingcha.model.artefact import Place
from mingcha.model.fact import (
    ActMade,
    ConsentControl,
    ConsentPrompt,
    PermissionRequested,
    RefusalOutcome,
    RepeatedAsking,
    RequestBurst,
    ScreenSeen,
    StepsTo,
    ThirdPartyOpened,
)
from mingcha.model.factbase import Covered, FactBase, Gap
from tests.unit.collect.screens.making import APP, CONSENT, HOME_SCREEN, MAIN, node, permission, screen, walk_of
from tests.unit.collect.screens.test_picture import box_drawn, canvas

TABLES = load()
LOCATION, CONTACTS = "android.permission.ACCESS_FINE_LOCATION", "android.permission.READ_CONTACTS"
POLICY = screen(["某某隐私政策", "我们会收集您的个人信息用于提供服务，您有权访问、更正和删除您的信息。"])
MINE = screen(["我的"], ["设置", "收藏"])
SETTINGS = screen(["设置"], ["隐私政策", "注销账号"])
ASKS_CONTACTS = permission("是否允许“某某”访问您的通讯录？")
LATER = screen(["个人信息保护提示", "请阅读并同意《隐私政策》"], ["再想想", "同意"])
NAG = screen(["再次提示", "您刚刚拒绝了《隐私政策》，请重新考虑。"], ["不同意", "同意"])


def walked(*moments, **said) -> Walk:
    steps, files = walk_of(*moments)
    return read_walk(steps, files, TABLES, package=said.get("package", APP), density=1.5, ocr=False)


def found(*moments, clean=True, **said):
    walk = walked(*moments, **said)
    return list(
        findings(walk, "r", lambda name, quote: Place(sha256="0" * 64, path=name, quote=quote), TABLES, clean=clean)
    )


def of(kind, *moments, **said):
    return [fact for fact in found(*moments, **said) if isinstance(fact, kind)]


def choices(*moments, **said):
    return [(act.number, act.choice, act.about) for act in of(ActMade, *moments, **said) if act.choice]


FIRST_RUN = (("start", CONSENT), ("tap 同意", MAIN), ("tap 我的", MINE))


def test_first_run() -> None:
    """A first run that asks and is agreed to: each screen, each act, the prompt with coverage, the controls."""
    facts = found(*FIRST_RUN)
    assert [(f.number, f.screen) for f in facts if isinstance(f, ScreenSeen)] == [
        (1, "consent"),
        (2, "main"),
        (3, "other"),
    ]
    assert choices(*FIRST_RUN) == [(1, "agree", "policy"), (2, "open", None)]
    assert [f.shown for f in facts if isinstance(f, ConsentPrompt)] == [True]
    assert [f.kind for f in facts if isinstance(f, Covered)] == ["ConsentPrompt"]
    assert {f.control for f in facts if isinstance(f, ConsentControl)} == {"agree", "refuse"}


def test_one_walk_covers_nothing_else() -> None:
    """No kind but the prompt is ever complete by a walk alone."""
    base = FactBase().with_findings(found(*FIRST_RUN))
    assert {kind for kind in YIELDS if base.is_complete(kind, {})} == {"ConsentPrompt"}


@pytest.mark.parametrize("clean", [None, False])
def test_a_used_app_shows_no_first_run(clean: bool | None) -> None:
    """Where the app was used before, or nobody knows, nothing is said about the first run."""
    assert of(ConsentPrompt, *FIRST_RUN, clean=clean) == []
    assert of(Covered, *FIRST_RUN, clean=clean) == []


def test_cleared_by_the_walk_itself() -> None:
    """An installation or clearing that led to the first screen makes a first run, unless the record says otherwise."""
    assert len(of(ConsentPrompt, ("clear", CONSENT), *FIRST_RUN[1:], clean=None)) == 1
    assert of(ConsentPrompt, ("clear", CONSENT), *FIRST_RUN[1:], clean=False) == []


def test_no_prompt() -> None:
    """A first run that reaches the main screen without any prompt, everything read and no login offered."""
    facts = of(ConsentPrompt, ("start", MAIN), ("tap 我的", MINE), ("tap 收藏", screen(["收藏"])))
    assert [fact.shown for fact in facts] == [False]


@pytest.mark.parametrize(
    "moments",
    [
        (("start", MAIN), ("tap 我的", MINE)),
        (("start", MAIN), ("tap 我的", screen(["我的"], ["登录/注册"])), ("tap 登录/注册", screen(["收藏"]))),
        (("start", screen(["欢迎"])), ("tap", screen(["介绍"])), ("tap", screen(["介绍二"]))),
        (("start", MAIN), ("tap 我的", b"<broken"), ("tap", screen(["收藏"]))),
        (("start", screen(["欢迎", "查看隐私政策"])), ("tap", MAIN), ("tap 我的", MINE)),
        (
            ("start", screen(["欢迎"])),
            ("tap", screen(["一"])),
            ("tap", screen(["二"])),
            ("tap", b"<broken"),
            ("tap", MAIN),
        ),
    ],
    ids=[
        "too short",
        "a login is offered",
        "no main screen",
        "one screen unread",
        "the policy is named",
        "one unread, nobody knows whose",
    ],
)
def test_no_prompt_is_not_said_lightly(moments) -> None:
    """Where a prompt may have been missed, there is neither a fact nor coverage."""
    assert of(ConsentPrompt, *moments) == []
    assert of(Covered, *moments) == []


BOX = "我已阅读并同意《用户协议》《隐私政策》"


def login(ticked: bool) -> bytes:
    return screen(["登录"], ["登录"], fields=["手机号"], boxes=[(BOX, ticked)])


def boxes(*moments, **said):
    return [fact.checked for fact in of(ConsentControl, *moments, **said) if fact.control == "checkbox"]


def test_ticked_from_the_start() -> None:
    """A box that is ticked when first shown is told as ticked, an empty one as empty."""
    assert boxes(("start", login(ticked=True))) == [True]
    assert boxes(("start", login(ticked=False))) == [False]


def test_ticked_by_somebody() -> None:
    """A box that may have been ticked before, by a tap, in an earlier run or unseen, has no known first state."""
    assert boxes(("start", CONSENT), ("tap 同意", login(ticked=True))) == [None]
    assert boxes(("start", MAIN), (None, login(ticked=True))) == [None]
    assert boxes(("start", login(ticked=True)), clean=None) == [None]
    assert boxes(("start", login(ticked=False)), ("tap", login(ticked=True)))[0] is False


def test_other_boxes_are_no_consent() -> None:
    """A ticked box for the password, or for the users' agreement alone, is no fact."""
    page = screen(["登录", "隐私政策"], ["登录"], fields=["手机号"], boxes=[("记住密码", True), ("同意用户协议", True)])
    assert boxes(("start", page)) == []


@pytest.mark.parametrize(
    ("words", "clickable", "state"),
    [(BOX, "true", True), (BOX, "false", None), ("请您阅读《隐私政策》", "true", None)],
    ids=["a box that is drawn", "nobody can touch it", "a mark before a request"],
)
def test_an_ornament_is_no_box(words: str, clickable: str, state: bool | None) -> None:
    """A picture like a ticked box proves nothing where it cannot be touched, or stands before words that agree to nothing."""
    image = pytest.importorskip("PIL.Image")
    pixels, shot = canvas(), io.BytesIO()
    box_drawn(pixels, (32, 302), ticked=True)
    image.fromarray(pixels).save(shot, "PNG")
    drawn = node("android.widget.ImageView", box=(30, 300, 58, 328), clickable=clickable) + node(
        text=words, box=(66, 300, 510, 328)
    )
    page = screen(["登录"], ["登录"], fields=["手机号"]).replace(b"</hierarchy>", drawn.encode() + b"</hierarchy>")
    steps, files = walk_of(("start", page))
    steps = steps.replace(b'"dump"', b'"picture": "1.png", "dump"')
    walk = read_walk(steps, {**files, "1.png": shot.getvalue()}, TABLES, package=APP, density=1.5, ocr=False)
    facts = findings(walk, "r", lambda name, quote: Place(sha256="0" * 64, path=name, quote=quote), TABLES, clean=True)
    assert [f.checked for f in facts if isinstance(f, ConsentControl) and f.control == "checkbox"] == [state]


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ((("start", CONSENT), ("tap 不同意", MAIN)), (1, "refuse", "policy")),
        ((("start", LATER), ("tap 再想想", MAIN)), (1, "skip", "policy")),
        ((("start", CONSENT), ("tap", MAIN)), (1, "undecided", "policy")),
        ((("start", CONSENT), (None, MAIN)), (1, "undecided", "policy")),
        ((("start", CONSENT), ("tap 同意", CONSENT)), (1, "undecided", "policy")),
        ((("start", CONSENT), ("back", MAIN)), (1, "undecided", "policy")),
        ((("start", CONSENT), ("tap", POLICY)), (1, "open", None)),
        ((("start", screen(["须知", "请看《隐私政策》，同意后使用"], ["我知道了"])), ("tap 我知道了", MAIN)), (1, "undecided", "policy")),
        ((("start", screen(["须知", "点击进入即视为您同意《隐私政策》"], ["进入"])), ("tap 进入", MAIN)), (1, "agree", "policy")),
        ((("start", permission()), ("tap 允许", MAIN)), (1, "grant", LOCATION)),
        ((("start", permission()), ("tap 拒绝", MAIN)), (1, "deny", LOCATION)),
        ((("start", permission()), (None, MAIN)), (1, "undecided", LOCATION)),
        ((("start", b"<broken"), ("tap", MAIN)), (1, "undecided", None)),
        ((("start", screen(["活动"], ["同意参加"])), ("tap 同意参加", MAIN)), (1, "undecided", None)),
        ((("start", login(ticked=False)), ("tap 登录", MAIN)), (1, "undecided", "policy")),
    ],
)  # fmt: skip
def test_what_an_act_decides(moments, said) -> None:
    """An answer is read from the control that was touched; where another reading is possible, it is undecided."""
    assert choices(*moments)[0] == said


def test_leaving_for_good() -> None:
    """Logged out, cancelled, withdrawn: only where the app then stands as before."""
    page = screen(["登录"], ["登录"], fields=["手机号"])
    assert choices(("start", screen(["设置"], ["退出登录"])), ("tap 退出登录", page)) == [(1, "log out", None)]
    cancel = screen(["注销账号", "注销后无法恢复"], ["确认注销"])
    assert choices(("start", cancel), ("tap 确认注销", page)) == [(1, "cancel account", None)]
    assert choices(("start", cancel), ("tap 确认注销", screen(["请输入验证码"]))) == []
    withdraw = screen(["撤回同意", "撤回后我们将停止处理"], ["确认撤回"])
    assert choices(("start", withdraw), ("tap 确认撤回", CONSENT)) == [(1, "withdraw", None)]


def test_fewest_taps() -> None:
    """The shortest way of those walked counts; going back is no way, and a target's screen is what reaches it."""
    steps = of(
        StepsTo,
        ("start", MAIN), ("tap 我的", MINE), ("tap 设置", SETTINGS), ("tap 隐私政策", POLICY), ("back", SETTINGS),
        ("tap 注销账号", screen(["注销账号", "注销后无法恢复"], ["确认注销"])),
    )  # fmt: skip
    assert {(fact.target, fact.taps, fact.found) for fact in steps} == {
        ("policy", 3, True),
        ("account_cancellation", 3, True),
    }


def test_another_tab_is_a_tap_away() -> None:
    """An app opens on one of its tabs; whoever was inside already may have stood on any, and counts from the nearest."""
    mine = screen(["某某的天气"], ["设置"], tabs=["首页", "我的"])
    walk = (("start", MAIN), ("tap 我的", mine), ("tap 设置", SETTINGS), ("tap 隐私政策", POLICY), ("back", SETTINGS))
    assert [(fact.target, fact.taps) for fact in of(StepsTo, *walk)] == [("policy", 3)]
    inside = (("back", MAIN), *walk[1:])
    assert [(fact.target, fact.taps) for fact in of(StepsTo, *inside)] == [("policy", 2)]
    anew = (*walk, ("back", mine), ("tap 首页", MAIN), ("tap 我的", mine))
    assert [(fact.target, fact.taps) for fact in of(StepsTo, *anew)] == [("policy", 3)]


def test_ways_that_nobody_knows() -> None:
    """A step whose act is not recorded is no way, and what was not found is never called absent."""
    assert of(StepsTo, ("start", MAIN), (None, POLICY)) == []
    assert of(StepsTo, ("start", MAIN), ("tap 我的", MINE)) == []


def test_the_policy_in_the_first_dialog_is_no_way() -> None:
    """Taps count from the main screen."""
    assert of(StepsTo, ("start", CONSENT), ("tap", POLICY)) == []


def test_exit_after_refusal() -> None:
    """Gone after the tap that refused; gone by the back key or the home key is the person's own doing."""
    (gone,) = of(RefusalOutcome, ("start", CONSENT), ("tap 不同意", HOME_SCREEN))
    assert (gone.refused, gone.outcome, gone.necessary) == ("policy", "exit", None)
    (stays,) = of(RefusalOutcome, ("start", CONSENT), ("tap 不同意", MAIN), ("back", HOME_SCREEN))
    assert stays.outcome == "works"
    (unknown,) = of(RefusalOutcome, ("start", permission()), ("tap 拒绝", screen(["地图"])))
    assert (unknown.refused, unknown.outcome) == (LOCATION, None)
    (again,) = of(RefusalOutcome, ("start", CONSENT), ("tap 不同意", NAG), ("home", HOME_SCREEN))
    assert again.outcome == "asks again"


def times(*moments):
    return [(fact.about, fact.times) for fact in of(RepeatedAsking, *moments)]


def test_asked_again_and_again() -> None:
    """Askings of the app's own after a refusal are counted, for the policy and for a permission."""
    refused = (("start", CONSENT), ("tap 不同意", MAIN))
    assert times(*refused, ("start", CONSENT), ("tap 不同意", MAIN), ("start", CONSENT)) == [("policy", 2)]
    denied = (("start", permission()), ("tap 拒绝", MAIN))
    assert times(*denied, ("start", permission())) == [(LOCATION, 1)]
    assert times(("start", CONSENT), ("tap 不同意", NAG), ("tap 不同意", HOME_SCREEN)) == [("policy", 1)]


@pytest.mark.parametrize(
    "moments",
    [
        (("start", CONSENT), ("tap 不同意", MAIN), ("tap 我的", CONSENT)),
        (("start", LATER), ("tap 再想想", MAIN), ("start", LATER), ("tap 再想想", MAIN), ("start", LATER)),
        (("start", CONSENT), ("tap 不同意", MAIN), (None, CONSENT)),
        (("start", CONSENT), ("tap 不同意", HOME_SCREEN), ("start", CONSENT)),
        (("start", CONSENT), ("tap 同意", MAIN), ("start", CONSENT)),
        (("start", CONSENT), ("tap", POLICY), ("back", CONSENT)),
        (("start", permission()), ("tap 允许", MAIN), ("start", permission())),
        (("start", permission()), ("tap 拒绝", MAIN), ("start", ASKS_CONTACTS)),
    ],
    ids=[
        "by the person",
        "put off",
        "nobody knows",
        "after it had ended",
        "after agreeing",
        "the same dialog",
        "granted",
        "another one",
    ],
)
def test_not_asked_again(moments) -> None:
    """What a person started, an app that had ended, another subject or the same dialog are no repeated asking."""
    assert times(*moments) == []


def test_a_dialog_that_fades() -> None:
    """A dialog still seen a moment after its answer is the same one, answered as it was, and never a second asking."""
    fading = (("start", CONSENT), ("tap 不同意", CONSENT, 1), ("none", MAIN, 1))
    assert choices(*fading) == [(1, "refuse", "policy")]
    assert times(*fading) == []
    assert [fact.outcome for fact in of(RefusalOutcome, *fading)] == ["works"]
    agreed = (("start", CONSENT), ("tap 同意", CONSENT, 1), ("none", MAIN, 1))
    assert choices(*agreed) == [(1, "agree", "policy")]


def test_a_dialog_that_does_not_go() -> None:
    """A dialog that stands again and is refused again, later than it could fade, is asked again each time."""
    loop = (("start", CONSENT), ("tap 不同意", CONSENT, 1), ("tap 不同意", CONSENT, 9), ("tap 不同意", HOME_SCREEN, 9))
    assert times(*loop) == [("policy", 2)]


def test_what_comes_by_itself() -> None:
    """A dialog that came by itself after a start is the app's doing, after a tap nobody knows; an app that goes soon has gone."""
    denied = (("start", permission()), ("tap 拒绝", MAIN))
    assert times(*denied, ("start", screen(["欢迎"])), ("none", permission(), 3)) == [(LOCATION, 1)]
    assert times(*denied, ("tap 我的", MINE), ("none", permission(), 3)) == []
    (gone,) = of(RefusalOutcome, ("start", CONSENT), ("tap 不同意", MAIN), ("none", HOME_SCREEN, 2))
    assert gone.outcome == "exit"
    (later,) = of(RefusalOutcome, ("start", CONSENT), ("tap 不同意", MAIN), ("none", HOME_SCREEN, 50))
    assert later.outcome == "works"


def test_more_than_48_hours() -> None:
    """An asking 73 hours later is not counted."""
    steps, files = walk_of(("start", CONSENT), ("tap 不同意", MAIN), ("start", CONSENT))
    rows = [json.loads(line) for line in steps.splitlines()]
    rows[2]["time"] = "2026-03-04T11:01:00.000+08:00"
    later = "\n".join(map(json.dumps, rows)).encode()
    walk = read_walk(later, files, TABLES, package=APP, density=None, ocr=False)
    facts = findings(walk, "r", lambda name, quote: Place(sha256="0" * 64, path=name, quote=quote), TABLES, clean=True)
    assert not [fact for fact in facts if isinstance(fact, RepeatedAsking)]


def test_bursts() -> None:
    """Several permissions in one go, and whether refusing them all ended the app."""
    row = (("start", CONSENT), ("tap 同意", permission()), ("tap 拒绝", ASKS_CONTACTS))
    assert [(f.count, f.exit_on_refusal) for f in of(RequestBurst, *row, ("tap 拒绝", HOME_SCREEN))] == [(2, True)]
    assert [(f.count, f.exit_on_refusal) for f in of(RequestBurst, *row, ("tap 拒绝", MAIN))] == [(2, False)]
    assert [(f.count, f.exit_on_refusal) for f in of(RequestBurst, *row, ("tap 允许", HOME_SCREEN))] == [(2, None)]
    assert [(f.count, f.exit_on_refusal) for f in of(RequestBurst, *row, ("home", HOME_SCREEN))] == [(2, None)]


def test_the_end_of_a_burst_is_seen_or_not_told() -> None:
    """A notice with no way on but out, and then the launcher, is an exit; where no page of the app was seen, nobody knows."""
    row = (("start", permission()), ("tap 拒绝", ASKS_CONTACTS))
    notice = screen(["无法继续", "缺少权限，应用将关闭"], ["退出"])
    splash = screen(["某某天气", "加载中"])

    def ends(*after):
        return [fact.exit_on_refusal for fact in of(RequestBurst, *row, *after)]

    assert ends(("tap 拒绝", notice), ("tap 退出", HOME_SCREEN)) == [True]
    assert ends(("tap 拒绝", notice), ("home", HOME_SCREEN)) == [None]
    assert ends(("tap 拒绝", notice)) == [None]
    assert ends(("tap 拒绝", splash)) == [None]
    assert ends(("tap 拒绝", splash), ("home", HOME_SCREEN)) == [None]
    assert ends(("tap 拒绝", splash), ("none", MAIN, 30)) == [False]
    assert ends(("tap 拒绝", splash), ("start", MAIN)) == [None]


def test_a_no_told_by_the_page_after() -> None:
    """Without acts a permission was denied where the page right after says that it is off; whose doing a later question is stays open."""
    off = screen(["某某地图", "通讯录权限未开启"], tabs=["首页", "我的"])
    moments = ((None, ASKS_CONTACTS), (None, off), (None, ASKS_CONTACTS), (None, MAIN))
    assert choices(*moments) == [(1, "deny", CONTACTS), (3, "undecided", CONTACTS)]
    assert of(RepeatedAsking, *moments) == []


def test_a_banner_that_calls_going_on_consent() -> None:
    """One short sentence on an ordinary page is a control; the same in the text of other terms is none."""
    banner = screen(["某某论坛", "推荐", "继续浏览即视为同意《隐私政策》"])
    terms = screen(["用户协议", "继续浏览即视为同意《隐私政策》"])
    assert [fact.control for fact in of(ConsentControl, ("start", banner))] == ["implied"]
    assert of(ConsentControl, ("start", terms)) == []


def test_no_bursts() -> None:
    """One permission, the same asked twice, one that opens nothing, or a screen of the app between make no burst."""
    notify = permission("要允许“某某”向您发送通知吗？")
    for second in (permission(), notify):
        assert of(RequestBurst, ("start", permission()), ("tap 拒绝", second), ("tap 拒绝", HOME_SCREEN)) == []
    assert of(RequestBurst, ("start", permission()), ("tap 拒绝", MAIN), ("tap 我的", ASKS_CONTACTS)) == []


def purposes(*moments):
    return [(fact.permission, fact.purpose_shown) for fact in of(PermissionRequested, *moments)]


def test_purposes() -> None:
    """Told with the dialog or on the screen before it; never denied where the picture around the dialog was not read."""
    told = screen(["访问位置", "需要位置权限，用于展示天气。"], ["稍后", "去授权"])
    assert purposes(("start", MAIN), ("tap 我的", told), ("tap 去授权", permission())) == [(LOCATION, True)]
    assert purposes(
        ("start", MAIN), ("tap 我的", permission("要允许“某某”获取此设备的位置信息吗？", "用于展示天气"))
    ) == [(LOCATION, True)]
    assert purposes(("start", MAIN), ("tap 我的", permission())) == [(LOCATION, None)]
    assert purposes(("start", CONSENT), ("tap 同意", permission())) == [(LOCATION, None)]


@pytest.mark.parametrize(
    ("before", "dialog", "told"),
    [
        (MAIN, permission(), False),
        (screen(["定位", "附近的门店需要您的位置"]), permission(), None),
        (screen(["活动", "识别码用于登录"]), permission(), None),
        (CONSENT, permission(), None),
        (MAIN, permission("要允许“某某”获取此设备的位置信息吗？", "看看附近有什么好店"), None),
        (MAIN, permission("要允许“某某”获取此设备的位置信息吗？", "不再询问"), False),
        (b"<broken", permission(), None),
    ],
    ids=["nothing", "named", "another purpose", "in the consent dialog", "other words", "usual words", "unread before"],
)
def test_no_purpose_is_not_said_lightly(monkeypatch, before: bytes, dialog: bytes, told: bool | None) -> None:
    """Only where dialog, picture and the screen before were read and none speaks of any purpose, none was told."""
    assert pictured(monkeypatch, ("start", before), ("tap", dialog)) == [told]


def test_a_purpose_on_a_screen_of_nobody_known(monkeypatch) -> None:
    """What an earlier screen told counts even where the record does not say whose window it was."""
    asked = (("tap", MAIN), ("tap 我的", permission()))
    assert pictured(monkeypatch, ("start", screen(["欢迎"], package="")), *asked) == [False]
    assert pictured(monkeypatch, ("start", screen(["需要位置权限，用于展示天气。"], package="")), *asked) == [None]


def pictured(monkeypatch, *moments) -> list[bool | None]:
    """Whether a purpose was told, of a walk whose last screen has a picture with nothing on it."""
    picture = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    picture.new("RGB", (540, 1170), "white").save(out, "PNG")
    monkeypatch.setattr(ocr, "is_there", lambda: True)
    monkeypatch.setattr(ocr, "read_lines", lambda _: [])
    steps, files = walk_of(*moments)
    last = f'"dump": "{len(moments):04}.xml"'
    with_picture = steps.decode().replace(last, f'{last}, "picture": "last.png"').encode()
    walk = read_walk(with_picture, {**files, "last.png": out.getvalue()}, TABLES, package=APP, density=1.5, ocr=True)
    facts = findings(walk, "r", lambda name, quote: Place(sha256="0" * 64, path=name, quote=quote), TABLES, clean=True)
    return [fact.purpose_shown for fact in facts if isinstance(fact, PermissionRequested)]


def test_another_apps_request() -> None:
    """A permission asked for while another app was open is not this app's."""
    other = screen(["别的应用"], package="example.other")
    assert purposes(("start", MAIN), ("tap 我的", other), ("tap", permission())) == []


def test_third_parties() -> None:
    """Another app opened by a tap is told, and not what was answered before: `run.openings` reads that off the page."""
    other = screen(["别的应用"], package="example.other")
    (opened,) = of(ThirdPartyOpened, ("start", MAIN), ("tap 我的", other))
    assert (opened.name, opened.consent) == ("example.other", None)
    prompt = screen(["即将离开本应用", "将打开第三方应用，您的昵称会提供给对方。"], ["取消", "允许"])
    (asked,) = of(ThirdPartyOpened, ("start", MAIN), ("tap 我的", prompt), ("tap 允许", other))
    assert (asked.name, asked.consent) == ("example.other", None)
    assert of(ThirdPartyOpened, ("start", MAIN), ("home", HOME_SCREEN)) == []
    assert (
        of(ThirdPartyOpened, ("start", MAIN), ("tap 我的", screen(["选择文件"], package="com.android.documentsui")))
        == []
    )


def test_gaps() -> None:
    """Every walk leaves a gap; unread screens and damaged lines leave more, each with its own code."""
    codes = lambda *moments: {gap.code for gap in of(Gap, *moments)}  # noqa: E731
    assert codes(*FIRST_RUN) == {"screens.one_walk"}
    assert codes(("start", MAIN), ("tap 我的", b"<broken")) == {"screens.one_walk", "screens.unread"}
    steps, files = walk_of(*FIRST_RUN)
    walk = read_walk(steps + b'{"time": "2026', files, TABLES, package=APP, density=None, ocr=False)
    facts = list(findings(walk, "r", lambda name, quote: Place(sha256="0" * 64), TABLES, clean=True))
    (damaged,) = [fact for fact in facts if isinstance(fact, Gap) and fact.code == "screens.damaged"]
    assert damaged.values == {"lines": "1", "fields": "0"}
    assert "ConsentPrompt" in damaged.hides


def test_nothing_personal_leaves() -> None:
    """Names, numbers and what is typed stand in no fact, place or gap."""
    secrets = ("13800138000", "张三丰", "我的秘密", "王小明", "110101199001011237")
    profile = screen(["张三丰", "手机 13800138000"], ["王小明", "设置"], fields=["我的秘密"], tabs=["首页", "我的"])
    form = screen(["注销账号", "账号 13800138000"], ["确认注销110101199001011237", "确认注销"], fields=["我的秘密"])
    facts = found(
        ("start", CONSENT), ("tap 同意", profile), ("tap 王小明", profile), ("type", form), ("tap 确认注销", MAIN)
    )
    assert len(facts) > 8
    assert not [secret for secret in secrets for fact in facts if secret in repr(fact)]


def test_whose_walk_it_is() -> None:
    """Without a package the one that owns most windows is taken, and never the system's."""
    assert walked(*FIRST_RUN, package=None).package == APP
    assert walked(("start", permission()), ("tap 拒绝", HOME_SCREEN), package=None).package is None


def test_no_steps_at_all() -> None:
    """A file without steps is refused, missing pictures and dumps are not."""
    with pytest.raises(FormatError):
        read_walk(b"", {}, TABLES, package=None, density=None, ocr=False)
    walk = read_walk(b'{"dump": "1.xml", "act": null}', {}, TABLES, package=None, density=None, ocr=False)
    assert walk.steps[0].kind is None


def test_same_bytes() -> None:
    """Reading a walk twice gives the same facts."""
    assert found(*FIRST_RUN) == found(*FIRST_RUN)
    assert CONTACTS in {f.permission for f in found(("start", ASKS_CONTACTS)) if isinstance(f, PermissionRequested)}
