"""A recorded run in words: its screens, acts, phases and traffic, and what was not looked at in it, in Chinese."""

from __future__ import annotations

from typing import Any

KINDS: dict[str, str] = {
    "RunRecorded": "一次运行的记录",
    "ScreenSeen": "看到的界面",
    "ActMade": "人的操作",
    "PhaseSpan": "运行的阶段",
    "PlainTransport": "明文传输",
}

FACTS: dict[str, str] = {
    "RunRecorded": "一次运行的记录“{name}”[，设备{device}][，系统{system}][，开始时{start}][，从{first}][到{last}][，界面{screens}个][，记录来源：{recorders}]",
    "ScreenSeen": "第{number}个界面：{screen}[，应用包名{package}][，时间{time}]",
    "ActMade": "在第{number}个界面上{act}[，意思是{choice}][，关于{about}][，时间{time}]",
    "PhaseSpan": "{start}至{end}：{phase}",
    "PlainTransport": "{information}以明文发往 {host}[（{receiver}）]，途中任何人都能看到；{phase}[；时间{time}]",
}

FIELDS: dict[str, str] = {
    "run": "运行", "device": "设备", "system": "系统", "start": "开始", "end": "结束", "first": "最早", "last": "最晚", "screens": "界面数", "recorders": "记录来源", "time": "时间", "screen": "界面", "fingerprint": "界面特征", "act": "操作", "choice": "作出的选择", "tie": "与应用的联系", "decrypted": "能看到内容的连接数",
}  # fmt: skip

VALUES: dict[str, dict[Any, str]] = {
    "RunRecorded.start": {"clean": "新安装或已清除数据", "used": "已经用过"},
    "ScreenSeen.screen": {
        "consent": "征求同意", "permission": "系统权限对话框", "purpose": "申请权限前的说明", "policy": "隐私政策", "sdk_list": "第三方SDK清单",
        "main": "主界面", "settings": "设置", "login": "登录", "account": "账号", "cancellation": "注销账号", "correction": "更正信息",
        "deletion": "删除信息", "withdrawal": "撤回同意", "complaint": "投诉", "personalisation": "个性化推荐设置", "offer": "以奖励换取信息",
        "launcher": "桌面", "other app": "其他应用", "other": "其他界面", None: "没有认出是什么界面",
    },
    "ActMade.act": {
        "tap": "点击", "type": "输入文字", "swipe": "滑动", "back": "返回", "home": "回到桌面", "start": "启动应用", "stop": "停止应用",
        "install": "安装应用", "clear": "清除数据", "none": "没有操作",
    },
    "ActMade.choice": {
        "agree": "同意", "refuse": "不同意", "skip": "跳过", "tick": "勾选", "grant": "允许权限", "deny": "拒绝权限", "withdraw": "撤回同意",
        "log out": "退出登录", "cancel account": "注销账号", "open": "打开", "undecided": "可能是同意，无法确定",
    },
    "InformationSent.confidence": {
        "planted": "", "probable": "看形式很可能是这种信息", "possible": "看形式可能是这种信息",
    },
    "InformationSent.tie": {
        "capture": "", "package": "记录写明由本应用发出", "sdk inside": "主机属于应用内含有的SDK", "named in app": "应用中写有这个主机",
        "policy": "隐私政策写有这个主机", None: "没有证据说明由本应用发出",
    },
}  # fmt: skip

GAPS: dict[str, str] = {
    "run.cut": "{file}有[{count}处]内容残缺，没有读到",
    "run.unreadable": "{file}无法读取（{why}）",
    "run.unknown_file": "{file}不是认得的运行记录，没有读",
    "run.partial_runtime": "{file}（{tool}）只记录它监听的接口和时段，没有记录的不表示没有发生",
    "run.partial_traffic": "{file}只有抓到的流量；没有抓到的不表示没有发送",
    "run.partial_packages": "{file}只有权限在某一刻的状态，其间的变化没有看到",
    "run.clock_not_related": "{file}的时间与运行记录对不上，发送时处于哪个阶段没有确定",
    "run.not_decrypted": "{file}有{count}处加密内容没有解开",
    "run.no_decoder": "{file}有内容的编码不能解开：{what}",
    "run.not_everywhere": "{file}中有{count}处看到了而没有点进去或没有滑到底，没有走到的地方可能有要找的内容",
    "run.not_searched": "{file}有{count}处内容过大，没有查找",
    "screens.one_walk": "只看到一次操作经过的{screens}个界面，没有走到的没有看到",
    "screens.no_engine": "有{screens}个界面只有图像，没有文字识别，没有读",
    "screens.unread": "有{screens}个界面没有读出文字",
    "screens.no_pixels": "没有读取图像的程序库，字的大小、颜色和勾选框没有看",
    "screens.damaged": "界面记录有{lines}行、{fields}处残缺，没有读到",
}
