"""What becomes of steps that are left, given away or added, and of rules that apply?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.facts import runbooks as f
from bot.core.facts.people import PersonCame
from bot.core.facts.roles import RoleOffered
from bot.core.facts.severity import SeverityChanged
from bot.core.outcome import Person, Refused, Rule
from bot.core.runs import acts, questions, wording
from bot.core.runs.model import Answer, Runs
from bot.features.checklist import due
from bot.features.forms import rules as forms
from bot.features.manual import rules as manual
from bot.features.runbook import rules as runbook
from bot.features.steering import rules
from tests.features.runs import ELENA, HARM, JUN, MARA, NOOR, ROLES, SAM, Story, library, words
from tests.features.test_each_runbook import answer
from tests.features.values import NOW, POLICY, WHEN

EVERYTHING = frozenset({"titles"})
OPENING = {
    "record": Answer(text="INC-12"), "severity": Answer(("rank1",)), "decider": Answer((MARA,)),
    "legal_owner": Answer((ELENA,)), "comms_owner": Answer((JUN,)),
    "technical_owner": Answer((JUN,)),
}  # fmt: skip


def refusal(story: Story, rule: Rule, request: object, by: str, *people: Person) -> str:
    """What somebody reads who may not do it."""
    with pytest.raises(Refused) as refused:
        rule(story.incident, request, story.context(by, *people))
    return str(refused.value)


def kinds(story: Story, rule: Rule, request: object, by: str) -> list[str]:
    """What is recorded; the story goes on with it."""
    outcome = rule(story.incident, request, story.context(by))
    story.told(outcome, by)
    return [type(fact).__name__ for fact in outcome.facts]


def test_only_whoever_commands_leaves_a_step_out_and_says_why() -> None:
    story = Story().done(1)
    change = (rules.Change((1, 2), "The vendor keeps the evidence"), "skipped")
    told = refusal(story, rules.leave, change, NOOR)
    assert told.startswith("To waive or snooze a deadline is up to the Incident Commander")
    silent = (rules.Change((1, 2), " "), "waived")
    assert refusal(story, rules.leave, silent, MARA) == "Say why: it is what the review reads."
    assert kinds(story, rules.leave, change, MARA) == ["StepLeft"]
    assert story.run.steps[2].status == "active"


def test_a_sign_off_is_left_out_by_its_approver_alone_and_never_by_who_asked() -> None:
    story = Story().done(1, 2, 3, 4)
    gone = (rules.Change((1, 5), "Nothing is to be remedied"), "not_applicable")
    for by, how in ((MARA, "skipped"), (MARA, "not_applicable"), (NOOR, "skipped")):
        request = (gone[0], how)
        assert "is an approval: it is given or refused" in refusal(story, rules.leave, request, by)
    asked = f.ApprovalAsked(run=1, step=5, ask=1, text=words("x"), approvers=(SAM,))
    story.did((NOOR, asked), (NOOR, f.ApprovalWithdrawn(run=1, step=5, ask=1)))
    assert "is an approval" in refusal(story, rules.leave, gone, NOOR)
    fresh = Story().done(1, 2, 3, 4)
    assert kinds(fresh, rules.leave, gone, NOOR) == ["StepLeft"]


def test_a_sign_off_that_waits_for_other_steps_is_not_left_out() -> None:
    gone = (rules.Change((1, 5), "Nothing is to be remedied"), "not_applicable")
    assert "is locked until" in refusal(Story().done(1), rules.leave, gone, NOOR)
    guest = Person(NOOR, is_guest=True)
    ready = Story().done(1, 2, 3, 4)
    assert "is an approval" in refusal(ready, rules.leave, gone, NOOR, guest)


def test_what_two_decide_is_not_left_out_by_one() -> None:
    roles = (("ic", MARA), ("privacy", NOOR), ("legal", ELENA))
    story = Story("data-leakage", roles).done(1, 2, 3, 4, 5, 6)
    gone = (rules.Change((1, 7), "Nothing left the house"), "not_applicable")
    told = refusal(story, rules.leave, gone, ELENA)
    assert told == "2 people decide this. Ask for approval, and say there that it does not apply."


def test_a_step_is_given_to_another_with_a_reason_and_is_theirs_alone() -> None:
    story = Story().done(1)
    change = rules.Change((1, 2), "Noor sleeps", SAM)
    assert refusal(story, rules.reassign, change, ELENA).startswith(
        f"Step 2 of runbook 1 is <@{NOOR}>"
    )
    assert kinds(story, rules.reassign, change, NOOR) == ["StepReassigned"]
    done = manual.Finish((1, 2))
    assert refusal(story, manual.finish, done, NOOR).startswith(f"Step 2 of runbook 1 is <@{SAM}>")


def test_a_guest_outside_the_room_is_given_no_step() -> None:
    story, guest = Story().done(1), Person("UGUEST", is_guest=True)
    change = rules.Change((1, 2), "Noor sleeps", "UGUEST")
    told = "<@UGUEST> is a guest and not in the room. Let them in first: `/incident add @someone`."
    assert refusal(story, rules.reassign, change, NOOR, guest) == told
    assert refusal(story, rules.add, rules.Add(1, "Call", "UGUEST"), MARA, guest) == told
    story.did((MARA, PersonCame(person="UGUEST")))
    outcome = rules.reassign(story.incident, change, story.context(NOOR, guest))
    assert [type(fact) for fact in outcome.facts] == [f.StepReassigned]


def test_a_guest_starts_no_runbook_unless_the_policy_says_so() -> None:
    story, guest = Story(""), Person(SAM, is_guest=True)
    told = refusal(story, runbook.start, runbook.Start(library().books[HARM]), SAM, guest)
    assert told.startswith("You are a guest here. To start a runbook is up to those who work here")
    running = Story()
    said = rules.Said(run=1, applies=("personal_data",))
    assert refusal(running, rules.rule, said, SAM, guest) == told
    said = rules.Said(run=1, applies=("widespread",))
    assert rules.rule(running.incident, said, running.context(SAM, guest)).facts
    generous = POLICY.rights.model_copy(update={"guests_may": ("run",)})
    context = replace(
        story.context(SAM, guest), policy=POLICY.model_copy(update={"rights": generous})
    )
    assert runbook.start(story.incident, runbook.Start(library().books[HARM]), context).facts


def test_what_was_left_is_not_counted_as_done() -> None:
    story = Story().done(1, 2, 4)
    left = f.StepLeft(run=1, step=3, how="waived", reason=words("The vendor has it"))
    story.did((MARA, left))
    assert wording.progress(story.run) == "3 of 6 done, 1 waived"


def test_a_step_is_added_with_its_time_and_holds_the_run_open() -> None:
    story = Story()
    until = NOW + timedelta(hours=2)
    assert kinds(story, rules.add, rules.Add(1, "Call the clinic", ELENA, until), MARA) == [
        "StepAdded"
    ]
    step = story.run.steps[6]
    assert (step.n, step.status, step.what.title) == (7, "active", "Call the clinic")
    assert kinds(story, manual.finish, manual.Finish((1, 7)), ELENA) == ["StepDone"]


def test_the_opening_step_is_done_only_as_the_record_has_it() -> None:
    story = Story()
    finish = manual.Finish((1, 1), EVERYTHING, "", {**OPENING, "legal_owner": Answer((SAM,))})
    assert refusal(story, manual.finish, finish, MARA).startswith(f"<@{ELENA}> is Legal.")
    worse = manual.Finish((1, 1), EVERYTHING, "", {**OPENING, "severity": Answer(("rank0",))})
    assert refusal(story, manual.finish, worse, MARA).startswith("The incident is SEV1.")
    whole = manual.Finish((1, 1), EVERYTHING, "", OPENING)
    assert kinds(story, manual.finish, whole, MARA)[-2:] == ["FormAnswered", "StepDone"]


def opening(**named: str) -> manual.Finish:
    """The first step as it is filled in, but for those who are named otherwise."""
    said = {id_: Answer((person,)) for id_, person in named.items()}
    return manual.Finish((1, 1), EVERYTHING, "", {**OPENING, **said})


def test_naming_the_owners_of_streams_asks_them_and_does_the_step_while_they_sleep() -> None:
    story = Story(roles=(("ic", MARA),))
    story.did((MARA, RoleOffered(role="legal", person=ELENA)))
    outcome = manual.finish(story.incident, opening(technical_owner=MARA), story.context(MARA))
    asked = [fact for fact in outcome.facts if isinstance(fact, RoleOffered)]
    assert [(one.role, one.person) for one in asked] == [("comms", JUN)]
    assert isinstance(outcome.facts[-1], f.StepDone)
    story.told(outcome, MARA)
    assert story.run.steps[0].answers["legal_owner"] == Answer((ELENA,))
    assert {role: one.person for role, one in story.incident.offers.items()} == {
        "legal": ELENA, "comms": JUN,
    }  # fmt: skip
    assert (story.incident.holder("technical"), story.incident.holder("legal")) == (MARA, None)
    assert [one.n for one in story.run.steps if one.status == "active"] == [2, 4, 6]


def test_somebody_else_named_than_was_asked_is_asked_instead() -> None:
    story = Story(roles=(("ic", MARA),))
    story.did((MARA, RoleOffered(role="legal", person=ELENA)))
    assert kinds(story, manual.finish, opening(legal_owner=SAM), MARA)[0] == "RoleOffered"
    assert story.incident.offers["legal"].person == SAM


def test_an_app_or_somebody_who_left_owns_no_stream() -> None:
    story = Story(roles=(("ic", MARA),))
    left, app = Person(JUN, has_left=True), Person(ELENA, is_bot=True)
    with pytest.raises(Refused) as refused:
        manual.finish(story.incident, opening(), story.context(MARA, left, app))
    found = {one.field: str(one) for one in (refused.value, *refused.value.also)}
    assert found["legal_owner"] == "An app cannot be Legal; name a person."
    assert found["comms_owner"] == f"<@{JUN}> has left the workspace. Name somebody else."


def test_exactly_one_is_accountable_and_says_so_themselves() -> None:
    story = Story(roles=ROLES[1:])
    story.did((MARA, RoleOffered(role="ic", person=NOOR)))
    assert refusal(story, manual.finish, opening(decider=NOOR), MARA) == (
        f"Nobody has accepted the command yet, and <@{NOOR}> was asked {WHEN}. Whoever decides "
        "types `/incident take ic`; then come back. Or the Incident Commander waives this step: "
        "Change a step, on the checklist."
    )
    assert kinds(story, manual.finish, opening(), MARA)[0] == "RoleAccepted"
    assert (story.incident.holder("ic"), story.incident.is_ic_acting) == (MARA, False)
    assert "ic" not in story.incident.offers


def test_a_second_pair_of_eyes_is_somebody_elses() -> None:
    story = Story("safety-incident", (("ic", MARA), ("safety", NOOR), ("technical", JUN)))
    what = story.run.steps[1].what
    values = {
        one.id: Answer(("no",)) if one.type == "yes_no" else Answer(text="So")
        for one in what.records
    }
    ticked = frozenset(getattr(what, "checks", {}))
    finish = manual.Finish((1, 2), ticked, "Pulled the lever", values)
    assert kinds(story, manual.finish, finish, MARA)[-1] == "StepClaimed"
    waived = (rules.Change((1, 2), "It is fine"), "waived")
    assert refusal(story, rules.leave, waived, MARA).startswith("You said that Step 2")
    told = "You did it yourself. Somebody else in the room has to look."
    assert refusal(story, manual.confirm, manual.Finish((1, 2)), MARA) == told
    assert kinds(story, manual.confirm, manual.Finish((1, 2)), JUN) == ["StepDone"]
    assert acts.said_by(story.run.steps[1]) == f" by <@{MARA}>, looked at by <@{JUN}>"


def test_a_rule_that_applies_starts_the_other_runbook_and_is_measured() -> None:
    story = Story()
    said = rules.Said(run=1, applies=("personal_data",), note="A phone number")
    assert kinds(story, rules.rule, said, ELENA) == ["RuleFired", "RunStarted", "RuleMet"]
    fired = story.run.fired["personal_data"]
    assert (fired.at, fired.acted_at, fired.is_met) == (NOW, NOW, True)
    leak = story.context(MARA).states.of(Runs).all[1]
    assert (leak.pin.id, leak.number) == ("data-leakage", 2)
    assert refusal(story, rules.rule, said, ELENA) == "That is noted already. Open Rules again."


def test_a_rule_with_a_time_is_owed_and_met_by_what_it_asks_for() -> None:
    story = Story()
    kinds(story, rules.rule, rules.Said(run=1, applies=("sustained_spike", "physical_harm")), JUN)
    shown = story.shown
    owed = {one.name: one.due_at - NOW for one in due.deadlines(shown) if "rule/" in one.name}
    assert owed == {
        "rule/1/sustained_spike": timedelta(minutes=15),
        "rule/1/physical_harm": timedelta(minutes=5),
    }
    story.did((MARA, SeverityChanged(severity="SEV0", rank=0, reason=words("It spreads"))))
    assert story.run.fired["sustained_spike"].is_met
    assert not story.run.fired["physical_harm"].is_met
    said = rules.Said(run=1, not_met=("physical_harm",))
    assert refusal(story, rules.rule, said, MARA) == "Say why it does not apply."
    said = rules.Said(run=1, not_met=("physical_harm",), note="Nobody was treated")
    assert kinds(story, rules.rule, said, MARA) == ["RuleMet"]
    assert (story.run.fired["physical_harm"].is_met, due.deadlines(story.shown)[1:]) == (False, [])


def test_caches_are_flushed_before_the_recovery_gate_is_passed() -> None:
    story = Story("drift-hallucination-spike").done(1, 2, 3, 5, 6, 8)
    held = story.run.held(9)
    assert [one.rule.id for one in held] == ["flush_first"]
    values = {one.id: answer(one) for one in questions.asked(story.run.steps[8])}
    page = forms.Page((1, 9), 0, values)
    told = refusal(story, forms.answer, page, MARA)
    assert told.startswith("First: Flush the caches before anybody calls it contained")
    story.did((MARA, f.RuleMet(run=1, rule="flush_first")))
    assert kinds(story, forms.answer, page, MARA)[-1] == "StepDone"


def test_what_destroys_state_is_held_until_the_evidence_is_there() -> None:
    story = Story().done(1, 2)
    assert [step.n for step in story.run.secures] == [3]
    assert Story().done(1, 2, 3).run.secures == ()


def test_a_run_is_owed_by_the_governance_tier() -> None:
    story = Story("")
    outcome = runbook.set_tier(story.incident, 2, story.context(MARA))
    story.told(outcome, MARA)
    began = runbook.start(story.incident, runbook.Start(library().books[HARM]), story.context(JUN))
    story.told(began, JUN)
    assert story.run.is_owed
    again = runbook.Start(library().books[HARM])
    told = "Model output causing harm runs already: it is runbook 1."
    assert refusal(story, runbook.start, again, JUN) == told
