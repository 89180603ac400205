"""Lists in a policy: of third parties, of what is collected for what, and lists of information that end open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence, is_item, plain, without_menus
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

_KEPT = 5
"""Sentences that show a list which stands in the text."""


def lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of SDKs and of what is collected: ``form`` "link" where people are sent to them, "inline" where they stand."""
    for provision in ("sdk_list", "collection_list"):
        for sentence in reading.sentences:
            if not (
                reading.terms.has(provision, sentence.plain)
                or (provision == "sdk_list" and _points_to_third_parties(reading.terms, sentence.plain))
            ):
                continue
            if sentence.title:
                yield reading.stated(provision, sentence, form="inline")
            elif reading.terms.has("list_exists", without_menus(sentence.plain)) or "http" in sentence.plain:
                yield reading.stated(provision, sentence, form="link")
    yield from _third_parties(reading)
    yield from _collected(reading)


def _points_to_third_parties(terms: Terms, text: str) -> bool:
    """It names a document whose title says that it lists third parties, or says where the SDKs are told of."""
    if _TITLED.search(text) or terms.compiled(_TOLD_OF).search(text):
        return True
    shown = terms.compiled(_SHOWN).search(text)
    return shown is not None and not terms.has("own_policy", text[shown.start() : shown.end() + _REACH])


_TITLED = re.compile(r"《[^》]{0,20}(?:sdk|第三方|合作|共享)[^》]{0,20}(?:清单|目录|列表|名单|一览表?|情况|说明)》")
_TOLD_OF = r"(?:@sdk@)[^。；]{0,40}(?:@list_exists@)[^。；]{0,20}(?:@list_place@)"
_SHOWN = (
    r"(?:(?:@sdk@)[^。；，]{0,12}(?:@details_of@|@details@)|(?:@party_word@)[^。；，]{0,12}(?:@details@))[^。；]{0,16}?(?:@looked_up@|http)"
    r"|(?:@looked_up@)[^。；，]{0,20}(?:(?:@sdk@)[^。；，]{0,8}(?:@details_of@|@details@)|(?:@party_word@)[^。；，]{0,8}(?:@details@))"
)
"""Where the details of the SDKs or partners can be seen; their own policies are another thing."""
_REACH = 16


# --- third parties named ---------------------------------------------------------------------------------------------------


def _third_parties(reading: Reading) -> Iterator[ProvisionStated]:
    """Third parties named with what they do or take, in rows or sentences; or that there are none."""
    own = _own_names(reading)
    for at, sentence in reading.told():
        text = sentence.plain
        if reading.terms.has("no_sdk", text):
            yield reading.stated("sdk_list", sentence, form="denied")
        elif _names_third_party(reading, at, own):
            yield reading.stated("sdk_list", sentence, form="inline")


def _names_third_party(reading: Reading, at: int, own: frozenset[str]) -> bool:
    sentence, terms = reading.sentences[at], reading.terms
    text, heading = sentence.plain, sentence.heading
    around = f"{heading} {' '.join(map(plain, sentence.header or ()))} {sentence.lead}"
    listed = terms.has("sdk", around) or terms.has("party_list", around)
    if sentence.row:
        named = terms.has("sdk", text) or terms.has("vendor", text)
        return named and (listed or terms.has("sdk", text)) and _says_what_for(terms, text)
    if terms.compiled(_LABELLED).search(text) and not terms.has("definition", text):
        return True
    others = text
    for name in own:
        others = others.replace(name, "")
    others = terms.compiled(_ACCOUNT_OF).sub("", others)
    firm = (listed or terms.has("embeds", text)) and not terms.has("self_named", text) and terms.companies(text)
    if not _named(terms, others) and not firm and not (listed and _of_a_vendor(reading, at)):
        return False
    if terms.has("sdk", text):
        return _says_what_for(terms, text)
    if terms.has("definition", text) or terms.has("taken_from", text):
        return False
    if terms.compiled(_ITS_POLICY).search(text) or (listed and "http" in text):
        return True
    if terms.language == "zh" and (_labels(terms, text) >= _LABELS or (listed and _of_a_vendor(reading, at))):
        return True
    by = terms.compiled(_BY).search(text) and not terms.has("self_named", text)
    if listed and terms.compiled(_NOTED).search(text):
        return True
    if by or terms.compiled(_USES).search(others) or terms.has("embeds", text):
        return _says_what_for(terms, text)
    if listed and (terms.has("collect", text) or _ITEM.search(text)):
        return _says_what_for(terms, text)
    gives = terms.has("vendor_takes", text) and reading.about(at, frozenset({"sharing", "personalisation"}))
    return (gives or terms.compiled(_BESIDE).search(others) is not None) and _says_what_for(terms, text)


