"""Who may open which route. A route that is not here is refused to everybody, and fails the build (`tests/service/test_routes.py`).

A rule opens the door of the route only; whose file it is, each view asks with `acting.may` or a scoped query.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingcha.service.roles import OPERATOR, STAFF, Role


@dataclass(frozen=True)
class Rule:
    """Which roles; ``code`` lets in whoever showed the query code of a complaint."""

    roles: frozenset[Role]
    code: bool = False

    def lets(self, roles: frozenset[Role], *, code: bool) -> bool:
        """Whether somebody with these roles comes in."""
        return bool(self.roles & roles) or (self.code and code)


ANYBODY = Rule(frozenset({Role.VISITOR}))
SIGNED_IN = Rule(frozenset(Role) - {Role.VISITOR, Role.COMPLAINANT, Role.ENGINE})
OFFICE = Rule(STAFF)
COMPANY = Rule(OPERATOR)
PERSON = Rule(frozenset(), code=True)
AUDIT = Rule(frozenset({Role.AUDITOR}))
ADMINISTRATION = Rule(frozenset({Role.ADMIN}))

RULES: dict[str, Rule] = {}
"""By the name of the route. Each module of routes adds its own with `rule`."""


def rule(*names: str, to: Rule) -> None:
    """Give routes their rule; a second rule for one route is a mistake."""
    for name in names:
        if name in RULES:
            raise ValueError(f"route {name!r} has two rules")
        RULES[name] = to
