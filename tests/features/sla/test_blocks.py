"""How do reminders, and what is owed, look and read?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.blockkit import when
from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.status import MadePrivate
from bot.core.facts.tasks import DeadlineReminded, DeadlineSnoozed, DeadlineWaived
from bot.core.facts.updates import UpdatePosted
from bot.core.messages import Keep
from bot.core.outcome import Shown, States
from bot.features.sla import blocks, due
from bot.features.sla.state import Sla
from tests.features.values import NOW, as_shown, context, declared, incident
from tests.screen import shown

DUE = NOW + timedelta(minutes=15)
DUE_WHEN = when(DUE)
UPDATE = Deadline(
    "update", "R&D update", NOW, DUE, "Post an update.", actions=(("update_asked", "Update"),)
)
SLOT = "deadline/12/update/20261121T032730"


def _told(*facts: Fact, deadlines: tuple[Deadline, ...] = (UPDATE,)) -> Shown:
    return replace(as_shown(declared(), *facts), deadlines=deadlines)


def _reminded(**differing: Any) -> DeadlineReminded:  # noqa: ANN401 (any field of the fact)
    usual: dict[str, Any] = {
        "name": "update",
        "label": "R&D update",
        "due_at": DUE,
        "stage": "due",
        "mentioned": ("UMARA",),
        "is_posted": True,
    }
    return DeadlineReminded(**{**usual, **differing})


def _kept(told: Shown) -> Keep:
    (kept,) = blocks.slots(told)
    assert isinstance(kept, Keep)
    return kept


def _read(kept: Keep) -> str:
    return shown([one.to_dict() for one in kept.content.blocks])


def test_the_beginning_of_the_thread_names_who_owes_it_and_what_to_do() -> None:
    kept = _kept(_told(_reminded()))
    assert (kept.slot, kept.to) == (SLOT, "room/12")
    assert kept.content.text == (
        f"R&amp;D update is owed by <@UMARA>, due {DUE_WHEN}. Post an update."
    )
    assert _read(kept) == (
        f"*R&amp;D update* is owed by <@UMARA>, due {DUE_WHEN}\nPost an update.\n"
        "Update\nSnooze\nWaive"
    )
    row = kept.content.to_json()["blocks"][1]["elements"]
    assert [one["action_id"] for one in row] == ["update_asked", "snooze_asked", "waive_asked"]
    assert row[0]["value"] == "12"
    assert json.loads(row[1]["value"]) == {"number": 12, "name": "update"}


def test_it_says_which_step_of_the_ladder_it_is_on() -> None:
    facts = (_reminded(), _reminded(stage="climbed", rung=2, mentioned=("USAFETY",)))
    told = _told(*facts)
    sla = told.states.of(Sla)
    late = {key: replace(one, at=DUE + timedelta(minutes=5)) for key, one in sla.reminders.items()}
    by_type = {**told.states.by_type, Sla: replace(sla, reminders=late)}
    assert _kept(replace(told, states=States(by_type))).content.text == (
        f"R&amp;D update is owed by <@UMARA>, due {DUE_WHEN} · "
        "overdue by 5 min at the last reminder · step 2 of the ladder. "
        "Post an update."
    )


def test_it_says_how_late_a_reminder_comes_after_an_outage() -> None:
    assert _kept(_told(_reminded(late_seconds=8100))).content.text == (
        f"R&amp;D update is owed by <@UMARA>, due {DUE_WHEN} · "
        "this comes 2 h 15 min late: the bot was away. Post an update."
    )


def test_an_edit_names_nobody_whom_the_reminder_did_not_name() -> None:
    facts = (_reminded(), RoleAccepted(role="ic", person="UIDRIS"))
    assert "is owed by whoever commands, due" in _kept(_told(*facts)).content.text
    unnamed = _kept(_told(_reminded(mentioned=())))
    assert "is owed by whoever commands, due" in unnamed.content.text


def test_what_a_person_owes_is_not_laid_to_whoever_commands() -> None:
    task = replace(UPDATE, owner="UJUN")
    unnamed = _kept(_told(_reminded(mentioned=()), deadlines=(task,)))
    assert "is owed by its owner (see `/incident deadlines`), due" in unnamed.content.text
    comms = replace(UPDATE, owner_roles=("comms", "ic"))
    facts = (_reminded(mentioned=()), RoleAccepted(role="comms", person="UJUN"))
    assert (
        "is owed by the Communications Lead, due"
        in _kept(_told(*facts, deadlines=(comms,))).content.text
    )


def test_what_was_met_is_one_line_without_buttons() -> None:
    kept = _kept(_told(_reminded(), deadlines=()))
    assert kept.content.text == f"R&amp;D update: done. It was due {DUE_WHEN}."
    assert _read(kept) == kept.content.text


def test_what_was_waived_says_why() -> None:
    waived = DeadlineWaived(name="update", due_at=DUE, reason=Words("<!channel> no need"))
    assert _kept(_told(_reminded(), waived, deadlines=())).content.text == (
        f"R&amp;D update: waived: &lt;!channel&gt; no need. It was due {DUE_WHEN}."
    )


def test_what_was_snoozed_after_it_was_due_is_not_called_done() -> None:
    until = NOW + timedelta(minutes=40)
    snoozed = DeadlineSnoozed(name="update", until=until, reason=Words("lab"), due_at=DUE)
    told = _told(_reminded(), snoozed)
    moved = tuple(due.adjusted(told.deadlines, told.states))
    later = when(until)
    assert _kept(replace(told, deadlines=moved)).content.text == (
        f"R&amp;D update: put off to {later}. It was due {DUE_WHEN}."
    )


def test_a_late_update_meets_the_old_deadline_though_the_next_is_owed() -> None:
    posted = NOW + timedelta(minutes=20)
    following = replace(UPDATE, starts_at=posted, due_at=posted + timedelta(minutes=15))
    told = _told(_reminded(), UpdatePosted(number=1, harm="unknown"), deadlines=(following,))
    assert _kept(told).content.text == f"R&amp;D update: done. It was due {DUE_WHEN}."


@pytest.mark.parametrize("name", ["role/comms", "call/3"])
def test_what_is_asked_for_privately_has_no_thread_in_the_room(name: str) -> None:
    assert blocks.slots(_told(_reminded(name=name))) == []


def test_what_is_only_due_soon_has_no_thread_yet() -> None:
    assert blocks.slots(_told(_reminded(stage="soon"))) == []


def test_of_many_threads_the_newest_twenty_are_kept_in_step() -> None:
    many = [_reminded(name=f"task/{one}") for one in range(25)]
    kept = blocks.slots(_told(*many))
    assert [one.slot for one in kept if isinstance(one, Keep)] == [
        f"deadline/12/task/{one}/20261121T032730" for one in range(5, 25)
    ]


def test_in_the_private_room_the_thread_begins_anew() -> None:
    kept = _kept(_told(_reminded(), MadePrivate()))
    assert (kept.slot, kept.to) == (f"{SLOT}/private", "room/12/private")


def test_the_nudge_says_how_long_it_is_overdue_in_the_thread() -> None:
    later = context(declared(), later=timedelta(minutes=18, seconds=45))
    post = blocks.nudge(incident(declared()), UPDATE, "UMARA", later)
    assert post.content.text == "<@UMARA> R&amp;D update is overdue by 3 min. Post an update."
    assert shown(post.content.to_json()["blocks"]) == post.content.text
    assert (post.name, post.to, post.thread) == (f"{SLOT} overdue", "room/12", SLOT)


def test_a_step_of_the_ladder_names_people_and_groups_in_the_thread() -> None:
    post = blocks.climbed(incident(declared()), UPDATE, ("USAFETY", "group SEXEC"), 2)
    assert post.content.text == (
        "<@USAFETY> <!subteam^SEXEC> R&amp;D update is still open. Post an update."
    )
    assert shown(post.content.to_json()["blocks"]) == post.content.text
    assert (post.name, post.thread) == (f"{SLOT} step 2", SLOT)


def test_an_answer_is_asked_of_the_person_and_then_told_whoever_commands() -> None:
    answer = Deadline(
        "role/comms",
        "Answer to the offer of R&D",
        NOW,
        NOW + timedelta(minutes=5),
        "Press Accept or Decline in the offer.",
        owner="UJUN",
        is_personal=True,
    )
    later = context(declared(), later=timedelta(minutes=7))
    theirs = blocks.private(incident(declared()), answer, "UJUN", later)
    assert theirs.content.text == (
        "INC-12: Answer to the offer of R&amp;D is missing for 7 min. "
        "Press Accept or Decline in the offer."
    )
    assert theirs.to == "person/UJUN"
    command = blocks.private(incident(declared()), answer, "UMARA", later)
    assert command.content.text == (
        "INC-12: Answer to the offer of R&amp;D by <@UJUN> is missing for 7 min. "
        "Ask them, or somebody else."
    )


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_spans_are_said_as_people_say_them(span: timedelta, words: str) -> None:
    assert blocks.spell(span) == words


def test_snoozing_asks_how_long_and_why_and_waiving_only_why() -> None:
    snooze = blocks.put_off_modal(UPDATE, 12, is_waiver=False).to_dict()
    assert (snooze["title"]["text"], snooze["submit"]["text"], snooze["callback_id"]) == (
        "Snooze a deadline",
        "Snooze",
        "snooze",
    )
    assert shown(snooze["blocks"]) == (
        f"R&amp;D update, due {DUE_WHEN}\n15 min, 1 h, 2 h 30 min\nHow much later?\nWhy?"
    )
    assert [one["block_id"] for one in snooze["blocks"][1:]] == ["by", "reason"]
    assert json.loads(snooze["private_metadata"]) == {"number": 12, "name": "update"}
    waive = blocks.put_off_modal(UPDATE, 12, is_waiver=True).to_dict()
    assert (waive["title"]["text"], waive["submit"]["text"], waive["callback_id"]) == (
        "Waive a deadline",
        "Waive",
        "waive",
    )
    assert shown(waive["blocks"]) == f"R&amp;D update, due {DUE_WHEN}\nWhy?"


def test_what_is_owed_is_listed_by_when_with_how_that_was_reckoned() -> None:
    task = Deadline("task/1", "Task 1", NOW, NOW + timedelta(minutes=5), "Do it.", owner="UJUN")
    listed = blocks.owed_list(_told(deadlines=(replace(UPDATE, rule="within 15 min"), task)))
    first, second = (when(NOW + timedelta(minutes=5)), DUE_WHEN)
    assert listed.text == (
        f"Task 1 · <@UJUN> · by {first}\nDo it.\n"
        f"R&amp;D update · <@UMARA> · by {second} (within 15 min)\nPost an update."
    )
    assert shown(listed.to_json()["blocks"]) == (
        f"*Task 1* · <@UJUN> · by {first}\nDo it.\nSnooze\nWaive\n"
        f"*R&amp;D update* · <@UMARA> · by {second} (within 15 min)\nPost an update.\n"
        "Snooze\nWaive"
    )


def test_where_nothing_is_owed_the_list_says_so() -> None:
    assert blocks.owed_list(_told(deadlines=())).text == "Nothing is owed."
    assert blocks.summary_parts(_told(deadlines=())) == []


@pytest.mark.parametrize(
    ("stage", "mark"),
    [
        (None, "due"),
        ("soon", "due soon,"),
        ("due", "due since"),
        ("overdue", "overdue since"),
        ("climbed", "overdue since"),
    ],
)
def test_the_summary_says_what_is_owed_next_and_how_far_it_is(stage: str | None, mark: str) -> None:
    facts = (_reminded(stage=stage),) if stage else ()
    (part,) = blocks.summary_parts(_told(*facts))
    assert part.place == 50
    assert part.content.text == f"Owed next: R&amp;D update by <@UMARA> {mark} {DUE_WHEN}."
    assert f"{shown(part.content.to_json()['blocks'])}." == part.content.text


def test_the_summary_names_the_next_two_and_nothing_personal() -> None:
    owes = tuple(
        Deadline(f"task/{one}", f"Task {one}", NOW, NOW + timedelta(minutes=one), "Do it.")
        for one in (3, 1, 2)
    )
    personal = replace(owes[0], name="role/ic", due_at=NOW, is_personal=True)
    (part,) = blocks.summary_parts(_told(deadlines=(*owes, personal)))
    assert part.content.text == (
        f"Owed next: Task 1 by <@UMARA> due {when(NOW + timedelta(minutes=1))} · "
        f"Task 2 by <@UMARA> due {when(NOW + timedelta(minutes=2))}."
    )
