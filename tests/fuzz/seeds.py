"""Small valid files of every format, from the makers and the demo; archives as their members, so that these can be damaged."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mingcha.formats.dex import Dex
from tests.build import dexcode as d
from tests.build.apkparts import (
    Attr,
    Bag,
    Part,
    Ref,
    Variant,
    arsc,
    axml,
    certificate,
    distinguished_name,
    pkcs7,
    scheme_v2,
    scheme_v3,
    signing_block,
    zipped,
)
from tests.build.apkparts import Package as Resources
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method, container, dex
from tests.build.runs import made as made_run
from tests.build.tinyapp import element, manifest
from tests.fuzz import recordings
from tests.fuzz.mutate import altered, code_damaged, mutated
from tests.fuzz.tokens import HTML, MARKDOWN, PDF, WORDS, XML, YAML
from tests.unit.program import flowcase

DEMO = Path(__file__).parent.parent.parent / "demo"
LARGEST_REAL = 1 << 20
"""Real files above this are left out: a run is to try many files, not large ones."""


@dataclass(frozen=True)
class Seed:
    """A valid file: its bytes, or the members of an archive (with a signing block before the directory).

    ``tokens`` are pieces of the language of a text, ``record`` is true for JSON, whose values are damaged as well, ``code`` for
    an app whose instructions are damaged mostly, so that what reads tables lets it pass.
    """

    data: bytes = b""
    members: dict[str, bytes] = field(default_factory=dict)
    block: bytes = b""
    tokens: Sequence[bytes] = ()
    record: bool = False
    code: bool = False

    def whole(self, method: int = 8) -> bytes:
        """The file as it is."""
        if not self.members:
            return self.data
        return zipped(
            (Part(name, data, method=method) for name, data in self.members.items()), before_directory=self.block
        )

    def damaged(self, chance: random.Random) -> bytes:
        """A damaged copy; of an archive mostly one member, in an archive that is sound."""
        if self.record and chance.random() < 0.8:
            return json.dumps(altered(json.loads(self.data), chance), ensure_ascii=False).encode()
        if self.code and chance.random() < 0.75:
            return Seed(members=self.members | {"classes.dex": self._other_code(chance)}).whole(0)
        if not self.members or chance.random() < 0.25:
            return mutated(self.whole(chance.choice((0, 8))), chance, () if self.members else self.tokens)
        names = [*self.members, *(["signing block"] if self.block else [])]
        name = chance.choice(names)
        if name == "signing block":
            return Seed(members=self.members, block=mutated(self.block, chance)).whole()
        member = {name: mutated(self.members[name], chance, self.tokens)}
        return Seed(members=self.members | member, block=self.block).whole(chance.choice((0, 8)))

    def _other_code(self, chance: random.Random) -> bytes:
        data = self.members["classes.dex"]
        methods = Dex(data).methods
        spans = [(2 * first, 2 * end) for first, end in zip(methods.first.tolist(), methods.end.tolist(), strict=True)]
        return code_damaged(data, spans, chance)


# --- apps ----------------------------------------------------------------------------------------------------------

IDENTIFIER = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
SETTING = "Landroid/provider/Settings$Secure;->getString(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"
QUERY = (
    "Landroid/content/ContentResolver;->query(Landroid/net/Uri;[Ljava/lang/String;Ljava/lang/String;[Ljava/lang/String;"
    "Ljava/lang/String;)Landroid/database/Cursor;"
)
PARSE = "Landroid/net/Uri;->parse(Ljava/lang/String;)Landroid/net/Uri;"
FOR_NAME = "Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;"
LOADER = "Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/ClassLoader;)V"


def classes() -> list[Class]:
    """Two classes that ask for information in every way the call collector knows, with jumps, tables and handlers."""
    reads = [
        d.label("try"), d.invoke_virtual(IDENTIFIER, 0), d.move_result_object(1), d.const_string(2, "android_id"),
        d.invoke_static(SETTING, 0, 2), d.const_string(3, "content://sms/inbox"), d.invoke_static(PARSE, 3), d.move_result_object(4),
        d.const4(5, 0), d.label("end"), d.invoke_virtual_range(QUERY, 3, 6), d.sget_object(1, "Landroid/os/Build;->SERIAL:Ljava/lang/String;"),
        d.if_eqz(1, "out"), d.packed_switch(1, "table"), d.const_string(1, "中\0\U0001f600"), d.invoke_static(FOR_NAME, 1),
        d.fill_array_data(1, "array"), d.label("out"), d.return_void(), d.label("caught"), d.move_exception(1), d.goto("out"),
        d.packed_payload("table", 0, ["out", "end"]), d.array_payload("array", 2, b"\x71\x10\0\0\1\0"),
    ]  # fmt: skip
    code = Code(16, reads, [d.Try("try", "end", (("Ljava/lang/SecurityException;", "caught"),), "caught")])
    loads = Code(
        8,
        [d.new_instance(0, "Ldalvik/system/DexClassLoader;"), d.invoke_direct(LOADER, 0, 1, 2, 3, 4), d.return_void()],
    )
    return [
        Class(
            "Lcom/example/app/Main;",
            [Method("run(Landroid/content/Context;)V", code, PUBLIC), Method("load()V", loads)],
            ["f:I"],
        ),
        *(Class(f"Lcom/umeng/analytics/C{n};", [Method("m()V", loads, PUBLIC | STATIC)]) for n in range(6)),
    ]


STRINGS = ["https://api.example.com/privacy.html", "https://log.umeng.com/x", "a" * 300]


def app_manifest() -> bytes:
    main = element("intent-filter", element("action", name="android.intent.action.MAIN"))
    application = (
        "application",
        element("x", label=Ref(0x7F010000), allowBackup=False, usesCleartextTraffic=True)[1],
        [
            element("activity", main, name=".Main", exported=True),
            element("service", name="com.umeng.message.UmengService", foregroundServiceType=8),
            element("provider", name=".P", authorities="com.example.app.p;b"),
            element("meta-data", name="UMENG_APPKEY", value="k"),
        ],
    )
    return manifest(
        element("uses-sdk", minSdkVersion=21, targetSdkVersion=33),
        element("uses-permission", name="android.permission.READ_CONTACTS", maxSdkVersion=30),
        element("queries", element("package", name="com.tencent.mm")),
        application,
        versionCode=3,
        versionName="1.0",
    )


def table() -> bytes:
    texts = {
        "app_name": "Lamp",
        "policy": "https://example.com/privacy",
        "agree": "登录即同意《隐私政策》",
        "list": Bag(["a", 5, Ref(0x7F010000)]),
    }
    chinese = {"app_name": "小灯", "why": "需要相机权限用于扫码"}
    strings = [
        Variant(texts),
        Variant(chinese, language="zh-CN"),
        Variant({"app_name": "x"}, language="en", sparse=True),
    ]
    return arsc(
        Resources({"string": strings, "integer": [Variant({"n": 1}, compact=True), Variant({"n": 2}, short=True)]})
    )


def _app() -> Seed:
    signed = certificate("Example")
    members = {
        "AndroidManifest.xml": app_manifest(),
        "resources.arsc": table(),
        "classes.dex": dex(classes(), strings=STRINGS),
        "classes2.dex": dex([Class("Lcom/example/app/Other;")], version=39),
        "assets/plugin.jar": zipped([Part("classes.dex", dex(classes()[:1]))]),
        "assets/privacy.html": b"<p>x</p>",
        "lib/arm64-v8a/libflutter.so": b"x",
        "META-INF/CERT.RSA": pkcs7([signed], [(distinguished_name("Example"), 1)]),
    }
    return Seed(members=members, block=signing_block(scheme_v2(signed), scheme_v3(signed, 28, 33)))


def _set() -> Seed:
    return Seed(
        members={
            "base.apk": _app().whole(),
            "split_config.zh.apk": zipped([Part("AndroidManifest.xml", manifest(split="config.zh"))]),
        }
    )


def _container() -> Seed:
    return Seed(members={"AndroidManifest.xml": app_manifest(), "classes.dex": container(classes(), classes()[1:])})


def _programs() -> list[Seed]:
    """The small programs about flows, and the demo's code, as apps."""
    apps = [flowcase.apk(name) for name in flowcase.NAMES] + [(DEMO / "flashlight.apk").read_bytes()]
    return [Seed(members=_members(data), code=True) for data in apps]


