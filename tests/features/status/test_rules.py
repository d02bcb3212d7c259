"""How may an incident go on, when may it end, and when may it begin again?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import (
    DetailsFilled,
    IncidentClosed,
    IncidentReopened,
    IncidentResolved,
)
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.status import (
    IncidentCancelled,
    IncidentMerged,
    Mitigated,
    MonitoringStarted,
)
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.facts.updates import QuestionAnswered, QuestionAsked
from bot.core.outcome import Ask, Context, Refused
from bot.features.status import blocks, rules
from bot.features.status.state import Course
from tests.features.values import context, declared, incident

OPEN: tuple[Fact, ...] = (declared(),)
RESOLVED = (*OPEN, IncidentResolved(reason=Words("gone")))
CLOSED = (*RESOLVED, IncidentClosed(reason=Words("done")))
REOPENED = (*CLOSED, IncidentReopened())
HELD = Mitigated(done=Words("Fallback"), exposed=Words("nobody"), measure=Words("0 of 50"))
MITIGATED = (*OPEN, HELD)
MONITORED = (*OPEN, MonitoringStarted(reason=Words("for a day")))
FALSE_ALARM = IncidentCancelled(reason=Words("a load test"), detector_fix=Words("threshold"))
CANCELLED = (*OPEN, FALSE_ALARM)
MERGED = (*OPEN, IncidentMerged(into=9))
TASK = TaskGiven(number=1, text=Words("Rotate <keys>"), owner="UJUN")
ASKED = QuestionAsked(number=1, question=Words("Are kids affected?"))
HANDOFF = RoleOffered(role="comms", person="UNOOR", is_handoff=True)


@pytest.mark.parametrize("before", [OPEN, REOPENED, MITIGATED, MONITORED])
def test_what_is_open_is_resolved_with_a_reason(before: tuple[Fact, ...]) -> None:
    outcome = rules.resolve(incident(*before), " Rolled\u0007 back ", context())
    assert outcome.facts == (IncidentResolved(reason=Words("Rolled back")),)


@pytest.mark.parametrize(("before", "status"), [(RESOLVED, "resolved"), (CLOSED, "closed")])
def test_what_is_over_is_not_resolved_again(before: tuple[Fact, ...], status: str) -> None:
    with pytest.raises(Refused, match=f"^INC-12 is already {status}.$"):
        rules.resolve(incident(*before), "gone", context())


def test_ongoing_harm_cannot_be_resolved() -> None:
    ongoing = incident(*OPEN, DetailsFilled(harm="ongoing"))
    with pytest.raises(Refused, match="Say under Fill in when it stopped, then resolve."):
        rules.resolve(ongoing, "gone", context())
    stopped = incident(*OPEN, DetailsFilled(harm="ongoing"), DetailsFilled(harm="stopped"))
    assert len(rules.resolve(stopped, "gone", context()).facts) == 1


def test_resolving_and_closing_take_a_reason() -> None:
    with pytest.raises(Refused, match="Say how it ended and how you know") as refused:
        rules.resolve(incident(*OPEN), " \u202e", context())
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="Say why nothing is left to do."):
        rules.close(incident(*RESOLVED), rules.Closing(""), context())


def test_a_reason_of_more_than_3000_characters_is_refused() -> None:
    assert len(rules.resolve(incident(*OPEN), "x" * 3000, context()).facts) == 1
    with pytest.raises(Refused, match="That is 3,001 characters; keep it to 3,000"):
        rules.resolve(incident(*OPEN), "x" * 3001, context())


def test_only_what_is_resolved_is_closed() -> None:
    assert rules.close(incident(*RESOLVED), rules.Closing("done"), context()).facts == (
        IncidentClosed(reason=Words("done")),
    )
    with pytest.raises(Refused, match="INC-12 is not resolved yet. Resolve it first"):
        rules.close(incident(*OPEN), rules.Closing("done"), context())
    with pytest.raises(Refused, match="INC-12 is already closed."):
        rules.close(incident(*CLOSED), rules.Closing("done"), context())


@pytest.mark.parametrize("before", [RESOLVED, CLOSED, CANCELLED, MERGED])
def test_what_is_over_begins_again_with_a_reason_or_without(before: tuple[Fact, ...]) -> None:
    assert rules.reopen(incident(*before), "", context()).facts == (IncidentReopened(),)
    assert rules.reopen(incident(*before), "it is back", context()).facts == (
        IncidentReopened(reason=Words("it is back")),
    )


@pytest.mark.parametrize("before", [OPEN, REOPENED])
def test_what_is_open_does_not_begin_again(before: tuple[Fact, ...]) -> None:
    with pytest.raises(Refused, match="INC-12 is open already."):
        rules.reopen(incident(*before), "", context())


@pytest.mark.parametrize("before", [OPEN, MONITORED, REOPENED])
def test_a_mitigation_says_what_was_done_who_is_exposed_and_what_shows_it(
    before: tuple[Fact, ...],
) -> None:
    request = rules.Mitigation(" Fallback ", "nobody", "0 of 50")
    assert rules.mitigate(incident(*before), request, context()).facts == (HELD,)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ("done", "Say what was done to hold the harm off."),
        ("exposed", "Say who is still exposed, or nobody."),
        ("measure", "Say which measure shows that it works."),
    ],
)
def test_a_mitigation_lacks_nothing(lacking: str, sentence: str) -> None:
    said = {"done": "a", "exposed": "b", "measure": "c", lacking: " "}
    with pytest.raises(Refused) as refused:
        rules.mitigate(incident(*OPEN), rules.Mitigation(**said), context())
    assert str(refused.value) == sentence
    assert refused.value.field == lacking


def test_the_first_mitigation_stops_its_clock_for_good() -> None:
    mitigated = incident(*MITIGATED)
    again = incident(*MITIGATED, IncidentResolved(reason=Words("x")), IncidentReopened(), HELD)
    assert mitigated.mitigated_at == again.mitigated_at is not None


def test_monitoring_says_what_is_watched() -> None:
    assert rules.monitor(incident(*MITIGATED), "for a day", context()).facts == (
        MonitoringStarted(reason=Words("for a day")),
    )
    with pytest.raises(Refused, match="^Say what is being watched, and until when.$"):
        rules.monitor(incident(*MITIGATED), "", context())


def test_a_false_alarm_takes_the_fix_of_what_raised_it() -> None:
    request = rules.Cancelling("a load test", "threshold")
    assert rules.cancel(incident(*OPEN), request, context()).facts == (FALSE_ALARM,)
    assert rules.cancel(incident(*RESOLVED), request, context()).facts == (FALSE_ALARM,)
    with pytest.raises(Refused, match="an alarm that is only closed comes again") as refused:
        rules.cancel(incident(*OPEN), rules.Cancelling("a load test", ""), context())
    assert refused.value.field == "detector_fix"
    with pytest.raises(Refused, match="^Say how you know that it was a false alarm.$"):
        rules.cancel(incident(*OPEN), rules.Cancelling("", "threshold"), context())


@pytest.mark.parametrize(
    ("step", "before", "sentence"),
    [
        ("mitigated", MITIGATED, "INC-12 is already mitigated."),
        ("mitigated", RESOLVED, "INC-12 is already resolved."),
        ("monitoring", MONITORED, "INC-12 is already being monitored."),
        ("monitoring", CLOSED, "INC-12 is already closed."),
        ("resolve", CANCELLED, "INC-12 is already a false alarm."),
        ("resolve", MERGED, "INC-12 is already merged."),
        ("close", MERGED, "INC-12 is already merged."),
        ("cancel", CLOSED, "INC-12 is already closed."),
        ("cancel", CANCELLED, "INC-12 is already a false alarm."),
        ("reopen", MONITORED, "INC-12 is open already."),
    ],
)
def test_a_second_click_changes_nothing_and_says_so(
    step: blocks.Step, before: tuple[Fact, ...], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        rules.check(incident(*before), step, context(*before))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("step", "before", "label"),
    [
        ("mitigated", OPEN, "call it mitigated"),
        ("monitoring", OPEN, "start monitoring"),
        ("resolve", OPEN, "resolve the incident"),
        ("close", RESOLVED, "close the incident"),
        ("cancel", OPEN, "call it a false alarm"),
    ],
)
def test_who_lacks_the_right_is_told_whom_to_ask(
    step: blocks.Step, before: tuple[Fact, ...], label: str
) -> None:
    with pytest.raises(Refused) as refused:
        rules.check(incident(*before), step, context(*before, actor="UKOFI"))
    assert str(refused.value) == (
        f"To {label} is up to the Incident Commander: ask <@UMARA>. Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UMARA", label)


def test_a_technical_lead_may_mitigate_and_not_resolve() -> None:
    facts = (*OPEN, RoleAccepted(role="technical", person="UJUN"))
    rules.check(incident(*facts), "mitigated", context(*facts, actor="UJUN"))
    with pytest.raises(Refused, match="resolve the incident is up to the Incident Commander"):
        rules.check(incident(*facts), "resolve", context(*facts, actor="UJUN"))


def test_what_is_left_open_takes_a_reason() -> None:
    facts = (*RESOLVED, TASK, ASKED, HANDOFF)
    with pytest.raises(Refused, match="^3 things are still open in INC-12.") as refused:
        rules.close(incident(*facts), rules.Closing("done"), context(*facts))
    assert refused.value.field == "despite"
    closed = rules.close(incident(*facts), rules.Closing("done", "next week"), context(*facts))
    assert closed.facts == (IncidentClosed(reason=Words("done"), despite=Words("next week")),)
    one = (*RESOLVED, TASK)
    with pytest.raises(Refused, match="^1 thing is still open in INC-12."):
        rules.close(incident(*one), rules.Closing("done"), context(*one))


def test_what_is_left_open_is_listed_with_who_has_it() -> None:
    moved = TaskReassigned(number=1, owner="UELENA")
    facts = (*RESOLVED, TASK, moved, ASKED, HANDOFF, RoleOffered(role="safety", person="UIDRIS"))
    seen: Context = context(*facts)
    assert seen.states.of(Course).left_open(incident(*facts)) == (
        "Task 1, <@UELENA>: Rotate &lt;keys&gt;",
        "Question 1: Are kids affected?",
        "<@UNOOR> has not taken over comms",
    )
    answered = QuestionAnswered(number=1, answer=Words("no"))
    facts = (*RESOLVED, TASK, ASKED, TaskDone(number=1), answered)
    assert context(*facts).states.of(Course).left_open(incident(*facts)) == ()


def test_a_false_alarm_takes_a_reason_for_what_is_left_open_too() -> None:
    facts = (*OPEN, TASK, ASKED)
    alarm = rules.Cancelling("a load test", "threshold")
    with pytest.raises(
        Refused, match="^2 things are still open in INC-12. Type `cancel`"
    ) as refused:
        rules.cancel(incident(*facts), alarm, context(*facts))
    assert refused.value.field == "despite"
    alarm = rules.Cancelling("a load test", "threshold", "Jun was told")
    [cancelled] = rules.cancel(incident(*facts), alarm, context(*facts)).facts
    assert isinstance(cancelled, IncidentCancelled)
    assert cancelled.despite == "Jun was told"
    nothing_left = rules.cancel(incident(*OPEN), alarm, context(*OPEN))
    assert nothing_left.facts == (FALSE_ALARM,)


def test_what_was_handed_over_with_a_merge_is_left_open_no_longer() -> None:
    facts = (*OPEN, TASK, IncidentMerged(into=9, tasks=(1,)))
    assert context(*facts).states.of(Course).left_open(incident(*facts)) == ()
