"""Names of apps, their makers and packages, seeded: short and long, many alike, as in a store."""

from __future__ import annotations

import random

_PLACES = "北京 上海 深圳 广州 杭州 成都 南京 武汉 厦门 苏州 长沙 合肥 西安 天津 青岛 珠海 福州 无锡 海南 重庆".split()
_WORDS = (
    "云 星 海 蓝 极 亮 快 好 小 大 天 易 美 智 乐 优 新 飞 微 悦 掌 随 手 巧 萌 酷 觅 途 讯 达 信 宝 鲸 鹿 豆 米 橙 青 "
    "聚 享 汇 联 通 安 康 福 诚 瑞 盛 恒 华 东 南 西 北 中 一 百 千 万 金 玉 光 影 音 画 书 学 问 知 行 运 动"
).split()
_KINDS = (
    "支付 地图 浏览器 输入法 相机 天气 日历 记账 阅读 小说 音乐 视频 直播 外卖 打车 公交 医生 药房 课堂 英语 题库 求职 租房 二手车 "
    "快递 银行 理财 贷款 保险 商城 团购 旅行 酒店 机票 健身 跑步 手电筒 清理大师 文件管理 翻译 扫描 壁纸 铃声 交友 聊天 邮箱 办公 "
    "笔记 政务 社保 停车 加油 农业 气象 棋牌 消除 赛车 养成 漫画 儿歌 早教"
).split()
_TRADES = ("科技", "网络科技", "信息技术", "软件", "互动娱乐", "数字技术", "智能科技", "文化传媒")
_LATIN = (
    "cloud star sea blue fast good easy smart happy new fly micro joy hand go find way news trust whale deer bean rice orange green union link safe "
    "health luck sure rich east south west north gold light shadow music draw book learn ask know move run"
).split()
_THINGS = (
    "pay map browser input camera weather calendar ledger reader novel player video live food taxi bus doctor class english job rent car post bank "
    "mall trip hotel fit torch cleaner files scan paper chat mail office note park game comic kids"
).split()


def operators(chance: random.Random, count: int) -> list[str]:
    """Companies, as they register."""
    return [
        f"{chance.choice(_PLACES)}{''.join(chance.choices(_WORDS, k=chance.choice((2, 2, 2, 3, 4))))}{chance.choice(_TRADES)}有限公司"
        for _ in range(count)
    ]


def app(chance: random.Random) -> str:
    """An app's name: a made-up word, what it is for, sometimes an edition."""
    word = "".join(chance.choices(_WORDS, k=chance.choice((1, 2, 2, 2, 3))))
    if chance.random() < 0.07:
        word = chance.choice(_LATIN).title()
    edition = chance.choice(("", "", "", "", "", "", "极速版", "Pro", "国际版", "－专业版"))
    return f"{word}{chance.choice(_KINDS)}{edition}"


def package(chance: random.Random, at: int) -> str:
    """Its package, no two alike."""
    return f"{chance.choice(('com', 'com', 'com', 'cn', 'net'))}.{chance.choice(_LATIN)}{chance.choice(_LATIN)}.{chance.choice(_THINGS)}{at % 1000 or ''}.a{at}"


def question(chance: random.Random, name: str) -> str:
    """Two neighbouring characters of a name, as people type them; a shorter name whole."""
    at = chance.randrange(max(len(name) - 1, 1))
    return name[at : at + 2]
