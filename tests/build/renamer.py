"""Renames the classes (and members) of an app as obfuscators do, so that tests can say: names alone changed.

    python -m tests.build.renamer IN.apk OUT.apk [--keep PREFIX]... [--one-package] [--members] [--seed N]

A plan says who is called how: ``flattened`` gives every class outside a keep-list a short name as R8's repackaging does,
``moved`` moves packages, ``MemberNames`` finds the members that may be renamed. ``renamed`` applies a plan to a DEX,
``renamed_app`` to an APK with its manifest and layouts. Signatures of the APK are left as they are, and so are void.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

from mingcha.formats.dex import Dex, text
from tests.build.dexparts import Names, class_members
from tests.build.dexrewrite import rewritten
from tests.build.xmlrename import renamed_xml

ClassName = Callable[[str], str]
"""From a class's descriptor to its new one (or the same)."""
_OBJECT = "Ljava/lang/Object;"
_OBJECTS = {
    "<init>", "<clinit>", "clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait",
}  # fmt: skip
_NATIVE = 0x100


def renamed(data: bytes, classes: ClassName | Mapping[str, str], members: MemberNames | None = None) -> bytes:
    """A DEX under other names. Strings that are the dotted name of a class in ``classes`` (if a mapping) follow.

    In a DEX of more than 65,536 strings a few of these may stay: their new place could not be reached by the instruction.
    """
    if isinstance(classes, Mapping):
        table = classes
        literals = {dotted(old): dotted(new) for old, new in classes.items()}
        names = Names(lambda cls: table.get(cls, cls), literal=lambda string: literals.get(string, string))
    else:
        names = Names(classes)
    if members:
        names.methods, names.fields = members.method, members.field
    return rewritten(data, names)


def renamed_app(
    apk: bytes, classes: Mapping[str, str], members: MemberNames | None = None, *, xml: bool = True, dex: bool = True
) -> bytes:
    """An APK with all its DEX under other names and, if ``xml``, the manifest and the layouts with them."""
    done = {dotted(old): dotted(new) for old, new in classes.items()}

    def change(name: str, data: bytes, package: str) -> bytes:
        if dex and is_dex(name):
            return renamed(data, classes, members)
        if xml and (name == "AndroidManifest.xml" or re.fullmatch(r"res/.*\.xml", name)) and data[:2] == b"\3\0":
            return renamed_xml(data, done, package if name == "AndroidManifest.xml" else None)
        return data

    return _repacked(apk, change)


def _repacked(apk: bytes, change: Callable[[str, bytes, str], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(apk)) as old, zipfile.ZipFile(out, "w") as new:
        package = package_of(old)
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, (1981, 1, 1, 1, 1, 2))
            entry.compress_type = member.compress_type
            new.writestr(entry, change(member.filename, old.read(member), package), compresslevel=1)
    return out.getvalue()


def package_of(archive: zipfile.ZipFile) -> str:
    """The package that the manifest names, or "" without one."""
    from mingcha.formats import axml

    if "AndroidManifest.xml" not in archive.namelist():
        return ""
    return str(axml.parse(archive.read("AndroidManifest.xml")).attr("package") or "")


def is_dex(name: str) -> bool:
    return re.fullmatch(r"classes\d*\.dex", name) is not None


def dexes(apk: bytes) -> Iterator[tuple[str, bytes]]:
    """Every DEX that Android loads by itself, with its member's name."""
    with zipfile.ZipFile(io.BytesIO(apk)) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist() if is_dex(name))


def defined(images: Iterable[bytes]) -> list[str]:
    """Descriptors of all classes defined in these DEX files, each once."""
    return list(dict.fromkeys(text(raw) for data in images for raw in Dex(data).class_descriptors()))


def dotted(descriptor: str) -> str:
    return descriptor[1:-1].replace("/", ".")


# --- plans ------------------------------------------------------------------------------------------------------------


def flattened(
    classes: Iterable[str], keep: Collection[str] = (), seed: int = 0, *, one_package: bool = False
) -> dict[str, str]:
    """A short name for every class that no prefix of ``keep`` (``Lcom/example/``) holds.

    Each package becomes a short one of its own (``a.b``), or all become one as with ``-repackageclasses``. Which class
    gets which letter depends on the seed alone.
    """
    names = [name for name in dict.fromkeys(classes) if not name.startswith(tuple(keep))]
    taken = set(classes) - set(names)
    packages = sorted({"" if one_package else name.rpartition("/")[0] for name in names})
    random.Random(seed).shuffle(names)
    random.Random(seed + 1).shuffle(packages)
    short = {package: "/".join(_letters(number)) for number, package in enumerate(packages)}
    numbers = {package: count() for package in packages}
    plan = {}
    for name in names:
        package = "" if one_package else name.rpartition("/")[0]
        fresh = (f"L{short[package]}/{''.join(_letters(number))};" for number in numbers[package])
        plan[name] = next(new for new in fresh if new not in taken)
    return plan


