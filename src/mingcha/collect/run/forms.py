"""Forms of a walk: what they ask a person for, whether they take no for an answer, and whether they say what for.

That no purpose was told accuses, so it is said only of what nobody gives without a reason (papers of identity, bank cards), only
of a page that its bare name led to, which tells nothing but that name, labels and a button, and only where no page of a walk from
a first start speaks of it: what is explained once an app does not explain again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mingcha.catalogue.load import Catalogue
from mingcha.collect.run.pages import Page
from mingcha.collect.screens.first import was_clean
from mingcha.collect.screens.forms import Field, fields_on, named_in
from mingcha.collect.screens.items import CORNER, HEAD, Item, Sheet, area, centre, inside
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words, masked
from mingcha.model.artefact import Place, clip
from mingcha.model.fact_observed import FieldAsked

_SECRET = ("identity.id_card", "identity.passport", "fin.bank")
_LABEL, _SENTENCE = 24, 10
"""Characters up to which a text on a form is a label, and beside it one that explains nothing."""
_MORE = re.compile("WebView|ProgressBar")
_FIELD = re.compile("EditText|AutoComplete|TextField")
_PICTURE = 0.03
"""A picture of more than this share of the screen may hold words."""
_PAPERS = frozenset({"policy", "sdk_list"})
_NOT_FORMS = frozenset({"policy", "sdk_list", "consent", "permission", "launcher", "other app"})


@dataclass(frozen=True, slots=True)
class _Form:
    """A page with what its fields ask for."""

    page: Page
    fields: tuple[Field, ...]

    @property
    def step(self) -> WalkStep:
        return self.page.step

    @property
    def sheet(self) -> Sheet:
        return self.page.sheet


def asked(
    walk: Walk,
    pages: Sequence[Page],
    words: Words,
    tables: Catalogue,
    place: Callable[[str, str], Place],
    *,
    whole: bool,
) -> Iterator[FieldAsked]:
    """Each kind of information that each form asks for, once; ``whole``: every touch and every way of the walk is known."""
    forms = [_Form(page, fields_on(page.sheet, words, tables)) for page in pages]
    all_read = (
        whole and was_clean(walk, told=None) is True and len(pages) == sum(step.own is not False for step in walk.steps)
    )
    seen: set[tuple[str, str]] = set()
    for form in forms:
        title = form.step.reading.title
        for field in form.fields if form.step.kind not in _NOT_FORMS else ():
            if (field.information, title) not in seen:
                seen.add((field.information, title))
                yield FieldAsked(
                    place=place(form.step.file, clip(field.named)),
                    information=field.information,
                    on=clip(masked(title)),
                    required=_required(form, field, forms, words, tables),
                    purpose_shown=_told(form, field, forms, words, tables) if all_read else None,
                )


# --- whether it must be filled in


def _required(page: _Form, field: Field, pages: Sequence[_Form], words: Words, tables: Catalogue) -> bool | None:
    """By a mark at the field, or because sending the form without it was refused in words that name it."""
    if field.required is not None:
        return field.required
    for one, then in pairwise(pages):
        if (
            then.step.number != one.step.number + 1
            or not _same(one, page)
            or not _same(then, page)
            or not _sent(one, then, words)
        ):
            continue
        new = {item.plain for item in then.sheet.texts} - {item.plain for item in one.sheet.texts}
        if any(_misses(plain, field, words, tables) for plain in new):
            return True
    return None


def _same(one: _Form, other: _Form) -> bool:
    """Whether two pages show one form: the same fields, wherever a message moved them to."""
    kinds = [[field.information for field in page.fields] for page in (one, other)]
    return kinds[0] == kinds[1]


def _sent(one: _Form, then: _Form, words: Words) -> bool:
    """Whether what led on was a touch of a button that sends the form."""
    led = then.step.led
    if led is None or led.kind != "tap" or led.at is None:
        return False
    hit = [item for item in one.sheet.texts if item.clickable and inside(led.at, item.target)]
    return any(words.has("ui_submit", item.plain) or words.label(item.plain) == "go" for item in hit)


def _misses(plain: str, field: Field, words: Words, tables: Catalogue) -> bool:
    named = {kind for language in tables.terms for kind, *_ in tables.terms[language].named(plain)}
    return words.has("ui_field_missing", plain) and named == {field.information}


# --- whether it says what for


def _told(form: _Form, field: Field, forms: Sequence[_Form], words: Words, tables: Catalogue) -> bool | None:
    """True where a text on the page names it with a purpose; false only where nothing at all may tell one."""
    about = [item.plain for item in form.sheet.texts if item.alone and field.named in item.plain]
    if any(words.has("ui_purpose", plain) and not words.has("ui_purpose_vague", plain) for plain in about):
        return True
    versions = [one for one in forms if one.step.reading.title == form.step.reading.title and _same(one, form)]
    if not any(tables.is_a(field.information, one) for one in _SECRET) or not _chosen(versions[0], forms, words):
        return None
    if not all(_bare(one, words, tables) for one in versions) or not any(_uncovered(one) for one in versions):
        return None
    return None if any(_speaks_of(field, one, versions, words) for one in forms) else False


def _chosen(form: _Form, forms: Sequence[_Form], words: Words) -> bool:
    """Whether a touch on nothing but the form's own name led there; who chose something else knows what it is for."""
    led, title = form.step.led, words.plain(form.step.reading.title)
    before = next((one for one in forms if one.step.number == form.step.number - 1), None)
    if before is None or led is None or led.kind != "tap" or led.at is None or not words.whole("ui_form_title", title):
        return False
    hit = [item for item in before.sheet.texts if item.clickable and inside(led.at, item.target)]
    return bool(hit) and all(words.whole("ui_form_title", item.plain) for item in hit)


