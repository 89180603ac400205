"""One screen is read from its tree: what it is, what its controls mean, what it says; and its innocent neighbours are not accused."""

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens.screen import Reader
from mingcha.collect.screens.wording import Words
from tests.unit.collect.screens.making import APP, LAUNCHER, SYSTEM, node, permission, screen

READER = Reader(Words(load()), APP, use_ocr=False)
POLICY = "请阅读并同意《用户协议》和《隐私政策》。"
LONG = "我们会收集您的个人信息用于提供服务，您有权访问、更正和删除您的信息。" * 3


def read(dump: bytes):
    return READER.read(dump, None).reading


def dialog(*texts: str, buttons=("不同意", "同意")):
    return read(screen(["提示", POLICY, *texts], buttons))


@pytest.mark.parametrize(
    ("kind", "dump"),
    [
        ("consent", screen(["温馨提示", POLICY], ["不同意", "同意并继续"])),
        ("consent", screen(["温馨提示", POLICY], ["我知道了"])),
        ("consent", screen(["Before you start", "Please read our Privacy Policy and agree."], ["Decline", "Agree"])),
        ("consent", screen(["首页", POLICY], ["不同意", "同意"], tabs=["首页", "我的"])),
        ("login", screen(["登录", POLICY], ["登录"], fields=["手机号", "验证码"])),
        ("policy", screen(["某某隐私政策", LONG])),
        ("policy", screen(["隐私權政策", LONG])),
        ("other", screen(["隐私政策解读：你该知道的事", LONG])),
        ("other", screen(["如何看待隐私政策", LONG])),
        ("other", screen(["用户协议", LONG])),
        ("settings", screen(["设置"], ["清除缓存", "字体大小"])),
        ("cancellation", screen(["注销账号", "注销后无法恢复"], ["确认注销"])),
        ("other", screen(["取消订单", "取消后无法恢复"], ["确定", "再想想"])),
        ("complaint", screen(["投诉与举报"], ["提交"], fields=["请描述问题"])),
        ("other", screen(["给我们评分"], ["提交"], fields=["说说您的感受"])),
        ("personalisation", screen(["个性化推荐"], switches=[("个性化内容推荐", True)])),
        ("main", screen(["天气", "晴"], tabs=["首页", "发现", "消息", "我的"])),
        ("main", screen(["天气", "晴"], tabs=["首页", "我的"])),
        ("purpose", screen(["访问相机", "扫码时需要使用相机权限，用于识别二维码。"], ["稍后", "去授权"])),
        ("other", screen(["发现新版本", "修复若干问题"], ["以后再说", "立即更新"])),
        ("permission", permission()),
        ("other app", screen(["应用权限", "位置信息", "相机"], ["不允许"], package=SYSTEM)),
        ("launcher", screen(["日历"], package=LAUNCHER)),
        ("other app", screen(["小程序"], package="example.other")),
        ("withdrawal", screen(["撤回同意", "撤回后我们将停止处理"], ["确认撤回"])),
    ],
)  # fmt: skip
def test_kinds(kind: str, dump: bytes) -> None:
    """Each kind of screen is known by what it shows, and what only looks like it is not."""
    assert read(dump).kind == kind


def test_roles() -> None:
    """The buttons of a dialog, by what they say; a page's buttons are none of these."""
    reading = dialog(buttons=("同意", "不同意", "仅浏览"))
    assert [b.text for b in (*reading.agree, *reading.refuse, *reading.skip)] == ["同意", "不同意", "仅浏览"]
    page = read(screen(["确认付款", "付款后不能撤销"], ["取消", "继续"]))
    assert (page.agree, page.refuse) == ((), ())


@pytest.mark.parametrize(
    ("buttons", "no_refuse"),
    [
        (["同意"], True), (["同意", "不同意"], False), (["同意", "仅浏览"], False), (["同意", "取消"], False), (["同意", "关闭"], False),
        (["同意", "查看隐私政策"], True), (["同意", "只看本地内容"], False), (["同意", "晴空模式"], None),
    ],
)  # fmt: skip
def test_no_way_to_refuse(buttons: list[str], no_refuse: bool | None) -> None:
    """A dialog without any way to say no is told; where something else can be tapped that may be one, nobody knows."""
    assert dialog(buttons=buttons).no_refuse is no_refuse


def test_refusing_by_a_link_in_the_text() -> None:
    """A way out inside a sentence is one."""
    reading = dialog("如您不接受，请点击不同意并退出。", buttons=["同意"])
    assert reading.no_refuse is False
    assert [b.text for b in reading.refuse] == ["不同意并退出"]


