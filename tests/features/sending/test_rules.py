"""Is another system told once, and never what must stay in the room?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.facts.runbooks import StepDone
from bot.core.facts.webhooks import WebhookAnswered, WebhookFailed
from bot.core.messages import Send
from bot.core.outcome import Refused
from bot.core.runs import beginning
from bot.core.runs.model import Runs
from bot.features.sending import blocks, due, rules
from runbooks.steps import Webhook
from tests.features.runs import JUN, MARA, Story, library
from tests.features.values import NOW, POLICY, TITLE, declared

GIVEN = {"project": "AI", "issue_type": "Task"}


def sent(story: Story, run: int = 1, step: int = 6) -> dict[str, Any]:
    """What the ticket says that is owed; the story goes on with it."""
    fire = rules.Fire((run, step), ("ticket",), GIVEN)
    outcome = rules.fire(story.incident, fire, story.context(MARA))
    story.told(outcome, MARA)
    [message] = outcome.messages
    assert isinstance(message, Send)
    return dict(message.body["values"])


def test_a_ticket_carries_the_checklist_and_needs_what_no_runbook_knows() -> None:
    story = Story().done(1)
    with pytest.raises(Refused, match="also needs: issue_type, project"):
        rules.fire(story.incident, rules.Fire((1, 6), ("ticket",)), story.context(MARA))
    said = sent(story)
    assert said["title"] == f"INC-12 {TITLE}"
    assert "[x] 1. Open and assign\n[ ] 2. Stabilise and keep evidence" in said["details"]


def test_what_can_be_sent_is_sent_and_what_lacks_a_value_is_named() -> None:
    story = Story().done(1)
    fire = rules.Fire((1, 6), ("ticket", "pager"), {"project": "AI"})
    outcome = rules.fire(story.incident, fire, story.context(MARA))
    story.told(outcome, MARA)
    calls = story.run.steps[5].calls
    assert {id_: one.status for id_, one in calls.items()} == {"ticket": "failed", "pager": "sent"}
    assert calls["ticket"].note == "Jira, an issue also needs: issue_type. Fill it in."
    assert [one.name for one in outcome.messages if isinstance(one, Send)] == [calls["pager"].send]
    sent(story)
    assert story.run.steps[5].calls["ticket"].status == "sent"


def test_what_rings_somebody_is_not_ticked_before_a_person_ticks_it() -> None:
    story = Story().done(1)
    step = story.run.steps[5]
    assert isinstance(step.what, Webhook)
    drawn = blocks.step_modal(12, story.run, step, step.what, POLICY).to_dict()
    [ticks] = [one["element"] for one in drawn["blocks"] if one.get("block_id") == "targets"]
    assert [one["value"] for one in ticks["options"]] == ["ticket", "pager"]
    assert [one["value"] for one in ticks["initial_options"]] == ["ticket"]


def test_a_title_that_stays_in_the_room_is_in_no_ticket() -> None:
    said = sent(Story(opened=declared(is_private=True)).done(1))
    assert TITLE not in str(said)
    assert said["title"] == "INC-12 (the title stays in the room)"


def test_what_was_taken_is_not_sent_again_and_what_failed_is() -> None:
    story = Story().done(1)
    sent(story)
    with pytest.raises(Refused, match="was called already"):
        sent(story)
    name = story.run.steps[5].calls["ticket"].send
    about = {"send": name, "about": "step/1/6/ticket", "target": "ticket"}
    story.did(("warroom", WebhookFailed(**about, reason="HTTP 500")))
    sent(story)
    again = story.run.steps[5].calls["ticket"]
    assert (again.status, again.send == name) == ("sent", False)
    # What the first try answers late is not the second one's answer.
    story.did(("warroom", WebhookAnswered(**about, status=201)))
    assert story.run.steps[5].calls["ticket"].status == "sent"


def test_a_failure_can_be_made_good_by_hand_with_a_note() -> None:
    story = Story().done(1)
    sent(story)
    about = {"send": story.run.steps[5].calls["ticket"].send, "about": "step/1/6/ticket"}
    story.did(("warroom", WebhookFailed(**about, target="ticket", reason="HTTP 500")))
    done = rules.Finish((1, 6), by_hand=("ticket",))
    with pytest.raises(Refused, match="Say why"):
        rules.settle(story.incident, done, story.context(JUN))
    done = rules.Finish((1, 6), by_hand=("ticket",), note="AI-12, typed by hand")
    story.told(rules.settle(story.incident, done, story.context(JUN)), JUN)
    assert story.run.steps[5].calls["ticket"].status == "by_hand"


def test_the_hooks_of_two_runbooks_are_one_step_and_call_each_system_once() -> None:
    story = Story("bias-spike")
    runs = story.context(MARA).states.of(Runs)
    story.did((MARA, beginning.begun(library().books["data-leakage"], runs))).done(1)
    what = story.run.steps[9].what
    assert isinstance(what, Webhook)
    assert [one.id for one in what.targets] == ["ticket", "catalogue", "breach_register"]
    sent(story, 2, 11)
    with pytest.raises(Refused, match="Ticket with the checklist was called already"):
        sent(story, 1, 10)


def test_two_runbooks_that_tell_the_same_system_the_same_do_so_once() -> None:
    story = Story("bias-spike").done(1)
    book = library().books["data-leakage"]
    apart = [one.model_copy(update={"shares": None}) for one in book.runbook.steps]
    apart[10] = apart[10].model_copy(update={"title": "Hooks of the leak"})
    other = replace(book, runbook=book.runbook.model_copy(update={"steps": tuple(apart)}))
    story.did((MARA, beginning.begun(other, story.context(MARA).states.of(Runs))))
    what = story.run.steps[9].what
    others = story.context(MARA).states.of(Runs).all[1].steps[10].what
    shared = [one for one in getattr(what, "targets", ()) if one in getattr(others, "targets", ())]
    assert [one.id for one in shared] == ["ticket"]
    sent(story, 1, 10)
    story.did((MARA, StepDone(run=2, step=1)))
    with pytest.raises(Refused, match="was called for runbook 1 already; that does for both"):
        sent(story, 2, 11)


def test_a_test_tells_nobody_and_its_step_can_be_done_all_the_same() -> None:
    story = Story(opened=declared(is_test=True)).done(1)
    fire = rules.Fire((1, 6), ("ticket", "pager"), GIVEN)
    outcome = rules.fire(story.incident, fire, story.context(MARA))
    assert outcome.messages == ()
    story.told(outcome, MARA)
    assert {one.status for one in story.run.steps[5].calls.values()} == {"by_hand"}


def test_what_a_runbook_sends_by_itself_goes_out_once_the_step_is_active() -> None:
    story = Story("data-leakage")
    [alarm] = due.alarms(story.shown)
    assert (alarm.at, alarm.about) == (NOW, "1/2")
    outcome = rules.by_itself(story.incident, alarm, story.context("warroom"))
    story.told(outcome, "warroom")
    calls = story.run.steps[1].calls
    assert len(calls) == len(getattr(story.run.steps[1].what, "targets", ()))
    # What asks for more than the runbook knows is shown as failed, with what it lacks.
    lacking = [one.note for one in calls.values() if one.status == "failed"]
    assert all("also needs" in str(note) for note in lacking)
    assert len(outcome.messages) == len(calls) - len(lacking)
    assert due.alarms(story.shown) == []
