"""Can a whole flow be done without a mouse?"""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.acts import composer, message, shoot, sign_in, summary

TITLE = "Bot names a private address"
TABS_AT_MOST = 60


def test_an_incident_is_declared_updated_and_left_by_keyboard_alone(
    browser: Browser, demo: str
) -> None:
    page = sign_in(browser, demo)
    _declare(page)
    _update(page)
    _leave_another(page)


def _declare(page: Page) -> None:
    _type(page, f"/incident declare sev2 {TITLE}")
    page.get_by_role("dialog", name="Declare an incident").wait_for()
    _reach(page, "button", "Declare")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Incident declared").wait_for()
    _reach(page, "link", "bot-names-a-private-address")
    page.keyboard.press("Enter")
    summary(page).wait_for()


def _update(page: Page) -> None:
    form = _open_update(page)
    page.keyboard.press("ArrowDown")  # from Unknown, the last, round to the first
    expect(form.get_by_label("Ongoing")).to_be_checked()
    _reach(page, "textbox", "What happened?")
    page.keyboard.type("It gave out the address of one person")
    _reach(page, "button", "Post")
    shoot(page, "keyboard-update")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(composer(page)).to_be_focused()
    expect(summary(page)).to_contain_text("Harm now: ongoing")
    expect(summary(page)).to_contain_text("It gave out the address of one person")


def _leave_another(page: Page) -> None:
    form = _open_update(page)
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(composer(page)).to_be_focused()
    page.keyboard.type("back in the composer")
    page.keyboard.press("Enter")
    expect(message(page, "back in the composer").first).to_be_visible()


def _open_update(page: Page) -> Locator:
    _type(page, "/incident update")
    form = page.get_by_role("dialog", name="Status update")
    expect(form.get_by_role("radio", checked=True)).to_be_focused()
    return form


def _type(page: Page, words: str) -> None:
    _reach(page, "textbox", "Message ")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def _reach(page: Page, role: str, name: str) -> None:
    """Press Tab until what has the focus is such a thing."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    wanted.first.wait_for()
    for _ in range(TABS_AT_MOST):
        if wanted.evaluate_all("(all) => all.includes(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no {role} {name} within {TABS_AT_MOST} tabs")
