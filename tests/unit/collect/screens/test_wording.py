"""Labels of buttons mean what people mean by them, whatever stands beside the word."""

import re
from pathlib import Path

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens.groups import GROUPS, SHORT
from mingcha.collect.screens.permissions import opens_information, permissions_of
from mingcha.collect.screens.wording import Words, masked

TABLES = load()
WORDS = Words(TABLES)
LABELS = {
    "agree": "同意|我同意|同意并继续|已阅读并同意|我已阅读并同意|接受|接受并继续|允许|始终允许|去授权|一键授权|同意并登录|全部同意|同意协议|允许一次|"
    "仅在使用中允许|仅使用期间允许|仅在使用该应用时允许|同意以上条款|同意并繼續|允許|同意（5s）|同意 3|开启定位权限|重新授权|Agree|I Agree|Accept all|Allow once|"
    "Agree and continue|Accept & Continue",
    "refuse": "不同意|拒绝|不接受|暂不同意|不允许|不授权|禁止|拒绝并退出|不同意并退出|不同意，退出|仍不同意|仍然拒绝|禁止后不再提示|拒绝且不再询问|不同意並退出|"
    "狠心离开|我拒绝|拒绝并进入基础模式|全部拒绝|Decline|Disagree|Don’t allow|Deny|Reject all|Deny & don't ask again|No thanks",
    "skip": "仅浏览|稍后再说|以后再说|跳过|游客模式|基本功能模式|基础模式|先逛逛|随便看看|进入访客模式|使用基本功能|仅使用基本功能|暂不|下次再说|暂不开启|"
    "暂不授权|稍後再說|以游客身份浏览|继续浏览|跳过 5|只看内容|匿名浏览|Not now|Maybe later|Skip|Continue as guest|Browse only",
    "leave": "退出|退出应用|退出APP|离开|退出游戏|关闭应用|Exit|Quit",
    "go": "我知道了|知道了|好的|确定|确认|继续|下一步|进入|立即体验|开始使用|开启旅程|确认并进入|我明白了|OK|Got it|Continue",
    "cancel": "暂不使用|取消|关闭|再想想|我再想想|再考虑一下|返回|放弃|Cancel|不了|再看看",
}
NONE = (
    "设置|隐私政策|查看隐私政策|登录|首页|我的|同意率|为什么需要同意|退出登录|允许通知的应用|撤回同意|取消授权|注销账号|授权管理|已授权|不同意见|"
    "关闭通知|拒绝名单|退出直播间|立即购买|允许列表|同意书下载|接受好友申请的方式|授权记录|接受对象|您同意吗？"
)


@pytest.mark.parametrize(("label", "text"), [(k, t) for k, texts in LABELS.items() for t in texts.split("|")])
def test_labels(label: str, text: str) -> None:
    """A label says yes, no or later, also with a negation, a countdown, an addition or in traditional characters."""
    assert WORDS.label(WORDS.plain(text)) == label


@pytest.mark.parametrize("text", NONE.split("|"))
def test_what_asks_nothing(text: str) -> None:
    """Names of pages and lists, questions, and words that take an agreement back are no answers."""
    assert WORDS.label(WORDS.plain(text)) is None


def test_a_sentence_is_no_label() -> None:
    """A long text that holds the word is not a button."""
    assert WORDS.label(WORDS.plain("如果您同意我们收集您的位置信息请点击下面的按钮继续")) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" 同 意 ", "同意"), ("ＡＧＲＥＥ", "agree"), ("隱私權政策", "隐私权政策"), ("I  Agree", "i agree"), ("好,的", "好，的"),
        ("Don’t", "don't"), ("帐号", "账号"), ("photos, media", "photos, media"), ("同意\u200b协议", "同意协议"),
    ],
)  # fmt: skip
def test_plain(text: str, plain: str) -> None:
    """Texts are compared in one form: half width, lower case, simplified, without blanks between characters."""
    assert WORDS.plain(text) == plain


def test_lost_blanks() -> None:
    """English that a picture's reader gave without blanks is cut into words that we know, and left alone where none is."""
    assert WORDS.spaced("Allowandearn") == "Allow and earn"
    assert WORDS.spaced("Privacypolicy") == "Privacy policy"
    assert WORDS.spaced("Zyxwvutsrq") == "Zyxwvutsrq"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("13800138000", "…"), ("账号 138 0013 8000 的", "账号 … 的"), ("a.b@c.com 邮箱", "…@… 邮箱"), ("第2项（共3项）", "第2项（共3项）"), ("6222-0000-1111", "…")],
)  # fmt: skip
def test_masked(text: str, hidden: str) -> None:
    """Numbers and addresses of people are blotted out of what is quoted; small numbers stay."""
    assert masked(text) == hidden


def test_every_group_is_a_permission() -> None:
    """Each group of permissions that dialogs name has words in the catalogue and stands for a permission that it knows."""
    for group in GROUPS:
        assert any(terms.words.get(f"ui_ask_{group}") for terms in TABLES.terms.values())
        assert len(permissions_of([group], TABLES)) == 1
    assert opens_information("android.permission.READ_CONTACTS", TABLES)
    assert not opens_information("android.permission.POST_NOTIFICATIONS", TABLES)


def test_lists_of_the_code_and_of_the_catalogue() -> None:
    """Every list that the code asks for stands in the catalogue, and every list there is asked for."""
    home = Path(__file__).parents[4] / "src/mingcha/collect"
    source = "".join(path.read_text() for path in sorted(home.rglob("*.py")))
    asked = (
        set(re.findall(r'"(ui_[a-z_]+[a-z])"', source))
        | {f"ui_ask_{group}" for group in GROUPS}
        | {f"ui_enumerated_{group}" for group in SHORT}
    )
    asked |= {f"ui_packages_{name}" for name in ("permission", "bars", "settings", "launcher", "system_apps")}
    lists = {name for terms in TABLES.terms.values() for name in terms.words if name.startswith("ui_")}
    built = {
        name for name in lists | asked if name.startswith("ui_near_")
    }  # asked for by the name of what is looked for
    assert asked - built == lists - built
