"""Does the Web API keep and give back what Slack does?"""

from __future__ import annotations

import aiohttp

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, button, made, posted

GENERAL = "C0GENERAL"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}


async def test_forms_queries_and_json_say_the_same(sandbox: Sandbox) -> None:
    url = f"{sandbox.workspace.url}/api/conversations.info"
    fields = {"channel": GENERAL, "token": "xoxb-sandbox"}
    async with aiohttp.ClientSession() as session:
        answers = [
            await (await session.get(url, params=fields)).json(),
            await (await session.post(url, data=fields)).json(),
            await (await session.post(url, json=fields)).json(),
        ]
        broken = await session.post(url, data="{", headers={"Content-Type": "application/json"})
        assert (await broken.json())["error"] == "invalid_json"

    assert [answer["channel"]["name"] for answer in answers] == ["general"] * 3


async def test_auth_test_tells_the_granted_scopes_in_a_header(sandbox: Sandbox) -> None:
    url = f"{sandbox.workspace.url}/api/auth.test"
    async with aiohttp.ClientSession() as session:
        answer = await session.post(url, headers={"Authorization": "Bearer xoxb-sandbox"})
        body = await answer.json()

    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    assert (body["user_id"], body["bot_id"]) == ("U0HELPER", "B0HELPER")
    assert body["url"] == f"{sandbox.workspace.url}/"


async def test_history_pages_from_the_newest_and_keeps_threads_apart(api: Api) -> None:
    room = await made(api)
    first = await posted(api, room, text="1")
    await posted(api, room, text="reply", thread_ts=first)
    second = await posted(api, room, text="2")

    page = await api.ok("conversations.history", channel=room, limit=2)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    assert page["messages"][1]["reply_count"] == 1
    cursor = page["response_metadata"]["next_cursor"]
    rest = await api.ok("conversations.history", channel=room, limit=2, cursor=cursor)
    assert [message["subtype"] for message in rest["messages"]] == ["channel_join"]
    assert rest["has_more"] is False

    after = await api.ok("conversations.history", channel=room, oldest=first)
    assert [message["ts"] for message in after["messages"]] == [second]
    included = await api.ok("conversations.history", channel=room, oldest=first, inclusive=True)
    assert [message["ts"] for message in included["messages"]] == [second, first]
    thread = await api.ok("conversations.replies", channel=room, ts=first)
    assert [message["text"] for message in thread["messages"]] == ["1", "reply"]


async def test_metadata_is_whole_only_when_asked_for(api: Api) -> None:
    room = await made(api)
    metadata = {"event_type": "warroom_post", "event_payload": {"key": "a1", "tries": 2}}
    await posted(api, room, text="x", metadata=metadata)

    short = await api.ok("conversations.history", channel=room, limit=1)
    whole = await api.ok("conversations.history", channel=room, limit=1, include_all_metadata=True)
    assert short["messages"][0]["metadata"] == {"event_type": "warroom_post"}
    assert whole["messages"][0]["metadata"] == metadata


async def test_text_is_kept_as_slack_keeps_it(api: Api) -> None:
    room = await made(api)
    written = await api.ok(
        "chat.postMessage",
        channel=room,
        text="a < b & c &amp; <@U0EXEC> https://x.example/a?b=1. @here",
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "ping @everyone"}}],
    )

    assert written["message"]["text"] == (
        "a &lt; b &amp; c &amp; <@U0EXEC> <https://x.example/a?b=1>. @here"
    )
    assert written["message"]["blocks"][0]["text"]["text"] == "ping <!everyone>"
    assert written["message"]["blocks"][0]["block_id"]


