"""Atom feeds: of one app, of one case, of all notices. Acts and documents, never a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from mingcha.service import clock
from mingcha.service.models import Case, Finding
from mingcha.service.pages.public import notices, showing
from mingcha.service.pages.public.app import found
from mingcha.service.pages.public.reading import Values
from mingcha.service.text import Text, english

_ENTRIES = 50


class _Atom(Feed):  # type: ignore[type-arg]
    """What the feeds have in common: one entry for each public act."""

    feed_type = Atom1Feed

    def items(self, obj: Values) -> list[Values]:
        """The newest acts."""
        return [{**row, "app": obj["id"]} for row in obj["history"][:_ENTRIES]]

    def item_title(self, item: Values) -> str:
        """What was done, and to which case."""
        return f"{item['what']['en' if english() else 'zh']} · {item['case']}"

    def item_description(self, item: Values) -> str:
        """The document and what the page says beside the act."""
        more = item["more"]["en" if english() else "zh"] if item["more"] else ""
        number = item["document"]["number"] if item["document"] else ""
        return " · ".join(part for part in (number, more) if part)

    def item_link(self, item: Values) -> str:
        """The app's page."""
        return reverse("app", args=[item["app"]])

    def item_guid(self, item: Values) -> str:
        """Stable for as long as the act stands."""
        return f"mingcha:{item['case']}:{item['act']}:{item['at']}"

    def item_pubdate(self, item: Values) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(item["at"])

    item_updateddate = item_pubdate


class AppFeed(_Atom):
    """Everything public about one app."""

    def get_object(self, request: HttpRequest, pk: int) -> Values:  # noqa: ARG002  # Django's order
        """The values of the app's page."""
        return found(pk)

    def title(self, obj: Values) -> str:
        """The app's name."""
        return str(Text("明察：{name}", "Mingcha: {name}").filled(name=obj["name"]))

    def link(self, obj: Values) -> str:
        """The app's page."""
        return reverse("app", args=[obj["id"]])


class CaseFeed(AppFeed):
    """One case; a case of which nothing is public has no feed."""

    def get_object(self, request: HttpRequest, pk: int) -> Values:  # noqa: ARG002  # Django's order
        """The app's page with the history of this case alone."""
        page: Values = found(_public(pk))
        case = next((one for one in page["cases"] if one["id"] == pk), None)
        if case is None:
            raise Http404
        return {
            **page,
            "name": f"{page['name']} {case['number']}",
            "history": [row for row in page["history"] if row["case"] == case["number"]],
        }


def _public(pk: int) -> int:
    """The subject of a public case. Raises Http404, for a secret case after the very work that one takes that is not there."""
    now = clock.now()
    case = Case.objects.filter(pk=pk).only("state", "subject").first()
    shown = [
        one for one in Finding.objects.filter(case=pk).only("case", "state", "notified") if showing.is_shown(one, now)
    ]
    if case is None or not showing.is_public(case.pk, case.state, shown):
        raise Http404
    return case.subject_id


class NoticeFeed(Feed):  # type: ignore[type-arg]
    """Notices as they are published."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """What it is."""
        return str(Text("明察：通报", "Mingcha: public warnings"))

    def link(self) -> str:
        """The list."""
        return reverse("notices")

    def items(self) -> list[Any]:
        """The newest."""
        return list(notices.published().defer("data", "signature")[:_ENTRIES])

    def item_title(self, item: Any) -> str:
        """Number and app."""
        row = notices.line(item)
        ended = str(Text("（已撤回）", " (withdrawn)")) if row["withdrawn"] else ""
        return f"{row['number']} {row['name']}{ended}"

    def item_description(self, item: Any) -> str:
        """Who was warned; for one that was withdrawn, why."""
        row = notices.line(item)
        return str(row["reason"] or row["operator"])

    def item_link(self, item: Any) -> str:
        """Its page."""
        return reverse("notice", args=[item.pk])

    def item_pubdate(self, item: Any) -> datetime:
        """When it was published."""
        moment = item.published
        assert isinstance(moment, datetime)
        return moment

    def item_updateddate(self, item: Any) -> datetime:
        """When it was withdrawn, or published."""
        moment = item.withdrawn or item.published
        assert isinstance(moment, datetime)
        return moment
