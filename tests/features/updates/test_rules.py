"""What may be told, asked and put off?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import DetailsFilled, IncidentClosed, IncidentResolved
from bot.core.facts.updates import (
    QuestionAnswered,
    QuestionAsked,
    UpdatePosted,
    UpdateSnoozed,
    UpdatesPaused,
    UpdatesTakenUp,
)
from bot.core.messages import Post
from bot.core.outcome import Outcome, Refused, Rule
from bot.features.updates import rules
from tests.features.values import NOW, context, declared, incident

FIRST = UpdatePosted(
    number=1,
    harm="ongoing",
    happened=Words("Adult doses for children"),
    impact=Words("about 40 chats"),
    next_steps=Words("Fallback model by 04:00"),
)
ONGOING = DetailsFilled(harm="ongoing")


def _carry_out(rule: Rule, request: object, *facts: Fact, actor: str = "UMARA") -> Outcome:
    before = (declared(), *facts)
    return rule(incident(*before), request, context(*before, actor=actor))


def _form(harm: str | None = None, **texts: Any) -> rules.PostUpdate:  # noqa: ANN401
    return rules.PostUpdate(harm, texts)


def test_an_update_records_what_was_filled_in_and_the_harm_it_names() -> None:
    outcome = _carry_out(rules.post, _form("ongoing", happened=" It answers ", asks=""))
    assert outcome.facts == (
        DetailsFilled(harm="ongoing"),
        UpdatePosted(number=1, harm="ongoing", happened=Words("It answers")),
    )


def test_harm_that_stopped_is_stopped_from_now_on() -> None:
    outcome = _carry_out(rules.post, _form("stopped", happened="Bot is off"), ONGOING)
    assert outcome.facts[0] == DetailsFilled(harm="stopped", harm_stopped_at=NOW)


def test_a_number_without_impact_is_not_known() -> None:
    form = rules.PostUpdate(None, {"happened": "x"}, is_impact_known=True)
    [update] = _carry_out(rules.post, form).facts
    assert isinstance(update, UpdatePosted)
    assert not update.is_impact_known


def test_a_quick_update_takes_over_all_but_what_happened() -> None:
    [update] = _carry_out(rules.quick, "Fallback is live", ONGOING, FIRST).facts
    assert update == FIRST.model_copy(
        update={"number": 2, "happened": Words("Fallback is live"), "is_quick": True}
    )


def test_no_change_repeats_the_last_update() -> None:
    [update] = _carry_out(rules.no_change, None, ONGOING, FIRST).facts
    assert update == FIRST.model_copy(update={"number": 2, "is_no_change": True})


def test_an_update_answers_questions_and_tells_who_asked() -> None:
    asked = QuestionAsked(number=1, question=Words("How many children?"))
    form = rules.PostUpdate(None, {}, answers={1: "None so far", 7: "nobody asked this"})
    outcome = _carry_out(rules.post, form, ONGOING, FIRST, asked)
    assert outcome.facts[1:] == (QuestionAnswered(number=1, answer=Words("None so far"), update=2),)
    [told] = outcome.messages
    assert isinstance(told, Post)
    assert told.to == "person/UMARA"
    assert told.content.text == ("INC-12. You asked: How many children?\nThe answer: None so far")


def test_a_snooze_counts_from_when_the_update_is_owed() -> None:
    request = rules.Snooze(timedelta(minutes=15), "waiting for the canary")
    [snoozed] = _carry_out(rules.snooze, request).facts
    assert snoozed == UpdateSnoozed(
        until=NOW + timedelta(minutes=30), reason=Words("waiting for the canary")
    )


def test_pausing_and_taking_up_again() -> None:
    paused = UpdatesPaused(reason=Words("night"))
    assert _carry_out(rules.pause, rules.Pause("night")).facts == (paused,)
    assert _carry_out(rules.take_up, None, paused).facts == (UpdatesTakenUp(),)


def test_questions_are_numbered() -> None:
    asked = QuestionAsked(number=1, question=Words("How many?"))
    outcome = _carry_out(rules.ask, "Since when?", asked, actor="USAM")
    assert outcome.facts == (QuestionAsked(number=2, question=Words("Since when?")),)


_SNOOZE = rules.Snooze(timedelta(minutes=15), "because")
_PAUSED = UpdatesPaused(reason=Words("night"))
_CLOSED = (IncidentResolved(reason=Words("gone")), IncidentClosed(reason=Words("done")))
_ASKED = QuestionAsked(number=1, question=Words("How many?"))


@pytest.mark.parametrize(
    ("rule", "request_", "facts", "actor", "sentence"),
    [
        (rules.post, _form(), (), "UMARA", "Say what happened: it is what everybody reads first"),
        (rules.post, _form(happened="x" * 3001), (), "UMARA", "That is 3,001 characters; keep it"),
        (rules.post, _form("ongoing", happened=FIRST.happened, impact=FIRST.impact,
                           next_steps=FIRST.next_steps), (ONGOING, FIRST), "UMARA",
         "Nothing is different from the last update"),
        (rules.post, _form("ongoing"), (ONGOING, FIRST), "UMARA", "There is nothing in this upd"),
        (rules.post, rules.PostUpdate("ongoing", {}, answers={1: " \u200b", 7: "x"}),
         (ONGOING, FIRST, _ASKED), "UMARA", "There is nothing in this update"),
        (rules.quick, " ", (), "UMARA", "Say what is new"),
        (rules.quick, "x" * 10_000, (), "UMARA", "That is 10,000 characters"),
        (rules.quick, "x", _CLOSED, "UMARA", "INC-12 is over. Reopen it to go on"),
        (rules.no_change, None, (), "UMARA", "There is no update yet that could still hold"),
        (rules.no_change, None, (FIRST,), "UMARA", "Harm was ongoing in the last update"),
        (rules.snooze, _SNOOZE, (), "UJUN", "To snooze or pause the updates is up to"),
        (rules.snooze, rules.Snooze(timedelta(minutes=5), ""), (), "UMARA", "Say why the update"),
        (rules.snooze, rules.Snooze(timedelta(hours=5), "x"), (), "UMARA", "four hours at most"),
        (rules.snooze, _SNOOZE, (_PAUSED,), "UMARA", "No update is owed at the moment"),
        (rules.pause, rules.Pause(""), (), "UMARA", "Say why nobody needs to hear anything"),
        (rules.pause, rules.Pause("x"), (_PAUSED,), "UMARA", "The updates are paused already"),
        (rules.take_up, None, (), "UMARA", "The updates are not paused"),
        (rules.ask, "", (), "USAM", "Say what you want to know"),
        (rules.ask, "How many?", (_ASKED,), "USAM", "is waiting for an answer already"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_a_sentence(
    rule: Rule, request_: object, facts: tuple[Fact, ...], actor: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        _carry_out(rule, request_, *facts, actor=actor)