async def test_a_changed_message_keeps_its_blocks_only_without_text(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x", blocks=[SECTION])

    await api.ok("chat.update", channel=room, ts=ts, blocks=[SECTION, button()])
    mark = {"event_type": "mark", "event_payload": {"key": "a"}}
    await api.ok("chat.update", channel=room, ts=ts, metadata=mark)
    kept = await api.ok("conversations.history", channel=room, limit=1)
    await api.ok("chat.update", channel=room, ts=ts, text="y")
    gone = await api.ok("conversations.history", channel=room, limit=1)

    assert (kept["messages"][0]["text"], len(kept["messages"][0]["blocks"])) == ("x", 2)
    assert gone["messages"][0]["text"] == "y"
    assert "blocks" not in gone["messages"][0]
    assert gone["messages"][0]["edited"]["user"] == "U0HELPER"


async def test_only_the_apps_own_messages_can_be_changed(api: Api, sandbox: Sandbox) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    said = await sandbox.as_person("U0EXEC").say(GENERAL, "mine")

    refused = await api.error("chat.update", channel=GENERAL, ts=said.ts, text="x")
    assert refused == "cant_update_message"
    assert await api.error("chat.delete", channel=GENERAL, ts=said.ts) == "cant_delete_message"


async def test_slack_itself_says_who_joined_what_was_set_and_pinned(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x")
    await api.ok("conversations.setTopic", channel=room, topic="T")
    await api.ok("conversations.setPurpose", channel=room, purpose="P")
    await api.ok("pins.add", channel=room, timestamp=ts)

    said = await api.ok("conversations.history", channel=room)
    subtypes = [message.get("subtype") for message in reversed(said["messages"])]
    assert subtypes == ["channel_join", None, "channel_topic", "channel_purpose", "pinned_item"]
    join = said["messages"][-1]["ts"]
    assert await api.error("pins.add", channel=room, timestamp=join) == "not_pinnable"
    refused = await api.error("chat.postMessage", channel=room, text="x", thread_ts=join)
    assert refused == "cannot_reply_to_message"


async def test_rename_makes_the_name_fit_and_only_the_creator_may(api: Api) -> None:
    room = await made(api)
    renamed = await api.ok("conversations.rename", channel=room, name="My Room!")
    assert renamed["channel"]["name"] == "my-room"
    await api.ok("conversations.join", channel="C0INCIDENTS")
    refused = await api.error("conversations.rename", channel="C0INCIDENTS", name="x")
    assert refused == "not_authorized"


async def test_a_message_to_a_person_opens_their_conversation_once(
    api: Api, sandbox: Sandbox
) -> None:
    first = await api.ok("chat.postMessage", channel="U0EXEC", text="hello")
    opened = await api.ok("conversations.open", users="U0EXEC")

    assert opened["channel"]["id"] == first["channel"]
    seen = [each.id for each in sandbox.workspace.channels_seen_by("U0COMMS")]
    assert first["channel"] not in seen


async def test_a_permalink_names_the_channel_and_the_message(api: Api, sandbox: Sandbox) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x")
    link = await api.ok("chat.getPermalink", channel=room, message_ts=ts)
    assert link["permalink"] == f"{sandbox.workspace.url}/archives/{room}/p{ts.replace('.', '')}"


async def test_bookmarks_come_back_as_they_were_left(api: Api) -> None:
    room = await made(api)
    given = {"channel_id": room, "title": "A", "type": "link", "link": "https://a.example"}
    first = (await api.ok("bookmarks.add", **given))["bookmark"]["id"]
    second = (await api.ok("bookmarks.add", **given))["bookmark"]["id"]
    await api.ok("bookmarks.edit", channel_id=room, bookmark_id=first, title="B")
    await api.ok("bookmarks.remove", channel_id=room, bookmark_id=second)

    listed = (await api.ok("bookmarks.list", channel_id=room))["bookmarks"]
    assert [(each["title"], each["link"]) for each in listed] == [("B", "https://a.example")]


async def test_every_ts_is_new_while_the_clock_stands_still(api: Api) -> None:
    room = await made(api)
    stamps = [await posted(api, room, text=str(number)) for number in range(5)]
    assert stamps == sorted(set(stamps))


async def test_the_journal_holds_every_call_without_its_token(api: Api, sandbox: Sandbox) -> None:
    await api("conversations.info", channel="C404")

    call = sandbox.calls[-1]
    assert (call.method, call.args, call.ok, call.error) == (
        "conversations.info",
        {"channel": "C404"},
        False,
        "channel_not_found",
    )
    assert call.ended_at >= call.started_at
