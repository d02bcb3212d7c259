"""How long, and how often, do triggers, hashes, tickets and response URLs work?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import manifest, seed
from bot.sandbox.errors import SlackError
from bot.sandbox.responses import Place, ResponseUrls
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Clocks, Workspace
from tests.sandbox.foreign import Api, HandMovedClock, Meeting, button, modal, write_manifest

GENERAL = "C0GENERAL"
MARA = "U0ONCALL"


def code(call: Callable[[], object]) -> str:
    with pytest.raises(SlackError) as refused:
        call()
    return refused.value.code


@pytest.mark.rule("trigger.seconds", "trigger.once", "trigger.known")
def test_a_trigger_works_once_and_for_three_seconds(clock: HandMovedClock) -> None:
    triggers = Triggers(clock.monotonic)
    used, late = triggers.give(MARA), triggers.give(MARA)

    assert triggers.spend(used).person_id == MARA
    assert code(lambda: triggers.spend(used)) == "exchanged_trigger_id"
    clock.move(timedelta(seconds=3.1))
    assert code(lambda: triggers.spend(late)) == "expired_trigger_id"
    assert code(lambda: triggers.spend("1.2.abc")) == "invalid_trigger_id"


def test_a_trigger_does_not_age_when_the_workspace_clock_is_moved(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    workspace = Workspace(manifest.read(write_manifest(tmp_path)), Clocks(clock.now))
    seed.plant(workspace)
    trigger_id = workspace.triggers.give(MARA)

    clock.move(timedelta(hours=1))

    assert workspace.triggers.spend(trigger_id).person_id == MARA


@pytest.mark.rule("response_url.uses", "response_url.minutes")
def test_a_response_url_works_five_times_in_half_an_hour(clock: HandMovedClock) -> None:
    urls = ResponseUrls(clock.monotonic)
    place = Place(GENERAL, MARA, None)
    used, late = urls.give(place), urls.give(place)

    assert [urls.use(used) for _ in range(5)] == [place] * 5
    assert code(lambda: urls.use(used)) == "used_url"
    clock.move(timedelta(minutes=30, seconds=1))
    assert code(lambda: urls.use(late)) == "expired_url"
    assert code(lambda: urls.use("nothing")) == "invalid_url"


async def test_a_view_opens_once_per_trigger_and_not_when_it_is_wrong(
    api: Api, sandbox: Sandbox
) -> None:
    trigger_id = sandbox.workspace.triggers.give(MARA)
    wrong = await api.error("views.open", trigger_id=trigger_id, view={"type": "modal"})
    assert wrong == "invalid_arguments"

    opened = await api.ok("views.open", trigger_id=trigger_id, view=modal(external_id="e1"))
    again = await api.error("views.open", trigger_id=trigger_id, view=modal())
    assert again == "exchanged_trigger_id"
    fresh = sandbox.workspace.triggers.give(MARA)
    taken = await api.error("views.open", trigger_id=fresh, view=modal(external_id="e1"))
    assert taken == "duplicate_external_id"
    by_name = await api.ok("views.update", external_id="e1", view=modal(external_id="e1"))
    assert by_name["view"]["id"] == opened["view"]["id"]


async def test_an_update_with_an_old_hash_conflicts(api: Api, sandbox: Sandbox) -> None:
    trigger_id = sandbox.workspace.triggers.give(MARA)
    first = (await api.ok("views.open", trigger_id=trigger_id, view=modal()))["view"]
    given = {"view_id": first["id"], "hash": first["hash"], "view": modal()}

    second = (await api.ok("views.update", **given))["view"]
    assert second["hash"] != first["hash"]
    assert await api.error("views.update", **given) == "hash_conflict"
    assert await api.error("views.update", view_id="V404", view=modal()) == "not_found"


@pytest.mark.rule("modals.stack")
async def test_no_more_than_three_modals_stack_up(api: Api, sandbox: Sandbox) -> None:
    triggers = sandbox.workspace.triggers
    opened = await api.ok("views.open", trigger_id=triggers.give(MARA), view=modal())
    view_id = opened["view"]["id"]

    def from_view() -> str:
        return triggers.give(MARA, view_id)

    assert await api.error("views.push", trigger_id=triggers.give(MARA), view=modal()) == (
        "invalid_trigger_id"
    )
    await api.ok("views.push", trigger_id=from_view(), view=modal())
    third = await api.ok("views.push", trigger_id=from_view(), view=modal())
    assert third["view"]["root_view_id"] == view_id
    refused = await api.error("views.push", trigger_id=from_view(), view=modal())
    assert refused == "push_limit_reached"


async def test_home_needs_the_manifests_word_and_the_newest_hash(
    api: Api, sandbox: Sandbox
) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await api.ok("views.publish", user_id=MARA, view=home))["view"]
    await api.ok("views.publish", user_id=MARA, view=home)
    stale = await api.error("views.publish", user_id=MARA, view=home, hash=first["hash"])
    assert stale == "hash_conflict"
    assert sandbox.workspace.homes[MARA].content["type"] == "home"


@pytest.mark.rule(
    "response_url.replace", "response_url.delete", "response_url.private", "response_url.spent"
)
async def test_a_message_can_be_replaced_and_deleted_through_its_response_url(
    meeting: Meeting, heard: Api
) -> None:
    urls: list[str] = []

    @meeting.app.action("go")
    async def on_press(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    await heard.ok("conversations.join", channel=GENERAL)
    posted = await heard.ok("chat.postMessage", channel=GENERAL, text="Go?", blocks=[button()])
    await meeting.sandbox.as_person(MARA).press(GENERAL, posted["ts"], "row", "go")

    def last() -> tuple[str, str, str | None]:
        message = meeting.sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1]
        return message.ts, message.text, message.ephemeral_to

    assert await heard.respond(urls[0], replace_original=True, text="Gone.") == 200
    assert last() == (posted["ts"], "Gone.", None)
    assert await heard.respond(urls[0], text="Only you.") == 200
    assert last()[1:] == ("Only you.", MARA)
    assert await heard.respond(urls[0], text="All.", response_type="in_channel") == 200
    assert last()[1:] == ("All.", None)
    assert await heard.respond(urls[0], blocks=[{"type": "magic"}]) == 400
    assert await heard.respond(urls[0], delete_original=True) == 200
    history = await heard.ok("conversations.history", channel=GENERAL)
    assert posted["ts"] not in [message["ts"] for message in history["messages"]]
    assert await heard.respond(urls[0], text="Once more.") == 404


async def test_a_ticket_opens_one_connection_and_ten_are_enough(api: Api) -> None:
    sockets: list[aiohttp.ClientWebSocketResponse] = []
    async with aiohttp.ClientSession() as session:

        async def connect(url: str) -> dict[str, Any]:
            sockets.append(await session.ws_connect(url))
            return dict(await sockets[-1].receive_json())

        async def ticket() -> str:
            return str((await api("apps.connections.open", token="xapp-sandbox"))["url"])

        url = await ticket()
        assert (await connect(url))["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await connect(url)
        hellos = [await connect(await ticket()) for _ in range(9)]
        assert hellos[-1]["num_connections"] == 10
        assert (await connect(await ticket()))["type"] == "disconnect"


async def test_the_page_of_a_person_is_told_what_changed(api: Api, sandbox: Sandbox) -> None:
    topics: list[str] = []
    stop = sandbox.workspace.watch(topics.append)
    room = (await api.ok("conversations.create", name="room"))["channel"]["id"]
    stop()
    await api.ok("chat.postMessage", channel=room, text="x")

    assert [topic for topic in topics if topic != "journal"] == [f"messages:{room}", "channels"]


async def test_latency_passes_before_the_effect(tmp_path: Path, clock: HandMovedClock) -> None:
    slow = timedelta(milliseconds=50)
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now, latency=slow)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        await Api(base_url, session).ok("conversations.create", name="room")

    call = sandbox.calls[-1]
    assert call.ended_at - call.started_at >= 0.05
