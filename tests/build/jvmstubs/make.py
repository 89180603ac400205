"""Compiles the stubs into ``stubs.jar``; the same sources and JDK give the same bytes: python -m tests.build.jvmstubs.make."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
JAR = HERE / "stubs.jar"
SOURCES = "SOURCES.sha256"
"""In the archive: what it was made from."""
PLUGIN = "plugin"
"""In the archive: a folder whose classes the app does not see."""


def sources() -> list[Path]:
    """The Java files, sorted."""
    return sorted(HERE.rglob("*.java"))


def digest() -> str:
    """SHA-256 over names and bytes of the sources."""
    total = hashlib.sha256()
    for path in sources():
        total.update(f"{path.relative_to(HERE).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def main() -> None:
    """Compile for Java 11, so that any JDK since runs it."""
    with tempfile.TemporaryDirectory() as made:
        _compile("java", made)
        _compile("plugin", f"{made}/{PLUGIN}")
        with zipfile.ZipFile(JAR, "w") as archive:
            for path in sorted(Path(made).rglob("*.class")):
                _add(archive, path.relative_to(made).as_posix(), path.read_bytes())
            _add(archive, SOURCES, digest().encode())


def _compile(folder: str, target: str) -> None:
    files = [str(path) for path in sources() if path.is_relative_to(HERE / folder)]
    subprocess.run(["javac", "--release", "11", "-g:source,lines", "-d", target, *files], check=True)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
