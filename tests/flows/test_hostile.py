"""Does everybody read a clear sentence, and is nothing left half done, when something is wrong?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox import rooms
from bot.sandbox.triggers import Triggers
from bot.settings import Misconfigured
from bot.slack import manifest as slack_manifest
from tests.flows.story import TITLE
from tests.flows.trouble import taking_nothing
from tests.room import (
    BOT,
    GENERAL,
    IDRIS,
    INCIDENTS,
    MARA,
    SAM,
    Room,
    until,
    war_room,
)
from tests.screen import text_objects

PLAIN_TEXT_INPUT = "plain_text_input"


async def test_a_title_of_5000_characters_is_refused_at_its_field(any_room: Room) -> None:
    form = await any_room.form(MARA, "/incident declare")
    form.forge("title", {"type": PLAIN_TEXT_INPUT, "value": "x" * 5000})
    assert await form.submit() == {
        "title": "The title has 5,000 characters; keep it to 150. "
        "The rest goes under Fill in, in the room."
    }
    assert any_room.deeds(1) == []
    assert any_room.owed("pending", "claimed", "done") == []
    assert await any_room.declare(TITLE) == 1


async def test_a_long_title_typed_behind_the_command_is_shortened_in_the_form(room: Room) -> None:
    form = await room.form(MARA, "/incident declare " + "word " * 900)
    assert "Shortened to what a title can hold." in form.text
    assert await form.submit() == {}
    await room.settled()
    [declared] = room.deeds(1)
    assert len(declared.payload["title"]) <= 150
    assert len(room.channel(1).name) == 80
    assert len(room.channel(1).topic) <= 250


async def test_a_title_of_emoji_alone_names_the_room_by_its_number(room: Room) -> None:
    form = await room.form(MARA, "/incident declare")
    assert await form.submit(title="🔥🔥🔥") == {}
    assert "The title has no words, so the room is named by its number alone." in form.text
    await room.settled()
    assert room.channel(1).name == "inc-1-incident"
    assert room.channel(1).topic.endswith("· \u2068🔥🔥🔥\u2069")
    assert "🔥🔥🔥" in text_objects(room.pinned(1).blocks, "plain_text")
    assert "still missing: a title in words, what was seen" in room.summary(1)
    assert room.announcement(1).split("\n")[1] == "🔥🔥🔥"


async def test_a_title_from_right_to_left_keeps_its_words_and_our_order(room: Room) -> None:
    title = "روبوت المحادثة يعطي جرعات خطيرة"
    await room.declare(title)
    await room.settled()
    assert room.channel(1).name.startswith("inc-1-rwbwt-")
    assert room.channel(1).name.isascii()
    assert room.channel(1).topic.endswith(f"· \u2068{title}\u2069")
    assert title in text_objects(room.pinned(1).blocks, "plain_text")
    assert title in text_objects(room.announcements()[0].blocks, "plain_text")


async def test_a_title_cannot_call_or_format_anything(any_room: Room) -> None:
    title = f"<!channel> *mrkdwn* & <@{SAM}> <#{INCIDENTS}|evil>"
    safe = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    await any_room.declare(title)
    await any_room.settled()
    channel = any_room.channel(1)
    assert channel.name == "inc-1-channel-mrkdwn-u0exec-c0incidents-evil"
    assert channel.topic.endswith(f"\u2068{safe}\u2069")
    for message in (any_room.pinned(1), *any_room.announcements()):
        assert title in text_objects(message.blocks, "plain_text")
        assert "evil" not in "".join(text_objects(message.blocks, "mrkdwn"))
        assert safe in message.text
        assert "<!channel>" not in message.text
    listed = await any_room.type(IDRIS, GENERAL, "/incident list")
    assert safe in listed
    assert [fact.payload["title"] for fact in any_room.deeds(1)] == [title]


@pytest.mark.parametrize(
    "sent", ["a < b && <!here> is 5 > 4", "a &lt; b &amp;&amp; &lt;!here&gt; is 5 &gt; 4"]
)
async def test_a_title_typed_behind_the_command_is_read_escaped_or_not(
    room: Room, sent: str
) -> None:
    form = await room.form(MARA, f"/incident declare {sent}")
    assert await form.submit() == {}
    [declared] = room.deeds(1)
    assert declared.payload["title"] == "a < b && <!here> is 5 > 4"


async def test_control_characters_do_not_reach_anybody(room: Room) -> None:
    await room.declare("Chat\u0000bot\u202e gives\u0007 un\u2066safe advice\ue000")
    await room.settled()
    assert room.channel(1).name == "inc-1-chatbot-gives-unsafe-advice"
    assert room.channel(1).topic.endswith("\u2068Chatbot gives unsafe advice\u2069")
    assert "Chatbot gives unsafe advice" in text_objects(room.pinned(1).blocks, "plain_text")
    assert room.announcement(1).split("\n")[1] == "Chatbot gives unsafe advice"


async def test_an_unknown_severity_is_refused_at_its_field(room: Room) -> None:
    form = await room.form(MARA, f"/incident declare {TITLE}")
    option = {"value": "SEV9", "text": {"type": "plain_text", "text": "SEV9"}}
    form.forge("severity", {"type": "static_select", "selected_option": option})
    told = "There is no severity SEV9. Use SEV0, SEV1, SEV2, SEV3."
    assert await form.submit() == {"severity": told}
    assert room.deeds(1) == []


async def test_a_trigger_that_came_too_late_is_told(room: Room) -> None:
    later = iter(range(0, 100, 4))  # seconds: between the command and its modal 4 s pass
    room.sandbox.workspace.triggers = Triggers(lambda: next(later))
    told = await room.type(MARA, GENERAL, f"/incident declare {TITLE}")
    assert told == "Slack did not open the form in time. Please try again."
    assert "expired_trigger_id" in [call.error for call in room.sandbox.calls]


@pytest.mark.parametrize("is_member", [True, False], ids=["while it runs", "before it starts"])
async def test_an_archived_announcement_channel_costs_the_announcement_alone(
    database_url: str, is_member: bool
) -> None:
    async with war_room(database_url, delivers=is_member) as room:
        channel = room.sandbox.workspace.channels[INCIDENTS]
        if is_member:
            await until(lambda: BOT in channel.members)
        rooms.archive(room.sandbox.workspace, channel, SAM)
        if not is_member:
            await room.start_delivering()
        await room.declare(TITLE)
        await until(lambda: any("Slack refused" in one.text for one in room.direct(MARA)))
        await room.settled()
        assert TITLE in room.summary(1)
        assert room.channel(1).members[:2] == [BOT, MARA]
        assert room.channel(1).topic.startswith("INC-1 ·")
        assert len(room.channel(1).bookmarks) == 1
        [told] = [one for one in room.direct(MARA) if "Slack refused" in one.text]
        assert told.text.startswith("INC-1: Slack refused the announcement (")
        assert "archived" in told.text
        assert "The record is whole." in told.text
        assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared", "DeliveryFailed"]


def _without(scope: str, folder: Path) -> Path:
    lines = slack_manifest.PATH.read_text().splitlines(keepends=True)
    copy = folder / "manifest.yaml"
    copy.write_text("".join(line for line in lines if f"- {scope} " not in line))
    return copy


async def test_without_the_right_to_open_rooms_nothing_is_recorded(
    sqlite_url: str, tmp_path: Path
) -> None:
    manifest = _without("channels:manage", tmp_path)
    async with war_room(sqlite_url, manifest=manifest) as room:
        told = await room.type(MARA, GENERAL, f"/incident declare {TITLE}")
        assert told == (
            "warroom may not open rooms here: the scope channels:manage is missing. Nothing was "
            "recorded. Ask a workspace admin to reinstall the app from manifest.yaml; until then "
            "open a channel by hand."
        )
        await room.sandbox.as_person(MARA).use_shortcut("declare_incident")
        assert told in room.open_form(MARA).text
        assert room.deeds(1) == []


async def test_without_the_right_to_open_private_rooms_public_ones_are_opened(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with war_room(sqlite_url, manifest=_without("groups:write", tmp_path)) as room:
        form = await room.form(MARA, f"/incident declare {TITLE}")
        told = await form.submit(switches=["private"])
        assert told["switches"].startswith(
            "warroom may not open private rooms here: the scope groups:write is missing."
        )
        assert room.deeds(1) == []
        assert await form.submit(switches=[]) == {}
        await room.settled()
        assert room.channel(1).members[:2] == [BOT, MARA]


async def test_a_wrong_token_stops_the_start_with_a_sentence(sqlite_url: str) -> None:
    with pytest.raises(Misconfigured, match="Slack refused SLACK_BOT_TOKEN .* Copy the Bot User"):
        async with war_room(sqlite_url, slack_bot_token="xoxb-wrong"):
            pass


async def test_an_unknown_severity_in_the_policy_stops_the_start(
    sqlite_url: str, tmp_path: Path
) -> None:
    shipped = (slack_manifest.PATH.parent / "runbooks/policy/severities.yaml").read_text()
    (tmp_path / "policy").mkdir()
    broken = tmp_path / "policy" / "severities.yaml"
    broken.write_text(shipped.replace("treated_as: SEV1", "treated_as: SEV9"))
    with pytest.raises(Misconfigured, match="line 6: not_sure.treated_as names 'SEV9'"):
        async with war_room(sqlite_url, warroom_content=tmp_path):
            pass


async def test_a_database_that_takes_nothing_is_told_at_the_field(any_room: Room) -> None:
    form = await any_room.form(MARA, f"/incident declare {TITLE}")
    with taking_nothing(any_room.database) as cause:
        told = await form.submit()
    sentence = f"The log cannot be written: {cause}. Nothing was changed; submit again."
    assert told == {"title": sentence}
    assert any_room.deeds(1) == []
    assert any_room.owed("pending", "claimed", "done") == []
    assert any_room.rooms() == []
    assert await form.submit() == {}
    await any_room.settled()
    assert any_room.channel(1).members[:2] == [BOT, MARA]
    assert TITLE in any_room.summary(1)


async def test_a_command_that_could_not_be_written_is_told_privately(sqlite_url: str) -> None:
    async with war_room(sqlite_url, delivers=False) as room:
        await room.declare(TITLE)
        with taking_nothing(room.database):
            reason = "容量" * 1400  # more than fits on the pages that are there
            told = await room.type(MARA, GENERAL, f"/incident resolve INC-1 {reason}")
        assert told == (
            "The log cannot be written: the disk is full. Nothing was changed; please try again."
        )
        assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared"]
