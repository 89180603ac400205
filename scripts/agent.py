"""Builds the agent that the package ships out of its sources and Frida's Java bridge: python scripts/agent.py [--check].

Needs Frida's Python package (extra ``capture``) and npm, which fetches the bridge in the one version and with the one hash
named here. Frida's own compiler puts the files together, so the same versions give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import frida

HOME = Path(__file__).parent.parent / "src/mingcha/capture/runtime"
SOURCES, BUILT = HOME / "agent", HOME / "agent.js"
BRIDGE = "frida-java-bridge"
BRIDGE_SHA256 = "0ae4e5393b5bf237ba7cfe23666248a7e6884cc9321ac0a77f073bcb30d951c0"
ABOUT = HOME / "agent.yaml"
HEAD = """\
# What agent.js is; made with it by scripts/agent.py, not by hand. It begins as Frida's compiler writes it, so it says nothing itself.
sources: {sources}  # SHA-256
built: {built}  # SHA-256
contains: {bridge} {version}  # LGPL-2.0 with the wxWindows exception 3.1, which lets it be shipped in built form
compiler: frida {frida}
"""


def sources_digest() -> str:
    """SHA-256 over names and bytes of the agent's sources."""
    total = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        total.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def bridge_version() -> str:
    """The one version of the bridge, as package.json names it."""
    version: str = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["dependencies"][BRIDGE]
    return version


def build(folder: Path) -> tuple[str, str]:
    """The built agent, and what is to be said about it."""
    for path in SOURCES.iterdir():
        shutil.copy(path, folder)
    _fetch_bridge(folder)
    compiler = frida.Compiler()
    problems: list[object] = []
    compiler.on("diagnostics", problems.append)
    made = compiler.build("index.js", project_root=str(folder), compression="terser", source_maps="omitted")
    if problems:
        raise SystemExit(f"the agent does not compile: {problems}")
    return made, HEAD.format(
        sources=sources_digest(),
        built=hashlib.sha256(made.encode()).hexdigest(),
        bridge=BRIDGE,
        version=bridge_version(),
        frida=frida.__version__,
    )


def _fetch_bridge(folder: Path) -> None:
    subprocess.run(["npm", "pack", "--silent", f"{BRIDGE}@{bridge_version()}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    (archive,) = folder.glob("*.tgz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != BRIDGE_SHA256:
        raise SystemExit(f"{archive.name} has the SHA-256 {found}, not the one that scripts/agent.py names")
    target = folder / "node_modules" / BRIDGE
    target.mkdir(parents=True)
    with tarfile.open(archive) as bundle:
        bundle.extractall(target, filter="data")
    for entry in (target / "package").iterdir():
        entry.rename(target / entry.name)


def main() -> None:
    """Write the built agent, or with --check compare it with what is there."""
    with tempfile.TemporaryDirectory() as folder:
        made, about = build(Path(folder))
    if "--check" in sys.argv[1:]:
        if BUILT.read_text(encoding="utf-8") != made:
            raise SystemExit("agent.js is not what its sources give; run python scripts/agent.py")
    else:
        BUILT.write_text(made, encoding="utf-8")
        ABOUT.write_text(about, encoding="utf-8")
    print(f"{BUILT.name}: {len(made)} characters")


if __name__ == "__main__":
    main()
