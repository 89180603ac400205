"""Ten plain lines from the policy's facts: true to them, and honest where there are none."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.model.clause import Language
from mingcha.model.fact import Fact
from mingcha.render.letting import letting
from mingcha.render.policyview import Line
from mingcha.render.reading import Reading
from tests.unit.render import sample

DOCUMENT = sample.said("PolicyDocument", 1, "政策", title="政策", language="zh-Hans", characters=9)


def lines(*facts: Fact, lang: Language = "zh") -> dict[str, Line]:
    report = sample.report((DOCUMENT, *facts), (), (), ())
    return {line.topic: line for line in letting(Reading(report, sample.catalogue(), "public", lang, marked=True))}


def stated(provision: str, **fields: Any) -> Fact:
    return sample.said("ProvisionStated", 9, f"关于{provision}的一句。", provision=provision, **fields)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_read_is_told_as_not_found(lang: Language) -> None:
    """Of an empty reading every line says that no sentence was found, and none that there is none."""
    for line in lines(lang=lang).values():
        assert not line.found
        assert ("没有找到" if lang == "zh" else "found no sentence") in line.text
        assert line.cites == ()


def test_at_most_ten_lines_in_the_order_of_their_weight() -> None:
    """Sensitive information first, then who gets it, what is pushed, how long, abroad, leaving, answers, complaints."""
    topics = list(lines(*sample.POLICY_TEXT, *sample.POLICY_READ))
    assert len(topics) <= 10
    assert topics[:8] == ["sensitive", "given", "push", "kept", "abroad", "leave", "reply", "complain"]


def test_lines_say_what_the_facts_say() -> None:
    """Each line repeats the parameters of its facts and cites the sentence they stand in, with its mark."""
    told = lines(*sample.POLICY_TEXT, *sample.POLICY_READ)
    assert told["sensitive"].text == "它说会收集你的敏感个人信息：精确位置。"
    assert told["sensitive"].cites[0].anchor == "p1-4-1"
    assert told["given"].text == "它说会把信息交给：友盟+移动统计 U-App、友盟。"
    assert told["leave"].text == "注销账号：我的—注销，但要求手持身份证照片。没有找到怎样删除信息的句子。"
    assert told["reply"].text == "它说处理请求最长要：15个工作日（更正、删除）。"
    assert told["complain"].text == "投诉可以找：电子邮件 help@example.com。"


def test_a_denial_is_no_collection() -> None:
    """What the policy denies, or says of somebody else, is not told as taken by the app."""
    denied = sample.said("PolicyStatement", 2, "a", does="collect", information="loc.precise", clear=True, negated=True)
    other = sample.said(
        "PolicyStatement", 3, "b", does="collect", information="loc.precise", clear=True, party="pangle"
    )
    assert not lines(denied)["sensitive"].found
    assert not lines(other)["sensitive"].found
    assert lines(other)["given"].text == "它说会把信息交给：穿山甲。"


def test_abroad_follows_the_gravest_sentence() -> None:
    """Not done, under conditions, done: the gravest that is said anywhere is told; a storage place alone is no answer."""
    no, may, yes = (stated("cross_border", form=form) for form in ("not done", "conditional", "done"))
    assert lines(no)["abroad"].text == "它说不会把信息送到境外。"
    assert lines(no, may)["abroad"].text == "它说在一定条件下会把信息送到境外。"
    assert lines(no, may, yes)["abroad"].text == "它说会把信息送到境外。"
    assert "没有找到是否送到境外" in lines(stated("storage_place"))["abroad"].text


def test_push_tells_how_to_stop_it() -> None:
    """The way to switch off is told where one was read; a switch without a way, and pushing without a switch, are told so."""
    pushed = stated("personalisation")
    assert lines(pushed)["push"].text.endswith("没有找到怎样关闭的句子。")
    assert lines(pushed, stated("personalisation_switch"))["push"].text.endswith("请看原句。")
    assert lines(pushed, stated("personalisation_switch", way="设置-推荐"))["push"].text.endswith("设置-推荐。")
    assert lines(stated("personalisation_switch", way="设置"))["push"].text == "它说个性化推送可以关闭：设置。"


def test_deciding_by_program_is_not_pushing() -> None:
    """A sentence on automated decisions is told as that, and personalised content stays not found."""
    text = lines(stated("automated_decision"))["push"].text
    assert text == "它说会由程序自动对你作出决定，没有找到关于个性化推送的句子。"


def test_what_is_denied_is_not_told_as_done() -> None:
    """Pushing that is denied is told as denied, also where the same sentence was read as automated decisions."""
    denied = stated("personalisation", form="denied")
    same = sample.said("ProvisionStated", 9, "关于personalisation的一句。", provision="automated_decision")
    assert lines(denied, same)["push"].text == "它说不会按你的信息给你推送内容。"
    excepted = {"does": "share", "information": "generic.pi", "clear": False, "condition": "除此之外"}
    nobody = sample.said("PolicyStatement", 3, "a", **excepted, receiver="任何第三方")
    assert lines(nobody)["given"].text == "它说在一定条件下才把信息提供给别人，没有找到具体给谁。"
    flat = sample.said("PolicyStatement", 3, "b", **{**excepted, "condition": None}, negated=True)
    assert lines(flat)["given"].text == "它说不向别人提供个人信息，没有找到例外。"


def test_a_receiver_is_named_once() -> None:
    """The name of an SDK as the list, as a sentence and as the catalogue writes it is one receiver."""
    listed = sample.said("SdkNamed", 2, "a", name="穿山甲；", sdk="pangle")
    stating = sample.said(
        "PolicyStatement", 3, "b", does="collect", information="dev.imei", clear=True, party=None, named="穿山甲"
    )
    shared = sample.said("PolicyStatement", 4, "c", does="share", information="dev.imei", clear=True, receiver="顺丰，")
    assert lines(listed, stating, shared)["given"].text == "它说会把信息交给：穿山甲、顺丰。"


def test_times_are_told_with_their_units() -> None:
    """Retention in months and in general words; a contact that is no complaint channel is told as such."""
    assert lines(stated("retention", number=6, unit="month"))["kept"].text == "它说信息保存：6个月。"
    assert "没有找到具体多久" in lines(stated("retention", form="as long as needed"))["kept"].text
    contact = lines(stated("contact", form="phone", way="10086"))["complain"].text
    assert contact == "没有找到专门的投诉渠道；它留下的联系方式是：电话 10086。"
    assert lines(stated("consent_by_use", form="use"))["withdraw"].text == "它说你只要使用或继续使用，就算同意。"


def test_lines_are_tidy() -> None:
    """Equal times are one, quotation marks stay in pairs, and a definition is no collection."""
    times = [
        stated("reply_deadline", number=15, unit="working day", scope=[s], form="firm") for s in ("access", "deletion")
    ]
    assert lines(*times)["reply"].text == "它说处理请求最长要：15个工作日（查询、删除）。"
    menu = stated("withdrawal", way="“设置”-“隐私”")
    assert lines(menu)["withdraw"].text == "撤回同意：“设置”-“隐私”。"
    place = {"information": "loc.precise", "clear": True, "does": "collect"}
    meaning = sample.said("PolicyDefinition", 2, "位置是指……", term="位置", information=["loc.precise"])
    assert not lines(meaning, sample.said("PolicyStatement", 2, "位置是指……", **place))["sensitive"].found
    assert lines(meaning, sample.said("PolicyStatement", 3, "我们收集位置。", **place))["sensitive"].found


SHARING = {"does": "share", "information": "generic.pi", "clear": False}


def statement(at: int, quote: str, **fields: Any) -> Fact:
    return sample.said("PolicyStatement", at, quote, **{"does": "collect", "clear": True, **fields})


def test_a_provision_read_from_a_denial_is_no_sharing() -> None:
    """A flat denial is told as one though the same sentence, or one that refuses in other words, was read as on sharing."""
    quote = "我们不与任何第三方共享您的个人信息。"
    denial = statement(5, quote, **SHARING, negated=True, receiver="任何第三方")
    same = sample.said("ProvisionStated", 5, quote, provision="sharing")
    refusal = sample.said("ProvisionStated", 6, "本应用亦不允许任何人出售您的个人信息。", provision="sharing")
    assert lines(denial, same, refusal)["given"].text == "它说不向别人提供个人信息，没有找到例外。"
    stated_too = sample.said("ProvisionStated", 7, "我们与关联公司共享您的个人信息。", provision="sharing")
    assert "没有找到具体给谁" in lines(denial, same, stated_too)["given"].text
    but = sample.said("ProvisionStated", 7, "我们不会出售您的信息，除非得到您的许可。", provision="sharing")
    assert "没有找到例外" not in lines(but)["given"].text


def test_what_people_published_themselves_is_not_given_away() -> None:
    """An exception about information that is public already is no sharing; publishing it is."""
    legal = statement(4, "在合理的范围内处理个人自行公开或者其他已经合法公开的个人信息；", **SHARING)
    assert lines(legal)["given"].text == "没有找到会把信息交给谁的句子。"
    publishing = statement(4, "我们会公开披露您的获奖信息。", **SHARING)
    assert "没有找到具体给谁" in lines(publishing)["given"].text


def test_the_operators_own_address_is_not_taken_from_anybody() -> None:
    """An address to complain to is not information that is collected; the user's own, or one asked for, is."""
    ours = {"information": "generic.contact", "does": "use"}
    assert not lines(statement(3, "您可以通过上述联系方式进行投诉。", **ours))["other"].found
    assert lines(statement(3, "我们会使用您的联系方式处理投诉。", **ours))["other"].found
    asked = statement(3, "投诉时请提供联系方式。", information="generic.contact")
    assert lines(asked)["other"].found


