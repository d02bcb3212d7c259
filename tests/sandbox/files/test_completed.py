"""Where does a file that was uploaded go, and when is it refused?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox import rooms
from bot.sandbox.chosen import Chosen
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import COMPLETE, EXEC, GENERAL, MARA, Sender
from tests.sandbox.foreign import Api, made, posted


@pytest.mark.rule(
    "files.completeUploadExternal.file_not_found",
    "files.completeUploadExternal.once",
    "files.completeUploadExternal.unsent",
)
async def test_an_upload_is_completed_once_after_its_bytes_came(sender: Sender) -> None:
    asked = await sender.asked(5)
    files = [{"id": asked["file_id"]}]
    assert await sender.api.error(COMPLETE, files=files) == "file_not_found"
    assert await sender.api.error(COMPLETE, files=[{"id": "F404"}]) == "file_not_found"
    assert await sender.status(asked["upload_url"], b"hello") == 200
    assert await sender.api.error(COMPLETE, files=files * 2) == "file_not_found"
    await sender.api.ok(COMPLETE, files=files)
    assert await sender.api.error(COMPLETE, files=files) == "file_not_found"
    assert await sender.status(asked["upload_url"], b"again") == 404

    sender.sandbox.workspace.chosen = Chosen.none()
    empty = await sender.asked(5)
    assert (await sender.api.ok(COMPLETE, files=[{"id": empty["file_id"]}]))["files"][0][
        "size"
    ] == 0


@pytest.mark.rule("files.completeUploadExternal.discarded")
async def test_what_is_never_completed_is_no_file(sender: Sender) -> None:
    file_id = await sender.sent()
    assert await sender.api.error("files.info", file=file_id) == "file_not_found"
    assert (await sender.api.ok("files.list"))["files"] == []
    assert sender.told("file_created") == []


@pytest.mark.rule("files.completeUploadExternal.private")
async def test_without_a_channel_only_the_app_sees_the_file(sender: Sender) -> None:
    file_id = await sender.uploaded()
    file = await sender.info(file_id)
    assert (file["is_public"], file["shares"]) == (False, {})
    assert sender.told("file_shared") == []
    with pytest.raises(LookupError):
        sender.sandbox.as_person(MARA).file_address(file_id)


@pytest.mark.parametrize(
    "files",
    ["[]", {}, [], ["F1"], [{}], [{"id": 1}], [{"title": "x"}], [{"id": "F1", "title": 1}]],
)
async def test_files_that_are_no_list_of_ids_and_titles_are_refused(
    sender: Sender, files: Any
) -> None:
    answer = await sender.api(COMPLETE, files=files)
    assert answer["error"] == "invalid_arguments"
    assert all("[ERROR] " in told for told in answer["response_metadata"]["messages"])


async def test_several_files_come_in_one_message_and_forms_say_the_same(
    sender: Sender, room: str
) -> None:
    ids = [await sender.sent(filename=name) for name in ("a.txt", "b.png")]
    listed = json.dumps([{"id": ids[0]}, {"id": ids[1], "title": "B"}])
    await sender.api.ok(COMPLETE, files=listed, channel_id=room)
    message = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1]
    assert (message.files, message.text) == (ids, "")
    assert [(await sender.info(each))["title"] for each in ids] == ["a.txt", "B"]


@pytest.mark.rule(
    "files.completeUploadExternal.channel_not_found",
    "files.completeUploadExternal.not_in_channel",
    "files.completeUploadExternal.channels_limit_exceeded",
    "files.completeUploadExternal.archived",
    "files.completeUploadExternal.channel_id",
    "files.private",
)
async def test_a_file_goes_only_where_the_app_may_write(sender: Sender, sandbox: Sandbox) -> None:
    hidden = rooms.create(sandbox.workspace, "hidden", EXEC, is_private=True)
    archived = await made(sender.api, "archived")
    await sender.api.ok("conversations.archive", channel=archived)
    files = [{"id": await sender.sent()}]

    async def refused(**arguments: Any) -> str:
        return await sender.api.error(COMPLETE, files=files, **arguments)

    assert await refused(channel_id="C99999999") == "channel_not_found"
    assert await refused(channel_id=hidden.id) == "channel_not_found"
    assert await refused(channel_id=GENERAL) == "not_in_channel"
    assert await refused(channel_id=archived) == "posting_to_channel_denied"
    assert await refused(channels=f"{GENERAL},C99999999") == "not_in_channel"
    assert await refused(channels=",".join(f"C{n:08}" for n in range(101))) == (
        "channels_limit_exceeded"
    )
    answer = await sender.api(COMPLETE, files=files, channel_id="#general")
    assert answer == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$ "
                "[json-pointer:/channel_id]"
            ]
        },
    }
    assert await refused(channel_id=MARA) == "invalid_arguments"
    assert await sender.api.error(COMPLETE, files="x") == "invalid_arguments"
    sandbox.workspace.chosen = Chosen.none()
    assert await refused(channel_id="#general") == "channel_not_found"
    await sender.api.ok(COMPLETE, files=files)


async def test_channels_may_be_several_and_people(sender: Sender, room: str) -> None:
    file_id = await sender.sent()
    files = [{"id": file_id}]
    await sender.api.ok(COMPLETE, files=files, channel_id=room, channels=f"{room},{MARA}")
    file = await sender.info(file_id)
    assert (file["channels"], len(file["ims"])) == ([room], 1)
    assert file["shares"]["private"][file["ims"][0]][0]["ts"]


@pytest.mark.rule(
    "files.completeUploadExternal.message",
    "files.completeUploadExternal.thread",
)
async def test_a_file_can_be_a_reply_to_a_parent_only(sender: Sender, room: str) -> None:
    parent = await posted(sender.api, room, text="Down")
    reply = await posted(sender.api, room, text="Why", thread_ts=parent)
    files = [{"id": await sender.sent()}]
    for thread_ts, more in [(reply, {}), ("1.1", {}), (parent, {"channels": MARA})]:
        given = {"files": files, "channel_id": room, "thread_ts": thread_ts, **more}
        assert await sender.api.error(COMPLETE, **given) == "invalid_arguments"
    await sender.api.ok(COMPLETE, files=files, channel_id=room, thread_ts=parent)
    thread = await sender.api.ok("conversations.replies", channel=room, ts=parent)
    assert [len(each.get("files", [])) for each in thread["messages"]] == [0, 0, 1]
    share = (await sender.info(files[0]["id"]))["shares"]["public"][room][0]
    assert share["thread_ts"] == parent


@pytest.mark.rule("files.completeUploadExternal.blocks")
async def test_blocks_come_with_the_files_unless_there_is_a_comment(
    sender: Sender, room: str
) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    files = [{"id": await sender.sent()}]
    refused = await sender.api(COMPLETE, files=files, channel_id=room, blocks=[long])
    assert refused["error"] == "invalid_blocks"
    assert refused["errors"] == [
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    await sender.api.ok(COMPLETE, files=files, channel_id=room, blocks=[block])
    assert sender.sandbox.workspace.messages_seen_by(room, MARA)[-1].blocks[0]["type"] == "section"

    files = [{"id": await sender.sent()}]
    given = {"files": files, "channel_id": room, "blocks": [long], "initial_comment": "words"}
    await sender.api.ok(COMPLETE, **given)
    message = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1]
    assert (message.text, message.blocks) == ("words", [])


@pytest.mark.rule("pins.add.not_pinnable")
async def test_a_message_with_a_file_cannot_be_pinned(sender: Sender, api: Api, room: str) -> None:
    await sender.uploaded(channel_id=room)
    ts = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1].ts
    assert await api.error("pins.add", channel=room, timestamp=ts) == "not_pinnable"


@pytest.mark.rule("files.completeUploadExternal.shares")
async def test_shares_are_in_the_answer_only_where_nothing_is_chosen(
    sender: Sender, room: str
) -> None:
    for chosen, known in ((Chosen(), False), (Chosen.none(), True)):
        sender.sandbox.workspace.chosen = chosen
        files = [{"id": await sender.sent()}]
        done = await sender.api.ok(COMPLETE, files=files, channel_id=room)
        assert bool(done["files"][0]["shares"]) is known
