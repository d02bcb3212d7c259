"""Is every refusal a sentence that says what to do next, and is nothing changed by it?"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.sandbox.model import Json
from tests.flows.story import TITLE
from tests.room import ELENA, IDRIS, JUN, KOFI, MARA, NOOR, Room, until

LONG = "x" * 10_000
GONE, BOT_USER, NOBODY = "U0LEFT", "U0WARROOM", "U0NOBODY"
OVER = "INC-1 is over. Reopen it to go on."


@dataclass(frozen=True)
class Row:
    """After `setup`, `by` types `line` in the room and reads an answer that begins with `told`."""

    line: str
    told: str
    by: str = MARA
    setup: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.line[:40]


CLOSED = ("resolve It is gone", "close Nothing is left")
ROLE = "<@{}> ".format
NOT_YOURS = tuple(
    Row(line, f"To {right} is up to the Incident Commander: ask <@{MARA}>.", by=IDRIS)
    for line, right in {
        "severity sev3 because calm": "change the severity",
        "major because it is large": "declare a major incident",
        "major": "declare a major incident",
        "mitigated": "call it mitigated",
        "monitoring the error rate": "start monitoring",
        "resolve it is gone": "resolve the incident",
        "cancel": "call it a false alarm",
        "merge INC-2": "merge duplicates",
        "private because names": "make the incident private",
        f"sideroom counsel <@{ELENA}>": "open a side room",
        "snooze 15m because busy": "snooze or pause the updates",
        "pause because night": "snooze or pause the updates",
        "talk off because counsel": "switch the record of the talk on or off",
        "archive": "archive the room",
    }.items()
) + (
    Row("drop ic", "Nobody has accepted to be Incident Commander", by=IDRIS),
    Row("take ic", "You are not in the room of INC-1, so nothing was changed.", by=IDRIS,
        setup=("take ic",)),
    Row("drop scribe", f"<@{MARA}> is Scribe, and only they or the", by=IDRIS,
        setup=("take scribe",)),
    Row("task done 1", f"Task 1 is <@{JUN}>'s; they say when it is done.", by=IDRIS,
        setup=(f"task <@{JUN}> look",)),
    Row(f"task reassign 1 <@{NOOR}>", f"Task 1 is <@{JUN}>'s; ask them, or whoever commands.",
        by=IDRIS, setup=(f"task <@{JUN}> look",)),
    Row(f"handoff ic <@{NOOR}>", f"<@{MARA}> is Incident Commander: ask them to", by=IDRIS),
)  # fmt: skip
PEOPLE = tuple(
    Row(line.format(person), told)
    for person, tolds in {
        NOBODY: ("Slack knows no such person. Name somebody else.",) * 5,
        GONE: (f"<@{GONE}> has left the workspace. Name somebody else.",) * 5,
        BOT_USER: (
            "An app cannot be Incident Commander; name a person.",
            "An app cannot be Incident Commander; name a person.",
            "An app cannot be called; name a person.",
            "An app cannot be let in; name a person.",
            "An app cannot do it; name a person.",
        ),
    }.items()
    for line, told in zip(
        ("role ic <@{}>", "handoff ic <@{}> x", "page <@{}>", "add <@{}>", "task <@{}> look"),
        tolds,
        strict=True,
    )
) + (
    Row(f"role ic <@{KOFI}>", f"<@{KOFI}> is a guest, and a guest cannot be Incident Commander."),
    Row(f"handoff ic <@{KOFI}>", f"<@{KOFI}> is a guest, and a guest cannot be Incident"),
    Row("take ic", f"<@{KOFI}> is a guest, and a guest cannot be Incident Commander.", by=KOFI),
    Row(f"page <@{MARA}>", "You are here already. Call somebody else."),
    Row("add", "Say whom: `/incident add @someone`."),
    Row("page", "Say whom: `/incident page @someone`, or a role such as `/incident page legal`."),
    Row(f"task <@{JUN}> <@{NOOR}> look", f"A task has one owner, and you named <@{JUN}> and"),
    Row("task look", "Say who does it: `/incident task @someone words by 04:30`."),
    Row("role scribe", "Say to whom: `/incident role scribe @someone`."),
)
UNKNOWN = (
    Row("severity P9 because bad", "There is no severity P9. Use SEV0, SEV1, SEV2, SEV3."),
    Row("severity sev 1 because bad", "sev 1 can be SEV0 or SEV1, by the label or by the"),
    Row("role astronaut <@U0COMMS>", "There is no role astronaut."),
    Row("take astronaut", "There is no role astronaut."),
    Row("drop astronaut", "There is no role astronaut."),
    Row("handoff astronaut <@U0COMMS>", "There is no role astronaut."),
    Row("page astronaut now", "There is no role astronaut."),
    Row("task done 7", "There is no task 7 in INC-1. `/incident tasks` lists them."),
    Row("task done soon", "Say which task: `/incident task done 3`. `/incident tasks` lists them."),
    Row("task reassign 7 <@U0COMMS>", "There is no task 7 in INC-1. `/incident tasks` lists them."),
    Row("merge INC-9", "There is no INC-9."),
    Row("merge INC-1", "An incident cannot be merged into itself. Name the other one."),
    Row("merge soon", "Say which incident it is the same as: `/incident merge INC-9`."),
    Row("resolve INC-9 gone", "There is no INC-9."),
    Row("follow INC-9", "There is no INC-9."),
    Row("follow INC-0", "There is no INC-0."),
    Row("ask INC-0 who is hurt", "There is no INC-0."),
    Row("resolve INC-0 gone", "There is no INC-0."),
    Row("merge INC-0", "There is no INC-0."),
    Row("timeline weather", "The timeline has no kind “weather”. Use one of"),
    Row("note correct 999 it was red", "There is no note 999."),
    Row("banana", "“banana” is not a command."),
)
TIMES = (
    Row("note in 2 h it broke", "“in 2 h” is still to come. Begin with a time that has passed,"),
    Row("note tomorrow 03:40 it broke", "“tomorrow 03:40” is still to come."),
    Row("note 25:99 it broke", "“25:99” is no time of day. Write it as in 03:40 or 3:40pm."),
    Row("as-of in 2 h", "“in 2 h” is still to come. Begin with a time that has passed,"),
    Row("as-of the morning", "Say a time and nothing else: `/incident as-of 03:40`,"),
    Row(f"task <@{JUN}> look by yesterday 03:00", "“by yesterday 03:00” has passed."),
    Row(f"task <@{JUN}> look by tomorrow", "Add the hour, for example by 16:00 tomorrow."),
    Row("snooze a while because busy", "Write how long, for example 15 min, 2 h or 1 h 30 min."),
    Row("snooze 9h because busy", "An update can wait four hours at most; pause the updates"),
)
EMPTY = (
    Row("snooze 15m", "Say why the update may wait: `/incident snooze 15m because ...`."),
    Row("pause", "Say why nobody needs to hear anything: `/incident pause because ...`."),
    Row("talk off", "Say why, for example `/incident talk off because counsel joins the call`."),
    Row("note", "Say what happened, for example "),
    Row("note ...", "Say what happened, for example "),
    Row("title", "Say the new title: `/incident title Chatbot gives unsafe dosage advice`."),
    Row(f"task <@{JUN}>", "Say what is to be done: `/incident task @someone words by 04:30`."),
    Row("update \u200b", "Say what is new: `/incident update fallback model is live`,"),
    Row("find", "Say what to look for: `/incident find dosage`."),
)
TOO_LONG = tuple(
    Row(f"{line} {LONG}", told)
    for line, told in {
        "severity sev1 because": "That is 10,000 characters; keep it to 3,000",
        "major because": "That is 10,000 characters; keep it to 3,000",
        "update": "That is 10,000 characters; keep it to 3,000",
        "ask": "That is 10,000 characters; keep it to 3,000",
        "snooze 15m because": "That is 10,000 characters; keep it to 3,000",
        "pause because": "That is 10,000 characters; keep it to 3,000",
        "note": "That is 10,000 characters; keep it to 3,000",
        "talk off because": "Keep the reason to 3,000 characters.",
        f"task <@{JUN}>": "That is 10,000 characters; keep a task to 1,000.",
        f"page <@{JUN}>": "That is 10,000 characters; keep a call to",
        f"handoff ic <@{JUN}>": "That is 10,000 characters; keep it to",
        "title": "The title has 10,000 characters; keep it to 150.",
        "resolve": "That is 10,000 characters; keep it to 3,000",
        "private because": "That is 10,000 characters; keep it to 3,000.",
    }.items()
)
AGAIN = (
    Row("take scribe", "You are Scribe already.", setup=("take scribe",)),
    Row(f"role scribe <@{JUN}>", f"<@{JUN}> was asked already and has not answered yet.",
        setup=(f"role scribe <@{JUN}>",)),
    Row(f"page <@{JUN}>", "They were called ", setup=(f"page <@{JUN}>",)),
    Row("severity sev2 because bad", "INC-1 is SEV2 already."),
    Row("major because large", "INC-1 is already a major incident.",
        setup=("major because large",)),
    Row("major no because small", "INC-1 is not a major incident."),
    Row("pause because night", "The updates are paused already.", setup=("pause because night",)),
    Row("unpause", "The updates are not paused."),
    Row("update It is worse", "The last update says this already.",
        setup=("update It is worse",)),
    Row("ask how many", "This question is waiting for an answer already.",
        setup=("ask how many",)),
    Row("follow", "You follow INC-1 already.", setup=("follow",)),
    Row("unfollow", "You do not follow INC-1."),
    Row(f"add <@{NOOR}>", "They are in the room already.", setup=(f"add <@{NOOR}>",)),
    Row(f"title {TITLE}", "That is its title already."),
    Row("talk on", "What is said here is kept already."),
    Row("task done 1", "Task 1 is done already.", setup=(f"task <@{JUN}> look", "task done 1")),
    Row(f"sideroom counsel <@{ELENA}>", "There is a side room counsel already.",
        setup=(f"sideroom counsel <@{ELENA}>",)),
    Row("resolve again", "INC-1 is already resolved.", setup=("resolve It is gone",)),
    Row("reopen it", "INC-1 is open already.", setup=()),
    Row("close nothing left", "INC-1 is not resolved yet. Resolve it first,"),
    Row("archive", "INC-1 is not over. Close it first."),
)  # fmt: skip
ENDED = tuple(
    Row(line, OVER, setup=CLOSED)
    for line in (
        "update It is back", "update", "snooze 15m because x", "pause because x", "unpause",
        "severity sev1 because x", "severity", "major because x", "classify", "impact",
        f"role ic <@{JUN}>", "take scribe", f"page <@{JUN}>", f"task <@{JUN}> look",
        f"add <@{NOOR}>", "title New words", "private because x",
        f"sideroom counsel <@{ELENA}>", "follow", "decision Go", "merge INC-2", "ask how many",
        "handoff ic", "role",
    )
) + tuple(
    Row(line, "INC-1 is already closed.", setup=CLOSED)
    for line in ("mitigated", "monitoring x", "resolve x", "close x", "cancel")
) + (Row("fill", "INC-1 is over. Reopen it to change its record.", setup=CLOSED),)  # fmt: skip
ROWS = (*NOT_YOURS, *PEOPLE, *UNKNOWN, *TIMES, *EMPTY, *TOO_LONG, *AGAIN, *ENDED)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_what_is_refused_is_told_in_a_sentence_and_changes_nothing(
    room: Room, row: Row
) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.declare("Another one", by=NOOR, severity="SEV3")
    await room.settled()
    channel = room.channel(1).id
    for line in row.setup:
        await room.type(MARA, channel, f"/incident {line}")
    await room.settled()
    before, of_the_other = room.facts(1), room.facts(2)
    told = await room.type(row.by, channel, f"/incident {row.line}")
    await room.settled()
    assert told.startswith(row.told), told
    assert told.rstrip().endswith((".", "`"))
    assert (room.facts(1), room.facts(2)) == (before, of_the_other)
    assert room.sandbox.workspace.notices.get(row.by, []) == []


SECOND = (
    # What Jun is asked, the button, and what a second click on it is told.
    ("role scribe <@U0COMMS>", "accept_role", "This offer is no longer open."),
    ("role scribe <@U0COMMS>", "decline_role", "This offer is no longer open."),
    ("page <@U0COMMS> come", "answer_call", "This call is answered already."),
    ("task <@U0COMMS> look", "task_done", "Task 1 is done already."),
)


def _last_click(room: Room) -> Json:
    sent = [one.payload for one in room.sandbox.deliveries if one.payload.get("actions")]
    return sent[-1]


@pytest.mark.parametrize(("line", "action_id", "told"), SECOND)
@pytest.mark.parametrize("other", [None, NOOR], ids=["by the same finger", "by another"])
async def test_a_second_click_is_told_so_and_changes_nothing(
    room: Room, line: str, action_id: str, told: str, other: str | None
) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    await room.type(MARA, room.channel(1).id, f"/incident {line}")
    await room.settled()
    talk = room.talk_with(JUN)
    await room.press_direct(JUN, action_id)
    await room.settled()
    before, whispers = room.facts(1), len(room.whispers(talk, JUN))
    sent = _last_click(room)
    again = {**sent, "trigger_id": "1.2.again"}
    if other:
        again["user"] = {**sent["user"], "id": other}
    await room.sandbox.deliver.ask("interactive", again)
    await until(lambda: len(room.whispers(talk, JUN)) > whispers)
    assert room.whispers(talk, JUN)[-1].text.startswith(told)
    assert room.facts(1) == before


async def test_the_same_click_delivered_twice_counts_once(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    channel = room.channel(1).id
    await room.press(MARA, channel, "take_command")
    await room.settled()
    before, answers = room.facts(1), len(room.whispers(channel, MARA))
    await room.sandbox.deliver.ask("interactive", _last_click(room))
    await room.comes(lambda: len(room.whispers(channel, MARA)) > answers)
    assert room.facts(1) == before
    told = await room.type(MARA, channel, "/incident take ic")
    assert told.endswith("You are Incident Commander already.")