BOXES = {
    "我已阅读并同意《用户协议》《隐私政策》": "consent", "同意服务协议和隐私条款": "consent", "记住密码": "remember", "下次自动登录": "remember",
    "接收优惠信息": "marketing", "开启个性化推荐": "personalised", "不再提示": "other", "同意将照片公开": "other",
    "I agree to the Privacy Policy": "consent", "Remember me": "remember",
}  # fmt: skip


@pytest.mark.parametrize(("text", "means"), BOXES.items())
def test_boxes(text: str, means: str) -> None:
    """A box means what stands beside it; its state is what the tree says."""
    (tick,) = read(screen(["登录"], ["登录"], fields=["手机号"], boxes=[(text, True)])).ticks
    assert (tick.means, tick.checked) == (means, True)


def test_a_box_with_its_words_in_pieces() -> None:
    """The words beside a box may be cut into several texts; a title elsewhere is not among them."""
    pieces = "".join(
        node(text=text, box=(left, 400, right, 427))
        for text, left, right in (("登录前请阅读并同意", 66, 230), ("《隐私政策》", 230, 340))
    )
    box = node("android.widget.CheckBox", "", (30, 400, 57, 427), checkable="true", checked="false", clickable="true")
    field = node("android.widget.EditText", "手机号", (30, 200, 510, 250), clickable="true")
    go = node("android.widget.Button", "登录", (30, 500, 510, 560), clickable="true")
    dump = f"<hierarchy>{node('a.Frame', inside=field + box + pieces + go)}</hierarchy>".encode()
    (tick,) = read(dump).ticks
    assert (tick.means, tick.checked, tick.policy, tick.text) == ("consent", False, True, "登录前请阅读并同意")


PASSIVE = (
    "登录即代表您同意《用户协议》和《隐私政策》|继续使用本应用即视为您同意《隐私保护政策》|您登录即意味着接受《隐私声明》|一旦登录，视为您已接受隐私政策|"
    "未注册手机号验证后自动登录，且代表您同意《隐私政策》|登入即表示您同意《隱私權政策》|By signing in, you agree to our Terms and Privacy Policy"
)
NOT_PASSIVE = "请阅读并同意《隐私政策》|登录即可同步收藏|点击查看隐私政策|登录不代表您同意《隐私政策》|登录后可在设置中查看隐私政策"


@pytest.mark.parametrize("text", PASSIVE.split("|"))
def test_passive_consent(text: str) -> None:
    """Words that call logging in or going on consent are quoted; a box or a plain "agree" beside them takes the edge off."""
    assert read(screen(["欢迎", text], ["登录"], fields=["手机号"])).passive == text
    assert (
        read(screen(["欢迎", text], ["登录"], fields=["手机号"], boxes=[("同意《隐私政策》", False)])).passive is None
    )


@pytest.mark.parametrize("text", NOT_PASSIVE.split("|"))
def test_no_passive_consent(text: str) -> None:
    """Words that only speak of the policy, or deny it, are none."""
    assert read(screen(["欢迎", text], ["登录"], fields=["手机号"])).passive is None


@pytest.mark.parametrize(
    ("text", "bundled"),
    [
        ("点击同意即表示您同意《隐私政策》，同意接收营销信息，并授权我们与第三方共享。", True),
        ("点击同意即表示您同意《隐私政策》，同意接收营销信息，并授权我们与第三方共享吗？", False),
    ],
)
def test_several_things_in_one_yes(text: str, bundled: bool) -> None:
    """A sentence that calls one touch a yes to several things binds them together; a question says nothing."""
    assert dialog(text).bundled is bundled


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("如您不同意，将退出应用", True), ("若不同意，您将无法使用本应用", True), ("拒绝后应用将自动关闭", True),
        ("If you do not agree, you cannot use this app", True), ("不同意仅影响个性化推荐", False),
        ("如您不同意，仍可使用基本功能", False), ("如果您不同意，部分功能将无法使用", False), ("退出登录后数据不会删除", False),
    ],
)  # fmt: skip
def test_what_refusing_ends(text: str, ends: bool) -> None:
    """A sentence that refusing ends the app is told from one that it ends a part of it."""
    assert dialog(text).shuts_out is ends


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("您需要同意才能继续", True), ("您刚刚拒绝了《隐私政策》", True), ("请再次阅读《隐私政策》", True), ("真的不同意吗", True),
        ("您可以随时撤回同意", False), ("未经您同意，我们不会共享您的信息", False), ("在您同意前，我们不会收集信息", False),
    ],
)  # fmt: skip
def test_asked_again(text: str, again: bool) -> None:
    """A second asking is known by its own words."""
    assert dialog(text).asks_again is again


