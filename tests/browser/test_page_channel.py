"""Can people talk in the page: threads, marks, files, notifications, and look into an app?"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.acts import DESKTOP, PHONE, ask, composer, leave, message, picture, say, sign_in

SUPPORT = "?as={}&channel=C0SUPPORT"
NOOR, IDRIS, ELENA = "U0AGENT", "U0SAFETY", "U0LEGAL"
EVIL = "<img src='x' onerror='document.title=1'>"


@pytest.fixture
def noor(browser: Browser, demo: str) -> Page:
    return sign_in(browser, f"{demo}/{SUPPORT.format(NOOR)}")


@pytest.fixture
def idris(browser: Browser, demo: str) -> Page:
    return sign_in(browser, f"{demo}/{SUPPORT.format(IDRIS)}")


def test_a_thread_is_read_and_answered_beside_the_channel(noor: Page, idris: Page) -> None:
    say(noor, "Who can reproduce it?")
    root = stream(idris).get_by_role("article").filter(has_text="Who can reproduce it?")
    from_menu(root, "Reply in thread")
    reply = idris.get_by_role("textbox", name="Reply in thread")
    expect(reply).to_be_focused()
    reply.fill("Three of five times")
    reply.press("Enter")
    asked = stream(noor).get_by_role("article").filter(has_text="Who can reproduce it?")
    asked.get_by_role("button", name=re.compile("^1 reply")).click()
    thread = noor.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Three of five times")
    expect(stream(noor)).not_to_contain_text("Three of five times")
    shoot_both(noor, "page-thread")
    noor.get_by_role("textbox", name="Reply in thread").press("Escape")
    expect(thread).to_be_hidden()
    expect(asked).to_be_focused()


def test_a_reply_can_be_sent_to_the_channel_too(noor: Page, idris: Page) -> None:
    say(noor, "Who tells support?")
    from_menu(message(idris, "Who tells support?").first, "Reply in thread")
    reply = idris.get_by_role("textbox", name="Reply in thread")
    reply.fill("I have told them")
    also = idris.get_by_role("checkbox", name="Also send to #chatbot-support")
    also.click()
    expect(also).to_be_checked()
    reply.press("Enter")
    told = stream(noor).get_by_role("article").filter(has_text="I have told them")
    expect(told).to_contain_text("Replied to a thread")
    expect(also).not_to_be_checked()
    shoot_both(idris, "page-thread-also")
    from_menu(told, "Reply in thread")
    thread = noor.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Who tells support?")
    expect(thread.get_by_text("Replied to a thread")).to_have_count(0)


def test_a_mention_in_a_thread_leads_from_the_bell_to_the_reply(
    browser: Browser, demo: str, noor: Page
) -> None:
    say(noor, "Prompt 7 again")
    from_menu(message(noor, "Prompt 7 again").first, "Reply in thread")
    reply = noor.get_by_role("textbox", name="Reply in thread")
    reply.fill("@sam please decide")
    reply.press("Enter")
    sam = sign_in(browser, f"{demo}/?as=U0EXEC&channel=C0GENERAL")
    place = sam.get_by_role("link", name="#chatbot-support")
    expect(place).to_have_attribute("aria-description", "unread, 1 notification")
    bell = sam.get_by_role("button", name="Notifications")
    expect(bell).to_have_attribute("aria-description", "1 unread")
    bell.click()
    rang = sam.get_by_role("dialog", name="Notifications")
    expect(rang).to_contain_text("Mentions you")
    picture(sam, "page-notifications")
    rang.get_by_role("button", name="Go to message").click()
    marked = sam.get_by_role("complementary", name="Thread").locator(".marked")
    expect(marked).to_contain_text("please decide")
    expect(stream(sam).get_by_role("separator")).to_have_text("New")
    expect(sam.get_by_role("link", name="#chatbot-support")).not_to_have_attribute(
        "aria-description", re.compile("unread")
    )


def test_words_are_changed_taken_back_pinned_and_reacted_to(noor: Page, idris: Page) -> None:
    say(noor, "Fivee of five")
    mine = message(noor, "of five").first
    from_menu(mine, "Edit message")
    editor = noor.get_by_role("textbox", name="Edit message")
    editor.fill("Five of five")
    editor.press("Enter")
    seen = message(idris, "Five of five").first
    expect(seen).to_contain_text("(edited)")
    from_menu(seen, "Add reaction")
    idris.get_by_role("button", name="eyes", exact=True).click()
    expect(mine.get_by_role("button", name="eyes, 1")).to_have_attribute(
        "title", "Idris Okafor with :eyes:"
    )
    from_menu(seen, "Pin to channel")
    expect(mine).to_contain_text("Pinned")
    from_menu(seen, "Unpin")
    expect(mine).not_to_contain_text("Pinned")
    from_menu(mine, "Delete message")
    noor.get_by_role("button", name="Delete", exact=True).click()
    expect(message(idris, "Five of five")).to_have_count(0)


def test_files_and_pictures_are_sent_shown_saved_and_deleted(noor: Page, idris: Page) -> None:
    with noor.expect_file_chooser() as chooser:
        noor.get_by_role("button", name="Attach files").click()
    log = FilePayload(name="doses.txt", mimeType="text/plain", buffer=b"1000 mg\n")
    shot = FilePayload(name="chat.png", mimeType="image/png", buffer=png(240, 120))
    chooser.value.set_files([log, shot])
    expect(noor.get_by_role("group", name="Files to send")).to_contain_text("doses.txt")
    say(noor, "The chat and its log")
    expect(noor.get_by_role("group", name="Files to send")).to_be_hidden()
    seen = message(idris, "The chat and its log").first
    expect(seen.get_by_role("img", name="chat.png")).to_have_js_property("naturalWidth", 240)
    with idris.expect_download() as saved:
        seen.get_by_role("link", name="Download doses.txt").click()
    assert Path(saved.value.path()).read_bytes() == b"1000 mg\n"
    expect(seen.get_by_role("button", name="Delete doses.txt")).to_have_count(0)
    shoot_both(idris, "page-files")
    noor.get_by_role("button", name="Delete doses.txt").click()
    noor.get_by_role("button", name="Delete", exact=True).click()
    expect(seen).to_contain_text("This file was deleted.")


def test_nothing_that_was_typed_becomes_markup(noor: Page, idris: Page) -> None:
    say(noor, EVIL)
    with noor.expect_file_chooser() as chooser:
        noor.get_by_role("button", name="Attach files").click()
    evil = FilePayload(name="<img src=x onerror=a>.txt", mimeType="text/plain", buffer=b"x")
    chooser.value.set_files(evil)
    noor.get_by_role("group", name="Files to send").get_by_text("<img src=x").wait_for()
    say(noor, "a name")
    expect(message(idris, "a name").first).to_contain_text("<img src=x onerror=a>.txt")
    expect(message(idris, "onerror='document").first).to_contain_text(EVIL)
    for page in (noor, idris):
        assert page.locator("img[src='x']").count() == 0
        assert page.title() == "Sandbox workspace"


def test_members_show_who_can_be_reached_and_a_channel_can_be_muted(idris: Page) -> None:
    idris.get_by_role("button", name="6 members").click()
    members = idris.get_by_role("dialog", name="Members of #chatbot-support")
    elena = members.locator(".person").filter(has_text="Elena Petrova")
    expect(elena.get_by_role("img", name="notifications paused")).to_be_visible()
    idris.keyboard.press("Escape")
    act(idris, "Mute")
    place = idris.get_by_role("link", name="#chatbot-support")
    expect(place).to_have_attribute("aria-description", "muted")
    act(idris, "Unmute")
    expect(place).not_to_have_attribute("aria-description", "muted")


def test_the_same_channel_opens_as_somebody_else_in_a_second_window(noor: Page) -> None:
    noor.get_by_role("button", name="Open as another person").click()
    with noor.context.expect_page() as opened:
        noor.get_by_role("link", name="Jun Takahashi").click()
    expect(opened.value.get_by_role("combobox", name="Signed in as")).to_have_value(
        re.compile("Jun Takahashi")
    )
    expect(opened.value.get_by_role("heading", name="#chatbot-support")).to_be_visible()


def test_a_slash_opens_the_commands_and_the_keyboard_chooses_one(noor: Page) -> None:
    composer(noor).press_sequentially("/")
    commands = noor.get_by_role("listbox", name="Commands")
    expect(commands.get_by_role("option", selected=True)).to_contain_text("/incident")
    composer(noor).press("Escape")
    expect(commands).to_be_hidden()
    composer(noor).press_sequentially("in")
    composer(noor).press("Enter")
    expect(composer(noor)).to_have_value("/incident ")


def test_the_inspector_shows_calls_and_lets_them_fail(noor: Page, idris: Page) -> None:
    inspector = noor.get_by_role("complementary", name="Inspector")
    expect(inspector).to_be_hidden()
    noor.get_by_role("button", name="Inspector").click()
    inspector.get_by_role("textbox", name="Method, or type of delivery").fill("users.info")
    inspector.get_by_role("textbox", name="Times").fill("one")
    inspector.get_by_role("button", name="Add fault").click()
    expect(noor.get_by_text("one is not a number.")).to_be_visible()
    inspector.get_by_role("textbox", name="Times").fill("1")
    inspector.get_by_role("button", name="Add fault").click()
    expect(inspector.get_by_role("button", name="Clear users.info: 429")).to_be_visible()
    say(idris, "/incident help")
    journal = inspector.get_by_role("region", name="Journal")
    sent = journal.locator("details").filter(has_text="/incident").first
    sent.locator("summary").click()
    expect(sent.locator("pre")).to_contain_text('"text": "help"')
    shoot_both(noor, "page-inspector")
    inspector.get_by_role("button", name="Disconnect socket").click()
    expect(journal).to_contain_text("apps.connections.open")
    inspector.get_by_role("button", name="Clear faults").click()
    expect(inspector).to_contain_text("Nothing goes wrong on purpose.")
    noor.keyboard.press("Escape")
    expect(inspector).to_be_hidden()


def test_the_clock_goes_to_the_next_deadline_or_says_there_is_none(noor: Page) -> None:
    noor.get_by_role("button", name="To next deadline").click()
    expect(noor.get_by_text("No deadline is ahead.")).to_be_visible()
    form = ask(noor, "/incident declare sev1 Doses doubled", "Declare an incident")
    form.get_by_role("button", name="Declare").click()
    noor.get_by_role("dialog", name="Incident declared").wait_for()
    leave(noor)
    shown = noor.get_by_role("group", name="Workspace clock").locator("time")
    before = shown.inner_text()
    noor.get_by_role("button", name="To next deadline").click()
    expect(shown).not_to_have_text(before, timeout=20_000)


def stream(page: Page) -> Locator:
    return page.get_by_role("log", name="#chatbot-support", exact=True)


def from_menu(at: Locator, name: str) -> None:
    at.hover()
    at.get_by_role("button", name="More actions").click()
    at.page.get_by_role("menuitem", name=name).click()


def act(page: Page, name: str) -> None:
    page.get_by_role("button", name="More for #chatbot-support").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def shoot_both(page: Page, name: str) -> None:
    """As it stands at both widths; nothing may be wider than the phone."""
    for width, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)
        picture(page, f"{name}-{width}")
        shown = page.evaluate("document.documentElement.scrollWidth")
        assert shown <= size["width"], f"{name} is {shown} px wide"


def png(width: int, height: int) -> bytes:
    """A picture of that many pixels."""
    rows = b"".join(
        b"\0" + b"".join(bytes((x * 255 // width, y * 255 // height, 160)) for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
