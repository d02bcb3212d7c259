"""How do those read of it who can put the room right?"""

from __future__ import annotations

import pytest

from bot.core import telling
from bot.core.facts import ERASED, Fact, Words
from bot.core.facts import rooms as rm
from bot.core.facts.status import MadePrivate
from bot.core.messages import Content, Keep
from bot.features.drift import blocks
from tests.features.values import as_shown, declared, incident

ROOM = "<#\ue000room/12\ue000>"  # the courier puts the channel in


def test_a_room_whose_name_was_erased_gets_its_neutral_name_each_time() -> None:
    erased = rm.RoomRenamed(name=ERASED)
    assert blocks.slots(as_shown(declared())) == []
    for times, facts in ((1, (erased,)), (3, (erased, rm.RoomRenamed(name=Words("x")), erased))):
        [name] = blocks.slots(as_shown(declared(), *facts))
        assert name == Keep(
            f"name/12/erased/{times}", "room/12", Content("inc-12-incident"), shape="name"
        )
    renamed = rm.RoomRenamed(name=Words("doses"))
    assert blocks.slots(as_shown(declared(), erased, renamed)) == []


def test_the_private_room_gets_the_name_it_was_opened_with() -> None:
    [name] = blocks.slots(as_shown(declared(), MadePrivate(), rm.RoomRenamed(name=ERASED)))
    assert name == Keep(
        "name/12/private/erased/1",
        "room/12/private",
        Content("inc-12-incident-private"),
        shape="name",
    )


def test_whoever_commands_reads_how_an_archived_room_is_opened_again() -> None:
    [told] = blocks.archived(incident(declared()), "/incident")
    assert (told.to, told.needs) == ("person/UMARA", "room/12")
    assert told.content.text == (
        f"Unarchive {ROOM}: INC-12 is not over, and nothing can be posted there until somebody "
        "does. Open the channel and choose Unarchive in its settings; an app cannot. What is owed "
        "waits. If it is over, say so: `/incident resolve INC-12 why`."
    )


def test_they_read_how_the_bot_is_let_in_again() -> None:
    [told] = blocks.removed(incident(declared()), "UBOT")
    assert told.content.text == (
        f"Let me back into {ROOM}: type `/invite` and my name, <@UBOT>, there. I am not in the "
        "room of INC-12 any more and can post nothing there. What is owed waits, and comes as soon "
        "as I am in."
    )


def test_whoever_left_reads_what_they_still_hold_and_can_come_back() -> None:
    [told] = blocks.gone(incident(declared()), "UJUN", ["Scribe", "Safety Lead"])
    assert told.to == "person/UJUN"
    assert told.content.text == (
        "You left the room of INC-12 and are still Scribe and Safety Lead. Come back, or let "
        "somebody in the room take it over: the summary shows the gap."
    )
    assert _buttons(told) == [("join", "12")]


def test_of_a_private_incident_whoever_commands_reads_it() -> None:
    [told] = blocks.gone(incident(declared(is_private=True)), "UJUN", ["Scribe"])
    assert told.to == "person/UMARA"
    assert told.content.text == (
        "<@UJUN> left the room of INC-12 and is still Scribe. Let them in again, or give the role "
        "to somebody in the room."
    )
    assert _buttons(told) == []


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (rm.RoomRepaired(part="summary"), "posted the summary anew, as it had been deleted"),
        (rm.RoomRepaired(part="pin"), "pinned the summary again"),
        (rm.RoomRepaired(part="topic"), "put the topic's beginning back"),
        (rm.RoomRepaired(part="bookmark"), "put the bookmark to the summary back"),
        (
            rm.RoomDrifted(part="pin"),
            "left the summary unpinned, as somebody took the pin off again",
        ),
        (
            rm.RoomLost(why="archived"),
            "found the room archived while the incident goes on; what is owed waits",
        ),
        (rm.RoomRecovered(why="bot"), "is back in the room; what waited follows"),
        (rm.RoomRenamed(name=Words("a<b")), "saw that the room is called a&lt;b now"),
        (rm.ReturnAsked(person="UJUN"), "pointed out that <@UJUN> left the room with a role"),
    ],
)
def test_the_timeline_says_what_became_of_the_room(fact: Fact, line: str) -> None:
    assert telling.room(fact) == line


def _buttons(told: Keep) -> list[tuple[str, str]]:
    rows = (block for block in told.content.to_json()["blocks"] if block["type"] == "actions")
    return [(one["action_id"], one["value"]) for row in rows for one in row["elements"]]
