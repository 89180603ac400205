"""Makes ``catalogue/framework.txt``: which classes Android itself has, their supertypes, and which methods an app may override.

Not run by the tests. Run ``python -m tests.build.framework_table FOLDER`` where Maven and JDK 17 are: what is missing in FOLDER is
fetched by name from Maven Central. What is public say the lists of three API levels (apilists.py); whether a method is
final says a class file: Android's own, and for ``java.lang``, which Robolectric's archives lack, that of the JDK it is based on.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from tests.build.apilists import Listed, Members, read_list
from tests.build.classfile import FINAL, INTERFACE, PROTECTED, PUBLIC, STATIC, SYNTHETIC, ClassFile, Jar

TARGET = "src/mingcha/catalogue/framework.txt"
GUMMY = "com.toasttab.android:gummy-bears-api-"
LISTS = (f"{GUMMY}34:0.10.0:signature", f"{GUMMY}33:0.10.0:expediter", f"{GUMMY}21:0.9.0:expediter")
"""Newest first. Level 34 has no flags, 33 has; 21 is the last level with org.apache.http."""
ROBOLECTRIC = "org.robolectric:android-all:"
JARS = (f"{ROBOLECTRIC}17-robolectric-16653203:jar", f"{ROBOLECTRIC}6.0.1_r3-robolectric-r1:jar")
JDK = ("jmods", "java.base.jmod")

PACKAGES = re.compile(r"(android(?!/test/)|java|javax|dalvik|org/(json|w3c/dom|xml/sax|xmlpull|apache/http))/")
SKIPPED = re.compile(r"\$[0-9]|^android/(Manifest|R)\b")
OBJECT = "java/lang/Object"

SHORTENED_FROM = 6
"""A class is named in short where methods name it at least so many times: what it saves, its full name below does not cost."""

HEADER = """\
# The classes of Android that an app may name. Made by tests/build/framework_table.py, not by hand; read by framework.py.
# Names and relations only: facts of the public API of the Android Open Source Project (Apache License 2.0), levels 21, 33 and 34.
# From (SHA-256):
{sources}
# A line: class; flags (i interface, f final, - neither); supertypes, the superclass first (java/lang/Object, which stands above
# all, is left out; - none); then, of a class that an app's class can have above it, its public and protected methods: as they
# are, those that can be overridden; behind "=", those that are final or static. In methods stands the simple name
# alone, LString;, for the classes in the line "@".
@ {short}
"""


def main(folder: str) -> None:
    """Writes the table from what lies in ``folder`` or is fetched into it."""
    jdk = os.path.join(java_home(), *JDK)
    lists, jars = [fetched(name, folder) for name in LISTS], [fetched(name, folder) for name in JARS]
    lines, short = shortened(
        table([read_list(path) for path in lists], [Jar(path) for path in (jars[0], jdk, jars[1])])
    )
    sources = "\n".join(f"#   {digest(path)}  {os.path.basename(path)}" for path in (*lists, *jars, jdk))
    with open(TARGET, "w", encoding="utf-8") as file:
        file.write(HEADER.format(sources=sources, short=" ".join(short)) + "\n".join(lines) + "\n")


def fetched(name: str, folder: str) -> str:
    """The path of an artefact (group:artefact:version:type), fetched by Maven unless it is there."""
    _, artefact, version, kind = name.split(":")
    path = os.path.join(folder, f"{artefact}-{version}.{kind}")
    if not os.path.exists(path):
        group, artefact, version, kind = name.split(":")
        wanted = f"-Dartifact={group}:{artefact}:{version}:{kind}"
        subprocess.run(["mvn", "-q", "-B", "dependency:copy", wanted, f"-DoutputDirectory={folder}"], check=True)
    return path


def java_home() -> str:
    """The folder of the JDK 17, from JAVA_HOME or from where Debian has it."""
    return os.environ.get("JAVA_HOME") or "/usr/lib/jvm/java-17-openjdk-amd64"


def digest(path: str) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- the table ----------------------------------------------------------------------------------------------------------

Lists = Sequence[dict[str, Listed]]


def table(lists: Lists, jars: Sequence[Jar]) -> list[str]:
    """A line per public class, sorted."""
    known = sorted(name for name in set().union(*lists) if PACKAGES.match(name) and not SKIPPED.search(name))
    return [row(name, lists, jars) for name in known]


def row(name: str, lists: Lists, jars: Sequence[Jar]) -> str:
    """What all levels together say about one class."""
    listed = [rows[name] for rows in lists if name in rows]
    flags = class_flags(name, listed, jars)
    letters = "i" * bool(flags & INTERFACE) + "f" * bool(flags & FINAL) or "-"
    methods = {method: access(name, method, listed, jars) for row in listed for method in row.methods}
    words = method_words(methods) if extensible(flags, methods) else ()
    return " ".join([name, letters, ",".join(supers(listed)) or "-", *words])


def supers(listed: Sequence[Listed]) -> list[str]:
    """The superclass of the newest level, and the interfaces of every level."""
    parent = listed[0].supers[:1]
    interfaces = {name for row in listed for name in row.supers[1:]}
    return [name for name in (*parent, *sorted(interfaces.difference(parent))) if name != OBJECT]


def class_flags(name: str, listed: Sequence[Listed], jars: Sequence[Jar]) -> int:
    """The newest flags known: of a class file where there is one, otherwise of a list."""
    stated = [row.access for row in class_files(name, jars)] + [row.access for row in listed if row.access is not None]
    return stated[0] if stated else 0


def extensible(flags: int, methods: Members) -> bool:
    """Whether an app's class can have this one above it: an interface, or not final and with a constructor to call."""
    constructor = any(method.startswith("<init>") and is_open(flags) for method, flags in methods.items())
    return bool(flags & INTERFACE) or (not flags & FINAL and constructor)


