"""Can every input of a modal be used and sent, with a mouse and without?"""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.acts import choose, composer, picture, say, shoot
from tests.browser.kit import Kit


def test_what_cannot_be_entered_is_told_at_the_input(page: Page) -> None:
    form = _open(page, "typed")
    title = form.get_by_label("Title of it")
    expect(title).to_be_focused()
    expect(title).to_have_accessible_description("People read it first 3 to 40 characters")
    title.fill("ab")
    form.get_by_label("Number of people").fill("100")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert").filter(has_text="Enter 99 or less.")).to_be_visible()
    form.get_by_label("Number of people").fill("12")
    form.get_by_role("button", name="Save").click()
    expect(title).to_have_accessible_description(
        "People read it first 3 to 40 characters Enter at least 3 characters."
    )
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_typed_inputs_are_sent_once_the_app_takes_them(page: Page, kit: Kit) -> None:
    form = _open(page, "typed")
    title = form.get_by_label("Title of it")
    form.get_by_label("Email").fill("noor@example.test")
    title.fill("wrong")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert").filter(has_text="Say what was seen.")).to_be_visible()
    shoot(page, "page-modal-errors")
    kit.forget()
    title.fill("Doses")
    form.get_by_label("Number of people").fill("12")
    form.get_by_label("Notes").fill("one\ntwo")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    values = kit.submitted()
    assert values["title"]["value"] == "Doses"
    assert values["story"]["value"] == "It began\nat noon"
    assert values["number"]["value"] == "12"
    written = values["notes"]["rich_text_value"]["elements"][0]["elements"]
    assert written == [{"type": "text", "text": "one\ntwo"}]


def test_dates_and_times_are_sent_as_the_person_means_them(page: Page, kit: Kit) -> None:
    form = _open(page, "moments")
    expect(form.get_by_label("Moment")).to_have_value("2026-11-28T13:00")  # Stockholm
    expect(form.get_by_label("Moment")).to_have_accessible_description(
        "Time zone: Europe/Stockholm"
    )
    form.get_by_label("Moment").fill("2026-11-28T14:00")
    form.get_by_label("Hour").fill("09:15")
    form.get_by_label("Until").fill("2026-12-24")
    form.get_by_role("button", name="Save").click()
    values = kit.submitted()
    assert values["moment"]["selected_date_time"] == 1_795_870_800
    assert values["hour"]["selected_time"] == "09:15"
    assert values["day"]["selected_date"] == "2026-11-28"
    assert values["until"]["selected_date"] == "2026-12-24"
    expect(form).to_have_count(0)


def test_options_are_chosen_from_lists_groups_and_boxes(page: Page, kit: Kit) -> None:
    form = _open(page, "choices")
    choose(page, form, "Surface", "Search")
    form.get_by_role("combobox", name="Pace").click()
    expect(page.get_by_text("Urgent")).to_be_visible()
    picture(page, "page-option-groups")
    page.get_by_role("option", name="This week").click()
    choose(page, form, "Others", "Chat")
    page.keyboard.press("Escape")
    form.get_by_label("Stopped").check()
    form.get_by_label("Logs").check()
    form.get_by_role("button", name="Save").click()
    values = kit.submitted()
    assert values["surface"]["selected_option"]["value"] == "search"
    assert values["pace"]["selected_option"]["value"] == "this-week"
    others = [each["value"] for each in values["others"]["selected_options"]]
    assert sorted(others) == ["chat", "voice"]
    assert values["harm"]["selected_option"]["value"] == "stopped"
    assert [each["value"] for each in values["checked"]["selected_options"]] == ["logs"]
    expect(form).to_have_count(0)


def test_people_and_rooms_are_chosen_by_name(page: Page, kit: Kit) -> None:
    form = _open(page, "people")
    choose(page, form, "Lead", "Noor Haddad")
    choose(page, form, "Room", "#incidents", exact=True)
    choose(page, form, "Channel", "#exec-updates", exact=True)
    form.get_by_role("button", name="Save").click()
    values = kit.submitted()
    assert values["lead"]["selected_user"] == "U0AGENT"
    assert values["team"]["selected_users"] == ["U0COMMS"]
    assert values["room"]["selected_conversation"] == "C0INCIDENTS"
    assert values["channel"]["selected_channel"] == "C0EXEC"
    assert values["channels"]["selected_channels"] == ["C0GENERAL"]
    expect(form).to_have_count(0)


def test_the_app_is_asked_for_options_while_one_types(page: Page, kit: Kit) -> None:
    form = _open(page, "searched")
    for label, typed in (("Model", "dosage"), ("Tags", "triage")):
        field = form.get_by_role("combobox", name=label)
        field.click()
        field.press_sequentially(typed)
        page.get_by_role("option", name=typed).first.click()
    form.get_by_role("button", name="Save").click()
    values = kit.submitted()
    assert values["model"]["selected_option"]["value"] == "dosage-4.1"
    assert [each["value"] for each in values["tags"]["selected_options"]] == ["triage-2.0"]
    expect(form).to_have_count(0)


