"""Are views.* refused as Slack refuses them?"""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json, modal, write_manifest
from tests.sandbox.methods.world import World

SAM = "U0EXEC"
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


async def _opened(world: World, external_id: str = "") -> Json:
    trigger = world.sandbox.workspace.triggers.give(SAM)
    view = modal(external_id=external_id)
    opened: Json = (await world.api.ok("views.open", trigger_id=trigger, view=view))["view"]
    return opened


@pytest.mark.rule("views.duplicate_external_id")
async def test_an_external_id_is_one_views_own_in_the_whole_team(world: World) -> None:
    await _opened(world, external_id="one")
    other = world.sandbox.workspace.triggers.give("U0COMMS")
    asked = {"trigger_id": other, "view": modal(external_id="one")}
    refused = await world("views.open", asked)
    assert refused == {"ok": False, "error": "duplicate_external_id"}
    home = {"user_id": SAM, "view": {**HOME, "external_id": "one"}}
    refused = await world("views.publish", home)
    assert refused == {"ok": False, "error": "duplicate_external_id"}


@pytest.mark.rule("views.push_limit_reached")
async def test_three_views_are_a_full_stack(world: World) -> None:
    workspace = world.sandbox.workspace
    view_id = (await _opened(world))["id"]
    for _ in range(2):
        asked = {"trigger_id": workspace.triggers.give(SAM, view_id), "view": modal()}
        pushed = await world("views.push", asked)
        assert pushed["view"]["previous_view_id"] == view_id
        view_id = pushed["view"]["id"]

    asked = {"trigger_id": workspace.triggers.give(SAM, view_id), "view": modal()}
    assert await world("views.push", asked) == {"ok": False, "error": "push_limit_reached"}


@pytest.mark.rule("views.update.hash_conflict")
async def test_an_update_with_an_old_hash_conflicts(world: World) -> None:
    view = await _opened(world)
    asked = {"view_id": view["id"], "hash": view["hash"], "view": modal()}
    assert (await world("views.update", asked))["ok"]
    assert await world("views.update", asked) == {"ok": False, "error": "hash_conflict"}


@pytest.mark.rule("views.publish.hash_conflict")
async def test_a_home_published_with_an_old_hash_conflicts(world: World) -> None:
    first = await world("views.publish", {"user_id": SAM, "view": HOME})
    asked = {"user_id": SAM, "view": HOME, "hash": first["view"]["hash"]}
    assert (await world("views.publish", asked))["ok"]
    assert await world("views.publish", asked) == {"ok": False, "error": "hash_conflict"}


@pytest.mark.rule("views.update.external_id")
async def test_a_view_is_found_by_the_id_the_app_gave_it(world: World) -> None:
    view = await _opened(world, external_id="mine")
    asked = {"external_id": "mine", "view": modal(external_id="mine")}
    assert (await world("views.update", asked))["view"]["id"] == view["id"]


@pytest.mark.rule("views.update.not_found")
@pytest.mark.parametrize("name", ["view_id", "external_id"])
async def test_a_view_that_is_not_open_is_not_found(world: World, name: str) -> None:
    asked = {name: "V404", "view": modal()}
    assert await world("views.update", asked) == {"ok": False, "error": "not_found"}


async def test_an_update_names_its_view(world: World) -> None:
    answer = await world("views.update", {"view": modal()})
    assert answer["error"] == "invalid_arguments"


@pytest.mark.rule("views.publish.not_enabled")
async def test_without_a_home_tab_nothing_is_published(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path)
    content = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    content["features"]["app_home"]["home_tab_enabled"] = False
    manifest.write_text(yaml.safe_dump(content), encoding="utf-8")
    sandbox = Sandbox(manifest, now=HandMovedClock().now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        answer = await Api(base_url, session)("views.publish", user_id=SAM, view=HOME)

    assert answer == {"ok": False, "error": "not_enabled"}
