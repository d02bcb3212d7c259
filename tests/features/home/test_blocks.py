"""How do the Home and the daily roll-up look and read?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.blockkit import when
from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import DetailsFilled, IncidentResolved
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.updates import UpdatePosted
from bot.core.outcome import Shown
from bot.features.home import blocks
from tests.features.values import NOW, TITLE, WHEN, as_shown, declared
from tests.screen import shown, text_objects

HOSTILE = "Tell <!channel> & co"
BUTTONS = "Declare an incident\nHelp\n"
FOOT = "\n`/incident list` shows the newest, `/incident find words` finds any."


def _owing(*facts: Fact, owed: tuple[Deadline, ...] = ()) -> Shown:
    return replace(as_shown(*facts), deadlines=owed)


def _numbered(number: int, **differing: object) -> Shown:
    told = _owing(declared(**differing))
    return replace(told, incident=replace(told.incident, number=number))


def _home(*open_: tuple[Shown, str | None], person: str = "UMARA") -> dict[str, Any]:
    view: dict[str, Any] = blocks.home(open_, person, "/incident").to_dict()
    assert view["type"] == "home"
    return view


def _read(*open_: tuple[Shown, str | None], person: str = "UMARA") -> str:
    return shown(_home(*open_, person=person)["blocks"])


def _owed(name: str, minutes: int, **differing: Any) -> Deadline:  # noqa: ANN401 (any field)
    usual = {"starts_at": NOW, "due_at": NOW + timedelta(minutes=minutes), "remedy": f"Do {name}."}
    return Deadline(name, **{"label": name, **usual, **differing})


def test_a_home_with_nothing_in_it_says_so_and_offers_to_declare() -> None:
    assert _read() == (
        f"{BUTTONS}What you owe\nNothing.\nYour incidents\nYou are in no open incident.\n"
        f"Other open incidents\nNo other incident is open.{FOOT}"
    )
    row = _home()["blocks"][0]["elements"]
    assert [(one["action_id"], one.get("style")) for one in row] == [
        ("menu_declare", "danger"),
        ("menu_help", None),
    ]


def test_one_reads_ones_own_incidents_apart_from_the_others() -> None:
    mine = (_owing(declared(title=Words(HOSTILE)), DetailsFilled(harm="ongoing")), "C12")
    other = (_numbered(9, severity=None, declarer="UJUN"), None)
    assert _read(other, mine) == (
        f"{BUTTONS}What you owe\nNothing.\n"
        f"Your incidents\n{HOSTILE}\n"
        "INC-12 · SEV1 · Investigating · <#C12> · you: Incident Commander\n"
        f"Other open incidents\n{TITLE}\n"
        f"INC-9 · Not sure yet (treated as SEV1) · Investigating · the room is being opened{FOOT}"
    )
    assert HOSTILE in text_objects(_home(mine)["blocks"], "plain_text")


def test_one_reads_every_role_one_holds_and_that_it_is_only_a_test() -> None:
    facts = (
        declared(is_test=True),
        RoleAccepted(role="ic", person="UMARA"),
        RoleAccepted(role="safety", person="UMARA"),
        IncidentResolved(reason=Words("gone")),
    )
    assert (
        f"TEST · {TITLE}\nINC-12 · SEV1 · Resolved · <#C12> · "
        "you: Incident Commander, Safety Lead\n"
    ) in _read((_owing(*facts), "C12"))


def test_a_title_at_risk_is_read_only_by_those_in_the_room() -> None:
    at_risk = _owing(declared(is_person_at_risk=True))
    assert f"Your incidents\n{TITLE}\n" in _read((at_risk, "C12"))
    outside = _read((at_risk, "C12"), person="UNOOR")
    assert "Other open incidents\nThe title is kept in the room.\nINC-12 · SEV1" in outside
    assert TITLE not in outside


def test_what_one_owes_comes_first_and_the_earliest_of_it_at_the_top() -> None:
    hostile = _owed("update", 30, label="R&D <x>")
    twelve = _owing(declared(), owed=(_owed("late", 60), hostile, _owed("his", 5, owner="UJUN")))
    nine = replace(_numbered(9, is_test=True), deadlines=(_owed("soon", 20),))
    said = _read((twelve, "C12"), (nine, "C9"))
    assert said.split("Your incidents")[0] == (
        f"{BUTTONS}What you owe\n"
        f"*soon* · TEST INC-9 · by {when(NOW + timedelta(minutes=20))}\nDo soon.\n"
        f"*R&amp;D &lt;x&gt;* · INC-12 · by {when(NOW + timedelta(minutes=30))}\nDo update.\n"
        f"*late* · INC-12 · by {when(NOW + timedelta(minutes=60))}\nDo late.\n"
    )


def test_whoever_left_the_room_still_reads_what_they_owe() -> None:
    facts = (
        declared(),
        PersonCame(person="UJUN"),
        RoleAccepted(role="safety", person="UJUN"),
        PersonLeft(person="UJUN"),
    )
    judged = _owed("harm", 0, owner_roles=("safety",))
    said = _read((_owing(*facts, owed=(judged,)), "C12"), person="UJUN")
    assert f"*harm* · INC-12 · by {WHEN}\nDo harm." in said
    assert "Other open incidents\n" + TITLE in said


def test_a_home_holds_what_slack_takes_however_much_is_open() -> None:
    mine = [(_numbered(at), f"C{at}") for at in range(100, 150)]
    mine[0] = (replace(mine[0][0], deadlines=tuple(_owed(f"d{at}", at) for at in range(50))), "C")
    others = [(_numbered(at, declarer="UJUN"), f"C{at}") for at in range(200, 250)]
    view = _home(*mine, *others)
    assert len(view["blocks"]) <= 100
    said = shown(view["blocks"])
    assert (said.count("Do d"), said.count("INC-1"), said.count("INC-2")) == (12, 24, 15)


def test_the_roll_up_has_a_line_for_each_open_incident_and_the_worst_first() -> None:
    mild = (_numbered(9, severity="SEV3", rank=3, is_test=True, is_person_at_risk=True), None)
    facts = (
        declared(title=Words(HOSTILE)),
        RoleAccepted(role="ic", person="UIDRIS"),
        UpdatePosted(number=1, harm="ongoing"),
        DetailsFilled(harm="ongoing"),
    )
    post = blocks.roll_up((mild, (_owing(*facts), "C12")), "person/USAM", "2026-11-21")
    assert (post.name, post.to) == ("roll-up 2026-11-21 person/USAM", "person/USAM")
    lines = (
        "*INC-12* Tell &lt;!channel&gt; &amp; co · SEV1 · Investigating · harm: ongoing · "
        f"<@UIDRIS> commands · last update {WHEN} · <#C12>\n"
        "*TEST INC-9* the title is kept in the room · SEV3 · Investigating · harm: unknown · "
        "<@UMARA> commands"
    )
    assert post.content.text == f"Open incidents this morning: 2\n{lines}"
    assert shown(post.content.to_json()["blocks"]) == f"*Open incidents this morning: 2*\n{lines}"


def test_a_roll_up_of_nothing_says_so() -> None:
    post = blocks.roll_up((), "channel/exec", "2026-11-21")
    assert post.content.text == "No incident is open."
    assert shown(post.content.to_json()["blocks"]) == "*No incident is open.*"


def test_a_roll_up_holds_what_slack_takes_however_much_is_open() -> None:
    many = [(_numbered(at), f"C{at}") for at in range(100, 160)]
    post = blocks.roll_up(many, "channel/exec", "2026-11-21")
    assert len(post.content.blocks) <= 50
    assert post.content.text.startswith("Open incidents this morning: 60\n")
    assert post.content.text.endswith("\n20 more: `/incident find words` finds them.")
    assert shown(post.content.to_json()["blocks"]).endswith(
        "\n20 more: `/incident find words` finds them."
    )
