"""Can anybody approve what they asked for, or twice, or without the right?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.deadlines import Alarm
from bot.core.facts import runbooks as f
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.messages import Post
from bot.core.outcome import Person, Refused
from bot.core.runs.model import Answer
from bot.features.approvals import rules
from tests.features.runs import ELENA, JUN, MARA, NOOR, SAM, Story

AT = (1, 5)
REQUEST = rules.Request(AT, "Roll back to v41", ("rollback",))
YES = rules.Decide(AT, 1, "approved", "The old one is known", options=("rollback",))


def asked(by: str = MARA, story: Story | None = None) -> Story:
    """A story in which the sign-off was asked for."""
    story = story or Story().done(1, 2, 3, 4)
    return story.told(rules.ask(story.incident, REQUEST, story.context(by)), by)


def decides(story: Story, person: str, request: rules.Decide = YES) -> str:
    """What becomes of somebody's decision: the kinds of facts, or the refusal."""
    try:
        outcome = rules.decide(story.incident, request, story.context(person))
    except Refused as refused:
        return str(refused)
    return " ".join(type(fact).__name__ for fact in outcome.facts)


def test_the_approver_signs_and_the_step_is_done() -> None:
    assert decides(asked(), NOOR) == "ApprovalAnswered StepDone"


def test_a_guest_signs_nothing_off_whatever_role_they_hold() -> None:
    story = asked()
    with pytest.raises(Refused, match="You are a guest here"):
        rules.decide(story.incident, YES, story.context(NOOR, Person(NOOR, is_guest=True)))


def test_what_is_approved_is_chosen_of_what_was_asked_for() -> None:
    story = asked()
    assert decides(story, NOOR, replace(YES, options=())) == "Choose at least one."
    more = replace(YES, options=("block_rules", "rollback"))
    assert decides(story, NOOR, more) == "Choose of what was asked for."
    no = replace(YES, decision="refused", options=())
    assert decides(story, NOOR, no) == "ApprovalAnswered"
    nothing = Story().done(1, 2, 3, 4)
    with pytest.raises(Refused, match="Choose at least one"):
        rules.ask(nothing.incident, replace(REQUEST, options=()), nothing.context(MARA))


def test_whoever_asked_never_signs() -> None:
    told = "You asked for this approval, so somebody else decides."
    assert decides(asked(), MARA) == told


def test_an_approver_who_asks_leaves_it_to_the_next_role_and_never_signs() -> None:
    story = Story().done(1, 2, 3, 4)
    with pytest.raises(Refused, match="It takes 1 of those who are Security operations leader"):
        rules.ask(story.incident, REQUEST, story.context(NOOR))
    story.did((SAM, RoleAccepted(role="sponsor", person=SAM)))
    story = asked(NOOR, story)
    assert decides(story, NOOR).startswith("You asked for this approval")
    assert decides(story, SAM) == "ApprovalAnswered StepDone"


def test_taking_the_role_in_between_does_not_make_a_requester_an_approver() -> None:
    story = asked()
    story.did(
        (NOOR, RoleDropped(role="security", person=NOOR)),
        (MARA, RoleAccepted(role="security", person=MARA)),
    )
    assert decides(story, MARA).startswith("You asked for this approval")
    assert decides(story, NOOR).startswith("This is up to")


def test_who_asked_before_is_barred_from_every_later_request() -> None:
    story = asked()
    gone = rules.withdraw(story.incident, (AT, 1), story.context(MARA))
    story.told(gone, MARA).did((MARA, RoleAccepted(role="security", person=MARA)))
    story.did((SAM, RoleAccepted(role="sponsor", person=SAM)))
    story = asked(ELENA, story)
    assert decides(story, MARA, replace(YES, ask=2)).startswith("You asked for this approval")


def test_nobody_else_signs_nor_after_it_was_settled() -> None:
    story = asked()
    assert decides(story, JUN) == f"This is up to <@{NOOR}>. Nothing was changed."
    story.told(rules.decide(story.incident, YES, story.context(NOOR)), NOOR)
    told = "Step 5 of runbook 1 is done already. Nothing was changed."
    assert decides(story, NOOR) == told


def test_a_refusal_keeps_its_reason_and_the_steps_behind_it_locked() -> None:
    story = asked()
    no = replace(YES, decision="refused", reason="Not on a Friday")
    story.told(rules.decide(story.incident, no, story.context(NOOR)), NOOR)
    step = story.run.steps[4]
    assert (step.status, step.asks[0].ended) == ("active", "refused")
    assert step.asks[0].verdicts[0].reason == "Not on a Friday"
    assert decides(story, NOOR) == "This request is settled already. Nothing was changed."