@pytest.mark.parametrize(
    ("text", "reward"),
    [
        ("授权通讯录，立送5元红包", True), ("填写手机号领取优惠券", True), ("允许访问通讯录，赢取大奖", True),
        ("新人专享红包", False), ("签到领积分", False), ("邀请好友得现金", False), ("设置收货地址", False),
    ],
)  # fmt: skip
def test_rewards(text: str, reward: bool) -> None:
    """A reward counts only where information is given for it."""
    reading = read(screen(["活动", text], ["立即领取"]))
    assert (reading.reward, reading.kind) == ((text, "offer") if reward else (None, "other"))


ASKS = {
    "是否允许“美味”访问您设备上的照片、媒体内容和文件？": "storage", "要允许“某某”录制音频吗？": "microphone", "“某某”想使用您的相机": "camera",
    "允许“某某”发送和查看短信吗？": "sms", "允许某某查找、连接到附近的设备以及确定附近设备的相对位置吗？": "nearby_devices",
    "要允许“某某”拍摄照片和录制视频吗？": "camera", "要允许“某某”向您发送通知吗？": "notifications", "某某正在尝试读取应用列表": "apps",
    "Allow X to access this device’s location?": "location", "Allow X to access photos, media, and files on your device?": "storage",
    "Allow X to take pictures and record video?": "camera",
}  # fmt: skip


@pytest.mark.parametrize(("question", "group"), ASKS.items())
def test_permissions_asked(question: str, group: str) -> None:
    """The system's question names one group of permissions, in the words of several vendors."""
    asked = read(permission(question)).permission
    assert asked is not None
    assert (asked.groups, asked.purpose) == ((group,), "none")


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("用于扫描二维码", "clear"), ("以便为您推荐附近的门店", "clear"), ("使用目的：拍摄证件照", "clear"), ("For scanning QR codes", "clear"),
        ("为了提升用户体验", "vague"), ("保障应用正常运行", "vague"), ("拒绝后可在设置中开启", "none"), ("不再询问", "none"),
    ],
)  # fmt: skip
def test_purposes(text: str, purpose: str) -> None:
    """A purpose is told from an empty phrase and from other words."""
    asked = read(permission("要允许“某某”使用相机吗？", text)).permission
    assert asked is not None
    assert asked.purpose == purpose


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("本政策说明我们如何处理信息", "zh-Hans"),
        ("本政策說明我們如何處理個人資料", "zh-Hant"),
        ("This policy tells how we use data", "en"),
        ("ok", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    """Simplified, traditional, English, or too little to tell."""
    assert read(screen([text])).language == language


def test_a_blind_tree_is_not_read() -> None:
    """A window without any text, or one whose page is drawn by the app itself, is nobody's knowledge."""
    blind = READER.read(f"<hierarchy>{node('android.view.SurfaceView')}</hierarchy>".encode(), None)
    assert (blind.reading.kind, blind.reading.origin) == (None, "none")
    assert "blind" in blind.lacks
    web = node("android.webkit.WebView", box=(0, 100, 540, 1170))
    hole = READER.read(
        f"<hierarchy>{node('a.Frame', inside=node(text='活动', box=(0, 0, 540, 60)) + web)}</hierarchy>".encode(), None
    )
    assert (hole.reading.kind, hole.reading.origin) == (None, "none")


def test_files_that_are_missing_or_broken() -> None:
    """What cannot be read is named, and nothing is made up."""
    assert READER.read(None, None).lacks == {"no dump", "no picture"}
    assert READER.read(b"<nothing/>", None).lacks == {"bad dump", "no picture"}
    assert READER.read(None, None).reading.kind is None


def test_fingerprints() -> None:
    """The same screen has the same fingerprint whatever numbers stand on it, and what is typed leaves no trace in it."""
    one = READER.read(screen(["积分 120"], fields=["13800138000"]), None)
    two = READER.read(screen(["积分 7"], fields=["张三"]), None)
    other = READER.read(screen(["余额 7"]), None)
    assert one.fingerprint == two.fingerprint != other.fingerprint
    assert "张三" not in repr(two)
