"""Pages for what went wrong: one sentence, and what to do."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.service.text import Text


def _page(request: HttpRequest, status: int, title: Text, advice: Text) -> HttpResponse:
    return render(request, "error.html", {"title": title, "advice": advice}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(
        request,
        400,
        Text("请求有误", "Something is wrong with the request"),
        Text("请返回上一页重试。", "Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(
        request, 403, Text("没有权限", "Not allowed"),
        Text("如应有权限，请确认已登录，并已设置通行密钥或动态口令。", "If you should be allowed: sign in, and set up a passkey or authenticator app."),
    )  # fmt: skip


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form does not show that it came from a page of ours: the session ended, or cookies are off."""
    return _page(
        request, 403, Text("页面已过期，没有提交", "The page is too old; nothing was sent"),
        Text("请返回上一页，复制已填写的内容，刷新后再提交。浏览器须允许本站的 Cookie。",
             "Go back, copy what you wrote, reload and send it again. The browser must allow this site's cookies."),
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(
        request, 404, Text("没有找到", "Not found"), Text("请核对地址或编号。", "Check the address or number.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: without the usual frame, which might be what is broken."""
    demo = "<p>演示，无法律效力 / Demonstration, without legal effect" if settings.CONFIGURATION.demo else ""
    return HttpResponse(
        f"<!doctype html><html lang=zh-Hans><title>系统错误</title>{demo}<p>系统错误，已记录。请稍后再试。/ Something broke; it was recorded.",
        status=500,
    )