# --- policies --------------------------------------------------------------------------------------------------------

SENTENCES = (
    "隐私政策", "更新日期：2026年1月1日", "一、我们收集的信息", "我们会收集您的手机号码、设备型号和位置信息，用于注册账号。",
    "我们不会收集您的通讯录。", "二、第三方SDK", "友盟+统计SDK（com.umeng.analytics）收集设备标识符，用于统计分析。",
    "您可以在“我的-设置-注销账号”中注销账号，我们将在15个工作日内答复。联系我们：kf@example.com，400-123-4567。",
)  # fmt: skip
ENGLISH = "Privacy Policy\n\nWe collect your phone number and location. We do not collect contacts. Contact us: a@example.com within 15 days.\n"


def page() -> bytes:
    rows = "<tr><th>SDK</th><th>信息</th></tr><tr><td rowspan=2>友盟</td><td>IMEI</td></tr><tr><td>MAC</td></tr>"
    body = "".join(f"<p>{s}</p>" for s in SENTENCES)
    return f"<!DOCTYPE html><html><head><title>隐私政策</title><meta charset=utf-8><script>var a='<p>'</script></head><body>{body}<table>{rows}</table></body></html>".encode()


def markdown() -> bytes:
    rows = "| SDK | 信息 |\n|---|---|\n| 友盟 | IMEI |\n"
    return (
        "# 隐私政策\n\n" + "\n\n".join(SENTENCES) + "\n\n- 一\n- **二** [三](http://example.com)\n\n" + rows
    ).encode()


def document() -> Seed:
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{s}</w:t></w:r></w:p>" for s in SENTENCES)
    cell = "<w:tc><w:tcPr/><w:p><w:r><w:t>友盟</w:t></w:r></w:p></w:tc>"
    text = f"<?xml version='1.0'?><w:document {word}><w:body>{body}<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl></w:body></w:document>"
    styles = f'<w:styles {word}><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
    members = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": text.encode(),
        "word/styles.xml": styles.encode(),
    }
    return Seed(members=members, tokens=XML)


