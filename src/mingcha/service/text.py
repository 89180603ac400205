"""Two languages at the place where they are said: `Text("提交", "Submit")`, chosen when the page is made.

Both languages stand side by side in templates and code instead of in catalogues of messages: a missing translation cannot be written, and
the one who changes a sentence sees both.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


def english() -> bool:
    """Whether the page being made is in English; else it is in Chinese."""
    return (get_language() or "zh-hans").startswith("en")


@dataclass(frozen=True)
class Text:
    """One sentence in both languages; its `str` is the one asked for. ``{name}`` is filled by `filled`."""

    zh: str
    en: str

    def __str__(self) -> str:
        """In the language of the page being made."""
        return self.en if english() else self.zh

    def filled(self, **values: object) -> Text:
        """The same with its places filled in both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))
