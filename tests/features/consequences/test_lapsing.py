"""Does a decision stand when what it rests on has changed?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.deadlines import Alarm
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import EvidenceErased
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.messages import Message, Post
from bot.core.outcome import Outcome, Refused, Shown
from bot.features.approvals import rules as approvals
from bot.features.checklist import blocks as checklist
from bot.features.consequences import due, rules
from bot.features.steering import rules as steering
from tests.features.runs import MARA, NOOR, SAM, Story, words
from tests.features.values import NOW

AT = (1, 5)
REQUEST = approvals.Request(AT, "Roll back to v41", ("rollback",))
YES = approvals.Decide(AT, 1, "approved", "The old one is known", options=("rollback",))


def signed() -> Story:
    """Mara asked for the sign-off, and Noor gave it, with E-1 as a dashboard."""
    story = Story().done(1, 2)
    story.did((NOOR, f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,)))).done(3, 4)
    story.told(approvals.ask(story.incident, REQUEST, story.context(MARA)), MARA)
    return story.told(approvals.decide(story.incident, YES, story.context(NOOR)), NOOR)


def reopened(story: Story, step: int, by: str = NOOR) -> Outcome:
    """A step is opened again; the story goes on with it."""
    change = steering.Change((1, step), "The sheet is wrong")
    outcome = steering.reopen(story.incident, change, story.context(by))
    story.told(outcome, by)
    return outcome


def lapses(shown: Shown) -> list[Alarm]:
    """What rings because of a decision in question."""
    return [one for one in due.alarms(shown) if one.kind == due.LAPSE]


def rung(story: Story) -> Outcome:
    """What rings by itself, once."""
    [alarm] = lapses(story.shown)
    assert alarm == Alarm(NOW, due.LAPSE)
    outcome = rules.lapse(story.incident, alarm, story.context("warroom"))
    story.told(outcome, "warroom")
    return outcome


def said(messages: tuple[Message, ...]) -> dict[str, str]:
    """Who reads what."""
    return {one.to: one.content.text for one in messages if isinstance(one, Post)}


@pytest.mark.parametrize(("step", "status"), [(1, "active"), (3, "waiting"), (4, "waiting")])
def test_opening_a_step_again_takes_the_sign_off_back_that_rests_on_it(
    step: int, status: str
) -> None:
    story = signed()
    assert story.run.steps[4].status == "done"
    outcome = reopened(story, step, MARA)
    assert [type(fact) for fact in outcome.facts] == [f.StepReopened, f.ApprovalLapsed]
    now = story.run.steps[4]
    assert (now.status, now.asks[-1].ended, now.closed_by) == (status, "lapsed", None)


def test_whoever_asked_and_whoever_decided_read_why() -> None:
    told = said(reopened(signed(), 3).messages)
    start = "INC-12: Sign-off for remediation has to be decided again, because step 3 was opened"
    assert {*told} == {f"person/{MARA}", f"person/{NOOR}"}
    assert all(one.startswith(start) for one in told.values())
    assert "You asked for it before that." in told[f"person/{MARA}"]
    assert "You decided on it before that." in told[f"person/{NOOR}"]


def test_the_checklist_says_that_it_is_to_be_decided_again_and_why() -> None:
    story = signed()
    reopened(story, 3)
    story.done(3)
    text = checklist.checklist(story.run, story.shown).text
    assert "to be decided again, because step 3 was opened again" in text


def test_four_eyes_stay_as_they_were_when_it_is_decided_again() -> None:
    story = signed()
    reopened(story, 3)
    story.done(3)
    with pytest.raises(Refused, match="there are 0"):
        approvals.ask(story.incident, REQUEST, story.context(NOOR))
    story.told(approvals.ask(story.incident, REQUEST, story.context(SAM)), SAM)
    again = replace(YES, ask=2)
    with pytest.raises(Refused, match="You asked for this approval"):
        approvals.decide(story.incident, again, story.context(MARA))
    outcome = approvals.decide(story.incident, again, story.context(NOOR))
    assert [type(fact) for fact in outcome.facts] == [f.ApprovalAnswered, f.StepDone]


def test_proof_that_is_erased_takes_the_sign_off_back_by_itself_and_once() -> None:
    story = signed()
    story.did((NOOR, EvidenceErased(number=2, reason=words("Not ours"))))
    assert lapses(story.shown) == []
    story.did((NOOR, EvidenceErased(number=1, reason=words("Counsel asks for it"))))
    outcome = rung(story)
    assert [type(fact) for fact in outcome.facts] == [f.ApprovalLapsed]
    assert "because step 3 lost proof, which was erased" in said(outcome.messages)[f"person/{MARA}"]
    assert (story.run.steps[4].status, lapses(story.shown)) == ("active", [])


@pytest.mark.parametrize(
    "fact",
    [
        f.FormAnswered(run=1, step=4, edition=2, fields=("promises",)),
        f.ProofAdded(run=1, step=3, kind="queries", numbers=(7,)),
    ],
)
def test_another_version_of_a_form_or_more_proof_takes_the_sign_off_back(fact: f.OfStep) -> None:
    story = signed().did((NOOR, fact))
    [lapsed] = rung(story).facts
    assert isinstance(lapsed, f.ApprovalLapsed)
    assert (lapsed.because, story.run.steps[4].status) == (fact.step, "active")


def test_what_one_of_two_decided_is_asked_for_anew_when_its_grounds_change() -> None:
    roles = (("ic", MARA), ("privacy", NOOR), ("legal", SAM), ("security", NOOR))
    story = Story("data-leakage", roles).done(1, 2, 3, 4, 5, 6)
    asks = approvals.Request((1, 7), "Tell them", ("authority",))
    what = story.run.steps[6].what
    options = tuple(getattr(what, "options", None) or ())[:1]
    asks = replace(asks, options=options)
    story.told(approvals.ask(story.incident, asks, story.context(MARA)), MARA)
    confirmed = frozenset(getattr(what, "confirms", {}))
    yes = approvals.Decide((1, 7), 1, "approved", "Yes", "", options, confirmed)
    story.told(approvals.decide(story.incident, yes, story.context(NOOR)), NOOR)
    assert story.run.steps[6].ask
    story.did((NOOR, f.FormAnswered(run=1, step=5, edition=2, fields=("count",))))
    rung(story)
    step = story.run.steps[6]
    assert (step.status, step.ask, step.asks[-1].ended) == ("active", None, "lapsed")


def test_what_it_does_not_rest_on_leaves_a_sign_off_alone() -> None:
    story = signed()
    story.did((NOOR, f.StepLeft(run=1, step=6, how="skipped", reason=words("No tickets"))))
    outcome = reopened(story, 6, MARA)
    assert [type(fact) for fact in outcome.facts] == [f.StepReopened]
    assert story.run.steps[4].status == "done"


def test_what_is_erased_when_its_time_is_over_or_the_incident_is_takes_nothing_back() -> None:
    story = signed()
    gone = EvidenceErased(number=1, reason=words("180 days"), by_policy=True)
    assert lapses(story.did(("warroom", gone)).shown) == []
    closed = signed().did(
        (MARA, IncidentResolved(reason=words("It is over"))),
        (MARA, IncidentClosed(reason=words("Nothing left"))),
        (NOOR, EvidenceErased(number=1, reason=words("Counsel asks for it"))),
    )
    assert lapses(closed.shown) == []
