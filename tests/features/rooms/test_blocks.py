"""How do rooms that move, close or are asked about look and read?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import calling
from bot.core.blockkit import when
from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import DetailsFilled, IncidentClosed, IncidentDeclared
from bot.core.facts.people import PersonCame
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.status import MadePrivate
from bot.core.messages import PEOPLE, ROOM, Call, Content, Keep, Message, channel
from bot.core.outcome import Shown, SummaryPart
from bot.features.rooms import blocks
from tests.features.values import NOW, POLICY, TITLE, WHEN, as_shown, declared, incident
from tests.screen import shown, text_objects

HOSTILE = declared(title=Words("Tell <!channel> & co"))
BRIDGE = "https://meet.example.com/war-room"


def _alike(content: Content) -> str:
    """What is read, which the eye and the screen reader get alike."""
    assert shown(content.to_json()["blocks"]) == content.text
    return content.text


def _moved(*facts: Fact) -> tuple[Message, ...]:
    before = incident(*facts)
    return blocks.move(before, incident(*facts, MadePrivate()), NOW)


@pytest.mark.parametrize(
    ("opened", "reference", "name"),
    [
        (HOSTILE, "INC-12", "inc-12-incident"),
        (declared(is_test=True), "TEST INC-12", "inc-12-test-incident"),
    ],
)
def test_the_private_room_is_made_and_the_public_one_says_only_that_it_is_over_there(
    opened: IncidentDeclared, reference: str, name: str
) -> None:
    gone = f"{reference} went on in private."
    kept = next(one for one in _moved(opened) if isinstance(one, Keep))
    assert _alike(kept.content) == gone
    room, summary = "room/12/private", "summary/12/private"
    named = {"name": f"{name}-private", "is_private": True}
    invited = f"{room} invite UMARA 2026-11-21T03:12:30.123456+00:00"
    assert _moved(opened) == (
        Call(f"{room} create", "create", named, gives=room, urgency=ROOM),
        Call(invited, "invite", {"person": "UMARA"}, needs=room, urgency=PEOPLE),
        Call(f"{summary} pin", "pin", needs=summary),
        Call(f"{summary} bookmark", "bookmark", {"title": "Summary"}, needs=summary),
        Keep("summary/12", "room/12", kept.content),
        Call(
            "room/12 archive",
            "archive",
            {"but": gone, "name": name, "topic": gone},
            needs="room/12",
            lane="summary/12",
        ),
    )


def test_whoever_works_on_it_is_let_into_the_private_room_in_a_fixed_order() -> None:
    facts = (
        declared(),
        RoleAccepted(role="safety", person="UZOE"),
        RoleAccepted(role="legal", person="UELENA"),
        PersonCame(person="UNOOR"),
    )
    after = incident(*facts, MadePrivate())
    people = ("UELENA", "UMARA", "UZOE")
    invited = [one for one in _moved(*facts) if isinstance(one, Call) and one.effect == "invite"]
    assert invited == [calling.invitation(after, person, NOW) for person in people]


def test_a_side_room_says_what_it_is_for() -> None:
    room = "side/12/legal"
    said = "Side room of INC-12 for legal. Only who is invited sees it."
    assert blocks.side_room(incident(declared()), room, ("UMARA", "UELENA")) == (
        Call(
            f"{room} create",
            "create",
            {"name": "inc-12-side-legal", "is_private": True},
            gives=room,
            urgency=ROOM,
        ),
        Call(f"{room} invite UMARA", "invite", {"person": "UMARA"}, needs=room),
        Call(f"{room} invite UELENA", "invite", {"person": "UELENA"}, needs=room),
        Keep(f"purpose/{room}", room, Content(said), shape="purpose"),
    )


def test_whoever_commands_a_quiet_room_is_asked_with_two_buttons() -> None:
    post = blocks.idle(incident(HOSTILE, RoleAccepted(role="ic", person="UIDRIS")))
    assert (post.to, post.name) == ("person/UIDRIS", "incident/12 idle 3")
    assert post.content.text == (
        "Nothing has been recorded in INC-12 for a while. Is it still going on? "
        f"{channel('room/12')}"
    )
    section, row = post.content.to_json()["blocks"]
    assert shown(section) == post.content.text
    assert [
        (one["action_id"], one["text"]["text"], one["value"], one.get("style"))
        for one in row["elements"]
    ] == [
        ("still_going", "Still going", "12", "primary"),
        ("resolve_asked", "Resolve", "12", None),
    ]


def test_a_quiet_private_room_is_asked_about_with_its_own_link() -> None:
    post = blocks.idle(incident(declared(), MadePrivate()))
    assert post.content.text.endswith(f" {channel('room/12/private')}")


def test_archiving_closes_a_room_that_exists() -> None:
    assert blocks.archived(incident(declared())) == Call(
        "room/12 archive 2", "archive", needs="room/12"
    )


def _here(*facts: Fact, person: str = "UMARA", link: str | None = None) -> str:
    told = replace(as_shown(*facts), deadlines=())
    return _alike(blocks.here(told, person, link))


def test_here_says_which_incident_it_is_who_commands_and_what_one_holds() -> None:
    assert _here(HOSTILE, link="https://x.test/p1") == (
        "*INC-12* · Tell &lt;!channel&gt; &amp; co\n"
        "SEV1 · Investigating · Harm now: unknown · <@UMARA> commands\n"
        "You are Incident Commander.\n"
        "<https://x.test/p1|The summary>"
    )


def test_here_says_whoever_holds_nothing_so_and_counts_several_roles() -> None:
    facts = (
        declared(severity=None, is_test=True),
        DetailsFilled(harm="ongoing"),
        RoleAccepted(role="ic", person="UIDRIS"),
        RoleAccepted(role="safety", person="UIDRIS"),
    )
    where = (
        f"*TEST INC-12* · {TITLE}\nNot sure yet (treated as SEV1) · Investigating · "
        "Harm now: ongoing · <@UIDRIS> commands\n"
    )
    assert _here(*facts) == f"{where}You hold no role here."
    assert _here(*facts, person="UIDRIS") == (f"{where}You are Incident Commander and Safety Lead.")


def test_here_keeps_a_title_at_risk_from_whoever_is_not_in_the_room() -> None:
    at_risk = declared(is_person_at_risk=True)
    assert TITLE in _here(at_risk)
    assert TITLE in _here(declared(), person="UNOOR")
    assert _here(at_risk, person="UNOOR").startswith(
        "*INC-12* · The title is kept in the room.\nSEV1 · "
    )


def _owing(*owed: Deadline) -> Shown:
    return replace(as_shown(declared()), deadlines=owed)


def test_here_names_the_first_thing_one_owes() -> None:
    later = Deadline("b", "Later", NOW, NOW.replace(hour=9), "Wait.")
    first = Deadline("a", "R&D <update>", NOW, NOW.replace(hour=4), "Post one with `update`.")
    another = Deadline("c", "Task 1", NOW, NOW, "Do it.", owner="UJUN")
    said = _alike(blocks.here(_owing(later, first, another), "UMARA", None))
    assert said.splitlines()[3:] == [
        f"You owe: R&amp;D &lt;update&gt;, by {when(NOW.replace(hour=4))}. Post one with `update`."
    ]
    said = _alike(blocks.here(_owing(later, first, another), "UJUN", None))
    assert said.splitlines()[2:] == [
        "You hold no role here.",
        f"You owe: Task 1, by {WHEN}. Do it.",
    ]


def _bridged(*facts: Fact, url: str | None = BRIDGE) -> list[SummaryPart]:
    habits = POLICY.habits.model_copy(update={"bridge_url": url})
    policy = POLICY.model_copy(update={"habits": habits})
    return blocks.summary_parts(replace(as_shown(*facts), policy=policy))


def test_the_summary_names_the_bridge_while_it_is_open() -> None:
    (part,) = _bridged(declared())
    assert (part.place, part.content.text) == (85, f"Bridge: {BRIDGE}.")
    told = part.content.to_json()["blocks"]
    assert text_objects(told, "mrkdwn") == [f"Bridge: <{BRIDGE}>"]
    assert _bridged(declared(), IncidentClosed(reason=Words("done"))) == []
    assert _bridged(declared(), url=None) == []
