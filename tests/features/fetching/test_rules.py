"""What becomes of a file that is awaited?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.facts.evidence import FileTaken
from bot.features.fetching import due, rules
from tests.features.evidence.values import SHA256, awaited
from tests.features.values import NOW, as_shown, context, declared, incident


def test_a_file_is_taken_once() -> None:
    told = (declared(), awaited())
    taken = rules.Taken(awaited().item, SHA256, 12)
    [fact] = rules.take(incident(*told), taken, context(*told)).facts
    assert isinstance(fact, FileTaken)
    after = (*told, fact)
    assert rules.take(incident(*after), taken, context(*after)).facts == ()


def test_a_file_that_did_not_come_within_a_day_is_given_up() -> None:
    told = (declared(), awaited())
    [alarm] = due.alarms(as_shown(*told))
    assert (alarm.at - NOW).days == 1
    outcome = rules.give_up(incident(*told), Alarm(alarm.at, due.KIND, "1"), context(*told))
    [post] = outcome.messages
    assert "trace.json) is not kept. Slack did not give it within a day." in str(post)
    after = (*told, *outcome.facts)
    assert due.alarms(as_shown(*after)) == []