def test_a_permission_alone_is_no_collection() -> None:
    """A type named only because a permission opens it is told as a permission, and not at all where its taking is denied."""
    camera = {"information": "loc.precise", "clear": False, "permission": "android.permission.ACCESS_FINE_LOCATION"}
    asking = statement(3, "我们申请定位权限，用于显示天气。", **camera)
    text = lines(asking)["sensitive"].text
    assert text.startswith("没有找到说会收集哪些敏感个人信息的句子。")
    assert text.endswith("没有找到说收集这些信息的句子：精确位置。")
    unused = statement(3, "我们不会使用您的位置。", does="use", information="loc.precise", negated=True)
    assert lines(asking, unused)["sensitive"].text == "没有找到说会收集哪些敏感个人信息的句子。"


def test_a_flat_denial_beside_a_collection_is_told() -> None:
    """Where one sentence says it and another flatly denies it, neither is told as the policy's word."""
    says = statement(3, "我们收集您的位置。", information="loc.precise")
    denies = sample.said("PolicyDenial", 4, "我们不收集您的位置。", information="loc")
    line = lines(says, denies)["sensitive"]
    assert "它说" not in line.text
    assert line.text.endswith("关于精确位置，有的句子说收集，有的句子说不收集，请看原句。")
    assert [cite.quote for cite in line.cites] == ["我们收集您的位置。", "我们不收集您的位置。"]
    marketing = statement(4, "我们不会把位置用于营销。", does="use", information="loc.precise", negated=True)
    assert lines(says, marketing)["sensitive"].text == "它说会收集你的敏感个人信息：精确位置。"


