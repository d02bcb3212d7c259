"""Can an app the sandbox knows nothing of work in it, over both transports?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.model import Message
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import (
    Api,
    HandMovedClock,
    Json,
    Meeting,
    answer,
    button,
    modal,
    over_http,
    write_manifest,
)

GENERAL = "C0GENERAL"
MARA = "U0ONCALL"


def last(meeting: Meeting, channel_id: str = GENERAL, person_id: str = MARA) -> Message:
    return meeting.sandbox.workspace.messages_seen_by(channel_id, person_id)[-1]


async def test_a_command_brings_its_words_and_its_ack_is_seen_by_one_person(
    meeting: Meeting,
) -> None:
    bodies: list[Json] = []

    @meeting.app.command("/help-me")
    async def on_command(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack("On it.")

    await meeting.sandbox.as_person(MARA).slash(GENERAL, "/help-me ask @idris in #general & go")

    assert bodies[0]["text"] == "ask <@U0SAFETY> in <#C0GENERAL|general> & go"
    assert bodies[0]["user_name"] == "mara"
    assert bodies[0]["channel_name"] == "general"
    assert (last(meeting).text, last(meeting).ephemeral_to) == ("On it.", MARA)
    seen_by_idris = meeting.sandbox.workspace.messages_seen_by(GENERAL, "U0SAFETY")
    assert "On it." not in [message.text for message in seen_by_idris]


async def test_without_should_escape_the_words_arrive_as_typed(meeting: Meeting) -> None:
    texts: list[str] = []

    @meeting.app.command("/raw")
    async def on_command(ack: Any, body: Json) -> None:
        texts.append(body["text"])
        await ack()

    await meeting.sandbox.as_person(MARA).slash(GENERAL, "/raw tell @idris")

    assert texts == ["tell @idris"]
    assert meeting.sandbox.workspace.messages_seen_by(GENERAL, MARA) == []


async def test_an_in_channel_answer_shows_the_typed_command_too(meeting: Meeting) -> None:
    @meeting.app.command("/help-me")
    async def on_command(ack: Any) -> None:
        await ack(text="Everyone sees this.", response_type="in_channel")

    await meeting.sandbox.as_person(MARA).slash(GENERAL, "/help-me now")

    seen_by_idris = meeting.sandbox.workspace.messages_seen_by(GENERAL, "U0SAFETY")
    assert [(each.user, each.text) for each in seen_by_idris] == [
        (MARA, "/help-me now"),
        ("U0HELPER", "Everyone sees this."),
    ]


async def test_an_unknown_command_never_reaches_the_app(meeting: Meeting) -> None:
    await meeting.sandbox.as_person(MARA).slash(GENERAL, "/nothing here")

    assert meeting.sandbox.workspace.notices[MARA][0].text.startswith("/nothing is not a valid")
    sent = [each.name for each in meeting.sandbox.deliveries]
    assert set(sent) <= {"url_verification"}


async def test_a_button_carries_its_message_and_its_answer_comes_by_response_url(
    meeting: Meeting, heard: Api
) -> None:
    bodies: list[Json] = []

    @meeting.app.action("go")
    async def on_press(ack: Any, body: Json, respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond("Noted.", response_type="ephemeral")

    await heard.ok("conversations.join", channel=GENERAL)
    posted = await heard.ok("chat.postMessage", channel=GENERAL, text="Go?", blocks=[button()])
    await meeting.sandbox.as_person(MARA).press(GENERAL, posted["ts"], "row", "go")

    assert bodies[0]["message"]["ts"] == posted["ts"]
    assert bodies[0]["actions"][0]["value"] == "1"
    assert bodies[0]["container"]["is_ephemeral"] is False
    assert (last(meeting).text, last(meeting).ephemeral_to) == ("Noted.", MARA)


async def test_a_select_in_a_message_tells_what_was_chosen(meeting: Meeting, heard: Api) -> None:
    states: list[Json] = []

    @meeting.app.action("who")
    async def on_choice(ack: Any, body: Json) -> None:
        states.append(body["state"]["values"])
        await ack()

    select = {"type": "users_select", "action_id": "who"}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select]}]
    await heard.ok("conversations.join", channel=GENERAL)
    posted = await heard.ok("chat.postMessage", channel=GENERAL, blocks=blocks)
    choice = {"selected_user": "U0SAFETY"}
    await meeting.sandbox.as_person(MARA).press(GENERAL, posted["ts"], "row", "who", choice)

    assert states == [{"row": {"who": {"type": "users_select", "selected_user": "U0SAFETY"}}}]


async def test_a_message_shortcut_brings_the_message(meeting: Meeting) -> None:
    messages: list[Json] = []

    @meeting.app.shortcut({"callback_id": "keep", "type": "message_action"})
    async def on_keep(ack: Any, body: Json) -> None:
        messages.append(body["message"])
        await ack()

    mara = meeting.sandbox.as_person(MARA)
    said = await mara.say(GENERAL, "We roll back & watch <b>")
    await mara.use_message_shortcut(GENERAL, said.ts, "keep")

    assert messages[0]["text"] == "We roll back &amp; watch &lt;b&gt;"
    assert (messages[0]["ts"], messages[0]["user"]) == (said.ts, MARA)


@pytest.mark.rule("events.message", "events.membership")
async def test_events_reach_the_app_for_channels_it_is_in(meeting: Meeting, heard: Api) -> None:
    events: list[tuple[str, str]] = []

    @meeting.app.event("message")
    async def on_message(event: Json) -> None:
        events.append(("message", event["text"]))

    @meeting.app.event("member_joined_channel")
    async def on_join(event: Json) -> None:
        events.append(("joined", event["user"]))

    @meeting.app.event("app_mention")
    async def on_mention(event: Json) -> None:
        events.append(("mention", event["text"]))

    mara = meeting.sandbox.as_person(MARA)
    await mara.say(GENERAL, "before the app came")
    await heard.ok("conversations.join", channel=GENERAL)
    await meeting.sandbox.deliver.settle()
    events.clear()
    await mara.say(GENERAL, "hello @helper")
    await meeting.sandbox.as_person("U0GUEST").join(GENERAL)
    await meeting.sandbox.deliver.settle()

    assert sorted(events) == [
        ("joined", "U0GUEST"),
        ("mention", "hello <@U0HELPER>"),
        ("message", "<@U0GUEST> has joined the channel"),
        ("message", "hello <@U0HELPER>"),
    ]


async def test_an_event_the_app_failed_to_take_comes_again(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    seen: list[tuple[str, str | None]] = []
    came_again = asyncio.Event()

    async with over_http(write_manifest(tmp_path), clock) as meeting:

        @meeting.app.event("app_home_opened")
        async def on_home(body: Json, request: Any) -> None:
            seen.append((body["event_id"], request.headers.get("x-slack-retry-num", [None])[0]))
            if len(seen) == 1:
                raise RuntimeError("the first time goes wrong")
            came_again.set()

        await meeting.sandbox.as_person(MARA).open_home()
        await asyncio.wait_for(came_again.wait(), timeout=5)

    assert [number for _, number in seen] == [None, "1"]
    assert seen[0][0] == seen[1][0]


@pytest.mark.rule("requests.ack", "requests.ack.modal")
async def test_who_gets_no_ack_within_three_seconds_is_told_so(meeting: Meeting) -> None:
    never = asyncio.Event()

    @meeting.app.command("/help-me")
    async def on_command(ack: Any) -> None:
        await never.wait()

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @meeting.app.view("form")
    async def on_submit(ack: Any) -> None:
        await never.wait()

    mara = meeting.sandbox.as_person(MARA)
    await mara.use_shortcut("ask")
    view = mara.open_view()
    assert view is not None
    mara.fill(view.id, "question", "answer", answer("x"))
    await asyncio.gather(mara.slash(GENERAL, "/help-me"), mara.submit(view.id))
    never.set()

    told = [notice.text for notice in meeting.sandbox.workspace.notices[MARA]]
    assert told == ['/help-me failed with the error "operation_timeout"']
    assert view.errors == {"": "We had some trouble connecting. Try again?"}
    assert mara.open_view() is view


async def test_an_app_that_is_not_connected_is_told_at_once(sandbox: Sandbox) -> None:
    await sandbox.as_person(MARA).slash(GENERAL, "/help-me")

    told = [notice.text for notice in sandbox.workspace.notices[MARA]]
    assert told == ['/help-me failed with the error "dispatch_failed"']