def test_what_acts_at_once_in_a_modal_tells_the_app(page: Page, kit: Kit) -> None:
    form = _open(page, "act", "Pressed")
    expect(form.get_by_role("img", name="Warning")).to_be_visible()
    choose(page, form, "Kind", "Voice")
    assert kit.action()["selected_option"]["value"] == "voice"
    form.get_by_label("Line").fill("on enter")
    form.get_by_label("Line").press("Enter")
    assert kit.action()["value"] == "on enter"
    form.get_by_label("Each").press("x")
    assert kit.action()["value"] == "x"
    form.get_by_role("button", name="More of it").click()
    page.get_by_role("menuitem", name="Move").click()
    assert kit.action()["selected_option"]["value"] == "move"
    form.get_by_role("button", name="Update").click()
    updated = page.get_by_role("dialog", name="Updated")
    expect(updated).to_contain_text("It says something else now")
    updated.get_by_role("button", name="Cancel").click()
    expect(updated).to_have_count(0)


def test_a_modal_takes_errors_is_pushed_on_gone_back_from_updated_and_cleared(
    page: Page, kit: Kit
) -> None:
    form = _open(page, "steps")
    _step(form, "errors")
    expect(form.get_by_role("alert").filter(has_text="Not this one.")).to_be_visible()
    _step(form, "push")
    pushed = page.get_by_role("dialog", name="Pushed")
    expect(pushed.get_by_label("Reason")).to_be_focused()
    shoot(page, "page-modal-pushed")
    pushed.get_by_role("button", name="Back").click()
    assert kit.next("view_closed")["is_cleared"] is False
    expect(form.get_by_label("Step")).to_have_value("push")
    _step(form, "push")
    expect(pushed.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("Escape")  # one step back, too
    assert kit.next("view_closed")["view"]["callback_id"] == "pushed"
    _step(form, "update")
    updated = page.get_by_role("dialog", name="Updated")
    expect(updated).to_contain_text("It says something else now")
    updated.get_by_role("button", name="Close all").click()
    assert kit.next("view_closed")["is_cleared"] is True
    again = _open(page, "steps")
    _step(again, "clear")
    expect(again).to_have_count(0)


def test_tab_stays_in_a_modal_and_the_composer_gets_the_focus_back(page: Page) -> None:
    form = _open(page, "choices")
    expect(form.get_by_role("combobox", name="Surface")).to_be_focused()
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        inside = "document.activeElement.closest('[role=dialog]') !== null"
        at = page.evaluate(f"[document.activeElement.outerHTML.slice(0, 90), {inside}]")
        assert at[1] or at[0].startswith("<body"), at
        seen.add(at[0])
    assert len(seen) > 6
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(composer(page)).to_be_focused()


def test_files_are_given_to_a_modal_and_taken_out_again(page: Page, kit: Kit) -> None:
    form = _open(page, "files")
    _pick(page, form, "log.txt", "run.exe")
    refused = form.get_by_role("alert").filter(has_text="type")
    expect(refused).to_contain_text("Choose files of type txt, png.")
    _pick(page, form, "log.txt", "<b>.txt")
    form.get_by_role("button", name="Remove <b>.txt").click()
    expect(form.get_by_role("listitem")).to_have_count(1)
    expect(form.get_by_role("listitem")).to_contain_text("log.txt")
    shoot(page, "page-modal-files")
    form.get_by_role("button", name="Save").click()
    assert [each["name"] for each in kit.submitted()["evidence"]["files"]] == ["log.txt"]
    expect(form).to_have_count(0)


@pytest.mark.parametrize("name", ["typed", "moments", "choices", "people", "searched", "act"])
def test_a_modal_fits_both_widths(page: Page, name: str) -> None:
    form = _open(page, name, "Pressed" if name == "act" else "")
    shoot(page, f"page-modal-{name}")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def _open(page: Page, name: str, title: str = "") -> Locator:
    say(page, f"/kit {name}")
    form = page.get_by_role("dialog", name=title or name.capitalize(), exact=True)
    expect(form).to_be_visible()
    return form


def _step(form: Locator, word: str) -> None:
    form.get_by_label("Step").fill(word)
    form.get_by_role("button", name="Save").click()


def _pick(page: Page, form: Locator, *names: str) -> None:
    with page.expect_file_chooser() as chosen:
        form.get_by_role("button", name="Add files").click()
    given: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in names
    ]
    chosen.value.set_files(given)