def test_deeds_keep_their_name() -> None:
    """Using is not told as collecting, nor what may be as what is."""
    use = statement(3, "我们使用设备信息。", does="use", information="dev.imei")
    assert lines(use)["other"].text == "它说还会使用：IMEI。"
    may = statement(4, "我们可能会收集OAID。", information="dev.oaid")
    assert lines(may)["other"].text == "它说还可能会收集：OAID。"
    assert lines(use, may)["other"].text == "它说还会或可能会收集或使用：IMEI、OAID。"
    assert lines(use, may, lang="en")["other"].text == "It says it will or may also collect or use: IMEI, OAID."


def test_may_stays_may() -> None:
    """Giving and sending abroad that may be, or only under a condition, is told so; what "you may like" is no doubt."""
    may = statement(3, "我们可能会与合作伙伴共享必要的信息。", **SHARING, receiver="合作伙伴")
    sure = statement(4, "我们会向顺丰提供您可能需要的信息。", **SHARING, receiver="顺丰")
    assert lines(may)["given"].text == "它说可能，或者在一定条件下，把信息交给：合作伙伴。"
    both = lines(may, sure)["given"].text
    assert both == "它说会把信息交给：顺丰。它说还可能，或者在一定条件下，交给：合作伙伴。"
    abroad = sample.said("ProvisionStated", 5, "这些信息可能传送至境外。", provision="cross_border", form="done")
    assert lines(abroad)["abroad"].text == "它说可能会把信息送到境外。"
    assert lines(abroad, stated("cross_border", form="done"))["abroad"].text == "它说会把信息送到境外。"


