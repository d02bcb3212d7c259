"""Do second looks, forms of several pages, and steps that are changed work in a browser?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import scenes
from tests.browser import stage as stages
from tests.browser.acts import ask, choose, click, message, shoot
from tests.browser.scenes import checklist, opened, row, sent, textbox
from tests.browser.stage import Stage
from tests.browser.test_axe import faults

QUESTIONS = (
    "Which harm does this prevent?", "Who is still exposed?", "Which measure shows it shrinking?",
    "Does the lever itself create a new risk?",
)  # fmt: skip
PAGES = (
    ("Was data refreshed?", "Did joins break or change?", "Do labels lag?",
     "Did a threshold change?", "Did a feature change?", "Is retrieval skewed for a cohort?"),
    ("Does a filter treat a dialect or a language differently?",),
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stages.stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def test_two_pairs_of_eyes_two_pages_and_a_step_that_is_left(
    browser: Browser, stage: Stage
) -> None:
    mara = scenes.declare(browser, stage.address)
    scenes.command(mara, "/incident take ic", "IC: @Mara Lindqvist")
    idris = scenes.come(browser, stage.address, "U0SAFETY", "technical")
    _run(mara, "safety-incident", 1)
    _say_it_is_done(mara)
    _look(idris)
    _run(mara, "bias-spike", 2)
    _answer_two_pages(mara)
    _leave_a_step(mara)
    _apply_a_rule(mara)
    _read(mara)


def _run(mara: Page, name: str, number: int) -> None:
    start = ask(mara, f"/incident runbook {name}", "Run a runbook")
    sent(start, "Start")
    expect(checklist(mara, number)).to_contain_text("0 of")


def _say_it_is_done(mara: Page) -> None:
    form = opened(mara, 2)
    for question in QUESTIONS:
        form.get_by_role("button", name=f"Unknown, because… {question}").click()
        textbox(form, f"Unknown, because: {question}").fill("it is being looked at")
    form.get_by_label("A lever is pulled and took effect").check()
    shoot(mara, "runbook-unknown", form.get_by_text("2. Stop the harm"))
    assert faults(mara) == []
    sent(form, "Ask for a look")
    expect(row(mara, 2)).to_contain_text("says it is done; somebody else has to look")


def _look(idris: Page) -> None:
    form = opened(idris, 2)
    expect(form).to_contain_text("Who is still exposed? unknown, because it is being looked at")
    shoot(idris, "runbook-second-pair", form.get_by_text("2. Stop the harm"))
    assert faults(idris) == []
    sent(form, "I looked, it is")
    expect(checklist(idris)).to_contain_text("Done: 2 Stop the harm")


def _answer_two_pages(mara: Page) -> None:
    """What was answered on the first page is there when one comes back to it."""
    form = opened(mara, 1)  # both runbooks share it
    for box in form.get_by_role("checkbox").all():
        box.check()
    sent(form, "Done")
    form = mara.get_by_role("dialog", name="Step 4, 1 of 2")
    click(row(mara, 4, 2).get_by_role("button"), leads_to=form)
    for question in PAGES[0]:
        _yes(form, question)
    shoot(mara, "runbook-page-1", form.get_by_text("4. Data and change check"))
    last = mara.get_by_role("dialog", name="Step 4, 2 of 2")
    form.get_by_role("button", name="Next").click()
    last.wait_for()
    last.get_by_role("button", name="Back", exact=True).last.click()
    form.wait_for()
    expect(textbox(form, f"Yes, because: {PAGES[0][0]}")).to_have_value("The logs say so")
    form.get_by_role("button", name="Next").click()
    last.wait_for()
    _yes(last, PAGES[1][0])
    shoot(mara, "runbook-page-2")
    assert faults(mara) == []
    sent(last, "Done")
    expect(checklist(mara, 2)).to_contain_text("4 Data and change check")


def _yes(form: Locator, question: str) -> None:
    form.get_by_role("radiogroup", name=question).get_by_label("Yes").check()
    textbox(form, f"Yes, because: {question}").fill("The logs say so")


def _leave_a_step(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Change a step")
    click(checklist(mara, 2).get_by_role("button", name="Change a step"), leads_to=form)
    choose(mara, form, "What?", "It does not apply")
    choose(mara, form, "Which step?", "2 Pause or route")
    textbox(form, "Why, or what is to be done").fill("There is one cohort alone")
    shoot(mara, "runbook-change")
    assert faults(mara) == []
    form.get_by_role("button", name="Change", exact=True).click()
    expect(form.locator(".wrong")).to_contain_text("only its approver (Product Owner) can say")
    choose(mara, form, "Which step?", "3 Segment evidence")
    sent(form, "Change")
    expect(checklist(mara, 2)).to_contain_text("Left: 3 said not to apply")


def _apply_a_rule(mara: Page) -> None:
    form = mara.get_by_role("dialog", name="Rules")
    click(checklist(mara).get_by_role("button", name="Rules"), leads_to=form)
    shoot(mara, "runbook-rules")
    assert faults(mara) == []
    rule = form.get_by_role("group", name="Minimal testing shows credible harm.")
    rule.get_by_role("checkbox", name="Applies now").check()
    sent(form, "Save")
    expect(message(mara, "Because: ").last).to_contain_text("(runbook 1)")
    shoot(mara, "runbook-several", checklist(mara, 1))


def _read(mara: Page) -> None:
    page = mara.get_by_role("dialog", name="Runbook 1")
    click(checklist(mara).get_by_role("button", name="Read"), leads_to=page)
    expect(page).to_contain_text("Do not")
    shoot(mara, "runbook-read", page.get_by_text("Fast lever").first)
    assert faults(mara) == []
