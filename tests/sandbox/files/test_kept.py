"""What can the app learn of files, fetch and delete, and of which does it know nothing?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import rooms
from bot.sandbox.chosen import Chosen
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import BOT, EXEC, GENERAL, MARA, TOKEN, Sender
from tests.sandbox.foreign import Api, HandMovedClock, Json, write_manifest

PICTURE = b"\x89PNG\r\n"


@pytest.mark.rule("files.download.token", "files.download.login")
async def test_a_download_needs_the_token_in_its_header(sender: Sender, room: str) -> None:
    file = await sender.info(await sender.uploaded("é b.png", PICTURE, channel_id=room))
    for url in (file["url_private"], file["url_private_download"]):
        assert await sender.download(url, **TOKEN) == (200, PICTURE, "")
        for headers in ({}, {"Authorization": "Bearer xoxb-other"}):
            status, content, place = await sender.download(url, **headers)
            assert (status, content) == (302, b"")
            assert place.startswith("/signin?redir=%2Ffiles-pri")
        assert (await sender.download(f"{url}?token=xoxb-sandbox"))[0] == 302
        async with sender.session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert "Sign in" in await answer.text()
    assert (await sender.download(file["permalink"], **TOKEN))[0] == 302

    sender.sandbox.workspace.chosen = Chosen.none()
    assert (await sender.download(file["url_private"]))[0] == 403


async def test_a_download_tells_what_it_is(sender: Sender) -> None:
    file = await sender.info(await sender.uploaded("é b.png", PICTURE))
    async with sender.session.get(file["url_private_download"], headers=TOKEN) as answer:
        assert answer.content_type == "image/png"
        said = answer.headers["Content-Disposition"]
        assert said == "attachment; filename*=UTF-8''%C3%A9%20b.png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    called = [call for call in sender.sandbox.calls if call.method == "url_private"]
    assert [call.args for call in called] == [{"file": file["id"]}]


@pytest.mark.rule("files.download.token")
async def test_without_the_scope_there_is_no_download(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    manifest = write_manifest(tmp_path, without=("files:read",))
    sandbox = Sandbox(manifest, now=clock.now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        sender = Sender(Api(base_url, session), sandbox, session)
        file_id = await sender.sent()
        files = [{"id": file_id}]
        done = await sender.api.ok("files.completeUploadExternal", files=files)
        assert (await sender.download(done["files"][0]["url_private"], **TOKEN))[0] == 302
        assert sender.events == []


@pytest.mark.rule("files.private", "files.info.file_not_found", "files.delete.file_not_found")
async def test_a_file_in_a_private_channel_does_not_exist_for_those_outside(
    sender: Sender, sandbox: Sandbox
) -> None:
    hidden = rooms.create(sandbox.workspace, "hidden", EXEC, is_private=True)
    said = await sandbox.as_person(EXEC).attach(hidden.id, [("a.txt", b"secret")], "For us")
    file_id = said.files[0]
    url = f"{sandbox.workspace.url}/files-pri/T0SANDBOX-{file_id}/a.txt"

    for method in ("files.info", "files.delete"):
        assert await sender.api.error(method, file=file_id) == "file_not_found"
        assert await sender.api.error(method, file="F404") == "file_not_found"
    assert (await sender.api.ok("files.list"))["files"] == []
    assert (await sender.download(url, **TOKEN))[0] == 302
    assert (await sender.download(url.replace(file_id, "F404"), **TOKEN))[0] == 404
    with pytest.raises(LookupError):
        sandbox.as_person(MARA).file_address(file_id)
    assert sender.events == []

    rooms.enter(sandbox.workspace, hidden, BOT)
    file = await sender.info(file_id)
    assert (file["groups"], file["channels"], file["is_public"]) == ([hidden.id], [], False)
    assert (await sender.download(url, **TOKEN))[1] == b"secret"


@pytest.mark.rule("files.private")
async def test_a_file_in_a_public_channel_is_for_people_but_no_app_outside(
    sender: Sender, sandbox: Sandbox
) -> None:
    said = await sandbox.as_person(MARA).attach(GENERAL, [("a.txt", b"a")])
    file_id = said.files[0]
    assert await sender.api.error("files.info", file=file_id) == "file_not_found"
    assert sandbox.as_person(EXEC).file_address(file_id)
    await sender.api.ok("conversations.join", channel=GENERAL)
    assert (await sender.info(file_id))["is_public"] is True


async def test_what_a_private_channel_shares_of_a_public_file_is_not_told(
    sender: Sender, room: str, sandbox: Sandbox
) -> None:
    file_id = await sender.uploaded(channel_id=room)
    hidden = rooms.create(sandbox.workspace, "hidden", EXEC, is_private=True)
    sandbox.workspace.files[file_id].shared[hidden.id] = ["1.1"]
    file = await sender.info(file_id)
    assert (file["groups"], set(file["shares"])) == ([], {"public"})


@pytest.mark.rule(
    "files.info.file_deleted",
    "files.delete.file_deleted",
    "files.delete.cant_delete_file",
    "events.file_deleted",
)
async def test_the_app_deletes_its_own_files_only(sender: Sender, room: str) -> None:
    mine = await sender.uploaded(channel_id=room)
    url = (await sender.info(mine))["url_private"]
    rooms.enter(sender.sandbox.workspace, sender.sandbox.workspace.channels[room], MARA)
    mara = sender.sandbox.as_person(MARA)
    others = (await mara.attach(room, [("b.txt", b"b")])).files[0]

    assert await sender.api.error("files.delete", file=others) == "cant_delete_file"
    assert await sender.api.ok("files.delete", file=mine) == {"ok": True}
    assert await sender.api.error("files.delete", file=mine) == "file_deleted"
    assert await sender.api.error("files.info", file=mine) == "file_deleted"
    assert (await sender.download(url, **TOKEN))[0] == 404
    (gone,) = sender.told("file_deleted")
    expected = {"type": "file_deleted", "file_id": mine, "channel_ids": [room]}
    assert gone == expected | {"event_ts": gone["event_ts"]}
    history = await sender.api.ok("conversations.history", channel=room)
    assert {"id": mine, "mode": "tombstone"} in [
        file for message in history["messages"] for file in message.get("files", [])
    ]
    with pytest.raises(ValueError, match="not yours"):
        await mara.delete_file(await sender.uploaded(channel_id=room))
    await mara.delete_file(others)
    assert await sender.api.error("files.info", file=others) == "file_deleted"


async def test_a_deleted_message_lets_go_of_its_files(sender: Sender, room: str) -> None:
    file_id = await sender.uploaded(channel_id=room)
    ts = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1].ts
    await sender.api.ok("chat.delete", channel=room, ts=ts)
    assert (await sender.info(file_id))["shares"] == {}
    gone = sender.told("message")[-1]
    assert [each["id"] for each in gone["previous_message"]["files"]] == [file_id]

    file_id = await sender.uploaded(channel_id=room)
    ts = sender.sandbox.workspace.messages_seen_by(room, MARA)[-1].ts
    await sender.api.ok("chat.postMessage", channel=room, thread_ts=ts, text="x")
    await sender.api.ok("chat.delete", channel=room, ts=ts)
    assert (await sender.info(file_id))["shares"] == {}


@pytest.mark.rule(
    "files.list.paging",
    "files.list.filters",
    "files.list.unknown_type",
    "files.list.channel_not_found",
    "files.list.user_not_found",
)
async def test_a_list_comes_in_pages_and_is_filtered(
    sender: Sender, room: str, clock: HandMovedClock
) -> None:
    await sender.api.ok("conversations.join", channel=GENERAL)
    text = await sender.uploaded("a.txt", channel_id=room)
    clock.move(timedelta(hours=1))
    picture = await sender.uploaded("b.png")
    mara = sender.sandbox.as_person(MARA)
    pdf = (await mara.attach(GENERAL, [("c.pdf", b"c")])).files[0]
    later = clock.date.timestamp()

    async def listed(**arguments: object) -> list[str]:
        answer = await sender.api.ok("files.list", **arguments)
        return [file["id"] for file in answer["files"]]

    assert await listed() == [pdf, picture, text]
    assert await listed(count=2, page=2) == [text]
    paging = (await sender.api.ok("files.list", count=2))["paging"]
    assert paging == {"count": 2, "total": 3, "page": 1, "pages": 2}
    assert await listed(channel=room) == [text]
    assert await listed(user=MARA) == [pdf]
    assert await listed(ts_from=later) == [pdf, picture]
    assert await listed(ts_to=str(later - 1)) == [text]
    assert await listed(types="images,pdfs") == [pdf, picture]
    assert await listed(types="zips") == []
    assert await sender.api.error("files.list", types="songs") == "unknown_type"
    assert await sender.api.error("files.list", channel="C404") == "channel_not_found"
    assert await sender.api.error("files.list", user="U404") == "user_not_found"
    assert await sender.api.error("files.list", ts_from="now") == "invalid_arguments"
    sender.sandbox.workspace.chosen = Chosen.none()
    assert await listed(channel="C404") == []


async def test_a_snippet_is_shown_with_its_words(sender: Sender) -> None:
    file_id = await sender.sent(b"print(1)", "a.py", snippet_type="python")
    await sender.api.ok("files.completeUploadExternal", files=[{"id": file_id}])
    answer = await sender.api.ok("files.info", file=file_id)
    assert (answer["content"], answer["file"]["mode"]) == ("print(1)", "snippet")
    assert (await sender.api.ok("files.list", types="snippets"))["files"][0]["id"] == file_id


SCOPES: list[tuple[str, Json, str]] = [
    ("files.getUploadURLExternal", {"filename": "a", "length": 1}, "files:write"),
    ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "files:write"),
    ("files.delete", {"file": "F1"}, "files:write"),
    ("files.info", {"file": "F1"}, "files:read"),
    ("files.list", {}, "files:read"),
]


@pytest.mark.rule(
    "files.getUploadURLExternal.scope",
    "files.completeUploadExternal.scope",
    "files.delete.scope",
    "files.info.scope",
    "files.list.scope",
)
@pytest.mark.parametrize(("method", "arguments", "scope"), SCOPES, ids=lambda row: str(row)[:30])
async def test_a_method_without_its_scope_is_refused(
    tmp_path: Path, clock: HandMovedClock, method: str, arguments: Json, scope: str
) -> None:
    sandbox = Sandbox(write_manifest(tmp_path, without=(scope,)), now=clock.now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        answer = await Api(base_url, session)(method, **arguments)
    provided = ",".join(sandbox.workspace.app.scopes)
    expected = {"error": "missing_scope", "needed": scope, "provided": provided}
    assert answer == {"ok": False, **expected}


@pytest.mark.rule("files.sharedPublicURL.token")
@pytest.mark.parametrize("method", ["files.sharedPublicURL", "files.revokePublicURL"])
async def test_a_bot_makes_no_file_public(api: Api, method: str) -> None:
    assert await api.error(method, file="F1") == "not_allowed_token_type"


async def test_files_outlive_the_process(tmp_path: Path, clock: HandMovedClock) -> None:
    state, manifest = tmp_path / "state.json", write_manifest(tmp_path)
    before = Sandbox(manifest, now=clock.now, state=state)
    content = bytes(range(256))
    said = await before.as_person(MARA).attach(GENERAL, [("a.bin", content)])
    before.save()
    after = Sandbox(manifest, now=clock.now, state=state)
    assert after.workspace.files == before.workspace.files
    assert after.workspace.files[said.files[0]].content == content
