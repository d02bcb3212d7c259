"""Does each kind of request hold the fields Slack documents, and no others?"""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

from bot.sandbox import posts
from bot.sandbox.posts import Draft
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, button, made, modal, plain, posted
from tests.sandbox.requests.fields import COMMAND, INTERACTION, VIEW, last, opened
from tests.sandbox.requests.listener import Listener

GENERAL, MARA, IDRIS = "C0GENERAL", "U0ONCALL", "U0SAFETY"


@pytest.mark.rule("command.payload", "command.text")
async def test_a_command_has_its_fields(asked: Sandbox, listener: Listener) -> None:
    await asked.as_person(MARA).slash(GENERAL, "/raw declare  the  API is down")

    form = listener.requests[0].form
    assert set(form) == COMMAND
    assert form["text"] == "declare  the  API is down"
    assert form["response_url"].startswith(f"{asked.workspace.url}/response/")
    assert (form["user_id"], form["user_name"], form["channel_id"]) == (MARA, "mara", GENERAL)
    assert form["is_enterprise_install"] == "false"


@pytest.mark.rule("command.escape")
async def test_people_and_channels_are_escaped_where_the_manifest_says_so(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    secret = await made(api_of_asked, "secret", is_private=True)
    await api_of_asked.ok("conversations.invite", channel=secret, users=MARA)
    mara = asked.as_person(MARA)
    await mara.slash(GENERAL, "/help-me @idris #general #secret https://a.test")
    await mara.slash(GENERAL, "/raw @idris #general #secret https://a.test")

    texts = [got.form["text"] for got in listener.requests if b"command=" in got.body]
    assert texts == [
        f"<@{IDRIS}> <#{GENERAL}|general> <#{secret}|> <https://a.test>",
        "@idris #general #secret https://a.test",
    ]


@pytest.mark.rule("command.threads")
async def test_there_are_no_commands_in_threads(asked: Sandbox, listener: Listener) -> None:
    mara = asked.as_person(MARA)
    said = await mara.say(GENERAL, "It is down")
    await mara.slash(GENERAL, "/raw note", said.ts)

    assert listener.requests == []
    told = [each.text for each in asked.workspace.notices[MARA]]
    assert told == ["/raw is not supported in threads. Sorry!"]


@pytest.mark.rule("command.reply", "command.in_channel", "command.echo")
async def test_the_ack_of_a_command_is_private_unless_it_says_in_channel(
    asked: Sandbox, listener: Listener
) -> None:
    public = {"response_type": "in_channel"}
    answers = [{"text": "Only you"}, {"text": "All", **public}, public, {}]
    listener.answers.extend(JSONResponse(each) for each in answers)
    for _ in answers:
        await asked.as_person(MARA).slash(GENERAL, "/raw x")

    seen = asked.workspace.messages_seen_by(GENERAL, MARA)
    assert [(each.text, each.ephemeral_to) for each in seen] == [
        ("Only you", MARA),
        ("/raw x", None),
        ("All", None),
        ("/raw x", None),
    ]


@pytest.mark.rule("actions.payload", "actions.container", "actions.thread", "actions.state")
async def test_a_button_in_a_message_has_its_fields(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    date = {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-02"}
    boxes = {"type": "actions", "block_id": "more", "elements": [date]}
    parent = await posted(api_of_asked, GENERAL, text="Summary")
    given = {"text": "Go?", "blocks": [button(), boxes], "thread_ts": parent}
    ts = await posted(api_of_asked, GENERAL, **given)
    await asked.as_person(MARA).press(GENERAL, ts, "row", "go")

    payload = last(listener)
    own = "api_app_id container trigger_id channel message state response_url actions"
    assert set(payload) == INTERACTION | set(own.split())
    assert payload["user"] == {
        "id": MARA,
        "username": "mara",
        "name": "mara",
        "team_id": "T0SANDBOX",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": GENERAL,
        "is_ephemeral": False,
        "thread_ts": parent,
    }
    assert payload["state"]["values"] == {
        "more": {"day": {"type": "datepicker", "selected_date": "2026-03-02"}}
    }
    [action] = payload["actions"]
    assert set(action) == {"type", "block_id", "action_id", "text", "value", "action_ts"}


@pytest.mark.rule("actions.container")
async def test_a_button_in_a_private_note_brings_no_message(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    note = {"channel": GENERAL, "user": MARA, "text": "Go?", "blocks": [button()]}
    ts = (await api_of_asked.ok("chat.postEphemeral", **note))["message_ts"]
    await asked.as_person(MARA).press(GENERAL, ts, "row", "go")

    assert last(listener)["container"]["is_ephemeral"] is True
    assert "message" not in last(listener)


@pytest.mark.rule("actions.attachment")
async def test_a_button_in_an_attachment_says_which(asked: Sandbox, listener: Listener) -> None:
    channel = asked.workspace.channels[GENERAL]
    draft = Draft("x", attachments=[{"text": "first"}, {"blocks": [button()]}])
    sent = posts.by_app(asked.workspace, channel, draft)
    await asked.as_person(MARA).press(GENERAL, sent.ts, "row", "go")

    container = last(listener)["container"]
    assert (container["type"], container["attachment_id"]) == ("message_attachment", 2)
    assert container["message_ts"] == sent.ts


@pytest.mark.rule("actions.deselected")
async def test_what_is_no_longer_chosen_arrives_as_null(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    option = {"text": plain("A"), "value": "a"}
    select = {"type": "static_select", "action_id": "pick", "options": [option]}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select]}]
    ts = await posted(api_of_asked, GENERAL, text="x", blocks=blocks)
    mara = asked.as_person(MARA)
    for chosen in (option, None):
        await mara.press(GENERAL, ts, "row", "pick", {"selected_option": chosen})

    payload = last(listener)
    assert payload["actions"][0]["selected_option"] is None
    assert payload["state"]["values"]["row"]["pick"]["selected_option"] is None


@pytest.mark.rule("actions.view", "actions.state", "actions.container")
async def test_a_button_in_a_view_brings_the_view_and_no_response_url(
    asked: Sandbox, listener: Listener
) -> None:
    view = opened(asked, blocks=[*modal()["blocks"], button()])
    await asked.as_person(MARA).press_in_view(view.id, "row", "go")

    payload = last(listener)
    own = "api_app_id container trigger_id view hash actions"
    assert set(payload) == INTERACTION | set(own.split())
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert set(payload["view"]) == VIEW
    empty = {"type": "plain_text_input", "value": None}
    assert payload["view"]["state"]["values"] == {"question": {"answer": empty}}


@pytest.mark.rule("shortcut.payload", "shortcut.declared")
async def test_a_global_shortcut_has_no_place(asked: Sandbox, listener: Listener) -> None:
    mara = asked.as_person(MARA)
    await mara.use_shortcut("ask")

    assert set(last(listener)) == INTERACTION | {"action_ts", "callback_id", "trigger_id"}
    with pytest.raises(LookupError):
        await mara.use_shortcut("keep")


@pytest.mark.rule("message_action.payload", "message_action.private", "message_action.parent")
async def test_a_message_shortcut_brings_the_message_and_is_answered_in_the_channel(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    mara = asked.as_person(MARA)
    said = await mara.say(GENERAL, "It is down")
    reply = await mara.say(GENERAL, "Still", said.ts)
    await mara.use_message_shortcut(GENERAL, reply.ts, "keep")

    payload = last(listener)
    own = "callback_id trigger_id response_url action_ts message_ts channel message"
    assert set(payload) == INTERACTION | set(own.split())
    assert (payload["message_ts"], payload["message"]["thread_ts"]) == (reply.ts, said.ts)
    assert await api_of_asked.respond(payload["response_url"], text="Kept") == 200
    kept = asked.workspace.messages_seen_by(GENERAL, MARA)[-1]
    assert (kept.text, kept.thread_ts, kept.ephemeral_to) == ("Kept", None, MARA)
    with pytest.raises(ValueError, match="no shortcuts"):
        await mara.use_message_shortcut(GENERAL, kept.ts, "keep")


@pytest.mark.rule("events.callback")
async def test_an_event_has_its_fields_around_it(asked: Sandbox, listener: Listener) -> None:
    await asked.as_person(MARA).open_home()

    [got] = await listener.got(1)
    around = "token team_id api_app_id event type event_id event_time authorizations"
    assert set(got.json) == {*around.split(), "is_ext_shared_channel", "event_context"}
    assert got.json["type"] == "event_callback"
    assert got.json["event_time"] == int(float(got.json["event"]["event_ts"]))
    [authorization] = got.json["authorizations"]
    assert authorization == {
        "enterprise_id": None,
        "team_id": "T0SANDBOX",
        "user_id": "U0HELPER",
        "is_bot": True,
        "is_enterprise_install": False,
    }
