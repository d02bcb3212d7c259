"""What may an app not do where the team's admins or its plan do not let it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.model import Policy
from tests.sandbox.foreign import HandMovedClock, Json
from tests.sandbox.methods.world import World


@pytest.mark.rule(
    "conversations.create.restricted_action",
    "conversations.archive.restricted_action",
    "conversations.kick.restricted_action",
    "chat.postMessage.restricted_action",
)
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("conversations.create", {"name": "new"}),
        ("conversations.archive", {"channel": "ROOM"}),
        ("conversations.kick", {"channel": "ROOM", "user": "U0COMMS"}),
        ("chat.postMessage", {"channel": "ROOM", "text": "x"}),
    ],
)
async def test_what_admins_keep_to_themselves_is_a_restricted_action(
    world: World, method: str, arguments: Json
) -> None:
    world.sandbox.workspace.policy = Policy(restricted=frozenset({method}))
    assert await world(method, arguments) == {"ok": False, "error": "restricted_action"}
    world.sandbox.workspace.policy = Policy()
    assert (await world(method, arguments))["ok"]


@pytest.mark.rule("conversations.archive.cant_archive_required")
async def test_a_channel_the_team_needs_is_not_archived(world: World) -> None:
    world.sandbox.workspace.policy = Policy(required=frozenset({world.names["ROOM"]}))
    answer = await world("conversations.archive", {"channel": "ROOM"})
    assert answer == {"ok": False, "error": "cant_archive_required"}


@pytest.mark.rule("chat.update.edit_window_closed")
async def test_after_the_time_for_it_a_message_is_not_changed(
    world: World, clock: HandMovedClock
) -> None:
    world.sandbox.workspace.policy = Policy(edit_seconds=60)
    change = {"channel": "ROOM", "ts": "TS", "text": "y"}
    clock.move(timedelta(seconds=60))
    assert (await world("chat.update", change))["ok"]
    clock.move(timedelta(seconds=1))
    assert await world("chat.update", change) == {"ok": False, "error": "edit_window_closed"}


@pytest.mark.rule(
    "usergroups.users.list.plan_upgrade_required",
    "conversations.canvases.create.team_tier_cannot_create_channel_canvases",
)
async def test_some_plans_have_no_user_groups_and_no_canvases(world: World) -> None:
    world.sandbox.workspace.policy = Policy(has_user_groups=False, has_canvases=False)
    answer = await world("usergroups.users.list", {"usergroup": "S0SAFETY"})
    assert answer == {"ok": False, "error": "plan_upgrade_required"}
    answer = await world("conversations.canvases.create", {"channel_id": "ROOM"})
    assert answer == {"ok": False, "error": "team_tier_cannot_create_channel_canvases"}
