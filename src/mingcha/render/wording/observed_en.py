"""A recorded run in words: its screens, acts, phases and traffic, and what was not looked at in it, in English."""

from __future__ import annotations

from typing import Any

KINDS: dict[str, str] = {
    "RunRecorded": "record of a run",
    "ScreenSeen": "screen seen",
    "ActMade": "what a person did",
    "PhaseSpan": "phase of a run",
    "PlainTransport": "sent in plain text",
}

FACTS: dict[str, str] = {
    "RunRecorded": 'Record of a run "{name}"[, device {device}][, system {system}][, at the start {start}][, from {first}][ to {last}][, {screens} screens][, recorded by: {recorders}]',
    "ScreenSeen": "Screen {number}: {screen}[, package {package}][, at {time}]",
    "ActMade": "On screen {number}: {act}[, meaning {choice}][, about {about}][, at {time}]",
    "PhaseSpan": "{start} to {end}: {phase}",
    "PlainTransport": "{information} was sent to {host}[ ({receiver})] in plain text, for anybody on the way to read; {phase}[; at {time}]",
}

FIELDS: dict[str, str] = {
    "run": "run", "device": "device", "system": "system", "start": "start", "end": "end", "first": "first", "last": "last", "screens": "screens", "recorders": "recorders", "time": "time", "screen": "screen", "fingerprint": "fingerprint of the screen", "act": "act", "choice": "choice made", "tie": "tie to the app", "decrypted": "connections that could be looked into",
}  # fmt: skip

VALUES: dict[str, dict[Any, str]] = {
    "RunRecorded.start": {"clean": "newly installed or its data cleared", "used": "used before"},
    "ScreenSeen.screen": {
        "consent": "asking for consent", "permission": "the system's permission dialog", "purpose": "a word before a permission is asked for",
        "policy": "privacy policy", "sdk_list": "list of SDKs", "main": "main screen", "settings": "settings", "login": "login", "account": "account",
        "cancellation": "cancelling the account", "correction": "correcting information", "deletion": "deleting information",
        "withdrawal": "withdrawing consent", "complaint": "complaint", "personalisation": "setting for personalised content",
        "offer": "a reward for information", "launcher": "launcher", "other app": "another app", "other": "another screen",
        None: "a screen that was not recognised",
    },
    "ActMade.act": {
        "tap": "tapped", "type": "typed text", "swipe": "swiped", "back": "went back", "home": "went to the launcher", "start": "started the app",
        "stop": "stopped the app", "install": "installed the app", "clear": "cleared its data", "none": "did nothing",
    },
    "ActMade.choice": {
        "agree": "agreement", "refuse": "refusal", "skip": "skipping", "tick": "ticking", "grant": "granting the permission",
        "deny": "denying the permission", "withdraw": "withdrawing consent", "log out": "logging out", "cancel account": "cancelling the account",
        "open": "opening", "undecided": "perhaps agreement, nobody can tell",
    },
    "InformationSent.confidence": {
        "planted": "", "probable": "by its form probably this information",
        "possible": "by its form possibly this information",
    },
    "InformationSent.tie": {
        "capture": "", "package": "the record says this app sent it", "sdk inside": "the host belongs to an SDK inside",
        "named in app": "the app names this host", "policy": "the privacy policy names this host", None: "no evidence that this app sent it",
    },
}  # fmt: skip

GAPS: dict[str, str] = {
    "run.cut": "{file} is damaged[ in {count} places], which were not read",
    "run.unreadable": "{file} could not be read ({why})",
    "run.unknown_file": "{file} is no record of a run that we know; it was not read",
    "run.partial_runtime": "{file} ({tool}) records only the interfaces and the time it watched; what it lacks may still have happened",
    "run.partial_traffic": "{file} has only the traffic that was captured; other traffic may have been sent",
    "run.partial_packages": "{file} has only the state of permissions at one moment, not what changed between",
    "run.clock_not_related": "The times of {file} do not fit the record of the run: in which phase it was sent is not settled",
    "run.not_decrypted": "{count} contents of {file} are encrypted and were not opened",
    "run.no_decoder": "{file} has contents in an encoding that could not be decoded: {what}",
    "run.not_everywhere": "{file} shows {count} things that were not entered or not scrolled to their end; what was looked for may lie there",
    "run.not_searched": "{count} contents of {file} are too big and were not searched",
    "screens.one_walk": "Only {screens} screens of one walk were seen, none beside it",
    "screens.no_engine": "{screens} screens are pictures alone, and no engine was there to read them",
    "screens.unread": "On {screens} screens no text was read",
    "screens.no_pixels": "There is no library to read pictures: size and colour of text and ticked boxes were not looked at",
    "screens.damaged": "The record of screens is damaged: {lines} lines and {fields} fields were not read",
}
