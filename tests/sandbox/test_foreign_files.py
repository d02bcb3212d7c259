"""Can an app the sandbox knows nothing of read and send files, over both transports?"""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.sandbox.foreign import Api, Json, Meeting, modal, plain

GENERAL, MARA = "C0GENERAL", "U0ONCALL"
PICTURE = b"\x89PNG\r\n"


async def fetched(url: str, token: str) -> bytes:
    """The bytes behind a url_private, as an app gets them."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        return await answer.read()


@pytest.mark.rule("events.file_shared", "files.download.token", "files.upload.bodies")
async def test_a_file_that_was_attached_is_fetched_and_answered_with_another(
    meeting: Meeting, heard: Api
) -> None:
    read: list[bytes] = []

    @meeting.app.event("file_shared")
    async def on_file(event: Json, client: Any, context: Json) -> None:
        if event["user_id"] == context["bot_user_id"]:
            return
        file = (await client.files_info(file=event["file_id"]))["file"]
        read.append(await fetched(file["url_private_download"], client.token))
        share = file["shares"]["public"][event["channel_id"]][0]
        await client.files_upload_v2(
            channel=event["channel_id"],
            thread_ts=share["ts"],
            filename=f"copy of {file['name']}",
            content=read[-1],
            initial_comment="Here is a copy.",
        )

    await heard.ok("conversations.join", channel=GENERAL)
    mara = meeting.sandbox.as_person(MARA)
    said = await mara.attach(GENERAL, [("graph.png", PICTURE)], "It climbs")
    await meeting.sandbox.deliver.settle()

    assert read == [PICTURE]
    reply = meeting.sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1]
    assert (reply.text, reply.thread_ts) == ("Here is a copy.", said.ts)
    copy = meeting.sandbox.workspace.files[reply.files[0]]
    assert (copy.name, copy.content) == ("copy of graph.png", PICTURE)


@pytest.mark.rule("events.file_share")
async def test_the_message_of_a_file_and_its_end_are_events_too(
    meeting: Meeting, heard: Api
) -> None:
    events: list[tuple[str, str]] = []

    @meeting.app.event({"type": "message", "subtype": "file_share"})
    async def on_message(event: Json) -> None:
        events.append(("message", event["files"][0]["id"]))

    @meeting.app.event("file_created")
    async def on_created(event: Json) -> None:
        events.append(("created", event["file_id"]))

    @meeting.app.event("file_deleted")
    async def on_deleted(event: Json) -> None:
        events.append(("deleted", event["file_id"]))

    await heard.ok("conversations.join", channel=GENERAL)
    mara = meeting.sandbox.as_person(MARA)
    (file_id,) = (await mara.attach(GENERAL, [("a.txt", b"a")])).files
    await meeting.sandbox.deliver.settle()
    await mara.delete_file(file_id)
    await meeting.sandbox.deliver.settle()

    assert sorted(events[:2]) == [("created", file_id), ("message", file_id)]
    assert events[2:] == [("deleted", file_id)]


@pytest.mark.rule("elements.file_input.state")
async def test_files_given_to_a_modal_are_fetched(meeting: Meeting) -> None:
    read: list[bytes] = []
    element = {"type": "file_input", "action_id": "files", "max_files": 2}
    block = {"type": "input", "block_id": "row", "label": plain("Files"), "element": element}

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[block]))
        await ack()

    @meeting.app.view("form")
    async def on_submit(ack: Any, view: Json, client: Any) -> None:
        await ack()
        for file in view["state"]["values"]["row"]["files"]["files"]:
            read.append(await fetched(file["url_private"], client.token))

    mara = meeting.sandbox.as_person(MARA)
    await mara.use_shortcut("ask")
    view = mara.open_view()
    assert view is not None
    mara.fill_files(view.id, "row", "files", [("a.txt", b"a"), ("b.txt", b"b")])
    await mara.submit(view.id)

    assert read == [b"a", b"b"]
    assert mara.open_view() is None