def test_no_policy_no_lines() -> None:
    """Without a policy there is nothing to tell."""
    report = sample.report(tuple(f for f in sample.FACTS if type(f).__name__ != "PolicyDocument"))
    assert letting(Reading(report, sample.catalogue(), "public", "zh")) == ()


def test_what_an_account_is_closed_on_is_told_in_the_readers_words() -> None:
    """A condition of our own list is told in the reader's language."""
    asked = stated("account_cancellation", form="手持身份证")
    assert "但要求手持身份证" in lines(asked)["leave"].text
    assert "but it asks for a photo of you holding your identity card" in lines(asked, lang="en")["leave"].text


@pytest.mark.parametrize("nobody", ["第三方", "其他用户", "任何公司", "third parties"])
def test_a_word_for_anybody_is_no_receiver(nobody: str) -> None:
    """Who is told as receiving has a name; a word for anybody leaves open who it is."""
    shared = statement(4, f"我们必须和{nobody}分享信息。", **SHARING, receiver=nobody)
    assert lines(shared)["given"].text == "它写到了把信息提供给别人，没有找到具体给谁。"
    assert "微信" in lines(shared, statement(5, "我们和微信分享信息。", **SHARING, receiver="微信"))["given"].text


def test_recipients_that_may_get_something_are_told_so() -> None:
    """Kinds of companies in a sentence with "may", or on what names nobody any more, are not told as certain; a plain one is."""
    may = sample.said("RecipientNamed", 3, "我们可能将信息提供给广告商。", name="广告商")
    nobodys = sample.said("RecipientNamed", 4, "我们将非个人身份信息提供给合作伙伴。", name="合作伙伴")
    sure = sample.said("RecipientNamed", 5, "我们会将信息提供给顺丰。", name="顺丰")
    told = "它说可能，或者在一定条件下，把信息交给：广告商、合作伙伴。"
    assert lines(may, nobodys)["given"].text == told
    assert lines(sure)["given"].text == "它说会把信息交给：顺丰。"


def test_the_may_of_an_announcement_holds_for_its_list() -> None:
    """An item below "we may collect:" may be collected; one below "we collect:", or with a subject of its own, is."""
    item = statement(12, "OAID；", information="dev.oaid")

    def told(lead: str, *more: Fact) -> str:
        return lines(sample.paragraph(11, lead), sample.paragraph(12, "OAID；"), *more, item)["other"].text

    assert told("我们可能会收集下列信息：") == "它说还可能会收集：OAID。"
    assert told("我们会收集下列信息：") == "它说还会收集：OAID。"
    ours = statement(12, "·您使用我们的服务时产生的OAID；", information="dev.oaid")
    below = (sample.paragraph(11, "我们可能会收集下列信息："), sample.paragraph(12, "·您使用我们的服务时产生的OAID；"))
    assert lines(*below, ours)["other"].text == "它说还可能会收集：OAID。"
    own = statement(12, "我们收集OAID。", information="dev.oaid")
    assert lines(sample.paragraph(11, "我们可能会收集下列信息："), own)["other"].text == "它说还会收集：OAID。"


def test_pushing_and_deciding_that_may_be_stay_so() -> None:
    """ "May" is kept for content chosen by information and for decisions by programs; one plain sentence makes it certain."""
    may = sample.said("ProvisionStated", 9, "我们可能会向您推荐您感兴趣的信息。", provision="personalisation")
    assert lines(may)["push"].text.startswith("它说可能会按你的信息")
    assert lines(may, stated("personalisation"))["push"].text.startswith("它说会按你的信息")
    how = sample.said(
        "ProvisionStated", 9, "我们可能通过使用您的信息，提供您可能感兴趣的内容。", provision="personalisation"
    )
    assert lines(how)["push"].text.startswith("它说可能会按你的信息")
    quote = "我们可能仅依据程序作出决定。"
    decided = sample.said("ProvisionStated", 9, quote, provision="automated_decision")
    assert lines(decided)["push"].text.startswith("它说可能会由程序")
