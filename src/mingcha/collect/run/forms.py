"""Forms of a walk: what they ask a person for, whether they take no for an answer, and whether they say what for.

That no purpose was told accuses, so it is said only of what nobody gives without a reason (papers of identity, bank cards), only
of a page whose title tells nothing, on which every text is a short label, and only where no page of the walk speaks of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mingcha.catalogue.load import Catalogue
from mingcha.collect.run.pages import Page
from mingcha.collect.screens.forms import Field, fields_on, named_in
from mingcha.collect.screens.items import Item, Sheet, area, centre, inside
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words, masked
from mingcha.model.artefact import Place, clip
from mingcha.model.fact_observed import FieldAsked

_SECRET = ("identity.id_card", "identity.passport", "fin.bank")
_LABEL = 24
"""Characters up to which a text on a form is a label and explains nothing."""
_PICTURE = 0.03
"""A picture of more than this share of the screen may hold words."""
_HEAD, _CORNER = 0.12, 0.15
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
    all_read = whole and len(pages) == sum(step.own is not False for step in walk.steps)
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


def _told(page: _Form, field: Field, pages: Sequence[_Form], words: Words, tables: Catalogue) -> bool | None:
    """True where a text on the page names it with a purpose; false only where nothing at all may tell one."""
    texts = [item for item in page.sheet.texts if item.alone]
    about = [item.plain for item in texts if field.named in item.plain]
    if any(words.has("ui_purpose", plain) and not words.has("ui_purpose_vague", plain) for plain in about):
        return True
    secret = any(tables.is_a(field.information, one) for one in _SECRET)
    if not secret or not words.whole("ui_form_title", words.plain(page.step.reading.title)):
        return None
    if not all(_tells_nothing(item, words, tables) for item in texts) or _may_hold_more(page):
        return None
    # A policy that says it is told at another time and place than the form.
    elsewhere = (item.plain for one in pages if one.step.kind not in _PAPERS for item in one.sheet.texts)
    return None if any(_speaks_of(plain, field, words) for plain in elsewhere) else False


def _tells_nothing(item: Item, words: Words, tables: Catalogue) -> bool:
    """A short label without a word that may belong to a purpose; the label of a field is one."""
    label = named_in(item.plain, words, tables) is not None
    return label or (len(item.plain) <= _LABEL and not words.has("ui_form_doubt", item.plain))


def _speaks_of(plain: str, field: Field, words: Words) -> bool:
    """A text anywhere in the walk that names it, or the form, beside a word of a purpose."""
    named = field.named in plain or words.has("ui_form_about", plain)
    return named and words.has("ui_form_doubt", plain)


def _may_hold_more(page: _Form) -> bool:
    """A picture that may hold words, a mark to touch that may explain, or more below."""
    wide, high = page.sheet.size
    for node in page.page.dump.nodes:
        if node.displayed is False or node.bounds is None:
            continue
        if node.scrollable is True or "WebView" in node.cls:
            return True
        x, y = centre(node.bounds)
        corner = x < _CORNER * wide and y < _HEAD * high
        picture = "Image" in node.cls and not (node.text or node.description)
        if picture and not corner and (node.clickable is True or area(node.bounds) > _PICTURE * wide * high):
            return True
    return False
