"""Who else gets information: SDKs in tables, in listed entries and in sentences, and other recipients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.names import Names
from mingcha.collect.policy.reading import Reading, companies
from mingcha.collect.policy.text import Sentence, clauses_of, plain, without_number
from mingcha.model.artefact import clip
from mingcha.model.fact import RecipientNamed, SdkNamed
from mingcha.model.terms import Terms

NAME_LIMIT = 40
"""A longer text is no name."""
ENTRY_LIMIT = 12
"""Paragraphs an entry of a list goes on for, at most."""
_LEAST_NAME = 2
_MANY = 2
"""Types of information that make a line with an unknown key one about information."""

# --- entries of SDK lists --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Entry:
    """One third party of a list: where it stands, and what is said of information, by number of the sentence."""

    name: str
    sentence: Sentence
    vendor: str = ""
    purpose: str = ""
    about: dict[int, str] = field(default_factory=dict)
    sdks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    """The entries of a policy's SDK lists, and which sentence belongs to which entry."""

    entries: tuple[Entry, ...]
    of_sentence: Mapping[int, Entry]


def parties(reading: Reading, tables: Catalogue) -> Parties:
    """All third parties that tables, listed entries and sentences name as SDKs."""
    names = Names(tables.sdks)
    found: list[Entry] = []
    of_sentence: dict[int, Entry] = {}
    for at, sentence in enumerate(reading.sentences):
        if at in of_sentence:
            continue
        entry = _row(reading.terms, at, sentence) or _listed(reading, at, names) or _told(reading.terms, at, sentence)
        if entry:
            entry.sdks = names.of_entry(entry.name, entry.vendor, entry.purpose)
            found.append(entry)
            of_sentence.update(dict.fromkeys(entry.about, entry))
    return Parties(tuple(found), of_sentence)


_KEYS = ("name", "vendor", "purpose", "information")


def column(terms: Terms, header: Sequence[str], key: str) -> int | None:
    """The column of a table whose title has, or contains, a word of a list."""
    words = set(terms.words.get(key, ()))
    titles = [plain(title).rstrip("：:") for title in header]
    exact = next((n for n, title in enumerate(titles) if title in words), None)
    if exact is not None:
        return exact
    return next((n for n, title in enumerate(titles) if any(len(w) > _LEAST_NAME and w in title for w in words)), None)


def _row(terms: Terms, at: int, sentence: Sentence) -> Entry | None:
    """An entry from a row of a table that names third parties in one of its columns."""
    if not sentence.row or not sentence.header:
        return None
    columns = {key: column(terms, sentence.header, f"key_{key}") for key in _KEYS}
    name_at = columns["name"] if columns["name"] is not None else columns["vendor"]
    about_sdks = terms.has("sdk", " ".join(map(plain, sentence.header)) + sentence.heading) or terms.has(
        "other_party", plain(" ".join(sentence.header)) + sentence.heading
    )
    if name_at is None or name_at >= len(sentence.row) or not about_sdks:
        return None
    name = _trimmed(" ".join(sentence.row[name_at].split()))
    if not name or len(name) > NAME_LIMIT:
        return None
    cell = {key: sentence.row[n] if n is not None and n < len(sentence.row) else "" for key, n in columns.items()}
    about = cell["information"] or " ".join(c for c in sentence.row if c not in (name, cell["vendor"], cell["purpose"]))
    return Entry(name, sentence, cell["vendor"], cell["purpose"], {at: plain(about)})


_VALUE = re.compile(r"^(?P<key>[^：:，。]{1,14})[：:]\s*(?P<value>.*)$", re.DOTALL)


def _listed(reading: Reading, at: int, names: Names) -> Entry | None:
    """An entry that begins with a name on a line of its own and goes on in lines "purpose: …", "information: …"."""
    sentence = reading.sentences[at]
    name = _name_line(reading.terms, sentence)
    headed = name is None and sentence.title
    name = _headed(reading, at, names) if headed else name
    if name is None:
        return None
    entry = Entry(name, sentence, about={at: ""})
    for number, part in enumerate(reading.sentences[at + 1 : at + 1 + ENTRY_LIMIT], at + 1):
        same = part.number == reading.sentences[number - 1].number
        goes_on = headed and not part.title and not reading.terms.has("we_take", part.plain)
        if _name_line(reading.terms, part) or not (_key_of(reading.terms, part) or same or goes_on):
            break
        entry.about[number] = _fill(reading.terms, entry, part)
    return entry if len(entry.about) > 1 else None


def _headed(reading: Reading, at: int, names: Names) -> str | None:
    """A heading that names a third party: a known one, or one whose text goes on in lines with keys."""
    terms, sentence = reading.terms, reading.sentences[at]
    text = _trimmed(without_number(sentence.text))
    around = " ".join((*sentence.path, sentence.before[:NAME_LIMIT], sentence.plain)).lower()
    about_others = reading.role == "sdk_list" or terms.has("sdk", around) or terms.has("other_party", around)
    if len(text) > NAME_LIMIT or not about_others or terms.has("not_a_name", plain(text)):
        return None
    following = reading.sentences[at + 1] if at + 1 < len(reading.sentences) else None
    if following is None or following.title:
        return None
    key = _key_of(terms, following)
    return text if key in _KEYS or (names.find(text) and terms.has("handling", following.plain)) else None


def _trimmed(name: str) -> str:
    return name.strip("；;。，,、：: ")


