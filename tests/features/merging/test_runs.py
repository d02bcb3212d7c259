"""Do runs of runbooks go on where their incident goes on, and ring nowhere twice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.incidents import IncidentReopened
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.status import DuplicateReopened, IncidentMerged
from bot.core.outcome import Outcome, Refused
from bot.core.runs import beginning, clocks
from bot.core.runs.model import Run, Runs
from bot.features.approvals import rules as approvals
from bot.features.checklist import blocks as checklist
from bot.features.checklist import due
from bot.features.consequences import due as consequences
from bot.features.merging import rules
from bot.features.sending import due as sending
from bot.features.steering import rules as steering
from tests.features.runs import ELENA, HARM, JUN, MARA, NOOR, SAM, Story, library, words
from tests.features.values import NOW, POLICY, declared

ASK = approvals.Request((1, 5), "Roll back to v41", ("rollback",))
YES = approvals.Decide((1, 5), 1, "approved", "The old one is known", options=("rollback",))


def survivor(book: str = "") -> Story:
    """INC-9, in which that runbook runs."""
    return Story(book, opened=declared(number=9))


def merged(here: Story, there: Story) -> Outcome:
    """INC-12 is merged into INC-9; both go on with it."""
    other = replace(there.incident, number=9)
    states = there.context(MARA).states
    context = replace(here.context(MARA), other=other, other_states=states)
    outcome = rules.merge(here.incident, rules.Merge("The same prompt", "C12", "C9"), context)
    assert outcome.other
    here.told(outcome, MARA)
    there.minutes = here.minutes
    there.told(outcome.other, MARA)
    return outcome


def last(story: Story) -> Run:
    """The newest run."""
    return story.context(MARA).states.of(Runs).all[-1]


def statuses(run: Run) -> list[str]:
    """How far each step is."""
    return [one.left or one.status for one in run.steps]


def test_a_run_goes_on_under_the_other_incident_with_what_was_done_and_its_clocks() -> None:
    here, there = Story(), survivor()
    here.did((NOOR, f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(4,))))
    here.done(1, 2, 3, by=NOOR)
    here.did((ELENA, f.FieldAnswered(run=1, step=4, field="promises", text=words("None"))))
    left = steering.Change((1, 6), "No tickets here")
    here.told(steering.leave(here.incident, (left, "skipped"), here.context(MARA)), MARA)
    here.minutes = 30
    merged(here, there)
    run = last(there)
    assert statuses(run) == ["done", "done", "done", "active", "waiting", "skipped"]
    assert (run.origin, run.pin, run.book) == ((12, 1), here.run.pin, here.run.book)
    assert (run.steps[2].closed_by, run.steps[2].note) == (NOOR, "Proof in INC-12: E-4")
    assert run.steps[3].drafts["promises"].text == "None"
    then, now = (clocks.due_at(one, one.steps[3], POLICY.calendar) for one in (here.run, run))
    assert (then, run.steps[3].active_at) == (None, NOW)
    assert now
    assert [one.name for one in due.deadlines(there.shown) if one.name.startswith("step")] == [
        "step/1/4"
    ]


def test_the_run_that_was_merged_ends_with_a_pointer_and_owes_nothing() -> None:
    here, there = Story().done(1), survivor()
    merged(here, there)
    assert (here.run.is_open, here.run.goes_on) == (False, (9, 1))
    assert due.deadlines(here.shown) == []
    assert "goes on as runbook 1 of INC-9" in checklist.checklist(here.run, here.shown).text
    assert "began in INC-12" in checklist.checklist(last(there), there.shown).text


def test_a_runbook_that_runs_in_both_goes_on_once() -> None:
    here, there = Story().done(1), survivor(HARM)
    outcome = merged(here, there)
    assert outcome.other
    assert [type(one) for one in outcome.other.facts if isinstance(one, f.RunStarted)] == []
    assert (here.run.goes_on, len(there.context(MARA).states.of(Runs).all)) == ((9, 1), 1)


def test_what_both_incidents_share_is_left_to_the_run_that_was_there() -> None:
    here, there = Story("data-leakage").done(1), survivor("safety-incident")
    merged(here, there)
    run = last(there)
    assert [(one.n, one.same_as) for one in run.steps if one.same_as] == [
        (1, (1, 1)), (4, (1, 3)), (6, (1, 6)), (11, (1, 11)),
    ]  # fmt: skip
    assert run.steps[0].status == "active"


def test_a_sign_off_that_was_given_holds_and_its_requester_never_gives_it() -> None:
    here, there = Story().done(1, 2, 3, 4), survivor()
    here.told(approvals.ask(here.incident, ASK, here.context(MARA)), MARA)
    here.told(approvals.decide(here.incident, YES, here.context(NOOR)), NOOR)
    merged(here, there)
    step = last(there).steps[4]
    assert (step.status, step.closed_by) == ("done", NOOR)
    again = steering.Change((1, 3), "The sheet is wrong")
    outcome = steering.reopen(there.incident, again, there.context(NOOR))
    assert [type(one) for one in outcome.facts] == [f.StepReopened, f.ApprovalLapsed]
    there.told(outcome, NOOR).done(3)
    there.told(approvals.ask(there.incident, ASK, there.context(SAM)), SAM)
    yes = replace(YES, ask=3 - 1)
    with pytest.raises(Refused, match="You asked for this approval"):
        approvals.decide(there.incident, yes, there.context(MARA))


def test_a_request_that_waits_is_taken_back_and_asked_for_anew_there() -> None:
    here, there = Story().done(1, 2, 3, 4), survivor()
    here.told(approvals.ask(here.incident, ASK, here.context(MARA)), MARA)
    merged(here, there)
    assert here.run.steps[4].asks[-1].ended == "withdrawn"
    assert (last(there).steps[4].status, last(there).steps[4].ask) == ("active", None)
    there.told(approvals.ask(there.incident, ASK, there.context(SAM)), SAM)
    assert last(there).steps[4].ask


def test_what_was_sent_or_called_is_not_sent_or_called_again() -> None:
    here, there = Story("data-leakage"), survivor()
    send = f.TargetCalled(run=1, step=2, target="privacy", send="INC-12/step/1/2/privacy/1")
    here.did((MARA, send), (MARA, f.RuleFired(run=1, rule="disclosure")))
    here.did(("warroom", f.RuleEscalated(run=1, rule="disclosure", roles=("security",))))
    merged(here, there)
    assert [one.kind for one in sending.alarms(there.shown)] == []
    call = last(there).steps[1].calls["privacy"]
    assert (call.status, call.note) == ("by_hand", "Sent from INC-12")
    about = [one.about for one in consequences.alarms(there.shown)]
    assert "1/disclosure" not in about
    assert "disclosure" in last(there).fired


def test_steps_of_ones_own_prerequisites_and_the_review_go_along() -> None:
    here, there = Story(), survivor()
    here.told(
        steering.add(here.incident, steering.Add(1, "Call the clinic", ELENA), here.context(MARA)),
        MARA,
    )  # noqa: E501
    here.did(
        (MARA, f.PrerequisiteAnswered(run=1, prerequisite="channel", met="yes")),
        (JUN, f.ReviewLinked(at=NOW + timedelta(days=3), link="https://calendar.example/r")),
    )
    merged(here, there)
    run = last(there)
    assert (run.steps[6].what.title, run.steps[6].owner) == ("Call the clinic", ELENA)
    assert run.prerequisites["channel"].met == "yes"
    assert there.context(MARA).states.of(Runs).review


def test_steps_of_whoever_left_a_private_room_are_taken_on_by_who_commands_the_other() -> None:
    here = Story(opened=declared(is_private=True))
    there = Story("", opened=declared(number=9, is_private=True))
    there.did((SAM, RoleAccepted(role="ic", person=SAM)))
    added = steering.add(
        here.incident, steering.Add(1, "Call the clinic", "UIDRIS"), here.context(MARA)
    )
    here.told(added, MARA)
    here.did((MARA, f.StepReassigned(run=1, step=2, owner="UIDRIS", reason=words("She knows"))))
    here.did(("UIDRIS", PersonCame(person="UIDRIS")), ("UIDRIS", PersonLeft(person="UIDRIS")))
    merged(here, there)
    run = last(there)
    assert (run.steps[6].owner, run.steps[1].owner) == (SAM, SAM)
    assert [one.owner for one in run.steps[2:6]] == [None] * 4


def test_where_as_many_run_as_can_it_ends_and_no_more_begin() -> None:
    here, there = Story(), survivor()
    books = [one for one in library().books.values() if one.pin.id != HARM]
    for book in (*books, books[0]):
        began = beginning.begun(book, there.context(MARA).states.of(Runs))
        there.did((MARA, began))
    outcome = merged(here, there)
    [fact] = [one for one in outcome.facts if isinstance(one, IncidentMerged)]
    assert (fact.runs, here.run.goes_on, here.run.is_open) == ((), None, False)


def test_what_was_shared_with_a_run_that_goes_back_is_done_by_the_run_that_stays() -> None:
    here, there = Story(), survivor()
    merged(here, there)
    runs = there.context(MARA).states.of(Runs)
    there.did((MARA, beginning.begun(library().books["data-leakage"], runs)))
    assert last(there).steps[0].same_as == (1, 1)
    there.did((MARA, DuplicateReopened(number=12)))
    first = last(there).steps[0]
    assert (first.same_as, first.status, last(there).is_open) == (None, "active", True)
    assert "step/2/1" in {one.name for one in due.deadlines(there.shown)}


@pytest.mark.parametrize("told", [True, False])
def test_a_duplicate_that_is_reopened_takes_its_run_back(told: bool) -> None:
    here, there = Story().done(1), survivor()
    merged(here, there)
    here.did((MARA, IncidentReopened()))
    assert (here.run.is_open, here.run.goes_on) == (True, None)
    back: Fact = DuplicateReopened(number=12) if told else DuplicateReopened(number=13)
    there.did((MARA, back))
    assert last(there).is_open is not told
