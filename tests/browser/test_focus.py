"""Does whoever uses the keyboard stay where they are while others change the page?"""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import DESKTOP, PHONE, composer, message
from tests.browser.kit import Json, Kit

NAMES = ("Join", "Read", "Rules", "Prerequisites", "Leave")


def _blocks(edit: int) -> list[Json]:
    """What a bot writes at each edit: other words, and the same buttons with other values."""
    buttons = [
        {
            "type": "button",
            "action_id": name,
            "value": str(edit),
            "text": {"type": "plain_text", "text": name},
        }
        for name in NAMES
    ]
    words = {"type": "mrkdwn", "text": f"Edited {edit} times"}
    return [{"type": "section", "text": words}, {"type": "actions", "elements": buttons}]


def _edit(page: Page, kit: Kit, ts: str, edit: int) -> None:
    kit.app.client.chat_update(channel="C0GENERAL", ts=ts, text="x", blocks=_blocks(edit))
    expect(page.locator(f'[data-ts="{ts}"]')).to_contain_text(f"Edited {edit} times")


def test_the_focus_stays_on_a_button_while_its_message_is_edited(page: Page, kit: Kit) -> None:
    ts = kit.post("pressed")
    _edit(page, kit, ts, 1)
    held = page.locator(f'[data-ts="{ts}"]').get_by_role("button", name="Rules")
    held.focus()
    for edit in range(2, 8):
        _edit(page, kit, ts, edit)
        expect(held).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Prerequisites").last).to_be_focused()


def test_tab_gets_from_one_end_of_a_channel_to_the_other_while_it_is_edited(
    page: Page, kit: Kit
) -> None:
    ts = kit.post("pressed")
    _edit(page, kit, ts, 1)
    first = page.locator(f'[data-ts="{ts}"]').get_by_role("button", name=NAMES[0])
    first.focus()
    for edit, name in enumerate(NAMES[1:], start=2):
        page.keyboard.press("Tab")
        _edit(page, kit, ts, edit)
        expect(page.get_by_role("button", name=name).last).to_be_focused()
    for _ in range(4):  # the message's menu, two buttons of the composer, its line
        page.keyboard.press("Tab")
    expect(composer(page)).to_be_focused()


def test_what_loses_its_button_hands_the_focus_to_its_neighbour(page: Page, kit: Kit) -> None:
    ts = kit.post("pressed")
    _edit(page, kit, ts, 1)
    page.locator(f'[data-ts="{ts}"]').get_by_role("button", name="Leave").focus()
    left = _blocks(2)
    left[1]["elements"].pop()
    kit.app.client.chat_update(channel="C0GENERAL", ts=ts, text="x", blocks=left)
    expect(page.get_by_role("button", name="Prerequisites").last).to_be_focused()


def test_the_first_tab_offers_the_way_to_the_message_box(browser: Browser, kit: Kit) -> None:
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.goto(f"{kit.address}/?as=U0ONCALL&channel=C0GENERAL")
    expect(composer(page)).to_be_visible()
    skip = page.get_by_role("button", name="Skip to the message box")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(composer(page)).to_be_focused()
    page.context.close()


def test_whoever_comes_into_a_channel_can_write_at_once_but_on_a_phone_reads_first(
    browser: Browser, kit: Kit
) -> None:
    desk = browser.new_context(viewport=DESKTOP).new_page()
    phone = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    for page in (desk, phone):
        page.goto(f"{kit.address}/?as=U0ONCALL&channel=C0GENERAL")
        expect(composer(page)).to_be_visible()
    phone.get_by_role("button", name="Open sidebar").tap()
    for page in (desk, phone):
        page.get_by_role("link", name="#chatbot-support").click()
        expect(message(page, "Quiet morning").first).to_be_visible()
    expect(composer(desk)).to_be_focused()
    expect(composer(phone)).not_to_be_focused()
    for page in (desk, phone):
        page.context.close()
