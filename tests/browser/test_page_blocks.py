"""Does every block show itself, and can every input be used, with a mouse and without?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import kit_messages
from tests.browser.acts import choose, click, composer, picture, shoot, sign_in
from tests.browser.kit import Kit

# What a person reads, or hears, of each message of the kit.
READ = {
    "words": ("A header", "Field 4", "@Idris Okafor", "safety-oncall", "Handover", "<script>"),
    "media": ("How to hand over", "a graph elsewhere", "Bridge"),
    "table": ("Unsafe answers", "Chat, on the web", "Voice"),
    "data_table": ("Answers by model", "Dosage 4.2", "1 to 3 of 5"),
    "charts": ("Unsafe answers a day", "bar chart", "Wed", "By surface", "Segment"),
    "cards": ("Card 1", "Card 4", "Inside the container", "Compare answers", "Model card"),
    "pressed": ("Primary", "Run workflow", "Seen"),
    "inputs": ("Why now?",),
}


@pytest.mark.parametrize("name", kit_messages.EVERY)
def test_every_block_of_a_message_can_be_read(page: Page, kit: Kit, name: str) -> None:
    ts = kit.post(name)
    drawn = page.locator(f'[data-ts="{ts}"]')
    for words in READ[name]:
        expect(drawn).to_contain_text(words)
    assert drawn.locator(".unknown small").all_inner_texts() in (
        [],
        ["https://example.test/a.png"],  # a picture that lies elsewhere
    )
    shoot(page, f"page-message-{name}".replace("_", "-"), drawn)


def test_a_message_under_another_name_shows_that_name_and_its_icon(page: Page, kit: Kit) -> None:
    client = kit.app.client
    room = "C0GENERAL"
    posted = (
        client.chat_postMessage(
            channel=room, text="Deployed", username="Deploy robot", icon_emoji=":fire:"
        ),
        client.chat_postMessage(channel=room, text="Rolled back", username="Night watch"),
    )
    first, second = (page.locator(f'[data-ts="{one["ts"]}"]') for one in posted)
    expect(first.locator("strong")).to_have_text("Deploy robot")
    expect(first.locator(".avatar")).to_have_text("🔥")
    expect(second.locator("strong")).to_have_text("Night watch")
    expect(second.locator(".avatar")).to_have_text("NW")


def test_a_file_that_lies_elsewhere_is_a_link(page: Page, kit: Kit) -> None:
    client = kit.app.client
    client.conversations_join(channel="C0ENG")
    there = "https://a.example/plan"
    client.files_remote_add(external_id="plan", external_url=there, title="The plan")
    client.files_remote_share(external_id="plan", channels="C0ENG")
    plan = page.get_by_role("link", name="The plan")
    click(page.get_by_role("link", name="#engineering-updates"), plan)
    expect(plan).to_have_attribute("href", there)
    page.get_by_role("link", name="#general").click()
    expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()


def test_a_conversation_of_several_stands_under_direct_messages(page: Page, kit: Kit) -> None:
    opened = kit.app.client.conversations_open(users="U0ONCALL,U0SAFETY")["channel"]["id"]
    kit.app.client.chat_postMessage(channel=opened, text="Hello both")
    place = page.get_by_role("link", name="kit, Idris Okafor")
    expect(place).to_have_attribute("aria-description", "unread, 1 notification")
    place.click()
    expect(page.get_by_role("log", name="kit, Idris Okafor")).to_contain_text("Hello both")
    composer(page).fill("Hello")
    composer(page).press("Enter")
    expect(page.get_by_role("log", name="kit, Idris Okafor")).to_contain_text("Mara Lindqvist")
    page.get_by_role("link", name="#general").click()
    expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()


def test_a_long_table_is_turned_page_by_page(page: Page, kit: Kit) -> None:
    drawn = page.locator(f'[data-ts="{kit.post("data_table")}"]')
    drawn.get_by_role("button", name="Next").click()
    expect(drawn).to_contain_text("4 to 5 of 5")
    expect(drawn).to_contain_text("Dosage 4.4")
    expect(drawn).not_to_contain_text("Dosage 4.2")
    drawn.get_by_role("button", name="Previous").click()
    expect(drawn).to_contain_text("Dosage 4.2")


def test_buttons_inside_cards_and_containers_reach_the_app(page: Page, kit: Kit) -> None:
    drawn = page.locator(f'[data-ts="{kit.post("cards")}"]')
    for name in ("Page 1", "Page 3", "Inner"):
        drawn.get_by_role("button", name=name).click()
        assert kit.action()["action_id"] == name.lower()


def test_what_is_pressed_in_a_message_reaches_the_app(page: Page, kit: Kit) -> None:
    drawn = page.locator(f'[data-ts="{kit.post("pressed")}"]')
    drawn.get_by_role("button", name="Plain").click()
    assert kit.action()["value"] == "7"
    drawn.get_by_role("button", name="More options").click()
    page.get_by_role("menuitem", name="Edit").click()
    assert kit.action()["selected_option"]["value"] == "edit"
    drawn.get_by_label("Date", exact=True).fill("2026-12-01")
    assert kit.action()["selected_date"] == "2026-12-01"
    drawn.get_by_label("Told").check()
    assert [each["value"] for each in kit.action()["selected_options"]] == ["told"]
    drawn.get_by_label("Yes").check()
    assert kit.action()["selected_option"]["value"] == "yes"
    drawn.get_by_role("button", name="Good").click()
    assert kit.action()["value"] == "good"
    drawn.get_by_role("button", name="Delete answer").click()
    assert kit.action()["value"] == "gone"
    drawn.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("There are no workflows here.")).to_be_visible()


def test_an_app_that_asks_first_hears_only_of_what_was_agreed_to(page: Page, kit: Kit) -> None:
    drawn = page.locator(f'[data-ts="{kit.post("pressed")}"]')
    asked = page.get_by_role("dialog", name="Are you sure?")
    level = drawn.get_by_role("combobox", name="Level")
    level.click()
    page.get_by_role("option", name="High").click()
    expect(asked).to_contain_text("It cannot be undone.")
    picture(page, "page-confirm")
    asked.get_by_role("button", name="Leave it").click()
    expect(asked).to_have_count(0)
    expect(level).to_have_value("")
    drawn.get_by_role("button", name="Danger").click()
    asked.get_by_role("button", name="Do it").click()
    assert kit.action()["action_id"] == "danger"


def test_the_home_has_inputs_and_buttons_that_reach_the_app(browser: Browser, kit: Kit) -> None:
    page = sign_in(browser, f"{kit.address}/?as=U0SAFETY&tab=home")
    home = page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("an update at noon")
    kit.forget()
    home.get_by_role("button", name="Start").click()
    assert kit.action()["value"] == "1"
    choose(page, home, "Filter", "Voice")
    assert kit.action()["selected_option"]["value"] == "voice"
    home.get_by_label("Note").fill("for later")
    home.get_by_label("Note").press("Enter")
    assert kit.action()["value"] == "for later"
    home.get_by_label("Date").fill("2026-11-01")
    assert kit.action()["selected_date"] == "2026-11-01"
    shoot(page, "page-home")
