"""A call belongs to the first frame of the stack that says something, by the longest prefix that ends at a dot."""

from __future__ import annotations

import pytest

from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.stacks import Stacks, frames
from mingcha.model.sdk import Signature
from tests.build.tinyapp import catalogue, sdk

TABLES = catalogue(
    sdks=[
        sdk("umeng", Signature(form="package", value="com.umeng")),
        sdk(
            "umeng-push",
            Signature(form="package", value="com.umeng.message"),
            Signature(form="class", value="org.agoo.Sole"),
        ),
        sdk("guess", Signature(form="package", value="com.guess", verified=False)),
        sdk("one", Signature(form="package", value="com.shared")),
        sdk("two", Signature(form="package", value="com.shared")),
        sdk("chat", Signature(form="package", value="com.android.chat")),
    ],
    libraries=["com.google.gson", "io.reactivex"],
)
STACKS = Stacks(Ground(tables=TABLES, sha256="", package="com.example.app", own=("com.example.base",)))


@pytest.mark.parametrize(
    ("stack", "owner"),
    [
        (["com.umeng.a.b:1"], "umeng"),
        (["com.umeng.message.P.b:1"], "umeng-push"),
        (["com.umengx.a.b"], "unknown"),
        (["org.agoo.Sole$1.run:2"], "umeng-push"),
        (["org.agoo.Sole2.run:2"], "unknown"),
        (["com.guess.A.b"], "unknown"),
        (["com.shared.A.b"], "unknown"),
        (["com.android.chat.A.b"], "chat"),
        (["com.example.app.A.b"], "app"),
        (["com.example.base.A.b"], "app"),
        (["com.example.application.A.b"], "unknown"),
        (
            [
                "java.lang.Thread.run",
                "android.os.Handler.x",
                "com.google.gson.A.b",
                "okhttp3.A.b",
                "$Proxy3.getX",
                "com.umeng.A.b",
            ],
            "umeng",
        ),
        (["com.yl.lib.sentry.hook.A.b", "de.robv.android.xposed.X.y", "LSPHooker_.getX", "com.example.app.A.b"], "app"),
        (["a.b.c:1", "com.umeng.A.b"], "unknown"),
        (["java.lang.Thread.run"], "none"),
        ([], "none"),
    ],
)
def test_owner(stack: list[str], owner: str) -> None:
    """SDK, app, or nobody: unverified and shared prefixes accuse nobody, and neither does code that is not known."""
    actor = STACKS.actor(tuple(stack))
    assert (actor.id or (actor.kind if actor.by == "stack" else "none")) == owner


def test_who_asked() -> None:
    """Where one owner's code was called by another's, both are told; the app's own call asks nobody."""
    assert STACKS.actor(("com.umeng.A.b:1", "java.lang.X.y", "com.example.app.M.n:2")).asked_by == "app"
    assert STACKS.actor(("com.example.app.L.on:1", "com.umeng.A.b")).asked_by == "umeng"
    assert STACKS.actor(("com.umeng.A.b:1", "q.w.e:1")).asked_by == "unknown"
    assert STACKS.actor(("com.example.app.A.b:1", "com.example.app.C.d:1", "android.x.y")).asked_by is None


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("   at com.x.Y.z(Y.java:12)", "com.x.Y.z:12"), ("   a.B.<init>(Native Method)", "a.B.<init>"), ("java.base/a.B.c(B.java:3)\r", "a.B.c:3"),
        ("a.b.C$D.e() 1,536 <- ", "a.b.C$D.e:1536"), ("tms-dalvik.system.VMStack.get() -2 <- ", "dalvik.system.VMStack.get"), ("a.B.c:7", "a.B.c:7"),
        ("$Proxy3.getX() -1", "$Proxy3.getX"), ("o.ᐝ.ˊ(Unknown Source:4)", "o.ᐝ.ˊ:4"), ("a.B.lambda$run$0(SourceFile)", "a.B.lambda$run$0"),
        ("a.-$$Lambda$x.run(Unknown Source:2)", "a.-$$Lambda$x.run:2"),
        ("39.9042", None), ("192.168.1.7", None), ("13800138000", None), ("zhang@example.com", None), ("身份证 1101", None), ("", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_frames(line: str, frame: str | None) -> None:
    """The ways of four recorders to write a frame are one; a text that is no frame is not kept, as it could be a value."""
    assert frames([line]) == ((frame,) if frame else ())
