"""How do tasks look and read?"""

from __future__ import annotations

import json
from datetime import timedelta, timezone

from bot.core.blockkit import when
from bot.core.facts import Fact, Words
from bot.core.facts.status import MadePrivate
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.messages import Keep, channel
from bot.features.tasks import blocks
from bot.features.tasks.state import Tasks
from tests.features.values import NOW, WHEN, as_shown, declared, states
from tests.screen import shown, text_objects

LATER = NOW + timedelta(minutes=40)
UNTIL = when(LATER)
GIVEN = TaskGiven(number=1, text=Words("Tell <!channel> & co"), owner="UJUN", due_at=LATER)
UNTIMED = TaskGiven(number=2, text=Words("Ask the lab"), owner="UMARA")
ROOM = channel("room/12")


def _kept(*facts: Fact) -> list[Keep]:
    return [one for one in blocks.slots(as_shown(declared(), *facts)) if isinstance(one, Keep)]


def test_whoever_does_a_task_reads_it_privately_with_a_button() -> None:
    (kept,) = _kept(GIVEN)
    assert (kept.slot, kept.to, kept.needs) == ("task/12/1/UJUN", "person/UJUN", "room/12")
    assert kept.content.text == (
        f"Task 1 in INC-12 · {ROOM}, by {UNTIL}, from <@UMARA>: "
        "Tell &lt;!channel&gt; &amp; co. Press Done."
    )
    told = kept.content.to_json()["blocks"]
    assert shown(told) == (
        f"*Task 1 in INC-12 · {ROOM}*, by {UNTIL}, from <@UMARA>\nTell <!channel> & co\nDone"
    )
    assert text_objects(told, "plain_text") == ["Tell <!channel> & co", "Done"]
    assert told[2]["elements"][0]["value"] == "12/1"


def test_a_task_without_a_time_says_none() -> None:
    (kept,) = _kept(UNTIMED)
    assert kept.content.text == (
        f"Task 2 in INC-12 · {ROOM}, from <@UMARA>: Ask the lab. Press Done."
    )


def test_a_task_that_is_done_is_one_line() -> None:
    (kept,) = _kept(GIVEN, TaskDone(number=1))
    assert kept.content.text == f"Task 1 in INC-12 · {ROOM} is done."
    assert shown(kept.content.to_json()["blocks"]) == kept.content.text


def test_whoever_had_it_reads_who_has_it_now() -> None:
    before, now = _kept(GIVEN, TaskReassigned(number=1, owner="UIDRIS"))
    assert (before.to, now.to) == ("person/UJUN", "person/UIDRIS")
    assert before.content.text == (
        f"Task 1 in INC-12 · {ROOM} is <@UIDRIS>'s now. Nothing is left for you to do."
    )
    assert "Press Done." in now.content.text


def test_in_a_private_incident_it_leads_to_the_private_room() -> None:
    (kept,) = _kept(GIVEN, MadePrivate())
    assert kept.needs == "room/12/private"
    assert channel("room/12/private") in kept.content.text


def test_whoever_gave_it_reads_the_time_in_their_own_zone() -> None:
    timed, untimed = states(declared(), GIVEN, UNTIMED).of(Tasks).all
    assert blocks.given(timed, "Asia/Kolkata").text == (
        "Task 1 is <@UJUN>'s by 09:22 (Asia/Kolkata)."
    )
    assert blocks.given(untimed, "UTC").text == "Task 2 is <@UMARA>'s, with no time to it."


def test_the_list_has_the_open_ones_first_and_the_done_ones_last() -> None:
    listed = blocks.task_list(as_shown(declared(), GIVEN, UNTIMED, TaskDone(number=1)))
    assert listed.text == (
        f"Task 2 · <@UMARA> · no time: Ask the lab\n"
        f"Task 1 · <@UJUN> · done {WHEN}: Tell &lt;!channel&gt; &amp; co"
    )
    assert shown(listed.to_json()["blocks"]) == (
        "*Task 2* · <@UMARA> · no time\nAsk the lab\nDone\n"
        f"*Task 1* · <@UJUN> · done {WHEN}\nTell &lt;!channel&gt; &amp; co"
    )


def test_where_there_is_no_task_the_list_says_how_to_give_one() -> None:
    assert blocks.task_list(as_shown(declared())).text == (
        "There is no task. `/incident task @someone words by 04:30` gives one."
    )


def test_the_summary_counts_what_is_open_and_names_the_next() -> None:
    told = as_shown(declared(), UNTIMED, GIVEN)
    (part,) = blocks.summary_parts(told)
    assert part.place == 60
    assert part.content.text == (
        f"Tasks: 2 open, next <@UJUN> by {UNTIL}: Tell &lt;!channel&gt; &amp; co."
    )
    assert f"{shown(part.content.to_json()['blocks'])}." == part.content.text
    (untimed,) = blocks.summary_parts(as_shown(declared(), UNTIMED))
    assert untimed.content.text == "Tasks: 1 open, next <@UMARA>: Ask the lab."
    assert blocks.summary_parts(as_shown(declared(), GIVEN, TaskDone(number=1))) == []


def test_the_next_task_is_the_one_due_first_in_any_zone() -> None:
    east = (NOW + timedelta(minutes=10)).astimezone(timezone(timedelta(hours=10)))
    first = TaskGiven(number=2, text=Words("Ask the lab"), owner="UMARA", due_at=east)
    (part,) = blocks.summary_parts(as_shown(declared(), GIVEN, first))
    assert part.content.text.startswith("Tasks: 2 open, next <@UMARA> by ")


def test_the_form_takes_over_the_words_of_a_message() -> None:
    view = blocks.task_modal(12, "x" * 1200, "https://x.test/p1").to_dict()
    assert (view["title"]["text"], view["submit"]["text"]) == ("Make a task", "Give it")
    assert shown(view["blocks"]) == "What is to be done?\nWho does it?\nBy when?"
    assert view["blocks"][0]["element"]["initial_value"] == "x" * 1000
    assert [one.get("optional", False) for one in view["blocks"]] == [False, False, True]
    assert json.loads(view["private_metadata"]) == {
        "number": 12,
        "permalink": "https://x.test/p1",
    }
