"""The folder of a run as it was handed in: its record, and each file as what it is by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from mmap import mmap
from typing import Literal

from mingcha.catalogue.load import Catalogue
from mingcha.collect.run.moments import Moment, moment_of
from mingcha.collect.run.record import Note, RunRecord
from mingcha.collect.traffic.profile import Profile, read_profile
from mingcha.errors import FormatError, RecordError
from mingcha.formats.har import looks_like_har
from mingcha.formats.mitmflow import looks_like_mitmflow
from mingcha.formats.packagedump import PackageDump, read_packagedump
from mingcha.formats.pcap import looks_like_pcap
from mingcha.formats.pcapdroid import looks_like_pcapdroid
from mingcha.model.artefact import Artefact

EvidenceKind = Literal["traffic", "connections", "packages", "screens", "runtime"]
STEPS = "steps.jsonl"
"""The file that makes a folder of screens a walk."""
_LARGEST = 256 << 20
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
NOTE = Note()


@dataclass(frozen=True)
class RunFolder:
    """A run with the bytes of its files by name (``capture.har``, ``screens/steps.jsonl``), and each file's artefact."""

    artefact: Artefact
    record: RunRecord
    files: Mapping[str, bytes | mmap]
    artefacts: Mapping[str, Artefact] = field(default_factory=dict)
    dumps: dict[str, PackageDump] = field(default_factory=dict, init=False)
    """Dumps of packages, read when ``kinds`` are told: only reading shows that a file is one."""

    def whole(self, name: str) -> bytes:
        """A file whole. Raises FormatError for one that is too large for anything but a capture of traffic."""
        data = self.files[name]
        if len(data) > _LARGEST:
            raise FormatError(f"{name} has more than {_LARGEST >> 20} MB")
        return data[:]

    def note(self, name: str) -> Note:
        """What the record says of a file."""
        return self.record.files.get(name, NOTE)

    def sha256(self, name: str) -> str:
        """The digest of a file."""
        return self.artefacts[name].sha256

    @cached_property
    def kinds(self) -> dict[str, EvidenceKind | None]:
        """What each file that is evidence is; null where the content tells nothing, left to the reader of hook logs."""
        return dict(sorted(self._told()))

    def _told(self) -> Iterator[tuple[str, EvidenceKind | None]]:
        walks = {name.removesuffix(STEPS) for name in self.files if name.endswith(STEPS)}
        for name in self.files:
            if name == self.record.profile or self.note(name).role == "ignored":
                continue
            if name.endswith(STEPS):
                yield name, "screens"
            elif not any(name.startswith(walk) and "/" not in name.removeprefix(walk) for walk in walks if walk):
                yield name, self._kind(name)

    def _kind(self, name: str) -> EvidenceKind | None:
        """What a file is by its content; pictures and dumps outside a walk are null, what is left is for the reader of logs."""
        head = memoryview(self.files[name])[:4096]
        if looks_like_har(head) or looks_like_mitmflow(head):
            return "traffic"
        if looks_like_pcapdroid(bytes(head)) or looks_like_pcap(head):
            return "connections"
        if bytes(head[:8]).startswith(_PICTURES) or bytes(head[:64]).lstrip().startswith(b"<?xml"):
            return None
        try:
            self.dumps[name] = read_packagedump(self.whole(name))
        except FormatError:
            return "runtime"
        return "packages"

    def of_kind(self, *kinds: EvidenceKind) -> list[str]:
        """Names of the files of these kinds that the record does not set aside, in order."""
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def moment(self, name: str, text: str, *, related: bool, step: int | None = None) -> Moment | None:
        """A time that a file tells, on the device's clock (`moment_of`)."""
        return moment_of(text, self.record.device.offset, self.note(name), related=related, step=step)

    @cached_property
    def key(self) -> bytes:
        """The key under which values of this run are told apart: nobody knows it who does not hold the evidence."""
        digest = hashlib.sha256(b"mingcha run key 1\0")
        for name in sorted(self.files):
            whole = hashlib.sha256(b"\0")
            whole.update(self.files[name])
            digest.update(whole.digest())
        return digest.digest()

    def profile(self, tables: Catalogue) -> Profile:
        """The device's own values; an empty profile where none was written. Raises RecordError."""
        name = self.record.profile
        if name is None:
            return Profile(())
        if name not in self.files:
            raise RecordError(f"run {self.record.run}: its profile {name} is not in the folder")
        return read_profile(self.whole(name), tables.information)