@pytest.mark.parametrize(
    ("to", "told"),
    [
        (MARA, "<@UMARA> asked for it, so they cannot decide on it."),
        (NOOR, "They decide already. Name somebody else."),
        ("UGUEST", "<@UGUEST> is a guest. Name somebody who works here."),
    ],
)
def test_it_is_not_handed_back_to_whoever_asked_nor_to_a_guest(to: str, told: str) -> None:
    story = asked()
    request = rules.Delegate(AT, 1, to, "I am on the train")
    context = story.context(NOOR, Person("UGUEST", is_guest=True))
    with pytest.raises(Refused) as refused:
        rules.delegate(story.incident, request, context)
    assert str(refused.value) == told


def test_a_delegate_decides_only_while_whoever_named_them_could() -> None:
    story = asked()
    request = rules.Delegate(AT, 1, SAM, "I am on the train")
    story.told(rules.delegate(story.incident, request, story.context(NOOR)), NOOR)
    assert decides(story, SAM) == "ApprovalAnswered StepDone"
    assert decides(story, NOOR).startswith(f"This is up to <@{SAM}>")
    story.did((ELENA, RoleAccepted(role="security", person=ELENA)))
    assert decides(story, SAM).startswith(f"This is up to <@{ELENA}>")


def test_where_two_have_to_agree_one_person_does_not_stand_for_both() -> None:
    roles = (("ic", MARA), ("product", NOOR), ("model", NOOR))
    story = Story("functional-quality-regression", roles).done(1, 2, 3, 4, 5, 6)
    request = rules.Request((1, 7), "Roll back", ("rollback",))
    with pytest.raises(Refused, match="It takes 2 of those"):
        rules.ask(story.incident, request, story.context(MARA))
    story.did((SAM, RoleAccepted(role="model", person=SAM)))
    story.told(rules.ask(story.incident, request, story.context(MARA)), MARA)
    holds = frozenset({"suite_passes", "metrics_in_band", "cause_in_plain_words"})
    yes = rules.Decide((1, 7), 1, "approved", "Fine", options=("rollback",), confirmed=holds)
    assert decides(story, NOOR, replace(yes, confirmed=frozenset())).startswith("It has to hold")
    assert decides(story, NOOR, yes) == "ApprovalAnswered"
    first = rules.decide(story.incident, yes, story.context(NOOR))
    assert first.messages == ()  # whoever asked hears of it when it has ended
    story.told(first, NOOR)
    assert decides(story, NOOR, yes) == "You have decided already. Nothing was changed."
    assert decides(story, SAM, yes) == "ApprovalAnswered StepDone"


def test_a_request_that_nobody_answers_expires_and_has_to_be_asked_anew() -> None:
    story = Story("bias-spike", (("ic", MARA), ("product", NOOR), ("governance", ELENA)))
    story.done(1)
    request = rules.Request((1, 2), "Stop them", ("stop_adverse",), {})
    known = story.run.steps[1].what.records
    values = {one.id: Answer(text="The rate of appeals") for one in known}
    request = replace(request, values=values)
    story.told(rules.ask(story.incident, request, story.context(JUN)), JUN)
    alarm = Alarm(story.context(JUN).now, "approval", "1/2/1")
    assert rules.expire(story.incident, alarm, story.context("warroom")).facts == ()
    story.minutes = 61
    yes = rules.Decide((1, 2), 1, "approved", "Yes", options=("stop_adverse",))
    assert decides(story, NOOR, yes).startswith("This request has expired.")
    ended = rules.expire(story.incident, alarm, story.context("warroom"))
    assert ended.facts == (f.ApprovalExpired(run=1, step=2, ask=1),)
    [told] = ended.messages
    assert isinstance(told, Post)
    assert told.to == f"person/{JUN}"
    assert told.content.text.endswith(
        " expired, as nobody decided in time. Ask again from the checklist, step 2 of runbook 1."
    )
    assert story.run.steps[1].asks[0].expires_at == story.context(JUN).now - timedelta(minutes=1)


def test_in_an_emergency_whoever_commands_decides_alone_but_not_on_their_own_request() -> None:
    story = Story("bias-spike", (("ic", MARA), ("product", NOOR))).done(1)
    known = story.run.steps[1].what.records
    values = {one.id: Answer(text="The rate of appeals") for one in known}
    request = rules.Request((1, 2), "Stop them", ("stop_adverse",), values)
    story.told(rules.ask(story.incident, request, story.context(JUN)), JUN)
    yes = rules.Decide((1, 2), 1, "approved", "Harm goes on", options=("stop_adverse",))
    assert decides(story, MARA, yes) == "ApprovalAnswered StepDone"
    own = Story("bias-spike", (("ic", MARA), ("product", NOOR))).done(1)
    own.told(rules.ask(own.incident, request, own.context(MARA)), MARA)
    assert decides(own, MARA, yes).startswith("You asked for this approval")
