"""What the tester says of a run: ``run.yaml`` of its folder.

run: first-start            # a short name
package: com.example.app
by: 张三
device: {model: Pixel 6, system: "14", offset: "+08:00", density: 420, language: zh-CN}
start: clean                # newly installed or its data cleared just before; otherwise "used"
acts: complete              # every touch of the screen is in screens/steps.jsonl
account: signed in          # or "signed out", or "none": the app has no accounts
not_found: [policy]         # what the tester looked for everywhere and says is not there; a whole walk bears it out or not
profile: profile.yaml       # the device's own values
files:
  capture.har: {ahead: 0.8, error: 0.3, only_app: true}
  idle.har: {role: baseline}
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from mingcha.catalogue.load import yaml_loader
from mingcha.errors import RecordError
from mingcha.model.fact_observed import Target

_LARGEST = 1 << 20
_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Seconds = Annotated[float, Meta(ge=-1e8, le=1e8)]
_Offset = Annotated[str, Meta(pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$")]


class Device(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The device: ``offset`` of its clock from UTC, ``density`` of its screen in dots per inch, ``language`` of its system."""

    model: _Name | None = None
    system: _Name | None = None
    offset: _Offset | None = None
    density: Annotated[float, Meta(gt=0, le=2000)] | None = None
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | None = None


class Note(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one file: ``ahead`` is how many seconds its clock is ahead of the device's, give or take ``error``.

    Without ``ahead`` the clock of a file that another machine wrote is not related to the screens' and no phase is told.
    """

    ahead: _Seconds | None = None
    error: Annotated[float, Meta(ge=0, le=1e6)] = 0.0
    only_app: bool = False
    role: Literal["evidence", "baseline", "before", "after", "ignored"] = "evidence"
    dumped: Annotated[str, Meta(max_length=40)] | None = None
    year: Annotated[int, Meta(ge=2000, le=2200)] | None = None


class RunRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run as its record says; what is null was not said and is not guessed."""

    run: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    package: Annotated[str, Meta(pattern=r"^[A-Za-z]\w*(\.\w+){1,20}$")] | None = None
    version_code: Annotated[int, Meta(ge=0, le=(1 << 53))] | None = None
    by: _Name | None = None
    when: Annotated[str, Meta(max_length=40)] | None = None
    device: Device = Device()
    start: Literal["clean", "used"] | None = None
    acts: Literal["complete", "partial"] = "partial"
    account: Literal["none", "signed in", "signed out"] | None = None
    not_found: tuple[Target, ...] = ()
    profile: _Name | None = None
    files: dict[str, Note] = {}
    note: Annotated[str, Meta(max_length=2000)] | None = None


def read_record(data: bytes) -> RunRecord:
    """A record out of its YAML. Raises RecordError that says what is wrong and where."""
    import yaml  # only where there is a run

    if len(data) > _LARGEST:
        raise RecordError("run.yaml is at most 1 MiB")
    try:
        return msgspec.convert(yaml.load(data, Loader=yaml_loader()), RunRecord)
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise RecordError(f"run.yaml is not YAML: {' '.join(str(error).split())[:200]}") from error
    except msgspec.ValidationError as error:
        raise RecordError(f"run.yaml: {error}") from error
