"""The renamer changes names and nothing else, as dexdump and our reader see it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from mingcha.collect.package import dotted as plain
from mingcha.formats.axml import parse
from mingcha.formats.dex import Dex
from tests.build import dexcode as op
from tests.build.dexmaker import CONSTRUCTOR, PUBLIC, Class, Code, Method, dex
from tests.build.enlarge import enlarged
from tests.build.renamer import MemberNames, defined, dexes, dotted, flattened, moved, renamed, renamed_app
from tests.build.xmlrename import renamed_xml

DEMO = (Path(__file__).resolve().parents[2] / "demo" / "flashlight.apk").read_bytes()
HOME = "Lcn/mingcha/demo/flashlight/"
CLASS = re.compile(r"L[^;\s\"'(){}<>:,]+;")
HEAD = re.compile(r"^    #\d+ +: \(in (L.*;)\)$", re.MULTILINE)
CODE = re.compile(r"^[0-9a-f]{6,}: [0-9a-f ]+\|[0-9a-f]{4}: (\S+) ?(.*?)(?: // \w+@[0-9a-f]+)?$")


def _images(apk: bytes = DEMO) -> list[bytes]:
    return [data for _, data in dexes(apk)]


def _steps(data: bytes, folder: Path, plan: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """(class, opcode, operands) of every instruction as dexdump prints it, classes named by the plan."""
    if shutil.which("dexdump") is None:
        pytest.skip("dexdump is not installed")
    (folder / "a.dex").write_bytes(data)
    done = subprocess.run(["dexdump", "-d", folder / "a.dex"], capture_output=True, check=True)
    texts = {dotted(old): dotted(new) for old, new in plan.items()}
    found: Counter[tuple[str, str, str]] = Counter()
    cls = ""
    for line in done.stdout.decode("utf-8", "replace").split("\n"):
        if head := HEAD.match(line):
            cls = plan.get(head[1], head[1])
        elif code := CODE.match(line):
            operands = CLASS.sub(lambda name: plan.get(name[0], name[0]), code[2])
            if code[1].startswith("const-string"):
                operands = re.sub('"(.*)"', lambda text: texts.get(text[1], text[1]), operands)
            found[cls, code[1], operands] += 1
    return found


@pytest.mark.parametrize("one_package", [False, True])
def test_same_instructions(tmp_path: Path, one_package: bool) -> None:
    """dexdump reads the renamed program and sees the same instructions in it, up to the names of classes."""
    (data,) = _images()
    plan = flattened(defined([data]), seed=5, one_package=one_package)
    before = _steps(data, tmp_path, plan)
    assert sum(before.values()) > 500
    assert _steps(renamed(data, plan), tmp_path, {}) == before


def test_nothing_of_the_old_name_is_left() -> None:
    """No string of the renamed program names an old class, as descriptor or with dots."""
    (data,) = _images()
    classes = defined([data])
    made = Dex(renamed(data, flattened(classes)))
    texts = {made.string(n) for n in range(made.string_count)}
    assert classes
    assert not texts & {*classes, *map(dotted, classes)}


def test_back_again() -> None:
    """Renaming there and back gives a program with the same strings, classes and methods as before."""
    (data,) = _images()
    plan = flattened(defined([data]), seed=2)
    back = renamed(renamed(data, plan), {new: old for old, new in plan.items()})
    one, two = Dex(renamed(data, {})), Dex(back)
    assert [one.string(n) for n in range(one.string_count)] == [two.string(n) for n in range(two.string_count)]
    assert one.class_descriptors() == two.class_descriptors()
    assert _names(data) == _names(back)


def test_plan() -> None:
    """A plan is the same for the same seed, another for another one, injective, and leaves what is kept alone."""
    classes = defined(_images())
    keep = [HOME + "Main"]
    plan = flattened(classes, keep, seed=1)
    assert plan == flattened(classes, keep, seed=1) != flattened(classes, keep, seed=2)
    assert len(set(plan.values())) == len(plan)
    assert set(classes) - set(plan) == {name for name in classes if name.startswith(keep[0])} != set()
    assert all(re.fullmatch(r"L[a-z]+(/[a-z]+)*;", new) for new in plan.values())


def test_moved_package() -> None:
    """A moved package takes the packages below it along and leaves its namesakes."""
    plan = moved(["Lcom/umeng/A;", "Lcom/umeng/x/B;", "Lcom/umengine/C;"], {"com.umeng": "a.a"})
    assert plan == {"Lcom/umeng/A;": "La/a/A;", "Lcom/umeng/x/B;": "La/a/x/B;"}


def test_manifest_follows() -> None:
    """Every component of the renamed manifest is a class of the renamed program, also one written with a dot in front."""
    plan = flattened(defined(_images()), seed=3)
    made = renamed_app(DEMO, plan)
    classes = {dotted(name) for name in defined(_images(made))}
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        manifest = parse(archive.read("AndroidManifest.xml"))
    tags = {"application", "activity", "service", "receiver", "provider"}
    names = {element.attr("name") for element in manifest.iter() if element.name in tags} - {None}
    assert len(names) > 3
    assert names <= classes
    assert manifest.attr("package") == "cn.mingcha.demo.flashlight"


SAMPLE = [
    Class("La/Run;", [Method("run()V", access=PUBLIC | 0x400)], access=0x601),
    Class(
        "La/Base;",
        [
            Method("work()V", Code(1, [op.return_void()]), PUBLIC),
            Method("toString()V", Code(1, [op.return_void()]), PUBLIC),
        ],
        ["kept:I"],
        interfaces=["La/Run;"],
    ),
    Class("La/Task;", [Method("run()V", Code(1, [op.return_void()]), PUBLIC)], interfaces=["Ljava/lang/Runnable;"]),
    Class(
        "La/Use;",
        [
            Method(
                "go()V",
                Code(
                    2,
                    [
                        op.const_string(0, "a.Base"),
                        op.const_string(0, "a.Based"),
                        op.invoke_virtual("La/Base;->work()V", 1),
                        op.invoke_virtual("La/Task;->run()V", 1),
                        op.sget_object(0, "La/Base;->kept:I"),
                        op.return_void(),
                    ],
                ),
            )
        ],
    ),
]


def _names(data: bytes) -> set[str]:
    made = Dex(data)
    return {made.method_name(row) for row in range(len(made.method_classes))}


def test_members() -> None:
    """A method is renamed with its calls where no type from outside can know it; others keep their names."""
    data = dex(SAMPLE)
    names = _names(renamed(data, {}, MemberNames([data])))
    assert {"La/Base;->toString()V", "La/Task;->run()V"} <= names
    assert not {"La/Base;->work()V", "La/Run;->run()V", "La/Use;->go()V"} & names
    assert len(names) == len(_names(data))


def test_class_names_in_strings() -> None:
    """A string that is the name of a renamed class follows it; one that only begins like it stays."""
    made = Dex(renamed(dex(SAMPLE), {"La/Base;": "Lz/Q;"}))
    texts = {made.string(n) for n in range(made.string_count)}
    assert {"z.Q", "a.Based"} <= texts
    assert "a.Base" not in texts


def test_strings_keep_their_bytes() -> None:
    """A string that no name concerns keeps its bytes, also where they are no text: half a surrogate pair."""
    data = dex([Class("La/B;", [Method("go()V", Code(1, [op.const_string(0, "x\ud800\0y"), op.return_void()]))])])
    made = Dex(renamed(data, {"La/B;": "Lq/R;"}))
    assert b"x\xed\xa0\x80\xc0\x80y" in {made.string_bytes(n) for n in range(made.string_count)}


def test_clash_is_refused() -> None:
    """Two classes under one name are refused."""
    with pytest.raises(ValueError, match="same name"):
        renamed(dex(SAMPLE), lambda cls: "La/X;" if cls.startswith("La/") else cls)


def test_initial_values_and_annotations(tmp_path: Path) -> None:
    """Annotations and initial values of the demo are the same as before, as dexdump lists them, class names apart."""
    if shutil.which("dexdump") is None:
        pytest.skip("dexdump is not installed")
    (data,) = _images()
    plan = flattened(defined([data]), seed=4)
    shown = []
    for made in (renamed(data, {}), renamed(data, plan)):
        (tmp_path / "a.dex").write_bytes(made)
        out = subprocess.run(["dexdump", "-a", tmp_path / "a.dex"], capture_output=True, check=True).stdout.decode()
        lines = [line.strip() for line in out.split("\n") if "VISIBILITY" in line or "value " in line]
        shown.append(Counter(CLASS.sub(lambda name: plan.get(name[0], name[0]), line) for line in lines))
    assert sum(shown[0].values()) > 5
    assert shown[0] == shown[1]


def test_enlarged() -> None:
    """An enlarged app has the size asked for, its own code first, and copies whose classes are all new."""
    made = _images(enlarged(DEMO, 0.06))
    assert made[0] == _images()[0]
    assert sum(map(len, made)) >= 60_000
    classes = [name for data in made for name in defined([data])]
    assert len(set(classes)) == len(classes) == len(made) * len(defined(made[:1]))
    assert plain(classes[-1]).startswith(f"copy{len(made) - 1}.")


def test_xml_without_names_is_untouched() -> None:
    """Binary XML that names no renamed class comes back byte for byte."""
    with zipfile.ZipFile(io.BytesIO(DEMO)) as archive:
        data = archive.read("AndroidManifest.xml")
    assert renamed_xml(data, {"no.Such": "a.b"}) == data


def test_access_flags() -> None:
    """A constructor flag survives: dexdump would refuse a constructor that is not marked as one."""
    data = dex([Class("La/B;", [Method("<init>()V", Code(1, [op.return_void()]), PUBLIC | CONSTRUCTOR)])])
    assert Dex(renamed(data, {"La/B;": "Lq/R;"})).methods.access.tolist() == [PUBLIC | CONSTRUCTOR]
