"""Does what somebody types by mistake stay out of the record, and do they hear of it?"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from tests.flows.vaulting import CARD, MAIL, opened, press_in_page, recorded
from tests.room import IDRIS, MARA, SAM, SANDBOX_CONTENT, Room, war_room


def _told(room: Room, person: str = MARA) -> str:
    return "\n".join(one.text for one in room.direct(person))


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
        f"`/incident note correct {note.seq} words`. The record keeps nothing else of it; if it is "
        "evidence, `/incident evidence add` seals it. On record is:\n"
        "[e-mail address 1] paid by [card number 1]"
    )
    assert "held" not in _told(room, SAM)
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
    everywhere = [one.text for each in room.sandbox.workspace.channels.values()
                  for one in each.messages]  # fmt: skip
    assert not any(MAIL in one or "xoxb-1234567890" in one for one in everywhere)
    assert MAIL not in _everything(room)


async def test_who_types_nothing_of_the_kind_hears_nothing(room: Room) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, "/incident note Rolled back to 4.0 at 03:40 for 2,000 users")
    await room.settled()
    [note] = recorded(room, "NoteAdded")
    assert note.payload["text"] == "Rolled back to 4.0 at 03:40 for 2,000 users"
    assert "held" not in _told(room)


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
