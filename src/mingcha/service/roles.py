"""Who somebody may be. What a role may do stands in the ladders; which roles must not meet in one person stands here."""

from __future__ import annotations

from enum import StrEnum

from mingcha.service.text import Text


class Role(StrEnum):
    """The roles of service.md 6.5; the ladders name them by these words."""

    VISITOR = "visitor"
    COMPLAINANT = "complainant"
    OPERATOR_CLERK = "operator-clerk"
    OPERATOR_OWNER = "operator-owner"
    INSPECTOR = "inspector"
    LAB = "lab"
    HANDLER = "handler"
    LEGAL = "legal"
    APPROVER = "approver"
    PUBLISHER = "publisher"
    COMPLAINT_OFFICER = "complaint-officer"
    PLATFORM = "platform"
    OUTSIDE = "outside"
    AUDITOR = "auditor"
    ADMIN = "admin"
    RESEARCHER = "researcher"
    SCANNER = "scanner"
    ENGINE = "engine"


NAMES = {
    Role.VISITOR: Text("公众", "visitor"),
    Role.COMPLAINANT: Text("投诉举报人", "complainant"),
    Role.OPERATOR_CLERK: Text("运营者经办人", "operator clerk"),
    Role.OPERATOR_OWNER: Text("运营者负责人", "operator owner"),
    Role.INSPECTOR: Text("执法人员", "inspector"),
    Role.LAB: Text("检测机构", "lab"),
    Role.HANDLER: Text("承办人", "case handler"),
    Role.LEGAL: Text("法制审核", "legal reviewer"),
    Role.APPROVER: Text("批准人", "approver"),
    Role.PUBLISHER: Text("公开岗", "publication officer"),
    Role.COMPLAINT_OFFICER: Text("投诉受理", "complaint officer"),
    Role.PLATFORM: Text("分发平台", "app store liaison"),
    Role.OUTSIDE: Text("外部单位", "outside body"),
    Role.AUDITOR: Text("审计", "auditor"),
    Role.ADMIN: Text("系统管理员", "system administrator"),
    Role.RESEARCHER: Text("研究者", "researcher"),
    Role.SCANNER: Text("检测节点", "scanner node"),
    Role.ENGINE: Text("系统", "engine"),
}
STAFF = frozenset({Role.INSPECTOR, Role.HANDLER, Role.LEGAL, Role.APPROVER, Role.PUBLISHER, Role.COMPLAINT_OFFICER})
"""Roles of an authority: they act for it, and see its files."""
NOBODYS = frozenset({Role.VISITOR, Role.COMPLAINANT, Role.ENGINE})
"""Roles that follow from how somebody comes in, or are the program's own: nobody gives them to an account."""
OPERATOR = frozenset({Role.OPERATOR_CLERK, Role.OPERATOR_OWNER})
APART = (
    frozenset({Role.HANDLER, Role.APPROVER}),
    frozenset({Role.LEGAL, Role.APPROVER}),
    *(frozenset({Role.ADMIN, one}) for one in (*STAFF, Role.AUDITOR)),
    *(frozenset({Role.AUDITOR, one}) for one in STAFF),
    *(
        frozenset({inside, outside})
        for inside in (*STAFF, Role.ADMIN, Role.AUDITOR)
        for outside in (*OPERATOR, Role.PLATFORM)
    ),
    *(frozenset({Role.PLATFORM, one}) for one in OPERATOR),
)
"""Pairs that one account may not hold together (separation of duties)."""
SECOND_FACTOR = STAFF | {Role.OPERATOR_OWNER, Role.ADMIN, Role.AUDITOR}
"""Whoever holds one of these must have a passkey or TOTP before it works."""
