"""Do files that people attach reach the others, and the app?"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.chosen import Chosen
from bot.sandbox.model import View
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import EXEC, GENERAL, MARA, TOKEN, Named, Sender
from tests.sandbox.foreign import Api, HandMovedClock, Json, modal, plain, write_manifest

PICTURE = b"\x89PNG\r\n"


def with_file(**more: Any) -> Json:
    """A modal that asks for files."""
    element = {"type": "file_input", "action_id": "files", **more}
    block = {"type": "input", "block_id": "row", "label": plain("Files"), "element": element}
    return modal(blocks=[block])


async def opened(sender: Sender, **more: Any) -> View:
    """The modal that asks for files, open before Mara."""
    trigger_id = sender.sandbox.workspace.triggers.give(MARA)
    await sender.api.ok("views.open", trigger_id=trigger_id, view=with_file(**more))
    view = sender.sandbox.as_person(MARA).open_view()
    assert view is not None
    return view


@pytest.mark.rule("events.file_shared", "events.file_created", "events.file_share")
async def test_an_attached_file_makes_a_message_and_the_events(
    sender: Sender, sandbox: Sandbox
) -> None:
    await sender.api.ok("conversations.join", channel=GENERAL)
    sender.events.clear()
    taken = [("a.png", PICTURE), ("b.txt", b"b")]
    mara = sandbox.as_person(MARA)
    said = await mara.attach(GENERAL, taken, "Look <!here> @idris")

    kinds = [event["type"] for event in sender.events]
    assert sorted(kinds) == ["file_created"] * 2 + ["file_shared"] * 2 + ["message"]
    message = sender.told("message")[0]
    assert (message["subtype"], message["upload"]) == ("file_share", True)
    assert message["text"] == "Look &lt;!here&gt; <@U0SAFETY>"
    assert [file["name"] for file in message["files"]] == ["a.png", "b.txt"]
    shared = sender.told("file_shared")[0]
    assert (shared["channel_id"], shared["user_id"]) == (GENERAL, MARA)
    assert shared["file_id"] == shared["file"]["id"] == said.files[0]
    file = await sender.info(said.files[0])
    assert (await sender.download(file["url_private"], **TOKEN))[1] == PICTURE
    assert sandbox.workspace.notifications("U0SAFETY")[0].why == "mention"


async def test_a_file_can_be_attached_in_a_thread_and_its_words_changed(
    sender: Sender, sandbox: Sandbox
) -> None:
    mara = sandbox.as_person(MARA)
    root = await mara.say(GENERAL, "Down")
    reply = await mara.attach(GENERAL, [("a.txt", b"a")], "Logs", root.ts)
    assert reply.thread_ts == root.ts
    await mara.edit(GENERAL, reply.ts, "The logs")
    assert (reply.text, len(reply.files)) == ("The logs", 1)
    await mara.delete(GENERAL, reply.ts)
    assert sandbox.workspace.files[sandbox_file(sandbox)].shared == {}


def sandbox_file(sandbox: Sandbox) -> str:
    """The id of the only file there is."""
    (file_id,) = sandbox.workspace.files
    return file_id


@pytest.mark.parametrize("taken", [[], [("a", b"a")] * 11, [("", b"a")], [("a", b"")]])
async def test_no_file_too_many_and_empty_ones_are_refused(sandbox: Sandbox, taken: Named) -> None:
    with pytest.raises(ValueError, match="file|Files"):
        await sandbox.as_person(MARA).attach(GENERAL, taken)
    assert sandbox.workspace.files == {}
    assert sandbox.workspace.messages_seen_by(GENERAL, MARA) == []


async def test_a_browser_gets_what_its_person_sees(sender: Sender, sandbox: Sandbox) -> None:
    said = await sandbox.as_person(MARA).attach(GENERAL, [("<b>.svg", b"<svg/>"), ("a.html", b"x")])
    picture, page = [sandbox.as_person(EXEC).file_address(each) for each in said.files]
    assert picture == sandbox.as_person(EXEC).file_address(said.files[0])
    assert picture != sandbox.as_person(MARA).file_address(said.files[0])
    base = sandbox.workspace.url
    async with sender.session.get(base + picture) as answer:
        assert (answer.status, await answer.read()) == (200, b"<svg/>")
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for address in (page, f"{picture}?download=1"):
        async with sender.session.get(base + address) as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (await sender.download(f"{base}/shown/none/a.png"))[0] == 404
    await sandbox.as_person(MARA).delete_file(said.files[0])
    assert (await sender.download(base + picture))[0] == 404


async def test_a_program_attaches_by_the_control_api(sender: Sender, sandbox: Sandbox) -> None:
    url = f"{sandbox.workspace.url}/control/people/{MARA}/attach"
    encoded = base64.b64encode(PICTURE).decode()
    given = {"channel_id": GENERAL, "taken": [["a.png", encoded]], "words": "Look"}
    async with sender.session.post(url, json=given) as answer:
        assert answer.status == 200
        (file_id,) = (await answer.json())["result"]["files"]
    assert sandbox.workspace.files[file_id].content == PICTURE
    for wrong in ("x", [["a.png"]], [["a.png", "?"]], ["a.png"], [[1, 2]]):
        async with sender.session.post(url, json={**given, "taken": wrong}) as answer:
            assert answer.status == 400, wrong


@pytest.mark.rule("elements.file_input.state")
async def test_a_modal_gets_the_files_and_the_app_reads_them(
    sender: Sender, sandbox: Sandbox
) -> None:
    view = await opened(sender)
    mara = sandbox.as_person(MARA)
    await mara.submit(view.id)
    assert view.errors == {"row": "Please complete this required field."}
    mara.fill_files(view.id, "row", "files", [("a.png", PICTURE)])
    value = view.state["row"]["files"]
    assert value["type"] == "file_input"
    (file,) = value["files"]
    assert (file["name"], file["user"], file["shares"]) == ("a.png", MARA, {})
    await mara.submit(view.id)
    sent = [each for each in sandbox.deliveries if each.name == "view_submission"][0]
    assert sent.payload["view"]["state"]["values"]["row"]["files"] == value
    assert (await sender.download(file["url_private_download"], **TOKEN))[1] == PICTURE
    assert (await sender.info(file["id"]))["mimetype"] == "image/png"
    with pytest.raises(LookupError):
        sandbox.as_person(EXEC).file_address(file["id"])


@pytest.mark.rule(
    "elements.file_input.max_files",
    "elements.file_input.filetypes",
    "elements.file_input.bytes",
)
async def test_a_file_input_takes_what_it_asks_for_only(sender: Sender, sandbox: Sandbox) -> None:
    view = await opened(sender, max_files=2, filetypes=["pdf", "jpg"])
    mara = sandbox.as_person(MARA)

    def fill(taken: Named) -> None:
        mara.fill_files(view.id, "row", "files", taken)

    with pytest.raises(ValueError, match="Choose at most 2 files"):
        fill([("a.pdf", b"a")] * 3)
    with pytest.raises(ValueError, match="Choose files of type pdf, jpg"):
        fill([("a.pdf", b"a"), ("b.txt", b"b")])
    with pytest.raises(ValueError, match="at most 10 MB"):
        fill([("a.pdf", b"a" * 10_000_001)])
    fill([("A.PDF", b"a" * 10_000_000), ("b.jpeg", b"b")])
    assert len(view.state["row"]["files"]["files"]) == 2
    fill([])
    assert view.state["row"]["files"]["files"] == []


@pytest.mark.rule("elements.file_input.scope")
async def test_a_file_input_needs_the_scope_to_read(tmp_path: Path, clock: HandMovedClock) -> None:
    manifest = write_manifest(tmp_path, without=("files:read",))
    sandbox = Sandbox(manifest, now=clock.now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)

        async def answer(view: Json) -> Json:
            trigger_id = sandbox.workspace.triggers.give(MARA)
            return await api("views.open", trigger_id=trigger_id, view=view)

        refused = await answer(with_file())
        assert (refused["error"], refused["needed"]) == ("missing_scope", "files:read")
        assert (await answer(modal()))["ok"]
        sandbox.workspace.chosen = Chosen.none()
        assert (await answer(with_file()))["ok"]
