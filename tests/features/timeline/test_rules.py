"""What may be noted, and who may stop the record of the talk?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.timeline import NoteAdded, TalkSwitched
from bot.core.outcome import Person, Refused
from bot.features.timeline import rules
from tests.features.values import NOW, context, declared, incident

OPEN: tuple[Fact, ...] = (declared(),)
STOCKHOLM = Person("UMARA", tz="Europe/Stockholm")  # where it is 04:12:30
NOTE = NoteAdded(happened_at=NOW - timedelta(hours=1), text=Words("Wrong"))
MESSAGE = rules.Captured("C1", "1.2", "It is live", NOW - timedelta(minutes=3), "https://x/p12")


def noted(words: str, corrects: int | None = None, *facts: Fact) -> NoteAdded:
    """What is noted of these words after these facts."""
    before = (*OPEN, *facts)
    request = rules.Note(words, corrects)
    told = context(*before, person=STOCKHOLM)
    [fact] = rules.note(incident(*before), request, told).facts
    assert isinstance(fact, NoteAdded)
    return fact


@pytest.mark.parametrize(
    ("typed", "at", "kept"),
    [
        ("Fallback is live", NOW, "Fallback is live"),
        ("03:40 Fallback is live", NOW.replace(hour=2, minute=40, second=0, microsecond=0),
         "Fallback is live"),
        ("10 min ago it broke", NOW - timedelta(minutes=10), "it broke"),
    ],
)  # fmt: skip
def test_a_note_stands_at_the_time_that_was_typed(typed: str, at: object, kept: str) -> None:
    fact = noted(typed)
    assert (fact.happened_at, fact.text) == (at, kept)


def test_a_correction_stands_where_the_first_note_stood_unless_a_time_is_typed() -> None:
    assert noted("Right", 2, NOTE).happened_at == NOTE.happened_at
    assert noted("5 min ago Right", 2, NOTE).happened_at == NOW - timedelta(minutes=5)
    assert noted("Right", 2, NOTE).corrects == 2


@pytest.mark.parametrize(
    ("typed", "corrects", "told"),
    [
        ("", None, "Say what happened, for example `/incident note 03:40 Fallback model is live`."),
        ("03:40 -", None, "Say what happened"),
        ("tomorrow 05:00 it broke", None, "is still to come"),
        (
            "Right",
            1,
            "There is no note 1. `/incident timeline notes` shows them with their numbers.",
        ),
        ("x" * 10_000, None, "That is 10,000 characters; keep it to 3,000"),
    ],
)
def test_what_cannot_be_noted_is_refused(typed: str, corrects: int | None, told: str) -> None:
    with pytest.raises(Refused) as refused:
        noted(typed, corrects)
    assert told in str(refused.value)


def test_a_message_is_noted_once_at_the_time_it_was_sent() -> None:
    outcome = rules.capture(incident(*OPEN), MESSAGE, context(*OPEN))
    [fact] = outcome.facts
    assert isinstance(fact, NoteAdded)
    assert (fact.happened_at, fact.text) == (MESSAGE.sent_at, "It is live")
    assert outcome.messages == ()
    again = (*OPEN, fact)
    with pytest.raises(Refused, match="^This message is on the timeline already"):
        rules.capture(incident(*again), MESSAGE, context(*again))


def test_a_message_without_words_is_not_noted() -> None:
    empty = rules.Captured("C1", "1.2", " ", NOW, "https://x/p12")
    with pytest.raises(Refused, match="^This message has no words"):
        rules.capture(incident(*OPEN), empty, context(*OPEN))


def test_nothing_is_noted_of_what_is_over() -> None:
    over = (*OPEN, IncidentClosed(reason=Words("done")))
    with pytest.raises(Refused, match="^INC-12 is over. Reopen it to go on.$"):
        rules.note(incident(*over), rules.Note("late"), context(*over))


def test_the_talk_is_switched_with_a_reason_and_back() -> None:
    off = rules.switch_talk(incident(*OPEN), rules.Switch(False, "counsel"), context(*OPEN)).facts
    assert off == (TalkSwitched(is_kept=False, reason=Words("counsel")),)
    after = (*OPEN, *off)
    on = rules.switch_talk(incident(*after), rules.Switch(True), context(*after)).facts
    assert on == (TalkSwitched(is_kept=True),)


@pytest.mark.parametrize(
    ("switch", "actor", "told"),
    [
        (rules.Switch(False), "UMARA", "Say why, for example"),
        (rules.Switch(True), "UMARA", "What is said here is kept already."),
        (rules.Switch(False, "why not"), "UJUN", "is up to the"),
    ],
)
def test_the_talk_is_not_switched_without_reason_or_right(
    switch: rules.Switch, actor: str, told: str
) -> None:
    with pytest.raises(Refused) as refused:
        rules.switch_talk(incident(*OPEN), switch, context(*OPEN, actor=actor))
    assert told in str(refused.value)
