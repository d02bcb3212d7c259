"""What do people do in a room in which a runbook runs?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.acts import (
    WITHIN,
    ask,
    click,
    composer,
    enter,
    message,
    say,
    sign_in,
    summary,
    until,
)

TITLE = "Assistant doubles insulin doses"
ROOM = "assistant-doubles-insulin-doses"
LABELS = {
    "legal": "Legal", "comms": "Communications Lead", "technical": "Technical Lead",
    "security": "Security",
}  # fmt: skip
_CALLED = ("U0LEGAL", "U0COMMS", "U0SAFETY")  # a SEV1 brings them in


def declare(browser: Browser, address: str) -> Page:
    """Mara's window, in the room of what she declared."""
    mara = window(browser, address, "U0ONCALL")
    form = ask(mara, f"/incident declare sev1 {TITLE}", "Declare an incident")
    form.get_by_role("button", name="Declare").click()
    done = mara.get_by_role("dialog", name="Incident declared")
    enter(mara, done.get_by_role("link", name=ROOM), ROOM)
    return mara


def window(browser: Browser, address: str, person: str) -> Page:
    """A person's own window."""
    return sign_in(browser, f"{address}/?as={person}")


def come(browser: Browser, address: str, person: str, role: str) -> Page:
    """Somebody's window, in the room and in a role if any; they join by the announcement."""
    page = sign_in(browser, f"{address}/?as={person}&channel=C0INCIDENTS")
    announced = message(page, TITLE).first
    announced.wait_for()
    if person not in _CALLED:
        told = message(page, "You are invited to").first
        click(announced.get_by_role("button", name="Join"), leads_to=told)
    # Every channel has a line to write in; that of this room shows that one is there.
    there = composer(page, ROOM)
    click(page.get_by_role("link", name=ROOM).first, leads_to=there)
    if role:
        command(page, f"/incident take {role}", f"You are {LABELS[role]}", messages)
    return page


def command(
    page: Page, line: str, words: str, among: Callable[[Page], Locator] = summary
) -> Locator:
    """Type a command, again where the list of commands took the key; where these words stand."""
    seen = among(page).filter(has_text=words).last
    until(seen, lambda: say(page, line))
    return seen


def messages(page: Page) -> Locator:
    """All messages that are shown."""
    return page.locator("[data-ts]")


def checklist(page: Page, number: int = 1) -> Locator:
    """The checklist of a run."""
    return message(page, f"Runbook {number}: ").first


def row(page: Page, step: int, number: int = 1) -> Locator:
    """An active step on the checklist."""
    return checklist(page, number).locator(".kit-section").filter(has_text=f"{step}. ")


def opened(page: Page, step: int, number: int = 1) -> Locator:
    """The form behind the button of a step on the checklist."""
    form = page.get_by_role("dialog", name=f"Step {step}")
    click(row(page, step, number).get_by_role("button"), leads_to=form)
    return form


def textbox(form: Locator, question: str) -> Locator:
    """Where one writes the answer to a question."""
    return form.get_by_role("textbox", name=question)


def sent(form: Locator, button: str) -> None:
    """Press a form's button; the form closes."""
    form.get_by_role("button", name=button, exact=True).click()
    expect(form).to_have_count(0, timeout=WITHIN)


def attach(page: Page, form: Locator, *files: Path) -> None:
    """Choose files in a form."""
    with page.expect_file_chooser() as chosen:
        form.get_by_role("button", name="Add files to").click()
    chosen.value.set_files([*files])
    for file in files:
        expect(form.locator(".held-files")).to_contain_text(file.name, timeout=WITHIN)


def private(page: Page) -> None:
    """Go to what the bot writes privately."""
    tab = page.get_by_role("tab", name="Messages")
    click(page.get_by_role("link", name="warroom"), leads_to=tab)
    tab.click()


def back(page: Page) -> None:
    """Go to the room."""
    click(page.get_by_role("link", name=ROOM).first, leads_to=summary(page))