_ITS_POLICY = r"(?:@vendor@)[^。]{0,24}(?:@own_policy@)[）》”]{0,2} ?[：:] ?[（\[]?http"
_LABELLED = r"^\W*(?:（?[0-9]{1,2}[）.、])?(?:@third_label@)[^：，。]{0,8}(?:名称|主体|公司|sdk)：\W*\w{2}"
"""A line of a list in which each thing about a third party has its own line."""
_NOTED = r"^\W*(?:[0-9]{1,2}[.、])?[^，。：（]{0,12}(?:@vendor@)[^，。：（]{0,12}(?:（[^）]{2,}|\s?-\s?\S{2})"
"""An item of a list of third parties with a note of what it is for in brackets or after a dash."""
_USES = (
    r"(?:(?:@app_itself@)[^，。；您你]{0,8}(?:使用|采用|调用|借助|依托|基于)[^，。；您你]{0,10}(?:@vendor@)(?! ?(?:@vendors_own@))"
    r"[^，。；]{0,16}(?:@does@))"
    r"|(?:we|app|game|service|website|it) uses? (?:[a-z'-]+ ){0,3}(?:@vendor@)"
    r"|(?:collected|provided|processed|sent|powered|handled|hosted) (?:by|via|through|with|to|using) (?:[a-z'-]+ ){0,2}(?:@vendor@)"
)
_ACCOUNT_OF = r"(?:@vendor@) ?(?:user|open|union)? ?(?:id|uid|号|昵称|头像)(?![a-z])"
"""What people have there: a vendor's name in it names no third party."""
_BY = "由[^，。；]{0,16}(?:@vendor@)[^，。；]{0,20}(?:提供|支持)"
_ITEM = re.compile(r"^\W*(?:\d{1,2}[.、])?[^：，。]{2,24}[：:]")
"""A line of a list that says after a colon what the thing is for."""
_BESIDE = r"(?:@vendor@)[^。]{0,24}(?:@party_word@)|(?:@party_word@)[^。]{0,40}(?:@vendor@)"
_OWN_NAME = re.compile(r"(?<![a-z])[a-z][a-z0-9.+]{2,20} ?(?:android |ios )?sdk(?![a-z])")


def _own_names(reading: Reading) -> frozenset[str]:
    """Vendors whose name stands in the policy's own title: they speak of themselves."""
    if len(reading.sentences) < _WHOLE:
        return frozenset()
    titles = " ".join(sentence.plain for sentence in reading.sentences[:_TITLE])
    return frozenset(reading.terms.pattern("vendor").findall(titles))


_TITLE = 2
"""Sentences that are the title."""
_WHOLE = 20
"""A text of so few sentences is a piece, without a title."""


def _named(terms: Terms, text: str) -> bool:
    if terms.has("vendor", text):
        return True
    return terms.language == "zh" and _OWN_NAME.search(text) is not None and not terms.has("not_a_vendor", text)


_LABELS = 2


def _labels(terms: Terms, text: str) -> int:
    """How many kinds of columns an SDK list has stand as labels in one line: name, vendor, purpose, information."""
    return sum(
        terms.compiled(rf"(?:^|[ ；，、。|])\W{{0,2}}(?:@{name}@)[：:]").search(text) is not None for name in _KEYS
    )


def _of_a_vendor(reading: Reading, at: int) -> bool:
    """A labelled line below a short line or heading that is a vendor's name."""
    sentence, terms = reading.sentences[at], reading.terms
    above = [other.plain for other in reading.sentences[max(0, at - _ABOVE) : at] if len(other.plain) <= _NAME_LIMIT]
    named = any(_named(terms, text) for text in (*above, *sentence.path[-1:]))
    return named and _labels(terms, sentence.plain) > 0


_ABOVE, _NAME_LIMIT = 3, 20
_KEYS = ("key_name", "key_vendor", "key_purpose", "key_information")


def _says_what_for(terms: Terms, text: str) -> bool:
    kinds = any(kind != "generic.pi" for kind, *_ in terms.named(text))
    return kinds or terms.has("what_for", text)


# --- what is collected for what ----------------------------------------------------------------------------------------------


def _collected(reading: Reading) -> Iterator[ProvisionStated]:
    """Kinds of information with the function or purpose of each, if two paragraphs or more have them."""
    found: list[Sentence] = []
    for at, sentence in reading.told():
        if _collects_for(reading, at):
            found.append(sentence)
    found = found or list(_labelled(reading))
    if len({sentence.number for sentence in found}) >= 2:
        for sentence in found[:_KEPT]:
            yield reading.stated("collection_list", sentence, form="inline")


_LINE = r"^\W*(?:（?[0-9]{1,2}[）.、])?\W*(?:@%s@)\W{0,3}："


