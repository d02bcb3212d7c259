"""Can people who never saw it declare, find, fill in and end an incident?"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

SHOTS = Path(__file__).parent / "screenshots"
DESKTOP = (1280, 800)
PHONE = (390, 844)
TITLE = "Chatbot gives unsafe dosage advice"
ROOM = "inc-1-chatbot-gives-unsafe-dosage-advice"


def test_one_declares_and_resolves_and_another_joins_and_fills_in(browser: Browser, demo: str) -> None:
    mara = _sign_in(browser, demo, DESKTOP)
    _declare(mara)
    summary = _summary(mara)
    expect(summary).to_contain_text("Harm now: unknown")
    expect(summary).to_contain_text("SEV1")
    expect(summary).to_contain_text("still missing")
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Investigating")
    mara.screenshot(path=SHOTS / "room-declared.png")

    idris = _sign_in(browser, f"{demo}/?as=U0SAFETY&channel=C0INCIDENTS", DESKTOP)
    announcement = _message(idris, TITLE)
    idris.screenshot(path=SHOTS / "announcement-desktop.png")
    invited = _message(idris, "You are invited to")
    _click(announcement.get_by_role("button", name="Join"), leads_to=invited.first)
    _click(idris.get_by_role("link", name=f"#{ROOM}").first, leads_to=_summary(idris))
    _fill_in(idris)
    expect(_summary(mara)).to_contain_text("Harm now: ongoing")
    expect(_summary(mara)).to_contain_text("Dosage assistant 4.2")
    mara.screenshot(path=SHOTS / "room-desktop.png")

    _resolve(mara)
    expect(_summary(mara)).to_contain_text("Harm now: stopped at")
    expect(_summary(mara)).to_contain_text("Resolved")
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Resolved")
    mara.screenshot(path=SHOTS / "room-resolved.png")
    expect(_message(mara, "Harm now")).to_have_count(1)  # edited in place, not posted again


def test_the_same_room_is_at_home_on_a_phone(browser: Browser, demo: str) -> None:
    mara = _sign_in(browser, demo, PHONE)
    _declare(mara, shot="declare-phone.png")
    expect(_summary(mara)).to_contain_text("Harm now: unknown")
    mara.screenshot(path=SHOTS / "room-phone.png")
    width = mara.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0], "nothing may be wider than the phone"
    _fill_in(mara, shot="fill-in-phone.png")
    jun = _sign_in(browser, f"{demo}/?as=U0COMMS&channel=C0INCIDENTS", PHONE)
    expect(_message(jun, TITLE)).to_be_visible()
    jun.screenshot(path=SHOTS / "announcement-phone.png")


def _sign_in(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(address)
    return page


def _declare(page: Page, shot: str = "declare-desktop.png") -> None:
    composer = page.get_by_role("textbox", name=re.compile("^Message #"))
    composer.fill(f"/incident declare sev1 {TITLE}")
    composer.press("Enter")
    form = page.get_by_role("dialog", name="Declare an incident")
    expect(form.get_by_label("What is wrong?")).to_have_value(TITLE)
    page.screenshot(path=SHOTS / shot)
    form.get_by_role("button", name="Declare").click()
    done = page.get_by_role("dialog", name="Incident declared")
    _click(done.get_by_role("link", name=f"#{ROOM}"), leads_to=_summary(page))
    expect(done).to_have_count(0)


def _fill_in(page: Page, shot: str = "fill-in-desktop.png") -> None:
    form = page.get_by_role("dialog", name="Fill in")
    _click(_summary(page).get_by_role("button", name="Fill in"), leads_to=form)
    form.get_by_label("Ongoing").click()
    form.get_by_label("What was seen?").fill("Adult doses for a child, three times in five")
    form.get_by_label("Which model or surface?").fill("Dosage assistant 4.2")
    page.screenshot(path=SHOTS / shot)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(_summary(page)).to_contain_text("Harm now: ongoing")


def _resolve(page: Page) -> None:
    form = page.get_by_role("dialog", name="Resolve the incident")
    _click(_summary(page).get_by_role("button", name="Resolve"), leads_to=form)
    form.get_by_role("textbox").fill("Rolled back to 4.1; five tries give children's doses")
    form.get_by_role("button", name="Resolve").click()
    expect(form.get_by_role("alert")).to_contain_text("Harm is marked as ongoing")
    page.screenshot(path=SHOTS / "resolve-refused.png")
    form.get_by_role("button", name="Cancel").click()
    details = page.get_by_role("dialog", name="Fill in")
    _click(_summary(page).get_by_role("button", name="Fill in"), leads_to=details)
    details.get_by_label("Stopped", exact=True).click()
    details.get_by_role("button", name="Save").click()
    expect(details).to_have_count(0)
    _click(_summary(page).get_by_role("button", name="Resolve"), leads_to=form)
    form.get_by_role("textbox").fill("Rolled back to 4.1; five tries give children's doses")
    form.get_by_role("button", name="Resolve").click()
    expect(form).to_have_count(0)


def _click(what: Locator, leads_to: Locator) -> None:
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


def _summary(page: Page) -> Locator:
    return _message(page, "Harm now").first


def _message(page: Page, words: str) -> Locator:
    return page.locator("[data-ts]").filter(has_text=words)