def pdf() -> bytes:
    """Two pages in Latin letters; nothing is compressed, so that damage meets the structure."""
    pages = ["Privacy Policy", "We collect your phone number and location."]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 2 /Kids [4 0 R 6 0 R] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        content = f"BT /F 12 Tf 40 800 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()
    )


# --- all -------------------------------------------------------------------------------------------------------------


@cache
def made(form: str) -> tuple[Seed, ...]:
    """The seeds of a format, from the makers and the demo."""
    if form in recordings.MADE:
        return tuple(Seed(data, tokens=tokens) for data, tokens in recordings.MADE[form]())
    return tuple(_MADE[form]())


_MADE = {
    "apk": lambda: [_app(), _set(), _container(), *_real_archives(DEMO.glob("*.apk"))],
    "zip": lambda: [_app(), Seed(zipped([Part("a", b"x" * 99), Part("b", b"y", wide=True)], zip64=True, comment=b"c"))],
    "axml": lambda: [
        Seed(app_manifest()),
        Seed(axml(("a", [Attr("b", 1.5), Attr("c", Ref(5, 2)), Attr("d", True, 0x0101000F)], ["text", ("e", [], [])]))),
    ],
    "arsc": lambda: [Seed(table())],
    "dex": lambda: [
        Seed(dex(classes(), strings=STRINGS)),
        Seed(container(classes(), classes()[1:])),
        Seed(dex(classes(), version=39)),
    ],
    "code": _programs,
    "signing": lambda: [Seed(_app().whole())],
    "html": lambda: [Seed(page(), tokens=HTML), Seed((DEMO / "policy.html").read_bytes(), tokens=HTML)],
    "markdown": lambda: [Seed(markdown(), tokens=MARKDOWN)],
    "text": lambda: [
        *(
            Seed("\n".join(SENTENCES).encode(code), tokens=[token.encode(code) for token in WORDS])
            for code in ("utf-8", "gb18030", "utf-16")
        ),
        Seed(ENGLISH.encode(), tokens=[word.encode() for word in WORDS]),
    ],
    "pdf": lambda: [Seed(pdf()), Seed(pdf(), tokens=PDF)],
    "docx": lambda: [document()],
    "answers": lambda: [
        Seed((DEMO / name).read_bytes(), tokens=YAML) for name in ("answers.yaml", "answers-fixed.yaml")
    ],
    "facts": lambda: [Seed(_facts(), record=True)],
    "report": lambda: [Seed(_report(), record=True)],
    "run": lambda: [Seed(members=made_run(seed, requests=12).files) for seed in (1, 2, 3)],
}
FORMATS = (*_MADE, *recordings.MADE)


def _case() -> object:
    import tempfile

    from mingcha.inspection import open_case

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.apk")
        path.write_bytes(_app().whole())
        return open_case([path, DEMO / "policy.html"])


def _facts() -> bytes:
    from mingcha.catalogue.load import load
    from mingcha.inspection import collect_facts
    from mingcha.model.report import encode

    return encode(collect_facts(_case(), load()))  # type: ignore[arg-type]


def _report() -> bytes:
    from mingcha.inspection import inspect
    from mingcha.model.report import encode

    return encode(inspect(_case()))  # type: ignore[arg-type]


def _real_archives(paths: Iterator[Path]) -> list[Seed]:
    return [Seed(members=members) for path in sorted(paths) if (members := _members(path.read_bytes()))]


def _members(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, struct.error):
        return {}


_STARTS = {
    "apk": b"PK\3\4", "zip": b"PK\3\4", "signing": b"PK\3\4", "axml": b"\3\0\10\0", "arsc": b"\2\0\14\0", "dex": b"dex\n",
    "pdf": b"%PDF", "docx": b"PK\3\4", "html": b"<", "facts": b"{", "report": b"{", "har": b"{", "hooktable": b"\xd0\xcf\x11\xe0", "uidump": b"<?xml",
    "pcap": b"\xd4\xc3\xb2\xa1", "pcapdroid": b"IPProto,", "packagedump": b"Activity Resolver Table:",
}  # fmt: skip
_INSIDE = {"axml": "AndroidManifest.xml", "arsc": "resources.arsc", "dex": "classes.dex"}


def real(form: str, folder: Path) -> list[Seed]:
    """Real files of a format below a folder, alone or inside small apps."""
    found: list[Seed] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size <= LARGEST_REAL):
        data = path.read_bytes()
        if form in ("markdown", "text", "answers"):
            found += (
                [Seed(data)]
                if path.suffix in {"markdown": (".md",), "text": (".txt",), "answers": (".yaml",)}[form]
                else []
            )
        elif form in _STARTS and data.startswith(_STARTS[form]):
            found.append(Seed(data))
        elif form in _INSIDE and data.startswith(b"PK\3\4") and (inner := _members(data).get(_INSIDE[form], b"")):
            found += [Seed(inner)] if len(inner) <= LARGEST_REAL else []
    return found