def _labelled(reading: Reading) -> Iterator[Sentence]:
    """Lines "information collected: …" of a text in which as many lines say what for."""
    informed, used = (reading.terms.compiled(_LINE % name) for name in ("collected_label", "purpose_label"))
    labels = [sentence for sentence in reading.sentences if informed.search(sentence.plain)]
    if len(labels) >= 2 and sum(1 for sentence in reading.sentences if used.search(sentence.plain)) >= 2:
        yield from labels


def _collects_for(reading: Reading, at: int) -> bool:
    sentence, terms = reading.sentences[at], reading.terms
    text = sentence.plain
    if any(terms.has(name, text) for name in ("definition", "firm_denial", "cookie", "third_collects")):
        return False
    if sentence.row:
        header = " ".join(map(plain, sentence.header or ()))
        columns = terms.has("function_column", header) and terms.has("information_column", header)
        if columns and not terms.has("sdk", header):
            return any(_kind_itself(kind) for kind, *_ in terms.named(text))
    taken = reading.about(at, frozenset({"collection", "permission", "use"})) or terms.has("we_take", text)
    listed = terms.has("takes", f"{sentence.lead} {' '.join(sentence.path[-2:])}") and is_item(sentence.text)
    takes = (terms.has("takes", text) or listed) and taken
    if not takes or not any(_kind_itself(kind) for kind, *_ in terms.named(text)):
        return False
    return terms.has("for_function", text)


def _kind_itself(kind: str) -> bool:
    """A kind of information, not a word for all of it or for whose it is."""
    return not kind.startswith("generic.") and kind != "other.child"


# --- lists that end open -----------------------------------------------------------------------------------------------------

_LAST_ITEM = 14
_FIRST_ITEM = 24
_HANDLED = frozenset({"collection", "permission", "sharing", "use", "personalisation", "minors", "storage"})


def open_lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of kinds of information that end open: "phone number, address and so on", "for example …"."""
    for at, sentence in reading.told():
        if _ends_open(reading, at):
            yield reading.stated("open_list", sentence)


def _ends_open(reading: Reading, at: int) -> bool:
    """Of what is handled; not a definition, a denial, or a list of purposes, measures or laws."""
    sentence, terms = reading.sentences[at], reading.terms
    text = sentence.plain
    if not (terms.has("open_end", text) or terms.has("open_start", text) or _SUCH_AS.search(text)):
        return False
    if any(terms.has(name, text) for name in ("definition", "law_only", "firm_denial", "minor", "collection_list")):
        return False
    if _NOT_THESE.search(sentence.lead):
        return False
    stored = terms.has("cookie", text) and terms.has("keep", text)
    if not (terms.has("collect", f"{sentence.lead} {text}") or stored or reading.about(at, _HANDLED)):
        return False
    kinds = [(start, end) for kind, start, end in terms.named(text) if not kind.startswith("generic.")]
    return any(_after_item(terms, text, found, kinds) for found in terms.pattern("open_end").finditer(text)) or any(
        _before_item(terms, text, found, kinds, reach)
        for pattern, reach in ((terms.pattern("open_start"), _FIRST_ITEM), (_SUCH_AS, _AT_ONCE))
        for found in pattern.finditer(text)
    )


_NOT_THESE = re.compile(
    "(?:不会?|从不|绝不)(?:收集|获取|采集|读取)[^。；]{0,8}(?:以下|如下|下列)|not collect the following"
)
_AT_ONCE = 2
"""A kind of information stands right after a mark that may mean "if" as well."""
_SUCH_AS = re.compile("[，（]如(?![您你果需有不遇未使发因下上何有])")


def _after_item(terms: Terms, text: str, mark: re.Match[str], kinds: list[tuple[int, int]]) -> bool:
    """The mark stands right after a kind of information, in a clause that is no purpose, and says nothing else is meant."""
    at = mark.start()
    if terms.pattern("not_open").match(text, mark.end()):
        return False
    near = [start for start, end in kinds if end <= at <= end + _LAST_ITEM and not terms.has("not_items", text[end:at])]
    if not near or text[:at].endswith(("该", "此", "上述", "前述")):
        return False
    return not _purpose_before(terms, text, near[-1])


def _before_item(terms: Terms, text: str, mark: re.Match[str], kinds: list[tuple[int, int]], reach: int) -> bool:
    """A kind of information stands right after the mark, and none of the words for measures, laws and the like."""
    end = mark.end()
    near = any(0 <= start - end <= reach for start, _ in kinds)
    return near and not _purpose_before(terms, text, mark.start()) and not terms.has("not_items", text[end : end + 30])


_PURPOSE_REACH = 40


def _purpose_before(terms: Terms, text: str, at: int) -> bool:
    """The last thing said before, in the same clause, is a purpose and not that something is collected."""
    before = re.split(r"[，。；：]", text[max(0, at - _PURPOSE_REACH) : at])[-1]
    purposes = list(terms.pattern("purpose_clause").finditer(before))
    return bool(purposes) and not terms.has("we_take", before[purposes[-1].end() :])
