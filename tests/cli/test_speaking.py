"""Do the same rights and refusals hold at a terminal as in the room, told in plain words?"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.sandbox.sandbox import Sandbox
from storage import log, texts
from storage.db import Database
from tests.cli import people
from tests.cli.terminal import Terminal

LISTENING = "warroom is listening by Socket Mode."
TITLE = "Chatbot gives <unsafe> dosage advice"
MARA, AGENT, COMMS = people.MARA, "U0AGENT", "U0COMMS"


@pytest.fixture
async def after(connected: Terminal, sandbox: Sandbox, tmp_path: Path) -> Terminal:
    """An incident that Mara declared; the bot has stopped, and Slack can be asked."""
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, f"sev1 {TITLE}")
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
    return connected.but(WARROOM_AS=MARA)


def silent(terminal: Terminal) -> Terminal:
    """The same where Slack cannot be asked."""
    return terminal.but(SLACK_BOT_TOKEN="")


def deeds(folder: Path) -> list[tuple[str, str, dict[str, object]]]:
    """Kind, actor and payload of the facts, with the words people typed."""
    database = Database.open(f"sqlite:///{folder}/var/warroom.db")
    facts = database.read_now(lambda conn: log.read(conn, "incident/1"))
    words = database.read_now(lambda conn: texts.of_chain(conn, "incident/1"))
    database.close()
    return [
        (fact.kind, fact.actor, {name: _said(value, words) for name, value in fact.payload.items()})
        for fact in facts
    ]


def _said(value: object, words: dict[str, str]) -> object:
    return words[value["words"]] if isinstance(value, dict) and "words" in value else value


async def test_the_bot_need_not_run(after: Terminal, tmp_path: Path) -> None:
    noted = await after.run("note", "INC-1", "support", "sees <three> more")

    assert noted.code == 0
    assert noted.out.startswith("Noted at ")
    assert noted.out.endswith(": support sees <three> more\n")
    (kind, actor, payload), (mark, _, came) = deeds(tmp_path)[-2:]
    assert (kind, actor, payload["text"]) == ("NoteAdded", MARA, "support sees <three> more")
    assert (mark, came["vouched_by"]) == ("CameByTerminal", "slack")
    assert "@" in str(came["login"])


async def test_who_is_named_by_address_name_or_id_is_the_same_person_without_slack(
    after: Terminal, tmp_path: Path
) -> None:
    asked = after.but(WARROOM_AS="")
    for name in ("mara", "@Mara", MARA, f"<@{MARA}>"):
        assert (await silent(asked).run("note", "INC-1", "--as", name, name)).code == 0
    address = _address(tmp_path)
    assert (await silent(asked).run("note", "INC-1", f"--as={address}", "by mail")).code == 0
    assert (await asked.run("note", "INC-1", f"--as={address}", "by mail")).code == 0

    notes = [actor for kind, actor, _ in deeds(tmp_path) if kind == "NoteAdded"]
    vouched = [came["vouched_by"] for kind, _, came in deeds(tmp_path) if kind == "CameByTerminal"]
    assert notes == [MARA] * 6
    assert vouched == ["record"] * 5 + ["slack"]


def _address(folder: Path) -> str:
    """What the database knows of Mara's address."""
    database = Database.open(f"sqlite:///{folder}/var/warroom.db")
    query = "SELECT value FROM refs WHERE name = 'known/U0ONCALL'"
    value = database.read_now(lambda conn: conn.exec_driver_sql(query).scalar_one())
    database.close()
    return str(json.loads(value)["email"])


async def test_nobody_speaks_without_saying_who_they_are(after: Terminal) -> None:
    told = await after.but(WARROOM_AS="").refused("note", "INC-1", "hello")
    assert told.startswith("Say who you are: --as")
    assert "WARROOM_AS" in told


async def test_a_name_that_is_not_known_here_is_told_with_why_slack_was_not_asked(
    after: Terminal,
) -> None:
    unknown = after.but(WARROOM_AS="idris")
    assert (await silent(unknown).refused("list")) == (
        "Nobody called “idris” is known here, and Slack was not asked: SLACK_BOT_TOKEN is not set "
        "here. Give the Slack id: it begins with U and stands in the person's profile."
    )
    down = unknown.but(SLACK_API_URL="http://127.0.0.1:1/")
    told = await down.refused("list")
    assert told.startswith("Nobody called “idris” is known here, and Slack does not answer. Give")


async def test_those_outside_the_room_change_nothing(after: Terminal, tmp_path: Path) -> None:
    before = deeds(tmp_path)
    outside = "You are not in the room of INC-1, so nothing was changed. Join it first: "
    for line in (
        ("note", "INC-1", "hello"),
        ("update", "INC-1", "all is well"),
        ("decide", "INC-1", "do nothing"),
        ("role", "INC-1", "take", "scribe"),
    ):
        told = await after.refused(*line, "--as", AGENT)
        assert told.startswith(outside), told
    assert deeds(tmp_path) == before


async def test_an_id_that_nobody_knows_has_no_more_rights_and_is_marked(
    after: Terminal, tmp_path: Path
) -> None:
    told = await silent(after).refused("note", "INC-1", "--as", "U0STRANGER", "hello")
    assert told.startswith("You are not in the room of INC-1")
    told = await after.refused("note", "INC-1", "--as", "U0STRANGER", "hello")
    assert told == "Slack knows nobody with the id U0STRANGER. Check it, and try again."
    assert [kind for kind, _, _ in deeds(tmp_path) if kind == "CameByTerminal"] == []


