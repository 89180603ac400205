"""The tables. States are written by `ledger.record` alone; everything else about a thing may be changed only inside an action."""

from mingcha.service.models.accounts import Account, Authority, Grant
from mingcha.service.models.cases import Case, Filing, Finding, Lead, Report, Seat, Task
from mingcha.service.models.complaints import Attachment, Complaint, Identity, Message
from mingcha.service.models.deadlines import Deadline, Reminder
from mingcha.service.models.documents import Counter, Document
from mingcha.service.models.events import Checkpoint, Event, Head
from mingcha.service.models.evidence import Evidence
from mingcha.service.models.following import Follow
from mingcha.service.models.jobs import Job, Outbox
from mingcha.service.models.selfchecks import Claim, Entry, SelfCheck
from mingcha.service.models.shown import Shown
from mingcha.service.models.subjects import Gram, Listing, Operator, Platform, Subject, Version
from mingcha.service.models.tokens import ApiToken

__all__ = [
    "Account",
    "ApiToken",
    "Attachment",
    "Authority",
    "Case",
    "Checkpoint",
    "Claim",
    "Complaint",
    "Counter",
    "Deadline",
    "Document",
    "Entry",
    "Event",
    "Evidence",
    "Filing",
    "Finding",
    "Follow",
    "Gram",
    "Grant",
    "Head",
    "Identity",
    "Job",
    "Lead",
    "Listing",
    "Message",
    "Operator",
    "Outbox",
    "Platform",
    "Reminder",
    "Report",
    "Seat",
    "SelfCheck",
    "Shown",
    "Subject",
    "Task",
    "Version",
]
