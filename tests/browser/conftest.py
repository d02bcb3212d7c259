"""A browser, and the demo as anybody starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import kit as kits
from tests.browser import stage as stages
from tests.browser.acts import WITHIN, sign_in
from tests.browser.kit import Kit
from tests.prepare import chromium_path

_FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
expect.set_options(timeout=WITHIN)


# Not for the session: while it is there, Playwright's loop runs, and no asynchronous test can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """A workspace with a plain Bolt app that shows every block and every modal."""
    with kits.workspace(tmp_path_factory.mktemp("kit")) as kit:
        yield kit


@pytest.fixture(scope="module")
def window(browser: Browser, kit: Kit) -> Page:
    """Mara's window in #general of that workspace."""
    return sign_in(browser, f"{kit.address}/?as=U0ONCALL&channel=C0GENERAL")


@pytest.fixture
def page(window: Page, kit: Kit) -> Page:
    """The same window without dialogs; the app has heard nothing yet."""
    while window.get_by_role("dialog").count():
        window.keyboard.press("Escape")
        window.evaluate("new Promise(requestAnimationFrame)")
    kit.forget()
    return window


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a module's demo; stopped as Ctrl-C does, and that must go well."""
    with stages.started(tmp_path_factory.mktemp("demo"), "-m", "bot", "demo") as program:
        yield program.said(r"http://127\.0\.0\.1:\d+")
