"""Can somebody preserve evidence in the browser, and see what was found before it is kept?"""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.acts import (
    act_on,
    ask,
    choose,
    click,
    enter,
    message,
    said,
    say,
    shoot,
    sign_in,
    until,
)

ROOM = "assistant-doubles-insulin-doses"
SAID = "jane@clinic.example was told to take 4 g, paid by 4111 1111 1111 1111"
MASKED = "[e-mail address 1] was told to take 4 g, paid by [card number 1]"


def test_evidence_is_preserved_masked_and_looked_at_behind_a_warning(
    browser: Browser, demo: str
) -> None:
    mara = sign_in(browser, demo)
    form = ask(mara, "/incident declare sev1 Assistant doubles insulin doses", "Declare an")
    form.get_by_role("button", name="Declare").click()
    done = mara.get_by_role("dialog", name="Incident declared")
    enter(mara, done.get_by_role("link", name=ROOM), ROOM)
    _preserve(mara)
    _preserve_a_link(mara)
    _list(mara)
    _look(mara)
    _type_by_mistake(mara)


def _preserve(mara: Page) -> None:
    line = said(mara, SAID)
    form = mara.get_by_role("dialog", name="Preserve as evidence")
    act_on(mara, line, "Preserve as evidence", leads_to=form)
    expect(form).to_contain_text(MASKED)
    expect(form).to_contain_text("Found an e-mail address and a card number")
    shoot(mara, "evidence-form")
    choose(mara, form, "What is it?", "Prompt and response")
    form.get_by_label("Note").fill("The answer as the patient got it")
    shoot(mara, "evidence-form-end", form.get_by_text("Who answers for it?"))
    told = mara.get_by_role("dialog", name="Evidence", exact=True)
    click(form.get_by_role("button", name="Preserve"), leads_to=told)
    expect(told).to_contain_text("is kept, SHA-256")
    shoot(mara, "evidence-kept")
    told.get_by_role("button", name="Close").first.click()


def _preserve_a_link(mara: Page) -> None:
    link = "/incident evidence add https://10.0.0.7/d/dosage?from=03:10"
    form = ask(mara, link, "Preserve as evidence")
    expect(form).to_contain_text("What it leads to is fetched once, without signing in")
    choose(mara, form, "What is it?", "Dashboard")
    shoot(mara, "evidence-link-form")
    told = mara.get_by_role("dialog", name="Evidence", exact=True)
    click(form.get_by_role("button", name="Preserve"), leads_to=told)
    expect(told).to_contain_text("you are told if it fails")
    told.get_by_role("button", name="Close").first.click()


def _list(mara: Page) -> None:
    listed = _answered(mara, "/incident evidence", "Evidence of INC-1, newest first")
    expect(listed).to_contain_text("no snapshot")
    expect(listed).to_contain_text("The answer as the patient got it")
    shoot(mara, "evidence-list", listed)


def _look(mara: Page) -> None:
    listed = message(mara, "Evidence of INC-1, newest first").last
    dashboard = mara.get_by_role("dialog", name="E-3")
    click(listed.get_by_role("button", name="Open E-3"), leads_to=dashboard)
    expect(dashboard).to_contain_text("its name leads to a private address")
    shoot(mara, "evidence-link")
    dashboard.get_by_role("button", name="Close").first.click()
    item = mara.get_by_role("dialog", name="E-2")
    click(listed.get_by_role("button", name="Open E-2"), leads_to=item)
    expect(item).to_contain_text("words behind a warning")
    expect(item).not_to_contain_text("was told to take")
    shoot(mara, "evidence-page")
    warned = mara.get_by_role("dialog", name="E-2: careful")
    click(item.get_by_role("button", name="Show what it says"), leads_to=warned)
    shoot(mara, "evidence-warning")
    shown = item.filter(has_text="Chain of custody")
    click(warned.get_by_role("button", name="Show it all the same"), leads_to=shown)
    expect(item).to_contain_text("Chain of custody")
    expect(item).to_contain_text(MASKED)
    shoot(mara, "evidence-shown")
    item.get_by_role("button", name="Close").first.click()
    expect(mara.get_by_role("dialog")).to_have_count(0)


def _type_by_mistake(mara: Page) -> None:
    noted = _answered(mara, "/incident note jane@clinic.example called again", "Noted at")
    expect(noted).to_contain_text("[e-mail address 1] called again")
    tab = mara.get_by_role("tab", name="Messages")
    click(mara.get_by_role("link", name="warroom"), leads_to=tab)
    tab.click()
    told = message(mara, "a note held an e-mail address").last
    expect(told).to_contain_text("To say it otherwise")
    shoot(mara, "evidence-masked-note", told)


def _answered(mara: Page, line: str, words: str) -> Locator:
    """Type a command, again where the list of commands took the key; what it answers."""
    answer = message(mara, words).last
    until(answer, lambda: say(mara, line))
    return answer
