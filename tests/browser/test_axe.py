"""Does axe find a serious fault for those who read by ear, by keyboard or with little sight?"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import kit_messages, kit_modals
from tests.browser.acts import DESKTOP, PHONE, composer, message, picture, say, sign_in
from tests.browser.kit import Kit

GRAVE = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """What is gravely wrong with what the page shows now: the rule, and the HTML."""
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert len(found["passes"]) > 10, "axe looked at nothing"
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
        if each["impact"] in GRAVE
    ]


def test_axe_sees_a_fault_where_there_is_one(page: Page) -> None:
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button id=bad></button>')")
    assert any("button-name (critical)" in each for each in faults(page))
    page.evaluate("document.getElementById('bad').remove()")


@pytest.mark.parametrize("name", kit_messages.EVERY)
def test_every_message_of_the_kit_is_accessible(page: Page, kit: Kit, name: str) -> None:
    expect(page.locator(f'[data-ts="{kit.post(name)}"]')).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("name", kit_modals.EVERY)
def test_every_modal_of_the_kit_is_accessible(page: Page, name: str) -> None:
    say(page, f"/kit {name}")
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    assert faults(page) == []
    form.get_by_role("button", name="Save").click()
    if name in ("typed", "choices", "searched", "steps", "files"):
        expect(form.locator(".wrong").first).to_be_visible()
        assert faults(page) == []


def test_an_open_list_and_an_open_menu_are_accessible(page: Page) -> None:
    say(page, "/kit choices")
    page.get_by_role("dialog").get_by_role("combobox", name="Pace").click()
    expect(page.get_by_role("option", name="Now")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")


def test_a_menu_and_a_question_are_accessible(page: Page, kit: Kit) -> None:
    drawn = page.locator(f'[data-ts="{kit.post("pressed")}"]')
    drawn.get_by_role("button", name="More options").click()
    expect(page.get_by_role("menuitem", name="Edit")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    drawn.get_by_role("button", name="Danger").click()
    expect(page.get_by_role("dialog", name="Are you sure?")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_home_is_accessible(browser: Browser, kit: Kit, size: str) -> None:
    address = f"{kit.address}/?as=U0SAFETY&tab=home"
    home = sign_in(browser, address, PHONE) if size == "phone" else sign_in(browser, address)
    expect(home.get_by_role("tabpanel", name="Home")).to_contain_text("an update at noon")
    assert faults(home) == []


def test_a_thread_is_accessible(browser: Browser, kit: Kit) -> None:
    client, ts = kit.app.client, kit.post("words")
    client.chat_postMessage(channel="C0GENERAL", text="x", thread_ts=ts, reply_broadcast=True)
    page = sign_in(browser, f"{kit.address}/?as=U0ONCALL&channel=C0GENERAL&thread={ts}")
    expect(page.get_by_role("checkbox", name="Also send to #general")).to_be_visible()
    assert faults(page) == []


def test_the_inspector_and_the_notifications_are_accessible(page: Page) -> None:
    for name in ("Inspector", "Notifications"):
        page.get_by_role("button", name=name).first.click()
        assert faults(page) == []
        page.keyboard.press("Escape")


def test_a_room_in_full_is_accessible_on_a_desk_and_on_a_phone(browser: Browser, kit: Kit) -> None:
    for name in ("words", "table", "pressed"):
        kit.post(name, "C0SUPPORT")
    for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
        room = sign_in(browser, f"{kit.address}/?as=U0AGENT&channel=C0SUPPORT", size)
        expect(message(room, "Quiet morning").first).to_be_visible()
        composer(room).fill("/")
        assert faults(room) == []
        say(room, "*done* and looked at")
        expect(message(room, "done and looked at").last).to_be_visible()
        picture(room, f"page-room-{width}")
        assert faults(room) == []
    room.get_by_role("button", name="Open sidebar").click()
    assert faults(room) == []