REFUSALS = [
    (("note", "hello"), "Say it behind the incident: `warroom note INC-12 it began at 03:40`."),
    (
        ("note", "twelve", "hello"),
        "Say which incident, such as INC-12, not twelve. `warroom list` shows them.",
    ),
    (("note", "INC-0", "hello"), "There is no INC-0."),
    (
        ("update", "INC-1", "--no-change"),
        "There is no update yet that could still hold. Post the first one.",
    ),
    (("role", "INC-1", " "), "Say it behind the incident: `warroom role INC-12 scribe @jun`."),
    (("role", "INC-1", "scribe"), "Say to whom: `warroom role INC-1 scribe @someone`."),
    (("role", "INC-1", "scribe", "@nemo"), "Nobody called “nemo” is in the workspace."),
    (("role", "INC-1", "accept"), "That role is not offered to you. You were offered none."),
    (("timeline", "INC-1", "gossip"), "The timeline has no kind “gossip”."),
    (("note", "INC-1", "--as", "nemo@example.com", "hi"), "Slack knows no nemo@example.com."),
]


async def test_what_cannot_be_done_is_said_in_a_sentence(after: Terminal, tmp_path: Path) -> None:
    before = deeds(tmp_path)
    for words, sentence in REFUSALS:
        assert (await after.refused(*words)).startswith(sentence), words
    assert deeds(tmp_path) == before


async def test_roles_are_offered_accepted_laid_down_and_declined(
    after: Terminal, tmp_path: Path
) -> None:
    given = await after.run("role", "INC-1", "scribe", "@jun")
    assert given.out == "@jun was asked to be Scribe; the summary shows when they accept.\n"
    jun = after.but(WARROOM_AS="jun")
    told = await jun.refused("role", "INC-1", "accept", "safety")
    assert told == "That role is not offered to you. Say which of these: Scribe."
    accepted = await silent(jun).run("role", "INC-1", "accept")
    assert accepted.out.startswith("You are Scribe of INC-1."), accepted
    assert (await jun.run("role", "INC-1", "drop", "scribe")).code == 0
    assert (await after.run("role", "INC-1", "scribe", "@jun")).code == 0
    declined = await jun.run("role", "INC-1", "decline", "scribe")
    assert declined.out == "It is declined. Thank you for saying so.\n"

    done = [(kind, actor) for kind, actor, said in deeds(tmp_path) if said.get("role") == "scribe"]
    assert done == [
        ("RoleOffered", MARA),
        ("RoleAccepted", COMMS),
        ("RoleDropped", COMMS),
        ("RoleOffered", MARA),
        ("RoleDeclined", COMMS),
    ]


async def test_a_decision_keeps_why_and_who_decided(after: Terminal, tmp_path: Path) -> None:
    line = ("decide", "INC-1", "--why", "two reports", "--by", "@jun", "Roll back to v41")
    assert (await after.run(*line)).out == "Decision 1 of INC-1 is recorded.\n"

    kind, actor, said = deeds(tmp_path)[-2]
    assert (kind, actor) == ("DecisionRecorded", MARA)
    assert (said["text"], said["why"], said["decider"]) == (
        "Roll back to v41",
        "two reports",
        COMMS,
    )


async def test_programs_read_json(after: Terminal) -> None:
    [listed] = json.loads((await after.run("list", "--json")).out)
    assert (listed["incident"], listed["title"], listed["severity"]) == ("INC-1", TITLE, "SEV1")
    stands = json.loads((await after.run("summary", "INC-1", "--json")).out)
    assert (stands["commander"], stands["status"]) == (MARA, "investigating")
    assert any(one["what"] == "Status update" for one in stands["owed"])
    entries = json.loads((await after.run("timeline", "INC-1", "--json")).out)
    assert (entries[0]["kind"], entries[0]["who"]) == ("declared", MARA)
    assert entries[0]["says"] == f"@mara declared it as SEV1: {TITLE}"
    assert datetime.fromisoformat(entries[0]["at"]).tzinfo


async def test_people_read_names_and_their_own_clock(after: Terminal) -> None:
    listed = (await after.run("list")).out
    assert listed.startswith("INC-1  SEV1  investigating  since ")
    assert listed.endswith(f"  {TITLE}\n")
    stands = (await after.run("summary", "INC-1")).out
    assert f"{TITLE}. INC-1 · SEV1 · Investigating · @mara is acting Incident Commander." in stands
    timeline = (await after.run("timeline", "INC-1", "declared")).out
    assert timeline.endswith(f"  @mara declared it as SEV1: {TITLE}\n")
    for text in (listed, stands, timeline):
        assert "<!date" not in text
        assert "<@" not in text
        assert "&lt;" not in text


async def test_what_a_private_incident_holds_stays_with_those_in_it(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        mara = sandbox.as_person(MARA)
        await mara.slash(people.GENERAL, f"/incident declare sev4 {TITLE}")
        view = mara.open_view()
        assert view is not None
        private = {"type": "checkboxes", "selected_options": [{"value": "private"}]}
        mara.fill(view.id, "switches", "switches", private)
        await mara.submit(view.id)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
    for terminal in (connected, silent(connected)):
        outside = terminal.but(WARROOM_AS=AGENT)
        assert (await outside.run("list")).out.startswith("No incident is open.")
        for line in (("summary",), ("timeline",), ("note", "hello"), ("decide", "hello")):
            assert await outside.refused(line[0], "INC-1", *line[1:]) == "There is no INC-1."
        inside = terminal.but(WARROOM_AS=MARA)
        assert TITLE in (await inside.run("list")).out
        assert TITLE in (await inside.run("summary", "INC-1")).out
