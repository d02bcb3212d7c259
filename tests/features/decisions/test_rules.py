"""What may be put into the decision log, and what may be said of it later?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.decisions import (
    DecisionAmended,
    DecisionDetails,
    DecisionRecorded,
    DecisionReversed,
    DecisionUpheld,
    DecisionWithdrawn,
    SourceDeleted,
    SourceEdited,
)
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.messages import Call
from bot.core.outcome import Person, Refused, Rule
from bot.features.decisions import rules
from bot.features.decisions.state import Source
from tests.features.values import NOW, context, declared, incident

SOURCE = Source("C1", "1.2", "https://slack.test/p12")
LATER = NOW + timedelta(hours=2)


def record(number: int = 1, **differing: object) -> DecisionRecorded:
    """A decision captured from a message, but for what differs."""
    usual: dict[str, object] = {
        "number": number, "text": Words("We roll back"), "severity": "SEV1", "rank": 1,
        "channel": "C1", "ts": "1.2", "permalink": SOURCE.permalink,
    }  # fmt: skip
    return DecisionRecorded.model_validate({**usual, **differing})


OPEN: tuple[Fact, ...] = (declared(),)
DECIDED = (*OPEN, record())
BY_REACTION = (*OPEN, record(is_by_reaction=True))
CLOSED = (*DECIDED, IncidentResolved(reason=Words("a")), IncidentClosed(reason=Words("b")))


def test_a_decision_keeps_the_severity_of_the_moment_and_marks_its_message() -> None:
    request = rules.Record(" We\u0007 roll back ", source=SOURCE)
    outcome = rules.record(incident(*OPEN), request, context(*OPEN))
    assert outcome.facts == (record(),)
    [mark] = outcome.messages
    assert isinstance(mark, Call)
    assert mark.effect == "react"
    assert mark.arguments == {"channel": "C1", "ts": "1.2", "emoji": "scroll"}


def test_a_message_outside_the_room_is_not_marked() -> None:
    request = rules.Record("We roll back", source=SOURCE, is_here=False)
    outcome = rules.record(incident(*OPEN), request, context(*OPEN))
    assert (outcome.facts, outcome.messages) == ((record(),), ())


def test_the_decider_decides_in_the_role_they_hold() -> None:
    request = rules.Record("We roll back", DecisionDetails(decider="UMARA"))
    [fact] = rules.record(incident(*OPEN), request, context(*OPEN)).facts
    assert isinstance(fact, DecisionRecorded)
    assert (fact.decider, fact.decider_role) == ("UMARA", "ic")


@pytest.mark.parametrize(
    ("request_", "field", "told"),
    [
        (rules.Record(" \u202e"), "text", "Say what was decided, in one sentence."),
        (rules.Record("x" * 3001), "text", "That is 3,001 characters; keep it to 3,000 and put"),
        (
            rules.Record("a", DecisionDetails(why=Words("x" * 10_000))),
            "why",
            "That is 10,000 characters; keep it to 3,000 and put the rest into the room.",
        ),
        (rules.Record("a", DecisionDetails(review_at=NOW)), "review_at", "That time has passed."),
        (
            rules.Record("a", DecisionDetails(decider="UBOT")),
            "decider",
            "An app decides nothing. Choose a person.",
        ),
    ],
)
def test_what_cannot_be_recorded_is_told_at_its_field(
    request_: rules.Record, field: str, told: str
) -> None:
    robot = Person("UBOT", is_bot=True)
    with pytest.raises(Refused) as refused:
        rules.record(incident(*OPEN), request_, context(*OPEN, person=robot))
    assert str(refused.value).startswith(told)
    assert refused.value.field == field


def test_who_has_left_decides_nothing() -> None:
    gone = Person("UGONE", has_left=True)
    request = rules.Record("a", DecisionDetails(decider="UGONE"))
    with pytest.raises(Refused, match="This person has left the workspace"):
        rules.record(incident(*OPEN), request, context(*OPEN, person=gone))


def test_the_same_message_is_one_decision() -> None:
    with pytest.raises(Refused, match="This message is decision 1 already"):
        rules.record(incident(*DECIDED), rules.Record("a", source=SOURCE), context(*DECIDED))
    again = rules.capture(incident(*DECIDED), rules.Record("a", source=SOURCE), context(*DECIDED))
    assert again.facts == ()


def test_what_was_a_slip_can_be_captured_again_under_the_next_number() -> None:
    before = (*BY_REACTION, DecisionWithdrawn(number=1))
    request = rules.Record("We roll back", source=SOURCE)
    outcome = rules.capture(incident(*before), request, context(*before))
    assert outcome.facts == (record(2, is_by_reaction=True),)


@pytest.mark.parametrize(
    ("before", "actor", "seconds", "is_taken_back"),
    [
        (BY_REACTION, "UMARA", 60, True),
        (BY_REACTION, "UMARA", 61, False),
        (BY_REACTION, "UIDRIS", 1, False),
        (DECIDED, "UMARA", 1, False),
        ((*BY_REACTION, DecisionAmended(number=1, why=Words("a"))), "UMARA", 1, False),
    ],
)
def test_only_a_fresh_capture_of_ones_own_is_withdrawn(
    before: tuple[Fact, ...], actor: str, seconds: int, *, is_taken_back: bool
) -> None:
    later = context(*before, actor=actor, later=timedelta(seconds=seconds))
    outcome = rules.withdraw(incident(*before), SOURCE, later)
    assert outcome.facts == ((DecisionWithdrawn(number=1),) if is_taken_back else ())
    effects = [one.effect for one in outcome.messages if isinstance(one, Call)]
    assert effects == (["unreact"] if is_taken_back else [])


def test_an_amendment_holds_only_what_differs() -> None:
    details = DecisionDetails(why=Words("It is safer"), review_at=LATER)
    amend = rules.Amend(1, "We roll back", details)
    outcome = rules.amend(incident(*DECIDED), amend, context(*DECIDED))
    amended = DecisionAmended(number=1, why=Words("It is safer"), review_at=LATER)
    assert outcome.facts == (amended,)
    after = (*DECIDED, amended)
    with pytest.raises(Refused, match="Nothing differs from the record"):
        rules.amend(incident(*after), amend, context(*after))


def test_a_reversal_takes_a_reason_and_is_made_once() -> None:
    with pytest.raises(Refused, match="Say why it holds no longer") as refused:
        rules.reverse(incident(*DECIDED), rules.Reverse(1, " "), context(*DECIDED))
    assert refused.value.field == "because"
    outcome = rules.reverse(incident(*DECIDED), rules.Reverse(1, "worse"), context(*DECIDED))
    assert outcome.facts == (DecisionReversed(number=1, why=Words("worse")),)
    after = (*DECIDED, *outcome.facts)
    with pytest.raises(Refused, match="Decision 1 is reversed already. Nothing was changed."):
        rules.reverse(incident(*after), rules.Reverse(1, "worse"), context(*after))


def test_a_decision_is_upheld_while_its_review_is_owed() -> None:
    before = (*OPEN, record(review_at=LATER))
    assert rules.uphold(incident(*before), 1, context(*before)).facts == (DecisionUpheld(number=1),)
    for after in ((*before, DecisionUpheld(number=1)), DECIDED):
        with pytest.raises(Refused, match="No review of decision 1 is owed."):
            rules.uphold(incident(*after), 1, context(*after))


def test_a_decision_that_is_not_there_is_told() -> None:
    with pytest.raises(Refused, match="INC-12 has no decision 7. `/incident decisions` lists"):
        rules.uphold(incident(*DECIDED), 7, context(*DECIDED))


def test_what_is_over_takes_no_decision_and_no_amendment() -> None:
    told = "^INC-12 is over. Reopen it to go on.$"
    asked: tuple[tuple[Rule, object], ...] = (
        (rules.record, rules.Record("a")),
        (rules.capture, rules.Record("a", source=SOURCE)),
        (rules.amend, rules.Amend(1, "a", DecisionDetails())),
        (rules.reverse, rules.Reverse(1, "a")),
        (rules.uphold, 1),
    )
    for rule, request in asked:
        with pytest.raises(Refused, match=told):
            rule(incident(*CLOSED), request, context(*CLOSED))


def test_an_edit_and_a_deletion_are_noted_once_each() -> None:
    edited, deleted = SourceEdited(channel="C1", ts="1.2"), SourceDeleted(channel="C1", ts="1.2")
    facts = rules.source_edited(incident(*DECIDED), SOURCE, context(*DECIDED)).facts
    assert facts == (edited,)
    after = (*DECIDED, edited)
    assert rules.source_edited(incident(*after), SOURCE, context(*after)).facts == ()
    assert rules.source_deleted(incident(*after), SOURCE, context(*after)).facts == (deleted,)
    gone = (*after, deleted)
    assert rules.source_deleted(incident(*gone), SOURCE, context(*gone)).facts == ()
    assert rules.source_edited(incident(*OPEN), SOURCE, context(*OPEN)).facts == ()
