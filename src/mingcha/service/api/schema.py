"""The OpenAPI file: what django-ninja knows of the routes, and one path for each verb with the shape of its data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from ninja import NinjaAPI

from mingcha.casework.ladder import Act
from mingcha.service.actions.acting import VERBS, Verb
from mingcha.service.roles import Role

_TEMPLATE = "#/components/schemas/{name}"
_FREE = frozenset({Role.VISITOR, Role.ENGINE})
_ANSWERS = {
    "401": "not signed in", "403": "not by these hands, or without a fresh second factor", "404": "not there, or not his to see",
    "409": "not possible as things stand", "422": "the data are not what the act needs",
}  # fmt: skip
_NO = {"type": "object", "required": ["zh", "en"], "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}


class Described(NinjaAPI):
    """The API with its verbs in the description."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> Any:
        """The file of `/api/v1/openapi.json`."""
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        root = path_prefix if path_prefix is not None else self.get_root_path(path_params or {})
        verbs = [one for one in VERBS.values() if offered(one.rule)]
        shapes, parts = _shapes(verbs)
        made["components"]["schemas"] |= parts | {"Problem": _NO}
        for one, shape in zip(verbs, shapes, strict=True):
            made["paths"][root + address(one)] = {"post": _told(one, shape)}
        return made


def offered(rule: Act) -> bool:
    """Whether the API offers an act: what visitors alone may do costs proof of work on its page, and the engine needs no API."""
    return bool(set(map(Role, rule.who)) - _FREE)


def address(verb: Verb) -> str:
    """The path of a verb below the root."""
    return f"{verb.process}/{'{id}/' if verb.rule.from_ else ''}{verb.act}"


def _shapes(verbs: list[Verb]) -> tuple[list[Any], dict[str, Any]]:
    shapes, parts = msgspec.json.schema_components([one.data for one in verbs], ref_template=_TEMPLATE)
    return list(shapes), dict(parts)


def _told(verb: Verb, shape: Any) -> dict[str, Any]:
    rule = verb.rule
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "operationId": f"{verb.process}_{verb.act}".replace("-", "_"),
        "tags": [verb.process],
        "summary": f"{rule.zh} / {rule.en}",
        "description": " ".join(_words(verb)),
        "parameters": [identifier] if rule.from_ else [],
        "requestBody": {"content": {"application/json": {"schema": shape}}, "required": True},
        "responses": {"200": {"description": "done: the thing as it is now"}}
        | {code: _no(text) for code, text in _ANSWERS.items()},
        "security": [{"token": []}, {"session": []}],
    }


def _words(verb: Verb) -> Iterator[str]:
    yield (verb.data.__doc__ or "").strip()
    yield f"By: {', '.join(sorted(set(verb.rule.who) - _FREE))}."
    if verb.rule.strong:
        yield "Needs a fresh second factor: refused to tokens."


def _no(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": _TEMPLATE.format(name="Problem")}}},
    }
