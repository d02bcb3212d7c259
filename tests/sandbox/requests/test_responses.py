"""What can be said through a response_url, and what do the answers to people do?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.responses import JSONResponse

from bot.sandbox import manifest, modals
from bot.sandbox.chosen import Chosen
from bot.sandbox.errors import SlackError
from bot.sandbox.responses import Place
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import (
    Api,
    HandMovedClock,
    Json,
    button,
    made,
    modal,
    posted,
    write_manifest,
)
from tests.sandbox.requests.listener import Listener

GENERAL, MARA, JUN = "C0GENERAL", "U0ONCALL", "U0COMMS"


def url_for(sandbox: Sandbox, channel: str = GENERAL, ts: str | None = None) -> str:
    """A response_url as Mara's click or command would give it."""
    given = sandbox.workspace.responses.give(Place(channel, MARA, ts))
    return f"{sandbox.workspace.url}/response/{given}"


def seen(sandbox: Sandbox, person_id: str = MARA) -> list[tuple[str, str | None]]:
    messages = sandbox.workspace.messages_seen_by(GENERAL, person_id)
    return [(message.text, message.ephemeral_to) for message in messages]


@pytest.mark.rule("response_url.anywhere", "response_url.private")
async def test_a_response_url_works_where_the_app_is_not(sandbox: Sandbox, api: Api) -> None:
    assert await api.error("chat.postMessage", channel=GENERAL, text="x") == "not_in_channel"
    url = url_for(sandbox)
    assert await api.respond(url, text="Only you") == 200
    assert await api.respond(url, text="All", response_type="in_channel") == 200

    assert seen(sandbox) == [("Only you", MARA), ("All", None)]
    assert seen(sandbox, JUN) == [("All", None)]


@pytest.mark.rule("response_url.thread")
async def test_an_answer_may_go_into_a_thread(sandbox: Sandbox, api: Api) -> None:
    said = await sandbox.as_person(MARA).say(GENERAL, "It is down")
    more: Json = {"thread_ts": said.ts, "replace_original": False}
    assert await api.respond(url_for(sandbox), text="x", response_type="in_channel", **more) == 200

    assert sandbox.workspace.messages_seen_by(GENERAL, JUN)[-1].thread_ts == said.ts


@pytest.mark.rule("response_url.delete")
async def test_delete_original_stands_alone(sandbox: Sandbox, api: Api) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    ts = await posted(api, GENERAL, text="Go?", blocks=[button()])
    url = url_for(sandbox, ts=ts)
    assert await api.respond(url, delete_original=True, replace_original=True, text="x") == 400
    assert seen(sandbox)[-1] == ("Go?", None)
    # slack_bolt sends an empty text along.
    assert await api.respond(url, delete_original=True, text="") == 200
    assert ("Go?", None) not in seen(sandbox)


@pytest.mark.rule("response_url.typed")
@pytest.mark.parametrize(
    "act", [{"replace_original": True, "text": "x"}, {"delete_original": True}]
)
async def test_the_line_a_person_typed_stays(
    asked: Sandbox, api_of_asked: Api, listener: Listener, act: Json
) -> None:
    await asked.deliver.settle()
    listener.requests.clear()
    listener.answers.append(JSONResponse({"response_type": "in_channel"}))
    await asked.as_person(MARA).slash(GENERAL, "/raw note")
    assert await api_of_asked.respond(listener.requests[0].form["response_url"], **act) == 200

    assert ("/raw note", None) in seen(asked)


@pytest.mark.rule("response_url.stays_private", "response_url.replace")
async def test_a_private_note_never_becomes_public(sandbox: Sandbox, api: Api) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    note = {"channel": GENERAL, "user": MARA, "text": "Go?", "blocks": [button()]}
    ts = (await api.ok("chat.postEphemeral", **note))["message_ts"]
    url = url_for(sandbox, ts=ts)
    more: Json = {"replace_original": True, "response_type": "in_channel"}
    assert await api.respond(url, text="Gone", **more) == 200

    assert seen(sandbox)[-1] == ("Gone", MARA)
    assert ("Gone", MARA) not in seen(sandbox, JUN)


@pytest.mark.rule("response_url.uses", "response_url.spent")
async def test_the_sixth_use_does_nothing(sandbox: Sandbox, api: Api) -> None:
    url = url_for(sandbox)
    assert [await api.respond(url, text="x") for _ in range(6)] == [200] * 5 + [404]
    sandbox.workspace.chosen = Chosen.none()
    assert await api.respond(url, text="x") == 200
    assert len(seen(sandbox)) == 5


@pytest.mark.rule("response_url.minutes")
async def test_half_an_hour_of_the_wall_ends_it(tmp_path: Path, clock: HandMovedClock) -> None:
    at = write_manifest(tmp_path)
    sandbox = Sandbox(at, now=clock.now, monotonic=clock.monotonic)
    given = sandbox.workspace.responses.give(Place(GENERAL, MARA, None))
    clock.move(timedelta(minutes=29, seconds=59))
    assert sandbox.workspace.responses.use(given).person_id == MARA
    clock.move(timedelta(seconds=2))
    with pytest.raises(SlackError, match="expired_url"):
        sandbox.workspace.responses.use(given)


@pytest.mark.rule("submission.refused", "modals.stack")
@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "close"},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push", "view": modal()},
    ],
)
async def test_an_answer_slack_does_not_take_is_trouble_to_the_person(
    asked: Sandbox, listener: Listener, answer: Json
) -> None:
    workspace = asked.workspace
    modals.open_first(workspace, MARA, modal())
    modals.push(workspace, MARA, modal())
    view = modals.push(workspace, MARA, modal())
    mara = asked.as_person(MARA)
    mara.fill(view.id, "question", "answer", {"type": "plain_text_input", "value": "x"})
    listener.answers.append(JSONResponse(answer))
    await mara.submit(view.id)

    assert mara.open_view() is view
    assert view.errors == {"": "We had some trouble connecting. Try again?"}


@pytest.mark.rule("shortcut.global", "shortcut.message")
@pytest.mark.parametrize("kind", ["global", "message"])
def test_an_app_has_five_shortcuts_of_a_kind(tmp_path: Path, kind: str) -> None:
    content: dict[str, Any] = yaml.safe_load(write_manifest(tmp_path).read_text(encoding="utf-8"))

    def mistakes(number: int) -> list[str]:
        content["features"]["shortcuts"] = [
            {"name": "x", "type": kind, "callback_id": f"c{each}", "description": "x"}
            for each in range(number)
        ]
        return manifest.mistakes(content)

    assert mistakes(5) == []
    assert mistakes(6) == [f"/features/shortcuts has more than 5 of type {kind}"]


@pytest.mark.rule("events.subscribed")
async def test_an_event_the_manifest_does_not_name_is_not_sent(
    asked: Sandbox, listener: Listener, api_of_asked: Api
) -> None:
    await made(api_of_asked, "room")
    await asked.deliver.settle()

    assert "channel_created" not in [one.name for one in asked.deliveries]
    assert "member_joined_channel" in [one.name for one in asked.deliveries]