def _letters(number: int) -> list[str]:
    """a … z, aa … zz, aaa …: the letters of the number-th short name."""
    found = [chr(ord("a") + number % 26)]
    while number >= 26:
        number = number // 26 - 1
        found.insert(0, chr(ord("a") + number % 26))
    return found


def moved(classes: Iterable[str], packages: Mapping[str, str]) -> dict[str, str]:
    """Classes of the packages (``com.umeng``), and of those below, under the package's new name; the rest stays."""
    plan = {}
    for name in classes:
        for old, new in packages.items():
            start = f"L{old.replace('.', '/')}/"
            if name.startswith(start):
                plan[name] = f"L{new.replace('.', '/')}/{name[len(start) :]}"
                break
    return plan


# --- members ----------------------------------------------------------------------------------------------------------


class MemberNames:
    """New names for methods and fields that nothing outside the app can know.

    A family is all classes connected by superclass and interface. A member is renamed where no class of the family has
    a supertype from outside except Object; native methods, Object's, and names in ``keep`` stay. Members that are
    reached by name in other ways (reflection, JavaScript) must be in ``keep``.
    """

    def __init__(self, images: Iterable[bytes], keep: Collection[str] = ()) -> None:
        loaded = [Dex(data) for data in images]
        self._parents = {name: above for image in loaded for name, above in _hierarchy(image)}
        self._own = self._families()
        names = {"field": set[str](), "method": set[str]()}
        native = set(keep) | _OBJECTS
        for image in loaded:
            native |= {text(image.method_parts(number)[1]) for number in _natives(image)}
            for raw in image.class_descriptors():
                kind = image.find_type(raw)
                if kind is not None and text(raw) in self._own:
                    names["method"] |= {text(image.member_bytes(n, field=False)) for n in image.methods_of(kind)}
                    names["field"] |= {text(image.member_bytes(n, field=True)) for n in image.fields_of(kind)}
        self._methods = self._fresh(names["method"] - native)
        self._fields = self._fresh(names["field"] - native)

    @staticmethod
    def _fresh(names: set[str]) -> dict[str, str]:
        return {name: "".join(_letters(number)) + "0" for number, name in enumerate(sorted(names))}

    def _families(self) -> set[str]:
        """Classes of families without a supertype from outside."""
        leader = {name: name for name in self._parents}

        def head(name: str) -> str:
            while leader[name] != name:
                leader[name] = leader[leader[name]]
                name = leader[name]
            return name

        for name, above in self._parents.items():
            for parent in above:
                if parent in leader:
                    leader[head(name)] = head(parent)
        outside = {
            head(name)
            for name, above in self._parents.items()
            if any(parent not in self._parents and parent != _OBJECT for parent in above)
        }
        return {name for name in self._parents if head(name) not in outside}

    def method(self, cls: str, name: str) -> str:
        return self._methods.get(name, name) if cls in self._own else name

    def field(self, cls: str, name: str) -> str:
        return self._fields.get(name, name) if cls in self._own else name


def _hierarchy(image: Dex) -> Iterator[tuple[str, list[str]]]:
    for row, raw in enumerate(image.class_descriptors()):
        above = [*filter(None, [image.superclass(row)]), *image.interfaces(row)]
        yield text(raw), [text(parent) for parent in above]


def _natives(image: Dex) -> Iterator[int]:
    """Method ids that are declared native (their access flags stand in the class data, without code)."""
    for lists in class_members(image.data):
        yield from (number for rows in lists[2:] for number, access, _ in rows if access & _NATIVE)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("source", type=Path)
    options.add_argument("target", type=Path)
    options.add_argument("--keep", action="append", default=[], help="prefix of descriptors, as Lcom/example/")
    options.add_argument("--one-package", action="store_true")
    options.add_argument("--members", action="store_true")
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    apk = asked.source.read_bytes()
    images = [data for _, data in dexes(apk)]
    plan = flattened(defined(images), asked.keep, asked.seed, one_package=asked.one_package)
    members = MemberNames(images) if asked.members else None
    asked.target.write_bytes(renamed_app(apk, plan, members))


if __name__ == "__main__":
    main()
