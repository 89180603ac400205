"""A person's browser in the test: headless Chromium opens the plan's page, and Playwright writes down its HAR."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""The browser resolves no name: whatever it asks for, it must ask the proxy."""


def browse(page_url: str, proxy: str, chromium: str, har: Path, arrived: Callable[[], bool]) -> str:
    """Open the page through the proxy, leave it, and wait until everything has arrived; gives the browser's version."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, proxy={"server": proxy}, args=list(ARGUMENTS))
        try:
            context = browser.new_context(
                ignore_https_errors=True, record_har_path=har, record_har_content="embed", service_workers="block"
            )
            page = context.new_page()
            page.goto(page_url, wait_until="load", timeout=30_000)
            page.wait_for_function("window.done === true", timeout=30_000)
            page.wait_for_load_state("networkidle", timeout=10_000)
            page.goto("about:blank")  # what a page sends while it is left
            for _ in range(100):
                page.wait_for_timeout(100)
                if arrived():
                    break
            context.close()
            return browser.version
        finally:
            browser.close()