def _bare(form: _Form, words: Words, tables: Catalogue) -> bool:
    """A page of a title, labels of fields, what is missing in them, and a button that sends it; nothing may explain."""
    told = all(_tells_nothing(item, words, tables) for item in form.sheet.texts)
    return told and not _hints_tell(form, words) and not _may_hold_more(form)


def _hints_tell(form: _Form, words: Words) -> bool:
    """Whether a field, or what is read out of anything, may tell what for: "real name (to verify who you are)"."""
    said = [text for node in form.page.dump.nodes for text in (node.hint, node.description)]
    said += [item.plain for item in form.sheet.items if item.role == "field"]
    return any(words.has("ui_form_doubt", plain) or len(plain) > _LABEL for plain in map(words.plain, said))


def _tells_nothing(item: Item, words: Words, tables: Catalogue) -> bool:
    plain = item.plain
    if named_in(plain, words, tables) is not None or words.whole("ui_form_title", plain):
        return True
    if item.clickable:
        return len(plain) <= _LABEL and (words.has("ui_submit", plain) or words.label(plain) is not None)
    return len(plain) <= _LABEL and words.has("ui_field_missing", plain)


def _may_hold_more(form: _Form) -> bool:
    """Something without words that is large, waits or can be touched, or more below."""
    wide, high = form.sheet.size
    nodes = form.page.dump.nodes
    held = {node.parent for node in nodes}
    for node in nodes:
        if node.displayed is False or node.bounds is None:
            continue
        if node.scrollable is True or _MORE.search(node.cls):
            return True
        x, y = centre(node.bounds)
        corner = x < CORNER * wide and y < HEAD * high
        wordless = not (node.text or node.description or node.hint) and node.number not in held
        large = node.clickable is True or area(node.bounds) > _PICTURE * wide * high
        if wordless and large and not corner and not _FIELD.search(node.cls):
            return True
    return False


def _uncovered(form: _Form) -> bool:
    """Whether no keyboard may lie over the page: it comes with a field that is being filled in."""
    return not any(node.focused and _FIELD.search(node.cls) for node in form.page.dump.nodes)


def _speaks_of(field: Field, one: _Form, versions: Sequence[_Form], words: Words) -> bool:
    """Whether another page tells what it is for: right before or after the form in any words, elsewhere in words for a purpose.

    A policy, or the first dialog, tells it at another time and place than the form.
    """
    if one in versions or one.step.kind in _PAPERS:
        return False
    texts = [item.plain for item in one.sheet.texts]
    if any(field.named in plain and words.has("ui_form_doubt", plain) for plain in texts):
        return True
    if one.step.kind == "consent":
        return False
    near = any(abs(one.step.number - form.step.number) == 1 for form in versions)
    return any(
        (near and len(plain) > _SENTENCE) or (words.has("ui_form_about", plain) and words.has("ui_form_doubt", plain))
        for plain in texts
    )
