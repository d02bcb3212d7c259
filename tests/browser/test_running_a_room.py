"""Can a team run an incident from first to last in the browser, on a phone and by keyboard?"""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import act_on, ask, click, enter, message, say, shoot, sign_in, summary

TITLE = "Assistant doubles insulin doses"
ROOM = "assistant-doubles-insulin-doses"


def test_a_team_runs_a_room_from_declaring_to_closing(browser: Browser, demo: str) -> None:
    mara = sign_in(browser, demo)
    _declare(mara)
    _take_command(mara)
    _offer_scribe_to_noor(mara)
    noor = _accept(browser, demo)
    _post_update(mara)
    _read_the_renderings(browser, demo)
    _record_decision(mara, noor)
    _be_reminded(mara)
    _look_at_home(browser, demo)
    _answer_in_an_update(mara)
    _mitigate(mara)
    _resolve(mara)
    _close(mara)


def _declare(mara: Page) -> None:
    form = ask(mara, f"/incident declare sev1 {TITLE}", "Declare an incident")
    form.get_by_role("button", name="Declare").click()
    done = mara.get_by_role("dialog", name="Incident declared")
    enter(mara, done.get_by_role("link", name=ROOM), ROOM)
    expect(summary(mara)).to_contain_text("SEV1")
    shoot(mara, "summary-declared", summary(mara))


def _take_command(mara: Page) -> None:
    taken = message(mara, "IC: @Mara Lindqvist").first
    click(summary(mara).get_by_role("button", name="Take command"), leads_to=taken)


