"""Can an app show files that lie elsewhere, as files.remote.* has it?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import GENERAL
from tests.sandbox.foreign import Api, HandMovedClock, Json, made, write_manifest

SCOPES = ("remote_files:write", "remote_files:read", "remote_files:share")
PLAN = {"external_id": "plan", "external_url": "https://a.example/plan", "title": "The plan"}


@pytest.fixture
async def sandbox(tmp_path: Path, clock: HandMovedClock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(write_manifest(tmp_path, plus=SCOPES), now=clock.now)
    async with sandbox.running():
        yield sandbox


async def added(api: Api, **more: object) -> Json:
    file: Json = (await api.ok("files.remote.add", **{**PLAN, **more}))["file"]
    return file


@pytest.mark.rule("files.remote.add", "files.remote.shape")
async def test_the_same_external_id_again_changes_the_file(api: Api) -> None:
    first = await added(api)
    assert first["is_external"]
    assert (first["external_id"], first["external_url"]) == ("plan", PLAN["external_url"])
    assert (first["mode"], first["filetype"], first["size"]) == ("external", "remote", 0)
    again = await added(api, title="The new plan")
    assert (again["id"], again["title"]) == (first["id"], "The new plan")
    listed = (await api.ok("files.remote.list"))["files"]
    assert [file["title"] for file in listed] == ["The new plan"]


@pytest.mark.rule("files.remote.named", "files.remote.file_not_found")
async def test_a_remote_file_is_found_by_either_of_its_ids(api: Api) -> None:
    file = await added(api)
    for named in ({"file": file["id"]}, {"external_id": "plan"}):
        assert (await api.ok("files.remote.info", **named))["file"] == file
    for wrong in ({"file": "F404"}, {"external_id": "other"}):
        assert await api.error("files.remote.info", **wrong) == "file_not_found"
    assert await api.error("files.remote.info") == "invalid_arguments"
    moved = {"external_id": "plan", "external_url": "https://b.example/plan"}
    changed = (await api.ok("files.remote.update", **moved))["file"]
    assert (changed["title"], changed["external_url"]) == ("The plan", moved["external_url"])


@pytest.mark.rule("files.remote.not_in_channel")
async def test_it_is_shown_in_channels_the_app_is_in_until_it_is_removed(
    api: Api, sandbox: Sandbox
) -> None:
    await added(api)
    room = await made(api)
    there = {"external_id": "plan", "channels": room}
    assert await api.error("files.remote.share", external_id="plan", channels=f"{room},{GENERAL}")
    assert len(sandbox.workspace.channels[room].messages) == 1  # the app's own coming in

    shared = (await api.ok("files.remote.share", **there))["file"]

    assert shared["channels"] == [room]
    newest = (await api.ok("conversations.history", channel=room))["messages"][0]
    assert [file["external_url"] for file in newest["files"]] == [PLAN["external_url"]]
    assert len((await api.ok("files.remote.list", channel=room))["files"]) == 1
    await api.ok("files.remote.remove", external_id="plan")
    assert await api.error("files.remote.info", external_id="plan") == "file_not_found"


@pytest.mark.rule("files.remote.scope")
async def test_without_the_scopes_there_are_no_remote_files(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)
        for method, scope in (("add", "write"), ("info", "read"), ("share", "share")):
            refused = await api(f"files.remote.{method}", **PLAN, channels=GENERAL)
            assert refused["error"] == "missing_scope"
            assert refused["needed"] == f"remote_files:{scope}"
