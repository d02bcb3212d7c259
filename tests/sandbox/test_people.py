"""What does an app learn of people, groups and their hours?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import (
    START,
    Api,
    HandMovedClock,
    Json,
    Meeting,
    modal,
    plain,
    posted,
    write_manifest,
)

GENERAL = "C0GENERAL"
MARA, ELENA = "U0ONCALL", "U0LEGAL"


async def test_slacks_client_finds_people_groups_and_hours(meeting: Meeting) -> None:
    sdk = meeting.app.client  # asks for all these by GET
    found = await sdk.users_lookupByEmail(email="Mara@Example.test")
    assert found["user"]["id"] == MARA
    assert (await sdk.users_getPresence(user=MARA))["presence"] == "active"
    groups = (await sdk.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert [(each["id"], each["handle"], each["users"], each["user_count"]) for each in groups] == [
        ("S0SAFETY", "safety-oncall", ["U0SAFETY"], 1),
        ("S0EXECS", "execs", ["U0EXEC"], 1),
    ]
    assert "users" not in (await sdk.usergroups_list())["usergroups"][0]
    users = await sdk.usergroups_users_list(usergroup="S0SAFETY")
    assert users["users"] == ["U0SAFETY"]
    hours = (await sdk.dnd_teamInfo(users=[MARA, ELENA, "U404"]))["users"]
    assert hours[MARA] == {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert set(hours) == {MARA, ELENA}


async def test_do_not_disturb_has_a_beginning_and_an_end(api: Api, sandbox: Sandbox) -> None:
    began = int(START.timestamp())
    hours = await api.ok("dnd.info", user=ELENA)
    assert (hours["dnd_enabled"], hours["next_dnd_start_ts"]) == (True, began)
    assert hours["next_dnd_end_ts"] == began + timedelta(hours=12).total_seconds()
    await sandbox.as_person(ELENA).pause_notifications(0)
    assert (await api.ok("dnd.info", user=ELENA))["dnd_enabled"] is False


async def test_a_persons_zone_has_a_name_and_an_offset_that_follows_summer(
    api: Api, clock: HandMovedClock
) -> None:
    async def zone() -> tuple[str, str, int]:
        user = (await api.ok("users.info", user=MARA))["user"]
        return user["tz"], user["tz_label"], user["tz_offset"]

    assert await zone() == ("Europe/Stockholm", "Central European Time", 3600)
    clock.move(timedelta(days=60))
    assert await zone() == ("Europe/Stockholm", "Central European Summer Time", 7200)


async def test_an_email_is_shown_only_with_its_scope(tmp_path: Path) -> None:
    profiles: list[Json] = []
    for without in ((), ("users:read.email",)):
        sandbox = Sandbox(write_manifest(tmp_path, without=without), now=HandMovedClock().now)
        async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
            answer = await Api(base_url, session).ok("users.info", user=MARA)
            profiles.append(answer["user"]["profile"])

    assert profiles[0]["email"] == "mara@example.test"
    assert "email" not in profiles[1]


async def test_everybody_is_listed_page_by_page(api: Api, sandbox: Sandbox) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = await api.ok("users.list", limit=4, cursor=cursor)
        assert len(page["members"]) <= 4
        seen += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break

    assert seen == ["USLACKBOT", *sandbox.workspace.people]


async def test_the_updates_channels_are_there_without_the_app(api: Api) -> None:
    listed = (await api.ok("conversations.list"))["channels"]
    updates = {each["name"]: each["is_member"] for each in listed if "updates" in each["name"]}
    assert updates == {
        "exec-updates": False,
        "support-updates": False,
        "engineering-updates": False,
    }


async def test_a_private_note_can_stand_in_a_thread(api: Api, sandbox: Sandbox) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    parent = await posted(api, GENERAL, text="Summary")
    note = {"channel": GENERAL, "user": MARA, "text": "Only you", "thread_ts": parent}
    await api.ok("chat.postEphemeral", **note)

    written = sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1]
    assert (written.text, written.thread_ts, written.ephemeral_to) == ("Only you", parent, MARA)
    assert await api.error("chat.postEphemeral", **{**note, "thread_ts": "1.1"}) == (
        "thread_not_found"
    )


async def test_a_persons_reply_with_files_can_stand_in_the_channel_too(
    api: Api, sandbox: Sandbox
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    mara = sandbox.as_person(MARA)
    root = await mara.say(GENERAL, "Who has the log?")
    await mara.attach(GENERAL, [("a.txt", b"log")], "Here", root.ts, also_in_channel=True)

    shown = (await api.ok("conversations.history", channel=GENERAL))["messages"]

    assert [message["text"] for message in shown[:2]] == ["Here", "Who has the log?"]
    assert (shown[0]["subtype"], shown[0]["root"]["ts"]) == ("thread_broadcast", root.ts)
    assert [file["name"] for file in shown[0]["files"]] == ["a.txt"]


async def test_a_threads_metadata_is_whole_only_when_asked_for(api: Api) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    parent = await posted(api, GENERAL, text="Due")
    mark = {"event_type": "stage", "event_payload": {"key": "a"}}
    await posted(api, GENERAL, text="Overdue", thread_ts=parent, metadata=mark)

    ask = {"channel": GENERAL, "ts": parent}
    short = await api.ok("conversations.replies", **ask)
    whole = await api.ok("conversations.replies", **ask, include_all_metadata=True)
    assert short["messages"][1]["metadata"] == {"event_type": "stage"}
    assert whole["messages"][1]["metadata"] == mark


async def test_a_person_may_change_only_their_own_words(api: Api, sandbox: Sandbox) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    ts = await posted(api, GENERAL, text="The bot's")
    mara, jun = sandbox.as_person(MARA), sandbox.as_person("U0COMMS")
    said = await jun.say(GENERAL, "Jun's")

    for other in (ts, said.ts):
        with pytest.raises(ValueError, match="not yours"):
            await mara.edit(GENERAL, other, "x")
        with pytest.raises(ValueError, match="not yours"):
            await mara.delete(GENERAL, other)
    reply = await mara.say(GENERAL, "To a reply", (await mara.say(GENERAL, "x", said.ts)).ts)
    assert reply.thread_ts == said.ts
    with pytest.raises(LookupError):
        await mara.say(GENERAL, "x", "1.1")


async def test_who_is_outside_or_gone_can_neither_invite_nor_be_invited(sandbox: Sandbox) -> None:
    guest, mara = sandbox.as_person("U0GUEST"), sandbox.as_person(MARA)
    with pytest.raises(ValueError, match="Only members"):
        await guest.invite(GENERAL, "U0HELPER")
    for person in ("U0LEFT", "U0COMMS"):
        with pytest.raises(ValueError, match="cannot be invited"):
            await mara.invite(GENERAL, person)
    await mara.invite(GENERAL, "U0GUEST")
    assert "U0GUEST" in sandbox.workspace.channels[GENERAL].members
    for act in (mara.leave, mara.archive):
        with pytest.raises(ValueError, match="leaves|archived"):
            await act(GENERAL)


def picker(**more: Any) -> Json:
    """An external select in an input."""
    element = {"type": "external_select", "action_id": "pick", **more}
    return {"type": "input", "block_id": "who", "label": plain("Who?"), "element": element}


async def test_what_an_app_offers_for_typed_words_can_be_chosen(
    meeting: Meeting, heard: Api
) -> None:
    asked: list[Json] = []

    @meeting.app.options("pick")
    async def on_typing(ack: Any, body: Json) -> None:
        asked.append(body)
        option = {"text": plain(f"{body['value']} (IC)"), "value": "v1"}
        await ack(options=[option] if body["value"] != "nobody" else [])

    triggers = meeting.sandbox.workspace.triggers
    mara = meeting.sandbox.as_person(MARA)
    view = modal(blocks=[picker()])
    await heard.ok("views.open", trigger_id=triggers.give(MARA), view=view)
    opened = mara.open_view()
    assert opened is not None

    assert await mara.suggest(opened.id, "who", "pick", "id") == []
    chosen = await mara.choose(opened.id, "who", "pick", "idris")
    assert chosen["text"]["text"] == "idris (IC)"
    assert opened.state["who"]["pick"]["selected_option"] == chosen
    with pytest.raises(ValueError, match="No results"):
        await mara.choose(opened.id, "who", "pick", "nobody")
    assert [body["value"] for body in asked] == ["idris", "nobody"]


async def test_options_an_app_words_too_long_are_not_shown(meeting: Meeting, heard: Api) -> None:
    @meeting.app.options("pick")
    async def on_typing(ack: Any) -> None:
        await ack(options=[{"text": plain("x" * 76), "value": "v1"}])

    accessory = picker(min_query_length=0)["element"]
    blocks = [{"type": "section", "block_id": "who", "text": plain("x"), "accessory": accessory}]
    await heard.ok("conversations.join", channel=GENERAL)
    ts = await posted(heard, GENERAL, text="x", blocks=blocks)
    mara = meeting.sandbox.as_person(MARA)

    assert await mara.suggest_in_message(GENERAL, ts, ("who", "pick"), "") == []
    delivery = meeting.sandbox.deliveries[-1]
    assert (delivery.payload["type"], delivery.payload["message"]["ts"]) == ("block_suggestion", ts)
    assert delivery.error is None
