"""What nobody has checked, in plain words: broad areas instead of kinds of fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mingcha.render.reading import Reading
from mingcha.render.view import Row

AREAS: dict[str, tuple[str, ...]] = {
    "running": ("RunRecorded", "InformationRead", "ReadRate", "PermissionRequested", "PermissionGranted",
                "PermissionChanged", "RequestBurst", "RepeatedAsking"),
    "sending": ("InformationSent", "PlainTransport", "HostContacted"),
    "screens": ("ScreenSeen", "ConsentPrompt", "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "ThirdPartyOpened",
                "FieldAsked", "TextShown"),
    "policy": ("PolicyDocument", "ProvisionStated", "InformationNamedInPolicy", "PolicyDenial", "PurposeStated", "SdkNamed",
               "RecipientNamed", "SaidAgainstDone"),
    "code": ("AppDeclared", "SignedBy", "PermissionDeclared", "ComponentDeclared", "QueryDeclared", "SdkPresent",
             "SensitiveCall", "InformationFlow", "HostNamed", "CodeProtected"),
    "requests": ("RequestHandled",),
    "versions": ("VersionChange", "ChangeNotice"),
}  # fmt: skip


def area_rows(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Areas something could hide in, each with the reasons why it was not, or not wholly, looked at."""
    waited = {wait.kind for verdict in reading.report.verdicts for wait in verdict.waits if wait.kind}
    return tuple(
        (reading.words.areas[area], reading.joined(reasons))
        for area, kinds in AREAS.items()
        if (reasons := tuple(dict.fromkeys(_reasons(reading, frozenset(kinds), waited))))
    )


def _reasons(reading: Reading, kinds: frozenset[str], waited: set[str]) -> Iterator[str]:
    """Why the area is open; where somebody did look at a part of it, missing material leaves it seen in part."""
    looked = {cover.kind for cover in reading.report.covered} | {kind for kind in kinds if reading.all(kind)}
    absent = "partial" if kinds & looked else "missing"
    for gap in reading.report.gaps:
        if kinds & set(gap.hides):
            yield reading.value("reason", absent if gap.reason == "missing" else gap.reason)
    if kinds & waited and not kinds & looked:
        yield reading.value("reason", "missing")


def unchecked(reading: Reading, rows: tuple[Row, ...]) -> tuple[str, ...]:
    """How many items of each category have no outcome, one sentence each."""
    counts = Counter(row.category for row in rows if row.outcome == "not determined")
    return tuple(reading.words.say("unchecked_category", category=name, count=n) for name, n in counts.items() if name)
