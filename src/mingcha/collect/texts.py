"""What the app's own texts say about privacy: links, consent wording, reasons for permissions, ways to cancel or complain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, cast

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.package import Package
from mingcha.model.artefact import clip
from mingcha.model.fact import TextShown

_URL = re.compile(rb"https?://[^\0\s\"'<>\\]{4,300}")
_POLICY_FILE = re.compile(
    r"assets/(?:.*/)?[^/]*(?:privacy|policy|yinsi|隐私)[^/]*\.(?:html?|txt|md|pdf)", re.IGNORECASE
)


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """Texts from resources, links in code, and policy files in assets. Never complete: pages may come from a server."""
    rules = {about: re.compile("|".join(p), re.IGNORECASE) for about, p in tables.marks.texts.items()}
    found = chain(_resources(package, rules), _links(package, rules["policy_link"]), _files(package))
    yield from package.bounded(found, "texts about privacy")


COLLECTOR = Collector("texts", "apk", ("TextShown",), collect)


def _resources(package: Package, rules: dict[str, re.Pattern[str]]) -> Iterator[TextShown]:
    if package.resources is None:
        return
    path = package.base.path + "resources.arsc"
    read = {None, *(tag for tag in package.resources.languages() if tag and tag.split("-")[0] in ("zh", "en"))}
    for _, name, language, text, offset in package.resources.strings_by_language(read):
        about = next((about for about, rule in rules.items() if rule.search(text)), None)
        if about:
            yield TextShown(
                place=package.place(path, offset, text),
                about=cast("Any", about),
                text=clip(text),
                language=language or None,
                resource=name,
            )


def _links(package: Package, rule: re.Pattern[str]) -> Iterator[TextShown]:
    for path, data, start, end in package.strings:
        for match in _URL.finditer(data, start, end):
            url = match.group().decode("utf-8", "replace")
            if rule.fullmatch(url):
                yield TextShown(place=package.place(path, match.start(), url), about="policy_link", text=clip(url))


def _files(package: Package) -> Iterator[TextShown]:
    for part in package.parts:
        for name in part.archive.names():
            if _POLICY_FILE.fullmatch(name):
                yield TextShown(place=package.place(part.path + name, None, name), about="policy", text=name)
