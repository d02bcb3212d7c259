"""Do five people run the source runbook to its end, each in a window of their own?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Page, expect

from tests.browser import scenes
from tests.browser import stage as stages
from tests.browser.acts import DESKTOP, choose, click, message, shoot, summary
from tests.browser.scenes import checklist, opened, row, sent, textbox
from tests.browser.stage import Stage
from tests.browser.test_axe import faults
from tests.hooks.receiver import Receiver

FILES = (
    ("Dashboards", "panel.png"), ("Queries that were run", "all.sql"),
    ("Redacted samples", "sample.txt"), ("Custody notes", "custody.md"),
)  # fmt: skip
UNKNOWN = (
    ("Which duties could this trigger?", "counsel has not answered"),
    ("Which third parties are involved, and how?", "nobody has asked the vendor"),
)
SENT = ["/rest/api/3/issue"] * 3 + ["/v2/enqueue"]
PICTURE = (Path(__file__).parent / "screenshots/resolve-refused.png").read_bytes()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stages.stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def test_the_source_runbook_is_run_to_its_end_by_five_people(
    browser: Browser, stage: Stage, tmp_path: Path
) -> None:
    mara = scenes.declare(browser, stage.address)
    shoot(mara, "runbook-offer", summary(mara))
    scenes.command(mara, "/incident take ic", "IC: @Mara Lindqvist")
    elena, jun, idris, noor, sam = (
        scenes.come(browser, stage.address, person, role)
        for person, role in (
            ("U0LEGAL", "legal"), ("U0COMMS", "comms"), ("U0SAFETY", "technical"),
            ("U0AGENT", "security"), ("U0EXEC", ""),
        )
    )  # fmt: skip
    jun.close()
    _start(mara)
    _open_and_assign(mara)
    _stabilise(noor)
    _attach(noor, tmp_path)
    _assess(elena)
    _ask(mara, "Roll back to v41")
    _refuse(noor)
    _ask_again(mara)
    _hand_on(noor)
    _grant(sam)
    _send(idris, stage.receiver)
    _end(mara, idris)
    _export(browser, mara, tmp_path)


def _start(mara: Page) -> None:
    """Offered on the summary, chosen, its prerequisites asked."""
    which = mara.get_by_role("dialog", name="Run a runbook")
    click(summary(mara).get_by_role("button", name="Runbook"), leads_to=which)
    choose(mara, which, "Which one?", "Model output causing harm")
    which.get_by_role("button", name="Next").click()
    start = which.filter(has_text="When to use it")
    start.wait_for()
    shoot(mara, "runbook-start", start.get_by_text("Model output causing harm").first)
    start.get_by_role("radio", name="Yes").first.check()
    shoot(mara, "runbook-prerequisites", start.get_by_text("Whom does it reach?"))
    sent(start, "Start")
    expect(checklist(mara)).to_contain_text("0 of 6 done")
    shoot(mara, "runbook-checklist-early", checklist(mara))


def _open_and_assign(mara: Page) -> None:
    form = opened(mara, 1)
    shoot(mara, "runbook-manual", form.get_by_text("1. Open and assign"))
    form.get_by_label("The escalation titles are those of your organisation").check()
    textbox(form, "Note").fill("All five are in the room")
    shoot(mara, "runbook-manual-end", form.get_by_text("What of this holds?"))
    sent(form, "Done")
    expect(checklist(mara)).to_contain_text("1 of 6 done")


def _stabilise(noor: Page) -> None:
    form = opened(noor, 2)
    form.get_by_role("button", name="Done", exact=True).click()
    expect(form.locator(".wrong")).to_have_count(2)
    shoot(noor, "runbook-manual-refused", form.get_by_text("Which systems").first)
    textbox(form, "Which systems are affected?").fill("Dosage assistant 4.2, in the app")
    for box in form.get_by_role("group", name="What of this holds?").get_by_role("checkbox").all():
        box.check()
    textbox(form, "Note").fill("The snapshot is in the store, from 03:12 on")
    sent(form, "Done")
    expect(checklist(noor)).to_contain_text("2 of 6 done")


def _attach(noor: Page, folder: Path) -> None:
    for number, (kind, name) in enumerate(FILES, start=1):
        form = opened(noor, 3)
        scenes.attach(noor, form, _file(folder, name))
        choose(noor, form, "What is it?", kind)
        form.get_by_role("group", name="Is it redacted?").get_by_role("checkbox").check()
        textbox(form, "Custody").fill("Taken by Noor from the console at 03:12")
        if number == 1:
            assert faults(noor) == []
            shoot(noor, "runbook-files", form.get_by_text("3. Attach primary evidence"))
            shoot(noor, "runbook-files-end", form.get_by_text("What is it?"))
        sent(form, "Add")
    listed = scenes.command(noor, "/incident evidence", "Evidence of INC-1", scenes.messages)
    # What a model said is called by its note, until somebody goes past the warning.
    for name in ("panel.png", "all.sql", "Taken by Noor from the console", "custody.md"):
        expect(listed).to_contain_text(name)
    shoot(noor, "runbook-evidence", listed)
    form = opened(noor, 3)
    expect(form).to_contain_text("✓ Custody notes: E-4")
    form.get_by_label("All is here: the step is done").check()
    sent(form, "Add")
    expect(checklist(noor)).to_contain_text("3 of 6 done")


def _file(folder: Path, name: str) -> Path:
    """A real file of that name."""
    path = folder / name
    path.write_bytes(PICTURE if name.endswith(".png") else b"What was seen at 03:12, redacted.\n")
    return path


def _assess(elena: Page) -> None:
    form = opened(elena, 4)
    shoot(elena, "runbook-form", form.get_by_text("4. Impact assessment"))
    form.get_by_role("button", name="Done", exact=True).click()
    expect(form.locator(".wrong")).to_have_count(9)  # all of them at once
    assert faults(elena) == []
    shoot(elena, "runbook-form-refused", form.get_by_text("Which classes of data").first)
    form.get_by_role("checkbox", name="Health").check()
    textbox(form, "At least (users)").fill("50")
    textbox(form, "At most (users)").fill("40")
    for question, why in UNKNOWN:
        form.get_by_role("button", name=f"Unknown, because… {question}").click()
        textbox(form, f"Unknown, because: {question}").fill(why)
    form.get_by_role("radio", name="SEV1").check()
    textbox(form, "Why does it say so?").fill("An ordinary prompt brings it about")
    form.get_by_role("button", name="Keep as a draft").click()
    expect(form).to_contain_text("Close it and go on later.")
    textbox(form, "Which jurisdictions are the people in?").fill("EU and Norway")
    textbox(form, "Which promises made to anybody does it break?").fill("None")
    form.get_by_role("button", name="Done", exact=True).click()
    wrong = form.locator(".wrong")
    expect(wrong).to_contain_text("At most is less than at least.")
    shoot(elena, "runbook-form-unknown", wrong)
    textbox(form, "At least (users)").fill("12")
    sent(form, "Done")
    expect(checklist(elena)).to_contain_text("4 of 6 done")


def _ask(mara: Page, text: str) -> None:
    form = opened(mara, 5)
    form.get_by_label("Roll back").check()
    textbox(form, "What is to be decided, and why?").fill(text)
    shoot(mara, "runbook-approval", form.get_by_text("5. Sign-off"))
    sent(form, "Ask")
    expect(row(mara, 5)).to_contain_text("asked by")


def _refuse(noor: Page) -> None:
    """Everything to decide by stands in the private message."""
    scenes.private(noor)
    asked = message(noor, "waits for your decision").last
    expect(asked).to_contain_text("unknown, because counsel has not answered")
    shoot(noor, "runbook-approval-request", asked)
    form = noor.get_by_role("dialog", name="Step 5")
    click(asked.get_by_role("button", name="Refuse"), leads_to=form)
    textbox(form, "Why?").fill("Say which version, and since when it is known to be good")
    shoot(noor, "runbook-approval-refuse", form.get_by_text("asks").first)
    sent(form, "Refuse")


def _ask_again(mara: Page) -> None:
    expect(row(mara, 5)).to_contain_text("refused by")
    shoot(mara, "runbook-checklist-middle", checklist(mara))
    _ask(mara, "Roll back to v41 of 12 November, which ran for nine days without a report")
    form = opened(mara, 5)
    expect(form.get_by_role("button", name="Take it back")).to_be_visible()
    expect(form.get_by_role("button", name="Approve")).to_have_count(0)
    form.get_by_role("button", name="Close", exact=True).click()


def _hand_on(noor: Page) -> None:
    asked = message(noor, "of 12 November").last
    form = noor.get_by_role("dialog", name="Step 5")
    click(asked.get_by_role("button", name="Let somebody else decide"), leads_to=form)
    choose(noor, form, "Who decides instead of you?", "Sam Whitfield")
    textbox(form, "Why?").fill("I am on the train for two hours")
    sent(form, "Hand on")
    scenes.back(noor)


def _grant(sam: Page) -> None:
    scenes.private(sam)
    asked = message(sam, "waits for your decision").last
    form = sam.get_by_role("dialog", name="Step 5")
    click(asked.get_by_role("button", name="Approve with conditions"), leads_to=form)
    textbox(form, "On which conditions?").fill("In the EU first, and watch it for an hour")
    textbox(form, "Why?").fill("The old version is known")
    shoot(sam, "runbook-approval-grant", form.get_by_text("asks").first)
    assert faults(sam) == []
    sent(form, "Approve with conditions")
    expect(message(sam, "Sign-off for remediation").last).to_contain_text("is granted")
    scenes.back(sam)
    expect(checklist(sam)).to_contain_text("5 of 6 done")


def _send(idris: Page, receiver: Receiver) -> None:
    """It fails by itself and is repeated; it fails for good; somebody sends it once more."""
    receiver.always["/v2/enqueue"] = {"dedup_key": "INC-1-1"}
    receiver.answers += [web.Response(status=503), web.Response(status=422)]
    form = opened(idris, 6)
    textbox(form, "Project (Jira").fill("AI")
    textbox(form, "Issue type (Jira").fill("Task")
    expect(form.get_by_label("Page or note in the pager")).not_to_be_checked()  # it rings somebody
    shoot(idris, "runbook-webhook", form.get_by_text("What now?"))
    sent(form, "Go on")
    expect(row(idris, 6)).to_contain_text("failed")
    form = opened(idris, 6)
    expect(form).to_contain_text("Ticket with the checklist: failed")
    shoot(idris, "runbook-webhook-failed", form.get_by_text("6. Integrations"))
    receiver.answers.append(web.json_response({"key": "AI-7"}, status=201))
    form.get_by_label("Page or note in the pager").check()
    textbox(form, "Project (Jira").fill("AI")
    textbox(form, "Issue type (Jira").fill("Task")
    sent(form, "Go on")
    expect(row(idris, 6)).not_to_contain_text("failed")
    form = opened(idris, 6)
    expect(form).to_contain_text("AI-7")
    assert sorted(path for path, _, _ in receiver.requests) == SENT


def _end(mara: Page, idris: Page) -> None:
    form = idris.get_by_role("dialog", name="Step 6")
    form.get_by_role("checkbox", name="The post-incident review is booked").check()
    form.get_by_role("button", name="Go on").click()
    expect(form.locator(".wrong")).to_contain_text("The post-incident review is not linked yet.")
    review = mara.get_by_role("dialog", name="Link the review")
    click(checklist(mara).get_by_role("button", name="Link the review"), leads_to=review)
    review.get_by_label("When is it?").fill("2026-11-30T10:00")
    textbox(review, "Where is it booked?").fill("https://calendar.example/review-of-inc-1")
    shoot(mara, "runbook-review")
    sent(review, "Link")
    expect(checklist(mara)).to_contain_text("https://calendar.example/review-of-inc-1")
    sent(form, "Go on")
    expect(checklist(mara)).to_contain_text("finished")
    expect(checklist(mara)).to_contain_text("6 of 6 done")
    shoot(mara, "runbook-checklist-done", checklist(mara))


def _export(browser: Browser, mara: Page, folder: Path) -> None:
    scenes.command(mara, "/incident export", "comes to you by direct message", scenes.messages)
    scenes.private(mara)
    brought = message(mara, "The record of INC-1").last
    shoot(mara, "runbook-export", brought)
    with mara.expect_download() as download:
        brought.get_by_role("link", name="Download").click()
    download.value.save_as(folder / "record.zip")
    shutil.unpack_archive(folder / "record.zip", folder / "record")
    [index] = (folder / "record").rglob("index.html")
    page = browser.new_page(viewport=DESKTOP)
    page.goto(index.as_uri())
    expect(page.get_by_role("heading", name="Runbooks", level=2)).to_be_attached()
    assert faults(page) == []
    shoot(page, "runbook-exported")
    page.close()
