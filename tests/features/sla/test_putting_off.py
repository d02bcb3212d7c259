"""Who puts a deadline off, how far, and why?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.tasks import DeadlineSnoozed, DeadlineWaived
from bot.core.outcome import Ask, Refused
from bot.features.sla import rules
from tests.features.values import NOW, context, declared, incident

UPDATE_DUE = NOW + timedelta(minutes=15)
ACCEPTED = RoleAccepted(role="ic", person="UIDRIS")


def put_off(by: timedelta | None, reason: str = "The lab is waiting", **more: str) -> rules.PutOff:
    """A request about the next update."""
    return rules.PutOff(more.get("name", "update"), by, reason)


def test_a_snooze_counts_from_when_it_is_owed_or_from_now_if_that_is_over() -> None:
    quarter = timedelta(minutes=15)
    early = rules.put_off(incident(declared()), put_off(quarter), context(declared()))
    assert early.facts == (
        DeadlineSnoozed(
            name="update",
            until=UPDATE_DUE + quarter,
            reason=Words("The lab is waiting"),
            due_at=UPDATE_DUE,
        ),
    )
    late = context(declared(), later=timedelta(minutes=40))
    assert rules.put_off(incident(declared()), put_off(quarter), late).facts == (
        DeadlineSnoozed(
            name="update",
            until=NOW + timedelta(minutes=55),
            reason=Words("The lab is waiting"),
            due_at=UPDATE_DUE,
        ),
    )


def test_a_waiver_ends_this_one_deadline() -> None:
    waived = rules.put_off(
        incident(declared()), put_off(None, " No\u202e need "), context(declared())
    )
    assert waived.facts == (
        DeadlineWaived(name="update", due_at=UPDATE_DUE, reason=Words("No need")),
    )


@pytest.mark.parametrize(
    ("request_", "sentence", "field"),
    [
        (put_off(None, " \u202e"), "Say why: it is what the review reads.", "reason"),
        (put_off(None, "x" * 1001), "That is 1,001 characters; keep it to 1,000.", "reason"),
        (
            put_off(timedelta(hours=24, minutes=1), name="classify"),
            "Snooze it by 24 h at most, or waive it.",
            "by",
        ),
        (
            put_off(timedelta(hours=4, minutes=1)),
            "Snooze it by 4 h at most, or waive it.",
            "by",
        ),
        (put_off(None, name="task/9"), "It is not owed any more.", None),
    ],
)
def test_what_cannot_be_put_off_is_told_why(
    request_: rules.PutOff, sentence: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        rules.put_off(incident(declared()), request_, context(declared()))
    assert str(refused.value) == sentence
    assert refused.value.field == field


def test_only_who_commands_puts_something_off_and_only_while_it_goes_on() -> None:
    facts = (declared(), ACCEPTED)
    with pytest.raises(Refused) as refused:
        rules.put_off(incident(*facts), put_off(None), context(*facts))
    assert str(refused.value) == (
        "To waive or snooze a deadline is up to the Incident Commander: ask <@UIDRIS>. "
        "Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UIDRIS", "waive or snooze a deadline")
    over = (declared(), IncidentClosed(reason=Words("done")))
    with pytest.raises(Refused, match="INC-12 is over. Reopen it to go on."):
        rules.put_off(incident(*over), put_off(None), context(*over))
