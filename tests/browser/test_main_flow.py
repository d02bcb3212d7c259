"""Can people who never saw it declare, find, fill in and end an incident?"""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import PHONE, ask, click, enter, message, picture, sign_in, summary

TITLE = "Chatbot gives unsafe dosage advice"
ROOM = "chatbot-gives-unsafe-dosage-advice"


def test_one_declares_and_resolves_and_another_joins_and_fills_in(
    browser: Browser, demo: str
) -> None:
    mara = sign_in(browser, demo)
    _declare(mara)
    expect(summary(mara)).to_contain_text("Harm now: unknown")
    expect(summary(mara)).to_contain_text("SEV1")
    expect(summary(mara)).to_contain_text("still missing")
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Investigating")
    picture(mara, "room-declared")

    idris = sign_in(browser, f"{demo}/?as=U0SAFETY&channel=C0INCIDENTS")
    announcement = message(idris, TITLE)
    picture(idris, "announcement-desktop")
    invited = message(idris, "You are invited to")
    click(announcement.get_by_role("button", name="Join"), leads_to=invited.first)
    click(idris.get_by_role("link", name=ROOM).first, leads_to=summary(idris))
    _fill_in(idris)
    expect(summary(mara)).to_contain_text("Harm now: ongoing")
    expect(summary(mara)).to_contain_text("Dosage assistant 4.2")
    picture(mara, "room-filled-in")

    _resolve(mara)
    expect(summary(mara)).to_contain_text("Harm now: stopped (today")
    expect(summary(mara)).to_contain_text("Resolved")
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Resolved")
    picture(mara, "room-resolved")
    expect(message(mara, "Harm now")).to_have_count(1)  # edited in place, not posted again


def test_the_same_room_is_at_home_on_a_phone(browser: Browser, demo: str) -> None:
    mara = sign_in(browser, demo, PHONE)
    _declare(mara, shot="declare-phone")
    expect(summary(mara)).to_contain_text("Harm now: unknown")
    picture(mara, "room-declared-phone")
    width = mara.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing may be wider than the phone"
    _fill_in(mara, shot="fill-in-phone")
    jun = sign_in(browser, f"{demo}/?as=U0COMMS&channel=C0INCIDENTS", PHONE)
    expect(message(jun, TITLE).last).to_be_visible()
    picture(jun, "announcement-phone")


def _declare(page: Page, shot: str = "declare-desktop") -> None:
    form = ask(page, f"/incident declare sev1 {TITLE}", "Declare an incident")
    expect(form.get_by_label("What is wrong?")).to_have_value(TITLE)
    picture(page, shot)
    form.get_by_role("button", name="Declare").click()
    done = page.get_by_role("dialog", name="Incident declared")
    enter(page, done.get_by_role("link", name=ROOM), ROOM)
    expect(done).to_have_count(0)


def _fill_in(page: Page, shot: str = "fill-in-desktop") -> None:
    form = page.get_by_role("dialog", name="Fill in")
    click(summary(page).get_by_role("button", name="Fill in"), leads_to=form)
    form.get_by_label("Ongoing").click()
    form.get_by_label("What was seen?").fill("Adult doses for a child, three times in five")
    form.get_by_label("Which model or surface?").fill("Dosage assistant 4.2")
    picture(page, shot)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(summary(page)).to_contain_text("Harm now: ongoing")


def _resolve(page: Page) -> None:
    form = page.get_by_role("dialog", name="Resolve the incident")
    click(summary(page).get_by_role("button", name="Resolve"), leads_to=form)
    form.get_by_role("textbox").fill("Rolled back to 4.1; five tries give children's doses")
    form.get_by_role("button", name="Resolve").click()
    expect(form.get_by_role("alert")).to_contain_text("Harm is marked as ongoing")
    picture(page, "resolve-refused")
    form.get_by_role("button", name="Cancel").click()
    details = page.get_by_role("dialog", name="Fill in")
    click(summary(page).get_by_role("button", name="Fill in"), leads_to=details)
    details.get_by_label("Stopped", exact=True).click()
    details.get_by_role("button", name="Save").click()
    expect(details).to_have_count(0)
    click(summary(page).get_by_role("button", name="Resolve"), leads_to=form)
    form.get_by_role("textbox").fill("Rolled back to 4.1; five tries give children's doses")
    form.get_by_role("button", name="Resolve").click()
    expect(form).to_have_count(0)
