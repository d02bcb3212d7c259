"""What does every browser test do with the page, and where do its pictures go?

Into warroom-screenshots among the temporary files; WARROOM_KEEP_SCREENSHOTS=1 replaces those in
`screenshots` here, which are committed.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

# They show the time of day, so that no two runs give the same.
IS_KEPT = os.environ.get("WARROOM_KEEP_SCREENSHOTS") == "1"
_PASSING = Path(tempfile.gettempdir()) / "warroom-screenshots"
SHOTS = Path(__file__).parent / "screenshots" if IS_KEPT else _PASSING
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def sign_in(browser: Browser, address: str, size: ViewportSize = DESKTOP) -> Page:
    """A window of their own for whoever the address names."""
    # What fades in is pale for a moment; nobody should see or measure that.
    page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    return page


def say(page: Page, words: str) -> None:
    """Write into the channel that is open."""
    composer(page).fill(words)
    composer(page).press("Enter")


def ask(page: Page, words: str, name: str) -> Locator:
    """Write a command, again where the app was not there for it; the modal it opens.

    An app that lost its socket takes up to ten seconds to notice.
    """
    form = page.get_by_role("dialog", name=name)
    for _ in range(4):
        say(page, words)
        with contextlib.suppress(PlaywrightTimeout):
            form.wait_for(timeout=7_000)
            return form
    say(page, words)
    form.wait_for()
    return form


def composer(page: Page) -> Locator:
    """The line in which one writes."""
    return page.get_by_role("textbox", name=re.compile("^Message "))


def click(what: Locator, leads_to: Locator) -> None:
    """Click, and once more if nothing came of it.

    A message that is edited under the finger is drawn anew, and takes the click with it; on a busy
    machine that happens.
    """
    what.click()
    with contextlib.suppress(PlaywrightTimeout):
        leads_to.wait_for(timeout=5_000)
        return
    what.click()
    leads_to.wait_for()


def choose(page: Page, form: Locator, label: str, name: str, *, exact: bool = False) -> None:
    """Take an option of a select."""
    form.get_by_role("combobox", name=label, exact=exact).click()
    page.get_by_role("option", name=name).click()


def message(page: Page, words: str) -> Locator:
    """The messages in which these words stand."""
    return page.locator("[data-ts]").filter(has_text=words)


def summary(page: Page) -> Locator:
    """The pinned summary of the room."""
    return message(page, "Harm now").first


def picture(page: Page, name: str) -> None:
    """One picture at the width the page has; the pointer is out of the way."""
    page.mouse.move(0, 0)
    page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")


def shoot(page: Page, name: str, at: Locator | None = None) -> None:
    """Pictures of the page at both widths, `at` in view; nothing may be wider than the phone."""
    for width, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)
        if at is not None:
            at.evaluate("(it) => it.scrollIntoView({block: 'start', behavior: 'instant'})")
        picture(page, f"{name}-{width}")
        shown = page.evaluate("document.documentElement.scrollWidth")
        assert shown <= size["width"], f"{name} is {shown} px wide"
    if at is not None:
        expect(at).to_be_visible()
