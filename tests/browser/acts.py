"""What does every browser test do with the page, and where do its pictures go?

Into warroom-screenshots among the temporary files; WARROOM_KEEP_SCREENSHOTS=1 replaces those in
`screenshots` here, which are committed.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

# They show the time of day, so that no two runs give the same.
IS_KEPT = os.environ.get("WARROOM_KEEP_SCREENSHOTS") == "1"
_PASSING = Path(tempfile.gettempdir()) / "warroom-screenshots"
SHOTS = Path(__file__).parent / "screenshots" if IS_KEPT else _PASSING
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
WITHIN = 30_000  # milliseconds until what was done is seen; on a busy machine it takes seconds
_SOON = 8_000  # milliseconds after which one tries again


def sign_in(browser: Browser, address: str, size: ViewportSize = DESKTOP) -> Page:
    """A window of their own for whoever the address names."""
    # What fades in is pale for a moment; nobody should see or measure that.
    page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
    page.set_default_timeout(WITHIN)
    page.goto(address)
    return page


def say(page: Page, words: str) -> None:
    """Write into the channel that is open."""
    composer(page).fill(words)
    composer(page).press("Enter")


def until(seen: Locator, act: Callable[[], None]) -> None:
    """Act until this is seen, four times at most.

    A trigger lives three seconds, so that on a busy machine the app may come too late with its
    modal; an app that lost its socket takes up to ten to notice. What comes late is looked for
    first: it may lie over what one would press again.
    """
    for tried in range(4):
        if tried and seen.is_visible():
            return
        with contextlib.suppress(PlaywrightTimeout):
            act()
            seen.wait_for(timeout=_SOON)
            return
    seen.wait_for()


def leave(page: Page) -> None:
    """Press Escape until no dialog is open: one may be there before it has the focus."""
    dialogs = page.get_by_role("dialog")
    for _ in range(4):
        page.keyboard.press("Escape")
        with contextlib.suppress(AssertionError):
            expect(dialogs).to_have_count(0, timeout=_SOON)
            return
    expect(dialogs).to_have_count(0)


def ask(page: Page, words: str, name: str) -> Locator:
    """Write a command, again where the app was not there for it; the modal it opens."""
    form = page.get_by_role("dialog", name=name)
    until(form, lambda: say(page, words))
    return form


def said(page: Page, words: str) -> Locator:
    """Write into the channel that is open; the message, once it is there."""
    line = message(page, words).first
    until(line, lambda: say(page, words))
    return line


def enter(page: Page, link: Locator, room: str) -> None:
    """Go into a room from a dialog that names it, until one can write there."""
    click(link, leads_to=composer(page, room))
    summary(page).wait_for()
    # While a dialog is open, what is behind it takes no key.
    expect(page.get_by_role("dialog")).to_have_count(0)


def composer(page: Page, channel: str = "") -> Locator:
    """The line in which one writes; that of a channel whose name has `channel` in it."""
    return page.get_by_role("textbox", name=re.compile(f"^Message .*{re.escape(channel)}"))


def click(what: Locator, leads_to: Locator) -> None:
    """Click, and again if nothing came of it.

    A message that is edited under the finger is drawn anew, and takes the click with it; on a busy
    machine that happens.
    """
    until(leads_to, lambda: what.click(timeout=_SOON))


def act_on(page: Page, line: Locator, action: str, leads_to: Locator) -> None:
    """Choose from the menu of a message what to do with it."""

    def chosen() -> None:
        line.hover(timeout=_SOON)
        item = page.get_by_role("menuitem", name=action)
        click(line.get_by_role("button", name="More actions"), leads_to=item)
        item.click(timeout=_SOON)

    until(leads_to, chosen)


def choose(page: Page, form: Locator, label: str, name: str, *, exact: bool = False) -> None:
    """Take an option of a select."""
    option = page.get_by_role("option", name=name)
    click(form.get_by_role("combobox", name=label, exact=exact), leads_to=option)
    option.click()


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
