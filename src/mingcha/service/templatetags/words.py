"""``{% t "中文" "English" %}``: both languages at the place where they are said; values fill ``{name}``. And ``{% url %}``, remembered.

Each page has dozens of both: what does not depend on the page is worked out when its template is read.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import get_script_prefix, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.translation import get_language

from mingcha.service.actions.words import CHOICES
from mingcha.service.roles import NAMES, Role
from mingcha.service.text import Text, english

register = template.Library()
_STAND_IN = 987_654_321
"""The number in whose place a row's key is put."""
_WHERE = "mingcha where"


class Said(Node):
    """One of two sentences, its places filled with escaped values. The sentences are ours, the values may be anybody's."""

    child_nodelists = ()

    def __init__(self, zh: FilterExpression, en: FilterExpression, values: dict[str, FilterExpression]) -> None:
        self.both, self.values = (zh, en), values
        literal = isinstance(zh.var, str) and isinstance(en.var, str) and not values
        self.ready = tuple(str(conditional_escape(str(one.var))) for one in self.both) if literal else None

    def render(self, context: Any) -> str:
        """In the language of the page."""
        known = context.get("english")
        which = bool(english() if known is None else known)
        if self.ready is not None:
            return self.ready[which]
        text = str(self.both[which].resolve(context))
        if not self.values:
            return str(conditional_escape(text))
        return format_html(text, **{name: value.resolve(context) for name, value in self.values.items()})


@register.tag
def t(parser: Parser, token: Token) -> Said:
    """``{% t "中文" "English" name=value %}``."""
    _, zh, en, *rest = token.split_contents()
    return Said(parser.compile_filter(zh), parser.compile_filter(en), token_kwargs(rest, parser))


class Address(Node):
    """The address of a route without arguments, or with the key of a row."""

    child_nodelists = ()

    def __init__(self, full: URLNode, name: str, key: FilterExpression | None) -> None:
        self.full, self.name, self.key = full, name, key

    def render(self, context: Any) -> str:
        """As Django's own tag would."""
        if self.key is None:
            return _plain(self.name, *_where(context))
        key = self.key.resolve(context)
        if type(key) is not int:
            return str(self.full.render(context))
        before, after = _around(self.name, *_where(context))
        return f"{before}{key}{after}"


def _where(context: Any) -> tuple[str, str]:
    """Language and prefix of the request, asked for once in each template."""
    kept = context.render_context.get(_WHERE)
    if kept is None:
        kept = context.render_context[_WHERE] = (str(get_language()), str(get_script_prefix()))
    return kept  # type: ignore[no-any-return]


@cache
def _plain(name: str, language: str, prefix: str) -> str:
    """The language and the prefix are those of the request: they are only what it is remembered by."""
    del language, prefix
    return str(conditional_escape(reverse(name)))


@cache
def _around(name: str, language: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the key."""
    del language, prefix
    before, _, after = str(conditional_escape(reverse(name, args=[_STAND_IN]))).partition(str(_STAND_IN))
    return before, after


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Django's tag; where it is simple, its answer is remembered."""
    full = django_url(parser, token)
    name = full.view_name.var
    simple = (
        isinstance(name, str) and ":" not in name and not full.kwargs and not full.asvar and len(full.args) < 2
    )  # none or one
    return Address(full, str(name), full.args[0] if full.args else None) if simple else full


class Once(Node):
    """What is the same on every page of a language."""

    child_nodelists = ()

    def __init__(self, inner: NodeList) -> None:
        self.inner, self.drawn = inner, dict[tuple[str, str], str]()

    def render(self, context: Any) -> str:
        """As it was drawn first."""
        where = _where(context)
        if where not in self.drawn:
            self.drawn[where] = self.inner.render(context)
        return self.drawn[where]


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """``{% once %} … {% endonce %}`` around what depends on the language alone."""
    del token
    inner = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(inner)


@register.filter
def said(value: object) -> str:
    """A pair {zh, en} or a `Text`, in the language of the page."""
    if isinstance(value, dict):
        return conditional_escape(value.get("en" if english() else "zh", ""))
    return conditional_escape(str(value))


MADE = {
    "request": Text("公众申请", "asked for by the public"),
    "self-check": Text("运营者自查", "self-check"),
    "complaint": Text("投诉", "complaint"),
    "report": Text("举报", "report"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
"""Values that no form offers: acts set them."""
LISTINGS = {
    "listed": Text("在架", "listed"),
    "ordered": Text("已通知下架", "removal ordered"),
    "removed": Text("已下架", "removed"),
    "restored": Text("已恢复上架", "restored"),
}


@register.filter
def role(name: str) -> str:
    """A role in words; "inspector-again" is the inspector of a re-inspection."""
    plain = name.removesuffix("-again")
    known = NAMES[Role(plain)] if plain in set(Role) else Text("已回避", "recused")
    return str(known) if plain == name else f"{known} · {Text('复测', 're-inspection')}"


@register.filter
def listing(state: str) -> str:
    """Whether an app stands in a store, in words."""
    return str(LISTINGS.get(state, Text(state, state)))


@register.filter
def choice(value: str, field: str) -> str:
    """A value of a field whose values are words of ours, also one that no form offers."""
    return str(dict(CHOICES[field]).get(value) or MADE.get(value, Text(value, value)))