def _offer_scribe_to_noor(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Roles")
    click(summary(mara).get_by_role("button", name="Roles"), leads_to=form)
    form.get_by_label("Which role?").click()
    mara.get_by_role("option", name="Scribe").click()
    who = form.get_by_role("combobox", name="Who?")
    who.click()
    who.press_sequentially("noor")
    mara.get_by_role("option", name="Noor").click()
    shoot(mara, "roles-form")
    expect(mara.get_by_role("option")).to_have_count(0)  # the list stays closed
    form.get_by_role("button", name="Do it").click()
    expect(form).to_have_count(0)
    expect(summary(mara)).to_contain_text("Scribe: @Noor Haddad was asked")


def _accept(browser: Browser, demo: str) -> Page:
    noor = sign_in(browser, f"{demo}/?as=U0AGENT")
    tab = noor.get_by_role("tab", name="Messages")
    click(noor.get_by_role("link", name="warroom"), leads_to=tab)
    tab.click()
    offer = message(noor, "asks you to be Scribe")
    shoot(noor, "offer", offer)
    click(
        offer.get_by_role("button", name="Accept"), leads_to=message(noor, "You are Scribe").first
    )
    shoot(noor, "offer-accepted")
    click(noor.get_by_role("link", name=ROOM).first, leads_to=summary(noor))
    expect(summary(noor)).to_contain_text("Scribe: @Noor Haddad")
    return noor


def _post_update(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Status update")
    click(summary(mara).get_by_role("button", name="Update"), leads_to=form)
    form.get_by_label("Ongoing").check()
    form.get_by_label("What happened?").fill("The assistant doubles insulin doses for children")
    form.get_by_label("Who is affected, and how many?").fill("37 conversations since 03:10")
    form.get_by_label("What holds it off").fill("Dosage answers are switched off in the app")
    form.get_by_label("Next steps, each with a time").fill("Roll back to 4.1 by 11:30")
    form.get_by_label("Hypotheses").fill("The unit converter was dropped from the prompt")
    form.get_by_label("which decision is needed?").fill("May we call the 37 families today?")
    form.get_by_label("what to tell customers").fill("Do not follow dose advice; ask a pharmacist")
    form.get_by_label("tags for tickets").fill("dosage-inc")
    form.get_by_label("logs and reproductions").fill("Prompt 7 of the dosage suite, 5 of 5")
    form.get_by_label("when do we roll back?").fill("More than 1 wrong dose in 20")
    shoot(mara, "update-modal", form.get_by_text("Is harm going on").first)
    shoot(mara, "update-modal-end", form.get_by_text("For executives"))
    form.get_by_role("button", name="Post").click()
    expect(form).to_have_count(0)
    expect(summary(mara)).to_contain_text("37 conversations")
    shoot(mara, "summary-running", summary(mara))


def _read_the_renderings(browser: Browser, demo: str) -> None:
    for audience, person, words in (
        ("exec", "U0EXEC", "May we call the 37 families today?"),
        ("support", "U0AGENT", "dosage-inc"),
        ("engineering", "U0SAFETY", "Prompt 7 of the dosage suite"),
    ):
        page = sign_in(browser, f"{demo}/?as={person}")
        page.get_by_role("link", name=f"#{audience}-updates").click()
        expect(message(page, words).first).to_be_visible()
        shoot(page, f"rendering-{audience}", message(page, words).first)
        if audience == "exec":
            _ask(page)


def _ask(sam: Page) -> None:
    form = sam.get_by_role("dialog", name="Ask the room")
    click(sam.get_by_role("button", name="Ask").last, leads_to=form)
    form.get_by_label("What do you want to know?").fill("Is any child in hospital?")
    shoot(sam, "ask")
    form.get_by_role("button", name="Ask").click()
    expect(form).to_have_count(0)


def _record_decision(mara: Page, noor: Page) -> None:
    expect(summary(mara)).to_contain_text("Is any child in hospital?")
    say(mara, "We roll back to 4.1 now")
    line = message(noor, "We roll back to 4.1 now").first
    form = noor.get_by_role("dialog", name="Record a decision")
    act_on(noor, line, "Record decision", leads_to=form)
    expect(form.get_by_role("textbox")).to_be_focused()
    shoot(noor, "decision-form")
    form.get_by_role("button", name="Record").click()
    expect(form).to_have_count(0)
    expect(summary(mara)).to_contain_text("We roll back to 4.1 now")
    shoot(mara, "room", summary(mara))


def _be_reminded(mara: Page) -> None:
    mara.get_by_role("button", name="+15 min").click()
    reminder = message(mara, "Status update is owed by @Mara Lindqvist").first
    expect(reminder.get_by_role("button", name="Snooze")).to_be_visible()
    shoot(mara, "reminder", reminder)


def _look_at_home(browser: Browser, demo: str) -> None:
    home = sign_in(browser, f"{demo}/?as=U0ONCALL&tab=home")
    expect(home.get_by_role("tabpanel", name="Home")).to_contain_text(TITLE)
    shoot(home, "home")


def _answer_in_an_update(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Status update")
    click(summary(mara).get_by_role("button", name="Update"), leads_to=form)
    form.get_by_label("Stopped", exact=True).check()
    form.get_by_label("Answer to: Is any child in hospital?").fill("No. One was seen and sent home")
    form.get_by_role("button", name="Post").click()
    expect(form).to_have_count(0)
    expect(summary(mara)).to_contain_text("Harm now: stopped (today")
    expect(summary(mara)).not_to_contain_text("Open questions")


def _mitigate(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Harm is held off")
    say(mara, "/incident mitigated")
    form.wait_for()
    form.get_by_label("What was done?").fill("Rolled back to 4.1")
    form.get_by_label("Who is still exposed?").fill("Nobody")
    form.get_by_label("Which measure shows that it works?").fill("0 of 50 probes")
    shoot(mara, "mitigated-form")
    form.get_by_role("button", name="Mitigated").click()
    expect(form).to_have_count(0)
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Mitigated")
    shoot(mara, "summary-mitigated", summary(mara))


def _resolve(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Resolve the incident")
    click(summary(mara).get_by_role("button", name="Resolve"), leads_to=form)
    form.get_by_role("textbox").first.fill("Rolled back to 4.1; twenty tries give right doses")
    shoot(mara, "resolve-form")
    form.get_by_role("button", name="Resolve").click()
    expect(form).to_have_count(0)
    shoot(mara, "summary-resolved", summary(mara))


def _close(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Close the incident")
    click(summary(mara).get_by_role("button", name="Close"), leads_to=form)
    form.get_by_label("Why is nothing left to do?").fill("The old model answers right again")
    shoot(mara, "close-form")
    form.get_by_role("button", name="Close", exact=True).last.click()
    expect(form).to_have_count(0)
    expect(mara.locator("header")).to_contain_text("INC-1 · SEV1 · Closed")
    shoot(mara, "summary-closed", summary(mara))
