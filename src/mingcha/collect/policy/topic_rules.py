"""What a sentence of a policy is about by its words alone, in Chinese and English.

``ALWAYS`` are topics that no training data label: they are told by rule whether or not there is a model. ``ALONE`` are rules for
the topics of the model, for when there is none: a sentence is about a topic where its own words say so and the section it
stands in does not contradict, or where the section says so and the sentence is more than its title. Those named in ``RARE``
are used beside the model as well: data label them too seldom to learn from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Rule(NamedTuple):
    """Words that speak of a topic in a sentence, and those that speak of it in a heading; ``never`` outweighs the first."""

    said: re.Pattern[str]
    headed: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None


def _rule(said: str, headed: str = "", never: str = "") -> Rule:
    return Rule(re.compile(said), re.compile(headed) if headed else None, re.compile(never) if never else None)


ALWAYS: dict[str, dict[str, Rule]] = {
    "zh": {
        "cross_border": _rule(
            r"(?:境外|海外|国外|(?:中国|中华人民共和国)(?:大陆|内地)?(?:境内)?以外)[^。；]{0,30}(?:传输|提供|转移|存储|储存|存放|共享|访问|接收|处理|服务器)"
            r"|(?:传输|提供|转移|存储|储存|存放|共享|转让|发送)[^。；，]{0,16}(?:至|到|给|向|于|在)?[^。；，]{0,6}(?:境外|海外|国外)"
            r"|跨境(?:传输|提供|转移|存储|流动|共享|处理)|(?:信息|数据)(?:的)?出境",
            never="境外注册|海外购|海外直邮|清关",
        ),
        "personalisation": _rule(
            r"个性化|定向(?:推送|广告|推荐)|精准(?:推送|营销|广告)|用户画像|程序化广告|猜你喜欢|算法推荐|自动化决策|自动决策|(?:兴趣|智能|个性)推荐"
            r"|(?:推荐|推送|展示)[^，。；]{0,16}(?:感兴趣|更符合|更契合|更适合|偏好)",
            never="个性化(?:签名|头像|装扮|主题|皮肤|设置昵称)",
        ),
    },
    "en": {
        "cross_border": _rule(
            r"(?:transfer|stor|process|access|disclos|shar)\w*\b.{0,80}\b(?:outside (?:of )?(?:your|the|china|mainland)|other countr|another countr"
            r"|overseas|abroad|third countr|cross-border)|cross-border|international(?:ly)? transfer|transferred internationally"
        ),
        "personalisation": _rule(
            r"personali[sz]|(?:interest|behaviou?r)[- ]based|targeted (?:ads?|advertis)|tailor(?:ed)? |profiling|automated decision|recommend\w* (?:to you|content)"
        ),
    },
}

ALONE: dict[str, dict[str, Rule]] = {
    "zh": {
        "collection": _rule(
            r"收集|采集|需要您?你?(?:向我们)?(?:提供|填写)|(?:会|将|需要?|可能)(?:获取|读取|记录)(?:您|你|用户|设备)",
            r"收集|采集|注册|登录|必要个人信息|cookie",
        ),
        "permission": _rule(
            r"权限|(?:访问|调用|使用|开启)您?你?(?:设备)?的?(?:相机|摄像头|相册|麦克风|通讯录|位置|存储|日历|蓝牙)",
            r"权限",
        ),
        "sharing": _rule(
            r"(?:共享|分享|提供|披露|转让|转移|委托)[^。；，]{0,20}(?:第三方|合作|关联|公司|组织|机构|个人信息|数据)|第三方sdk|公开披露|委托处理|转让",
            r"共享|转让|披露|委托|第三方|对外提供|sdk",
        ),
        "use": _rule(
            r"(?:将|会|可能|我们)[^。；，]{0,12}(?:使用|利用|分析|统计|处理)[^。；，]{0,20}(?:信息|数据)|用于[^。；，]{0,20}(?:推荐|推送|展示|改进|改善|优化|分析|统计|身份|验证|风控|安全)"
            r"|个性化|用户画像|(?:推荐|推送)[^。；，]{0,12}(?:内容|广告|服务|商品)",
            r"(?:如何|怎样|信息的?)使用|使用(?:规则|目的|您的|个人信息)|个性化",
            never="使用本|本政策|使用我们的",
        ),
        "storage": _rule(
            r"(?:存储|储存|保存|保留|留存)[^。；，]{0,24}(?:境内|期限|期间|时间|服务器|信息|数据)|(?:期限|期间|时间)[^。；，]{0,16}(?:存储|储存|保存|保留|留存)|超出[^。；，]{0,8}期",
            r"存储|储存|保存|留存|存放",
        ),
        "security": _rule(
            r"加密|安全(?:措施|保护措施|事件|技术|防护|管理|等级|保障|能力)|泄露|防火墙|访问控制|应急预案|ssl|https|去标识化|匿名化处理|未经授权|毁损|等级保护",
            r"如何保护|保护您|安全|保障",
        ),
        "minors": _rule(r"未成年|儿童|监护人|1[48]周岁|十四周岁|十八周岁", r"未成年|儿童"),
        "rights": _rule(
            r"(?:您|你|用户)(?:可以|可|有权|能够|享有|随时)[^。；]{0,40}(?:查阅|查看|访问|更正|修改|删除|撤回|撤销|注销|关闭|退出|复制|转移|取消|拒绝|管理)"
            r"|注销(?:账|帐)|撤回(?:同意|授权)|更正|(?:身份|请求)[^。；，]{0,10}(?:验证|核实|响应)|响应(?:您|你)",
            r"权利|管理(?:您|你|个人|自己|信息)|注销|撤回|查阅|访问|更正|删除|响应",
        ),
        "contact": _rule(
            r"联系我们|联系方式|[\w.]+@[\w.]+|邮箱|客服(?:电话|热线)|(?:联系|办公|通讯|注册)地址|个人信息保护(?:负责人|专职部门|机构)|个工作日内[^。；，]{0,8}(?:回复|答复)",
            r"联系(?:我们|方式)|投诉|反馈",
        ),
        "revision": _rule(
            r"(?:政策|规则|协议|指引|声明|条款)[^。；，]{0,16}(?:更新|修订|修改|变更|调整|变化)|(?:更新|修订|修改|变更)[^。；，]{0,12}(?:政策|规则|协议|指引|声明|条款)|重大变更",
            r"更新|修订|变更|修改|授权同意",
            never="变更您|更新您|修改您",
        ),
        "closure": _rule(r"(?:停止|终止)(?:运营|营运|经营)|停运", r"停止运营|终止运营"),
    },
    "en": {
        "collection": _rule(
            r"\b(?:we|may|will|also|automatically) (?:\w+ ){0,2}(?:collect|receive|gather|record|obtain)|you (?:\w+ ){0,2}(?:provide|submit|give us)|collected",
            r"collect|cookie",
        ),
        "permission": _rule(
            r"\bpermissions?\b|access (?:to )?your (?:camera|microphone|photos|contacts|location)", r"permission"
        ),
        "sharing": _rule(
            r"\b(?:share|disclos|sell|transfer)\w*\b.{0,60}\b(?:with|to|third|partner|affiliate)|third[- ]part(?:y|ies)|service providers",
            r"shar|disclos|third part",
        ),
        "use": _rule(
            r"\bwe (?:\w+ ){0,2}use\b.{0,80}(?:information|data|it|them|to)|used (?:to|for)|in order to|to (?:improve|provide|personali[sz]e|analy[sz]e)",
            r"\buse|purpose",
        ),
        "storage": _rule(r"\bretain|retention|\bstor(?:e|ed|age)\b|as long as|\bkeep (?:your|the)", r"retention|retain|stor"),
        "security": _rule(r"\bsecur|encrypt|safeguard|unauthori[sz]ed|breach|firewall|\bssl\b", r"secur|protect"),
        "minors": _rule(r"\bchild(?:ren)?\b|\bminors?\b|parent|guardian|under (?:the age of )?1[3-8]|\bcoppa\b", r"child|minor"),
        "rights": _rule(
            r"you (?:\w+ ){0,3}(?:right|opt[- ]out|unsubscribe|access|correct|delete|update|request|withdraw|disable)|right to|opt[- ]out|your rights",
            r"right|choice|control",
        ),
        "contact": _rule(r"contact us|[\w.]+@[\w.]+|write to us|questions (?:about|regarding|or)|e-?mail us", r"contact"),
        "revision": _rule(
            r"(?:change|update|modif|revis|amend)\w*\b.{0,40}(?:policy|notice|statement|terms)|(?:policy|notice|statement)\b.{0,40}(?:change|update|modif|revis|amend)",
            r"change|update|amend",
        ),
        "closure": _rule(r"(?:cease|discontinu|terminat)\w* (?:\w+ ){0,2}(?:operation|business)", r"cease"),
    },
}  # fmt: skip

RARE = ("closure",)
_ONE_SECTION = frozenset({"sharing", "storage", "security", "minors", "contact", "revision"})
"""Topics that have a section of their own in nearly every policy: elsewhere the words of other topics outweigh them."""

_WHOLE_SECTION = frozenset({"sharing", "minors", "collection", "rights", "security"})
"""Topics that nearly every sentence of their section is about."""


def always(language: str, sentence: str, title: bool) -> Iterator[str]:
    """Topics told by rule whether or not there is a model."""
    for topic, rule in ALWAYS.get(language, {}).items():
        if _says(rule, sentence):
            yield topic
    rules = {} if title else ALONE.get(language, {})
    yield from (topic for topic in RARE if topic in rules and _says(rules[topic], sentence))


def alone(language: str, sentence: str, heading: str, title: bool) -> Iterator[str]:
    """Topics of a sentence by rules where there is no model; a title has none."""
    if title:
        return
    rules = ALONE.get(language, {})
    inner = heading.rpartition("|")[2]
    here = {topic for topic, rule in rules.items() if rule.headed and rule.headed.search(inner)}
    here = here or {topic for topic, rule in rules.items() if rule.headed and rule.headed.search(heading)}
    for topic, rule in rules.items():
        elsewhere = topic in _ONE_SECTION and here and topic not in here
        said = _says(rule, sentence) and not (elsewhere and here & _ONE_SECTION)
        if said or topic in here & _WHOLE_SECTION:
            yield topic


def _says(rule: Rule, sentence: str) -> bool:
    return rule.said.search(sentence) is not None and (rule.never is None or rule.never.search(sentence) is None)