def _name_line(terms: Terms, sentence: Sentence) -> str | None:
    text = _trimmed(without_number(sentence.text))
    keyed = _VALUE.match(sentence.plain)
    if keyed and without_number(keyed["key"]) in terms.words.get("key_name", ()):
        text = sentence.text.partition("：")[2] or sentence.text.partition(":")[2]
        return _trimmed(text)[:NAME_LIMIT] or None
    form = plain(text)
    ends = form.endswith(("sdk", "软件开发工具包", "sdk）")) and not form.startswith(("第三方", "接入", "其他"))
    return text if ends and _LEAST_NAME + 2 < len(form) <= NAME_LIMIT and not clauses_of(form)[1:] else None


def _key_of(terms: Terms, part: Sentence) -> str | None:
    """Which column a line with a key, or a line that is one, would be in a table; None for any other line."""
    keyed = _VALUE.match(part.plain)
    title = without_number(keyed["key"]) if keyed else part.plain
    if not keyed and "http" in part.plain:
        return "other"
    if len(title) > NAME_LIMIT // 2:
        return None
    found = next((name for name in (*_KEYS, "other") if title in terms.words.get(f"key_{name}", ())), None)
    if found or not keyed:
        return found
    if sum(1 for _ in terms.named(keyed["value"])) >= _MANY:
        return "information"
    inside = (
        name for name in ("information", "purpose", "vendor", "other") if column(terms, (title,), f"key_{name}") == 0
    )
    return next(inside, "other" if terms.has("sdk", title) else None)


def tells_information(terms: Terms, part: Sentence) -> bool:
    """Whether a line of an entry is the one that lists what is taken."""
    return _VALUE.match(part.plain) is not None and _key_of(terms, part) == "information"


def _fill(terms: Terms, entry: Entry, part: Sentence) -> str:
    """Vendor and purpose go to the entry; what else the line says may name information."""
    keyed = _VALUE.match(part.plain)
    key = _key_of(terms, part) if keyed else None
    value = keyed["value"] if keyed else part.plain
    if key == "vendor":
        entry.vendor = _trimmed(value)
    elif key == "purpose":
        entry.purpose = _trimmed(value)
    else:
        return value
    return ""


_TOLD = re.compile(
    r"(?P<name>[a-z0-9\u4e00-\u9fff+·]{2,20}?(?: [a-z0-9]{1,12}){0,2}) ?(?:软件开发工具包|软件工具开发包)?（?sdk）?"
)


def _told(terms: Terms, at: int, sentence: Sentence) -> Entry | None:
    """An entry from one sentence: the only SDK it names takes the information it speaks of."""
    if sentence.title or not terms.has("sdk", sentence.plain) or not terms.has("third_collects", sentence.plain):
        return None
    named = {name for found in _TOLD.finditer(sentence.plain) if (name := _own_name(terms, found["name"]))}
    return Entry(named.pop(), sentence, about={at: sentence.plain}) if len(named) == 1 else None


_NOT_A_NAME = re.compile(
    r".*(?:使用|接入|集成|嵌入|通过|调用|涉及|了|的|由|(?<!华)为|是|用到|及|与|和|或|向|该|此|：|提供|授权|前述|上述|我们|我行|开启|启用)|^\d+[.、]?"
)


def _own_name(terms: Terms, text: str) -> str | None:
    name = _NOT_A_NAME.sub("", text).strip(" 第三方") if "第三方" not in text[-4:] else ""
    generic = terms.has("not_a_name", name) or name in terms.words.get("generic_name", ())
    return name if _LEAST_NAME <= len(name) <= NAME_LIMIT // 2 and not generic else None


def sdks_named(reading: Reading, found: Parties) -> Iterator[SdkNamed]:
    """Each third party named, once for each catalogue entry its name may mean."""
    seen: set[tuple[str, str | None]] = set()
    for entry in found.entries:
        for sdk in entry.sdks or (None,):
            if (entry.name, sdk) not in seen:
                seen.add((entry.name, sdk))
                yield SdkNamed(
                    place=reading.place(entry.sentence),
                    name=clip(entry.name),
                    sdk=sdk,
                    information=_information(reading.terms, entry),
                    purpose=clip(entry.purpose) or None,
                )


def _information(terms: Terms, entry: Entry) -> tuple[str, ...]:
    kinds = {kind for text in entry.about.values() for kind, *_ in terms.named(text)}
    return tuple(sorted(kinds - {"generic.pi"}))


# --- other recipients ------------------------------------------------------------------------------------------------


def recipients(reading: Reading) -> Iterator[RecipientNamed]:
    """Companies, and kinds of companies, that sentences on sharing name."""
    seen: set[str] = set()
    for _, sentence in reading.with_words("give"):
        if reading.terms.has("not_sharing", sentence.plain) or reading.terms.has("definition", sentence.plain):
            continue
        for name, relation in _named(reading.terms, sentence):
            if name not in seen:
                seen.add(name)
                yield RecipientNamed(place=reading.place(sentence), name=name, relation=relation)


def _named(terms: Terms, sentence: Sentence) -> Iterator[tuple[str, str | None]]:
    text = sentence.plain
    given = [found for found in terms.pattern("give").finditer(text) if not _refused(terms, text, found.start())]
    near = " ".join(text[max(0, found.start() - 24) : found.end() + 30] for found in given)
    yield from ((company, None) for company in companies(terms, sentence) if plain(company) in near)
    yield from terms.related(near)


def _refused(terms: Terms, text: str, at: int) -> bool:
    """The giving is denied in its own clause."""
    return terms.has("firm_negation", re.split(r"[，；。]|, ", text[:at])[-1])
