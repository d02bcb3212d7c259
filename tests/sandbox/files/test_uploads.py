"""Does a file come in as Slack's external upload flow has it?"""

from __future__ import annotations

import dataclasses

import aiohttp
import pytest

from bot.sandbox.chosen import Chosen
from tests.sandbox.files.world import BOT, COMPLETE, MARA, Sender
from tests.sandbox.foreign import Json

GET = "files.getUploadURLExternal"


@pytest.mark.rule(
    "files.getUploadURLExternal.answer",
    "files.upload.answer",
    "files.completeUploadExternal.message",
    "files.completeUploadExternal.shares",
    "events.file_share",
    "events.file_shared",
    "events.file_created",
)
async def test_three_steps_make_a_message_with_the_file(sender: Sender, room: str) -> None:
    asked = await sender.asked(5, alt_txt="A greeting")
    assert set(asked) == {"ok", "upload_url", "file_id"}
    async with sender.session.post(asked["upload_url"], data=b"hello") as answer:
        assert (answer.status, await answer.text()) == (200, "OK - 5")
    files = [{"id": asked["file_id"], "title": "Greeting"}]
    done = await sender.api.ok(
        COMPLETE, files=files, channel_id=room, initial_comment="See <this> & that"
    )

    assert done["files"][0]["id"] == asked["file_id"]
    assert done["files"][0]["title"] == "Greeting"
    assert (done["files"][0]["shares"], done["files"][0]["channels"]) == ({}, [])
    file = await sender.info(asked["file_id"])
    message = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1]
    assert file["shares"]["public"][room][0]["ts"] == message.ts
    assert (file["channels"], file["is_public"]) == ([room], True)
    assert (file["name"], file["size"], file["mimetype"]) == ("a.txt", 5, "text/plain")
    assert (file["filetype"], file["user"], file["alt_txt"]) == ("text", BOT, "A greeting")
    said = sender.told("message")[-1]
    assert (said["subtype"], said["text"]) == ("file_share", "See &lt;this&gt; &amp; that")
    assert (said["bot_id"], said["upload"]) == ("B0HELPER", False)
    assert [each["id"] for each in said["files"]] == [file["id"]]
    about = {"file_id": file["id"], "user_id": BOT, "file": {"id": file["id"]}}
    (shared,) = sender.told("file_shared")
    assert shared == {"type": "file_shared", **about, "channel_id": room} | _ts(shared)
    (created,) = sender.told("file_created")
    assert created == {"type": "file_created", **about} | _ts(created)


def _ts(event: Json) -> Json:
    return {"event_ts": event["event_ts"]}


@pytest.mark.rule("files.upload.bodies")
@pytest.mark.parametrize("field", ["file", "filename", "anything"])
async def test_bytes_may_come_as_multipart(sender: Sender, field: str) -> None:
    content = bytes(range(256))
    asked = await sender.asked(len(content), "a.bin")
    form = aiohttp.FormData()
    form.add_field("note", "x")
    form.add_field(field, content, filename="a.bin")
    async with sender.session.post(asked["upload_url"], data=form) as answer:
        assert (answer.status, await answer.text()) == (200, "OK - 256")
    files = [{"id": asked["file_id"]}]
    done = (await sender.api.ok(COMPLETE, files=files))["files"][0]
    assert sender.sandbox.workspace.files[asked["file_id"]].content == content
    assert (done["size"], done["mimetype"]) == (256, "application/octet-stream")


@pytest.mark.rule("files.upload.bodies")
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "x"])
async def test_bytes_are_raw_whatever_their_type_is_called(sender: Sender, kind: str) -> None:
    asked = await sender.asked(6)
    headers = {"Content-Type": kind}
    async with sender.session.post(asked["upload_url"], data=b"a=b&c\0", headers=headers) as answer:
        assert (answer.status, await answer.text()) == (200, "OK - 6")


@pytest.mark.rule("files.upload.failure", "files.upload.length")
async def test_a_failed_upload_is_no_200(sender: Sender) -> None:
    asked = await sender.asked(5)
    url = asked["upload_url"]
    assert await sender.status(url, b"") == 400
    assert await sender.status(url, b"four") == 400
    assert await sender.status(f"{url}x", b"hello") == 404
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with sender.session.post(url, data=b"broken", headers=headers) as answer:
        assert answer.status == 400
    sender.sandbox.workspace.chosen = Chosen.none()
    assert await sender.status(url, b"four") == 200


async def test_an_upload_is_in_the_journal_and_goes_wrong_on_purpose(sender: Sender) -> None:
    sender.sandbox.faults.add("upload_url:500:1")
    asked = await sender.asked(5)
    assert await sender.status(asked["upload_url"], b"hello") == 500
    assert await sender.status(asked["upload_url"], b"hello") == 200
    calls = [call for call in sender.sandbox.calls if call.method == "upload_url"]
    assert [(call.status, call.args) for call in calls] == [
        (500, {"bytes": 5}),
        (200, {"bytes": 5}),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(
            {"length": 0}, "missing_argument",
            marks=pytest.mark.rule("files.getUploadURLExternal.missing_argument"),
        ),
        pytest.param(
            {"length": 1_000_001, "snippet_type": "python"}, "snippet_too_large",
            marks=pytest.mark.rule("files.getUploadURLExternal.snippet_too_large"),
        ),
        pytest.param(
            {"alt_txt": "x" * 1001}, "alt_txt_too_large",
            marks=pytest.mark.rule("files.getUploadURLExternal.alt_txt_too_large"),
        ),
        pytest.param(
            {"length": 5_000_000_001}, "storage_limit_reached",
            marks=pytest.mark.rule("files.getUploadURLExternal.storage_limit_reached"),
        ),
        ({"length": "many"}, "invalid_arguments"),
        ({"length": -1}, "invalid_arguments"),
        ({"filename": ""}, "invalid_arguments"),
        ({"filename": ["a"]}, "invalid_arguments"),
    ],
)  # fmt: skip
async def test_a_wrong_request_for_an_upload_is_refused(
    sender: Sender, arguments: Json, code: str
) -> None:
    given = {"filename": "a.txt", "length": 5, **arguments}
    assert await sender.api.error(GET, **given) == code


async def test_the_largest_of_each_is_taken(sender: Sender) -> None:
    await sender.asked(1_000_000, snippet_type="python", alt_txt="x" * 1000)
    await sender.asked(1_000_001)


@pytest.mark.rule("files.getUploadURLExternal.storage_limit_reached")
async def test_storage_counts_what_is_kept_and_what_is_under_way(sender: Sender) -> None:
    workspace = sender.sandbox.workspace
    workspace.policy = dataclasses.replace(workspace.policy, storage_bytes=12)
    kept = await sender.uploaded()
    await sender.asked(5)
    assert await sender.api.error(GET, filename="b", length=3) == "storage_limit_reached"
    await sender.api.ok("files.delete", file=kept)
    await sender.asked(7)
