"""``{% t "中文" "English" %}``: both languages at the place where they are said; values fill ``{name}``."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html

from mingcha.service.text import Text, english

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """One of the two, its places filled with escaped values. The sentences are ours, the values may be anybody's."""
    return format_html(en if english() else zh, **values) if values else str(Text(zh, en))


@register.filter
def said(value: object) -> str:
    """A pair {zh, en} or a `Text`, in the language of the page."""
    if isinstance(value, dict):
        return conditional_escape(value.get("en" if english() else "zh", ""))
    return conditional_escape(str(value))
