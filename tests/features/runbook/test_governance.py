"""When has a runbook to be run, who may say so, and what is said where it was not?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.incidents import (
    DetailsFilled,
    IncidentClosed,
    IncidentReopened,
    IncidentResolved,
)
from bot.core.facts.status import IncidentCancelled
from bot.core.outcome import Refused
from bot.core.runs import governance
from bot.core.runs.model import Runs
from bot.features.approvals import rules as approvals
from bot.features.checklist import blocks as checklist
from bot.features.checklist import due
from bot.features.details import rules as details
from bot.features.runbook import blocks, rules
from bot.features.status import rules as status
from tests.features.runs import HARM, MARA, NOOR, SAM, Story, library, words
from tests.features.values import NOW, POLICY
from tests.features.wording import heard

SAFE = DetailsFilled(family="safety")
RESOLVED = IncidentResolved(reason=words("It is over"))
OVER: tuple[Fact, ...] = (
    IncidentClosed(reason=words("Nothing is left")),
    IncidentCancelled(reason=words("A load test"), detector_fix=words("Jun mends it")),
)
WANTED = (
    "A run of Safety incident (real or near harm) is required (governance tier 1, Light) and was "
    "not started: `/incident runbook safety-incident`"
)


def required(story: Story) -> str | None:
    """The runbook that has to be run."""
    book = governance.required(story.incident, story.context(MARA))
    return book.pin.id if book else None


def test_what_fits_best_has_to_be_run_from_the_tier_on_that_it_names() -> None:
    functional = Story("").did((MARA, DetailsFilled(family="functional")))
    assert required(Story("")) is None
    assert required(Story("").did((MARA, SAFE))) == "safety-incident"
    assert required(functional) is None
    functional.did((MARA, DetailsFilled(governance_tier=3)))
    assert required(functional) == "functional-quality-regression"
    functional.did((MARA, f.GovernanceTierSet(tier=2)))
    assert required(functional) is None


def test_any_runbook_that_fits_will_do() -> None:
    assert required(Story(HARM).did((MARA, SAFE))) is None


def test_the_summary_says_which_runbook_is_required_and_that_none_runs() -> None:
    story = Story("").did((MARA, SAFE))
    [part] = blocks.summary_parts(story.shown)
    told = "Runbook required (governance tier 1, Light): Safety incident (real or near harm)."
    assert heard(part.content) == told
    assert part.gaps == ("a runbook is required, and none runs",)
    assert [one.action_id for one in part.buttons] == ["runbook_asked"]


def test_fill_in_takes_the_tier_once_it_is_another_than_usual() -> None:
    story = Story("")
    usual = DetailsFilled(governance_tier=1)
    assert details.fill_in(story.incident, usual, story.context(SAM)).facts == ()
    raised = DetailsFilled(governance_tier=2)
    assert details.fill_in(story.incident, raised, story.context(SAM)).facts == (raised,)


def test_anybody_raises_the_tier_and_only_some_lower_it() -> None:
    story = Story("")
    for tier in (0, 5):
        with pytest.raises(Refused, match="A tier is one of 1, 2, 3, 4"):
            rules.set_tier(story.incident, tier, story.context(MARA))
    story.told(rules.set_tier(story.incident, 3, story.context(SAM)), SAM)
    told = "To lower the governance tier is up to the Incident Commander"
    with pytest.raises(Refused, match=told):
        rules.set_tier(story.incident, 2, story.context(SAM))
    with pytest.raises(Refused, match=told):
        details.fill_in(story.incident, DetailsFilled(governance_tier=2), story.context(SAM))
    story.told(rules.set_tier(story.incident, 2, story.context(MARA)), MARA)
    assert governance.tier(story.context(MARA).states.of(Runs), POLICY) == 2


def test_a_close_asks_why_a_required_run_was_not_started() -> None:
    story = Story("").did((MARA, SAFE), (MARA, RESOLVED))
    assert status.left_open(story.incident, "close", story.context(MARA)) == (WANTED,)
    with pytest.raises(Refused, match="1 thing is still open in INC-12"):
        status.close(story.incident, status.Closing("Done"), story.context(MARA))
    closing = status.Closing("Done", "It was run on paper")
    [closed] = status.close(story.incident, closing, story.context(MARA)).facts
    assert closed == IncidentClosed(reason=words("Done"), despite=words("It was run on paper"))


def test_a_close_names_what_a_required_run_still_owes() -> None:
    story = Story("").did((MARA, SAFE), (MARA, RESOLVED))
    book = library().books["safety-incident"]
    story.told(rules.start(story.incident, rules.Start(book), story.context(MARA)), MARA)
    story.did(*((MARA, f.StepDone(run=1, step=n)) for n in range(1, 10)))
    assert status.left_open(story.incident, "close", story.context(MARA)) == (
        "Runbook 1, Safety incident (real or near harm), is required; not done: 10, 11; "
        "the review is not linked",
    )
    assert status.left_open(story.incident, "cancel", story.context(MARA)) == ()


def test_a_tier_that_is_raised_later_makes_a_run_that_goes_on_required() -> None:
    story = Story(HARM).did((MARA, RESOLVED))
    [line] = status.left_open(story.incident, "close", story.context(MARA))
    assert line.startswith("Runbook 1, Model output causing harm; not done: 1, 2")
    story.did((MARA, f.GovernanceTierSet(tier=2)))
    [line] = status.left_open(story.incident, "close", story.context(MARA))
    assert line.startswith("Runbook 1, Model output causing harm, is required; not done: 1, 2")
    assert "its record is owed" in checklist.checklist(story.run, story.shown).text


@pytest.mark.parametrize("over", OVER)
def test_a_run_ends_with_its_incident_and_asks_nobody_for_anything_any_more(over: Fact) -> None:
    story = Story().done(1, 2, 3, 4)
    ask = approvals.Request((1, 5), "Roll back", ("rollback",))
    story.told(approvals.ask(story.incident, ask, story.context(MARA)), MARA)
    story.did((MARA, RESOLVED), (MARA, over))
    run = story.run
    assert (run.is_open, run.ended_at, run.finished_at) == (False, NOW, None)
    assert run.steps[4].asks[-1].ended == "withdrawn"
    assert due.deadlines(story.shown) == []
    drawn = checklist.checklist(run, story.shown)
    assert "ended with the incident" in drawn.text
    assert [one.type for one in drawn.blocks if "accessory" in one.to_dict()] == []


def test_a_run_goes_on_when_its_incident_is_reopened_and_its_clocks_begin_anew() -> None:
    story = Story().done(1).did((MARA, RESOLVED), (MARA, OVER[0]))
    story.minutes = 3 * 24 * 60
    later = NOW + timedelta(days=3)
    story.did((NOOR, IncidentReopened()))
    run = story.run
    assert run.is_open
    assert [one.n for one in run.steps if one.active_at == later] == [2, 4, 6]
    assert run.steps[0].closed_at == NOW