def is_open(flags: int | None) -> bool:
    """Whether an app may name the member; one whose flags are known nowhere counts as none."""
    return flags is not None and bool(flags & (PUBLIC | PROTECTED)) and not flags & SYNTHETIC


def method_words(methods: Members) -> Iterator[str]:
    """The methods that an app may name, marked where nobody can override them."""
    for method, flags in sorted(methods.items()):
        if flags is not None and is_open(flags) and method[0] != "<":
            yield "=" * bool(flags & (FINAL | STATIC)) + method


def access(name: str, method: str, listed: Sequence[Listed], jars: Sequence[Jar]) -> int | None:
    """The newest flags known; the lists, which come last, do not know of final methods."""
    for jar in jars:
        flags = inherited_flags(jar, name, method)
        if flags is not None:
            return flags
    return next((row.methods[method] for row in listed if row.methods.get(method) is not None), None)


@cache
def inherited_flags(jar: Jar, name: str, method: str) -> int | None:
    """The flags of the method in the class, or in the hidden superclass from which the SDK's stubs lift it."""
    row = jar.get(name)
    if row is None or method in row.methods:
        return row.methods[method] if row else None
    return next((flags for up in row.supers if (flags := inherited_flags(jar, up, method)) is not None), None)


def class_files(name: str, jars: Sequence[Jar]) -> list[ClassFile]:
    """The class in every archive that has it."""
    return [row for jar in jars if (row := jar.get(name)) is not None]


# --- shorter names ------------------------------------------------------------------------------------------------------

TYPE = re.compile(r"L([^;()]+/)([^;()/]+);")


def shortened(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines with frequent classes named in short, and the full names of those classes, sorted."""
    counts = Counter(package + simple for line in lines for package, simple in TYPE.findall(line))
    full: dict[str, str] = {}
    for name, count in counts.most_common():
        if count >= SHORTENED_FROM:
            full.setdefault(name.rpartition("/")[2], name)
    return [TYPE.sub(lambda found: _short(found, full), line) for line in lines], sorted(full.values())


def _short(found: re.Match[str], full: dict[str, str]) -> str:
    package, simple = found.groups()
    return f"L{simple};" if full.get(simple) == package + simple else found[0]


if __name__ == "__main__":
    main(sys.argv[1])
