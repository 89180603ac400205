"""What was inspected, with which tool and by which rules."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.model.clause import Regulation
from mingcha.render.reading import Reading, named


def name_of(reading: Reading) -> str:
    """What people call the thing inspected: the app's label, its package, or the first file's name."""
    case = reading.report.case
    named = [one.name for one in case.artefacts if one.kind != "evidence"]
    first = named[0].removesuffix("/run.yaml") if named else reading.words.labels["none"]
    return case.app.label or case.app.package or first


def identity(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Label and value of everything that says what this page is about; empty values are left out."""
    labels = reading.words.labels
    pairs = [*_app(reading), *_rules(reading), *_tool(reading)]
    return tuple((labels[label], value) for label, value in pairs if value)


def _app(reading: Reading) -> Iterator[tuple[str, str]]:
    app, case = reading.report.case.app, reading.report.case
    yield "i_label", app.label or ""
    yield "i_package", app.package or ""
    code = str(app.version_code) if app.version_code is not None else ""
    yield "i_version", f"{app.version_name or ''}{reading.bracketed(code) if code else ''}"
    if reading.reader != "public":
        levels = [str(level) if level is not None else "?" for level in (app.target_sdk, app.min_sdk)]
        yield "i_sdk", " / ".join(levels) if app.target_sdk is not None or app.min_sdk is not None else ""
        yield "i_signer", app.signer_sha256 or ""
    yield "i_type", app_type(reading, case.type)
    yield "i_type_guessed", app_type(reading, case.guessed_type) if case.type is None else ""
    yield "i_date", case.conduct_date or ""
    yield "i_previous", case.previous or ""


def app_type(reading: Reading, number: int | None) -> str:
    """One of the 39 types, by number and name; 0 says that a person found none of them fitting."""
    if number is None:
        return ""
    if number == 0:
        return reading.words.labels["type_none"]
    known = reading.catalogue.app_types.get(number)
    return f"{number} {named(known.name, reading.lang, '')}".strip() if known else str(number)


def _rules(reading: Reading) -> Iterator[tuple[str, str]]:
    """What was judged by: line by line, or one line for each of many regulations."""
    if len(reading.rule_sets) > 1:
        yield from (("i_regulation", _in_short(reading, name)) for name in reading.report.regulations)
        return
    for name in reading.report.regulations:
        regulation = reading.catalogue.regulations.get(name)
        if regulation is None:
            yield "i_regulation", name
            continue
        yield "i_regulation", named(regulation.title, reading.lang, name)
        yield "i_number", number(reading, regulation)
        if reading.reader == "regulator":
            end = regulation.effective_to or reading.words.labels["to_now"]
            yield "i_issuers", reading.joined(regulation.issuers)
            yield "i_issued", regulation.issued
            yield "i_force", f"{regulation.effective_from} – {end}"


def _in_short(reading: Reading, name: str) -> str:
    regulation = reading.catalogue.regulations.get(name)
    if regulation is None:
        return name
    force = f"{regulation.effective_from} – {regulation.effective_to or reading.words.labels['to_now']}"
    told = (number(reading, regulation), *((*regulation.issuers, force) if reading.reader == "regulator" else ()))
    return f"{named(regulation.title, reading.lang, name)}{reading.words.labels['semicolon']}{reading.joined(told)}"


def number(reading: Reading, regulation: Regulation) -> str:
    """The document number, marked where it is not verified."""
    doubt = "" if regulation.number_label == "V" else reading.bracketed(reading.words.labels["number_unverified"])
    return f"{regulation.number}{doubt}"


def _tool(reading: Reading) -> Iterator[tuple[str, str]]:
    tool = reading.report.tool
    yield "i_tool", f"{tool.name} {tool.version}"
    if reading.reader != "public":
        yield "i_catalogue", tool.catalogue
