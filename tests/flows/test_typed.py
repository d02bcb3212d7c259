"""Does what somebody types by mistake stay out of the record, and do they hear of it?"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.core import typed
from bot.core.facts import Words
from bot.core.facts.timeline import NoteAdded
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.engine import Asked, Existing, NotWritten
from tests.flows import running
from tests.flows.vaulting import (
    CARD,
    MAIL,
    on_disk,
    opened,
    original_asked,
    press_in_page,
    recorded,
)
from tests.room import ELENA, IDRIS, MARA, NOOR, SAM, SANDBOX_CONTENT, Room, war_room


def _told(room: Room, person: str = MARA) -> str:
    return "\n".join(one.text for one in room.direct(person))


def _originals(room: Room) -> list[str]:
    """What is in the vault of what people typed, in its order."""
    items = [str(one.payload["item"]) for one in recorded(room, "EvidencePreserved")]
    return [json.loads(b"".join(room.bot.desk.files.vault.read(one)))["text"] for one in items]


def _everywhere(room: Room) -> list[str]:
    """All that stands in any channel."""
    channels = room.sandbox.workspace.channels.values()
    return [one.text + str(one.blocks) for each in channels for one in each.messages]


def _everything(room: Room) -> str:
    return json.dumps([fact.payload for fact in room.facts(1)], default=str)


async def test_a_note_is_masked_and_whoever_typed_it_reads_how_to_correct_it(room: Room) -> None:
    channel = await opened(room)
    answer = await room.type(IDRIS, channel.id, f"/incident note 5 min ago {MAIL} paid by {CARD}")
    await room.settled()
    [note] = recorded(room, "NoteAdded")
    assert note.payload["text"] == "[e-mail address 1] paid by [card number 1]"
    assert "[e-mail address 1] paid by [card number 1]" in answer
    assert room.direct(IDRIS)[-1].text == (
        "INC-1: a note held an e-mail address and a card number. To say it otherwise: "
        f"`/incident note correct {note.seq} words`. What you typed is sealed as E-1, for Legal "
        "and Data Protection Officer alone. On record is:\n"
        "[e-mail address 1] paid by [card number 1]"
    )
    assert "held" not in _told(room, SAM)
    [kept] = recorded(room, "EvidencePreserved")
    assert (kept.payload["source"], kept.payload["label"]) == ("typed", "red")
    assert kept.payload["working"] == "5 min ago [e-mail address 1] paid by [card number 1]"
    sealed = json.loads(b"".join(room.bot.desk.files.vault.read(str(kept.payload["item"]))))
    assert sealed["text"] == f"5 min ago {MAIL} paid by {CARD}"
    assert "no E-1 that you may see" in await original_asked(room, IDRIS)
    assert f"{MAIL} paid by {CARD}" in await original_asked(room, ELENA)
    said = await room.type(IDRIS, channel.id, f"/incident note correct {note.seq} a patient paid")
    assert "a patient paid" in said
    assert len(recorded(room, "NoteAdded")) == 2


async def test_a_decision_is_masked_in_all_its_words(room: Room) -> None:
    channel = await opened(room)
    await room.form(MARA, "/incident decision", channel.id)
    await press_in_page(room, MARA, "decision_more")
    form = room.open_form(MARA)
    assert await form.submit(text=f"Refund {MAIL}", why=f"Charged {CARD} twice") == {}
    await room.settled()
    [decided] = recorded(room, "DecisionRecorded")
    assert decided.payload["text"] == "Refund [e-mail address 1]"
    assert decided.payload["why"] == "Charged [card number 1] twice"
    told = _told(room)
    assert "INC-1: a decision held an e-mail address and a card number." in told
    assert MAIL not in told
    assert "Charged [card number 1] twice\nRefund [e-mail address 1]" in told


async def test_an_update_is_masked_wherever_it_is_read(room: Room) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, f"/incident update {MAIL} has the key xoxb-1234567890-abc")
    await room.settled()
    [update] = recorded(room, "UpdatePosted")
    assert update.payload["happened"] == "[e-mail address 1] has the key [secret 1]"
    assert "INC-1: an update held an e-mail address and a secret." in _told(room)
    assert not any(MAIL in one or "xoxb-1234567890" in one for one in _everywhere(room))
    assert MAIL not in _everything(room)


async def test_who_types_nothing_of_the_kind_hears_nothing(room: Room) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, "/incident note Rolled back to 4.0 at 03:40 for 2,000 users")
    await room.settled()
    [note] = recorded(room, "NoteAdded")
    assert note.payload["text"] == "Rolled back to 4.0 at 03:40 for 2,000 users"
    assert "held" not in _told(room)


async def test_notes_answers_reasons_and_conditions_of_a_run_are_masked_and_sealed(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await running.opening_done(room)
    form = await running.opened(room, NOOR, 2)
    scope = f"The chat of {MAIL}"
    assert await form.submit(checks=running.KEPT, scope=scope, note=f"Paid by {CARD}") == {}
    await room.settled()
    form = await running.opened(room, ELENA, 4)
    answers = {**running.IMPACT, "promises": f"To {MAIL}", "third_parties.unknown": f"ask {MAIL}"}
    assert await form.submit(**answers) == {}
    left = {"way": "not_applicable", "which": "3", "reason": f"{MAIL} keeps it"}
    assert await running.change(room, MARA, channel, **left) == {}
    await room.settled()
    assert await running.ask(room, MARA, f"Roll back for {MAIL}") == {}
    await room.press_direct(NOOR, "approval_conditions")
    form = room.open_form(NOOR)
    said = {"conditions": f"Tell {MAIL}", "reason": f"{CARD} was charged"}
    assert await form.submit(options=["rollback"], **said) == {}
    await room.settled()
    assert running.kinds(room)[-1] == "StepDone"
    assert not any(one in _everything(room) for one in (MAIL, CARD))
    assert _originals(room) == [
        f"Paid by {CARD}\n\n{scope}",
        f"ask {MAIL}\n\nTo {MAIL}",
        f"{MAIL} keeps it",
        f"Roll back for {MAIL}",
        f"{CARD} was charged\n\nTell {MAIL}",
    ]
    assert len(recorded(room, "EvidenceSealed")) == 5
    assert not any(MAIL in one or CARD in one for one in _everywhere(room))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"snooze 15m because {MAIL} calls back", "reason"),
        (f"task <@{IDRIS}> call {MAIL} in 30 min", "text"),
        (f"severity sev2 because {MAIL} was the only one", "reason"),
        (f"title What {MAIL} got", "title"),
        (f"page <@{IDRIS}> {MAIL} waits", "text"),
    ],
)
async def test_what_is_typed_behind_a_command_is_masked_and_sealed(
    room: Room, line: str, field: str
) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, f"/incident {line}")
    await room.settled()
    assert any("[e-mail address 1]" in str(one.payload.get(field)) for one in room.facts(1))
    assert MAIL not in _everything(room)
    assert not any(MAIL in one for one in _everywhere(room))
    [kept] = _originals(room)
    assert MAIL in kept


async def test_a_title_is_masked_before_a_room_is_named_and_announced_by_it(room: Room) -> None:
    await room.declare(f"{MAIL} got the wrong dose")
    await room.settled()
    assert room.channel(1).name == "inc-1-e-mail-address-1-got-the-wrong-dose"
    assert "[e-mail address 1] got the wrong dose" in room.announcement(1)
    assert not any(MAIL in one for one in [*_everywhere(room), _everything(room)])
    assert "`/incident title words` says it otherwise." in _told(room)


async def test_what_is_refused_leaves_nothing_in_the_vault(room: Room) -> None:
    await running.begun(room)
    form = await running.opened(room, MARA, 1)
    errors = await form.submit(checks=["titles"], note=f"See {MAIL}", severity="rank3")
    assert errors["severity"].startswith("The incident is SEV1.")
    assert on_disk(room) == []


async def test_it_stays_sealed_where_nobody_could_say_in_time_that_it_is_on_record(
    any_room: Room,
) -> None:
    room, release = any_room, threading.Event()
    await opened(room)

    @typed.masks("a note", typed.AGAIN)
    def slow(_incident: Incident, words: str, context: Context) -> Outcome:
        release.wait()
        return Outcome((NoteAdded(text=Words(words), happened_at=context.now),))

    asked = Asked("slow", MARA)
    with pytest.raises(NotWritten) as late:
        await room.bot.engine.carry_out(slow, f"Call {MAIL}", Existing(1), asked)
    assert late.value.is_unknown
    release.set()
    await room.comes(lambda: recorded(room, "NoteAdded"))
    assert _originals(room) == [f"Call {MAIL}"]


@pytest.fixture
async def as_typed(database_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose policy keeps what is typed as it is."""
    content = tmp_path / "content"
    shutil.copytree(SANDBOX_CONTENT, content)
    policy = yaml.safe_load(Path("runbooks/policy/evidence.yaml").read_text())
    policy["masks_typed"] = False
    (content / "policy/evidence.yaml").write_text(yaml.safe_dump(policy))
    async with war_room(database_url, warroom_content=content) as room:
        yield room


async def test_a_policy_can_keep_what_is_typed_as_it_is(as_typed: Room) -> None:
    channel = await opened(as_typed)
    await as_typed.type(MARA, channel.id, f"/incident note {MAIL} called")
    await as_typed.settled()
    [note] = recorded(as_typed, "NoteAdded")
    assert note.payload["text"] == f"{MAIL} called"
    assert "held" not in _told(as_typed)
