"""Are conversations.* refused as Slack refuses them?"""

from __future__ import annotations

import pytest

from tests.sandbox.foreign import Json
from tests.sandbox.methods.world import GENERAL, World

_Row = tuple[pytest.MarkDecorator, str, Json, str]

MADE: list[_Row] = [
    (pytest.mark.rule("conversations.create.name_taken"),
     "conversations.create", {"name": "archived"}, "name_taken"),
    (pytest.mark.rule("conversations.create.name_taken"),
     "conversations.create", {"name": "hidden"}, "name_taken"),
    (pytest.mark.rule("conversations.create.invalid_name_required"),
     "conversations.create", {}, "invalid_name_required"),
    (pytest.mark.rule("conversations.create.invalid_name_maxlength", "channels.name.length"),
     "conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    (pytest.mark.rule("conversations.create.invalid_name_punctuation"),
     "conversations.create", {"name": "--"}, "invalid_name_punctuation"),
    (pytest.mark.rule("conversations.create.invalid_name_specials", "channels.name.create"),
     "conversations.create", {"name": "Room"}, "invalid_name_specials"),
    (pytest.mark.rule("conversations.create.invalid_name_specials", "channels.name.letters"),
     "conversations.create", {"name": "my room"}, "invalid_name_specials"),
    (pytest.mark.rule("channels.name.letters"),
     "conversations.create", {"name": "room.1"}, "invalid_name_specials"),
    (pytest.mark.rule("conversations.create.invalid_name"),
     "conversations.create", {"name": ["room"]}, "invalid_name"),
    (pytest.mark.rule("conversations.rename.not_authorized", "channels.creator"),
     "conversations.rename", {"channel": "JOINED", "name": "x"}, "not_authorized"),
    (pytest.mark.rule("conversations.rename.name_taken"),
     "conversations.rename", {"channel": "ROOM", "name": "General"}, "name_taken"),
    (pytest.mark.rule("conversations.rename.is_archived"),
     "conversations.rename", {"channel": "ARCHIVED", "name": "x"}, "is_archived"),
    (pytest.mark.rule("conversations.setTopic.too_long", "channels.topic"),
     "conversations.setTopic", {"channel": "ROOM", "topic": "x" * 251}, "too_long"),
    (pytest.mark.rule("conversations.setTopic.not_in_channel"),
     "conversations.setTopic", {"channel": GENERAL, "topic": "x"}, "not_in_channel"),
    (pytest.mark.rule("conversations.setTopic.is_archived"),
     "conversations.setTopic", {"channel": "ARCHIVED", "topic": "x"}, "is_archived"),
    (pytest.mark.rule("conversations.setPurpose.too_long", "channels.topic"),
     "conversations.setPurpose", {"channel": "ROOM", "purpose": "x" * 251}, "too_long"),
    (pytest.mark.rule("conversations.setPurpose.not_in_channel"),
     "conversations.setPurpose", {"channel": GENERAL, "purpose": "x"}, "not_in_channel"),
    (pytest.mark.rule("conversations.setPurpose.is_archived"),
     "conversations.setPurpose", {"channel": "ARCHIVED", "purpose": "x"}, "is_archived"),
    (pytest.mark.rule("conversations.archive.already_archived"),
     "conversations.archive", {"channel": "ARCHIVED"}, "already_archived"),
    (pytest.mark.rule("conversations.archive.cant_archive_general"),
     "conversations.archive", {"channel": GENERAL}, "cant_archive_general"),
    (pytest.mark.rule("conversations.archive.not_in_channel"),
     "conversations.archive", {"channel": "C0SUPPORT"}, "not_in_channel"),
]  # fmt: skip
PEOPLE: list[_Row] = [
    (pytest.mark.rule("conversations.invite.not_in_channel"),
     "conversations.invite", {"channel": GENERAL, "users": "U0GUEST"}, "not_in_channel"),
    (pytest.mark.rule("conversations.invite.is_archived"),
     "conversations.invite", {"channel": "ARCHIVED", "users": "U0EXEC"}, "is_archived"),
    (pytest.mark.rule("conversations.invite.listed"),
     "conversations.invite",
     {"channel": "ROOM", "users": ",".join(f"U{each}" for each in range(101))}, "too_many_users"),
    (pytest.mark.rule("conversations.kick.cant_kick_self"),
     "conversations.kick", {"channel": "ROOM", "user": "U0HELPER"}, "cant_kick_self"),
    (pytest.mark.rule("conversations.kick.not_in_channel"),
     "conversations.kick", {"channel": "ROOM", "user": "U0EXEC"}, "not_in_channel"),
    (pytest.mark.rule("conversations.kick.not_in_channel"),
     "conversations.kick", {"channel": GENERAL, "user": "U0EXEC"}, "not_in_channel"),
    (pytest.mark.rule("conversations.join.is_archived"),
     "conversations.join", {"channel": "ARCHIVED"}, "is_archived"),
    (pytest.mark.rule("channels.private.hidden"),
     "conversations.join", {"channel": "HIDDEN"}, "channel_not_found"),
    (pytest.mark.rule("conversations.open.users_list_not_supplied"),
     "conversations.open", {}, "users_list_not_supplied"),
    (pytest.mark.rule("conversations.open.user_disabled"),
     "conversations.open", {"users": "U0LEFT"}, "user_disabled"),
    (pytest.mark.rule("conversations.open.users"),
     "conversations.open", {"users": ",".join(f"U{each}" for each in range(9))}, "too_many_users"),
]  # fmt: skip
READ: list[_Row] = [
    (pytest.mark.rule("conversations.history.not_in_channel", "channels.history"),
     "conversations.history", {"channel": GENERAL}, "not_in_channel"),
    (pytest.mark.rule("conversations.history.channel_not_found", "channels.private.hidden"),
     "conversations.history", {"channel": "HIDDEN"}, "channel_not_found"),
    (pytest.mark.rule("conversations.history.invalid_ts_oldest"),
     "conversations.history", {"channel": "ROOM", "oldest": "x"}, "invalid_ts_oldest"),
    (pytest.mark.rule("conversations.history.invalid_ts_latest"),
     "conversations.history", {"channel": "ROOM", "latest": "x"}, "invalid_ts_latest"),
    (pytest.mark.rule("conversations.history.invalid_cursor", "webapi.invalid_cursor"),
     "conversations.history", {"channel": "ROOM", "cursor": "x"}, "invalid_cursor"),
    (pytest.mark.rule("conversations.history.limit", "webapi.invalid_limit"),
     "conversations.history", {"channel": "ROOM", "limit": 1000}, "invalid_limit"),
    (pytest.mark.rule("conversations.replies.thread_not_found"),
     "conversations.replies", {"channel": "ROOM", "ts": "1.1"}, "thread_not_found"),
    (pytest.mark.rule("conversations.info.channel_not_found", "channels.private.hidden"),
     "conversations.info", {"channel": "HIDDEN"}, "channel_not_found"),
    (pytest.mark.rule("conversations.members.channel_not_found"),
     "conversations.members", {"channel": "C404"}, "channel_not_found"),
    (pytest.mark.rule("channels.private.hidden"),
     "conversations.members", {"channel": "HIDDEN"}, "channel_not_found"),
    (pytest.mark.rule("conversations.members.invalid_cursor"),
     "conversations.members", {"channel": "ROOM", "cursor": "bmV4dDo5OTk="}, "invalid_cursor"),
    (pytest.mark.rule("conversations.members.invalid_limit"),
     "conversations.members", {"channel": "ROOM", "limit": "many"}, "invalid_limit"),
    (pytest.mark.rule("users.conversations.invalid_types"),
     "users.conversations", {"types": "public"}, "invalid_types"),
]  # fmt: skip
ROWS = [*MADE, *PEOPLE, *READ]


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [pytest.param(*row[1:], marks=row[0], id=f"{row[1]}-{row[3]}") for row in ROWS],
)
async def test_a_wrong_call_gets_slacks_code_and_nothing_else(
    world: World, method: str, arguments: Json, code: str
) -> None:
    world.names["JOINED"] = "C0INCIDENTS"
    await world.api.ok("conversations.join", channel="C0INCIDENTS")

    assert await world(method, arguments) == {"ok": False, "error": code}


@pytest.mark.rule("conversations.create.invalid_name_maxlength", "channels.name.length")
async def test_a_name_of_80_characters_is_taken(world: World) -> None:
    assert (await world("conversations.create", {"name": "x" * 80}))["ok"]


@pytest.mark.rule("conversations.setTopic.too_long", "channels.topic")
async def test_a_topic_and_a_purpose_of_250_characters_are_taken(world: World) -> None:
    assert (await world("conversations.setTopic", {"channel": "ROOM", "topic": "x" * 250}))["ok"]
    purpose = {"channel": "ROOM", "purpose": "x" * 250}
    assert (await world("conversations.setPurpose", purpose))["ok"]


@pytest.mark.rule("channels.name.rename", "channels.creator")
async def test_rename_changes_the_name_until_it_fits(world: World) -> None:
    renamed = await world("conversations.rename", {"channel": "ROOM", "name": "My Room!"})
    assert renamed["channel"]["name"] == "my-room"


@pytest.mark.rule("conversations.kick.cant_kick_from_general")
async def test_nobody_is_taken_out_of_general(world: World) -> None:
    await world.api.ok("conversations.join", channel=GENERAL)
    answer = await world("conversations.kick", {"channel": GENERAL, "user": "U0EXEC"})
    assert answer == {"ok": False, "error": "cant_kick_from_general"}


@pytest.mark.rule(
    "conversations.invite.already_in_channel",
    "conversations.invite.cant_invite_self",
    "conversations.invite.cant_invite",
    "conversations.invite.user_not_found",
    "conversations.invite.ura_max_channels",
    "conversations.invite.errors",
)
@pytest.mark.parametrize(
    ("user", "code"),
    [
        ("U0COMMS", "already_in_channel"),
        ("U0HELPER", "cant_invite_self"),
        ("U0LEFT", "cant_invite"),
        ("U404", "user_not_found"),
        ("U0GUEST", "ura_max_channels"),
    ],
)
async def test_one_who_cannot_be_invited_stops_all_and_is_told(
    world: World, user: str, code: str
) -> None:
    workspace = world.sandbox.workspace
    workspace.people["U0GUEST"].is_single_channel_guest = True
    workspace.channels[GENERAL].members.append("U0GUEST")

    answer = await world("conversations.invite", {"channel": "ROOM", "users": f"U0EXEC,{user}"})

    mistakes = [{"user": user, "ok": False, "error": code}]
    assert answer == {"ok": False, "error": code, "errors": mistakes}
    members = await world.api.ok("conversations.members", channel=world.names["ROOM"])
    assert "U0EXEC" not in members["members"]


@pytest.mark.rule("conversations.invite.force")
async def test_with_force_the_others_are_invited(world: World) -> None:
    asked = {"channel": "ROOM", "users": "U0EXEC,U404", "force": True}
    answer = await world("conversations.invite", asked)

    assert answer["ok"]
    assert answer["errors"] == [{"user": "U404", "ok": False, "error": "user_not_found"}]
    members = await world.api.ok("conversations.members", channel=world.names["ROOM"])
    assert members["members"] == ["U0HELPER", "U0COMMS", "U0EXEC"]


@pytest.mark.rule("conversations.invite.users")
async def test_where_only_the_larger_number_counts_1000_people_are_the_most(
    world: World,
) -> None:
    world.sandbox.workspace.chosen = type(world.sandbox.workspace.chosen).none()
    for number, code in ((1000, "user_not_found"), (1001, "too_many_users")):
        users = ",".join(f"U{each}" for each in range(number))
        answer = await world("conversations.invite", {"channel": "ROOM", "users": users})
        assert answer["error"] == code


@pytest.mark.rule("conversations.join.warning")
async def test_joining_twice_is_fine_with_a_warning(world: World) -> None:
    answer = await world("conversations.join", {"channel": "ROOM"})
    assert (answer["ok"], answer["warning"]) == (True, "already_in_channel")
    assert answer["response_metadata"] == {"warnings": ["already_in_channel"]}


@pytest.mark.rule(
    "conversations.join.method_not_supported_for_channel_type", "channels.private.join"
)
async def test_nobody_joins_a_private_channel(world: World) -> None:
    made = await world("conversations.create", {"name": "secret", "is_private": True})
    answer = await world("conversations.join", {"channel": made["channel"]["id"]})
    assert answer == {"ok": False, "error": "method_not_supported_for_channel_type"}


@pytest.mark.rule("channels.id.kind", "channels.id.direct")
async def test_is_private_tells_a_private_channel_not_its_id(world: World) -> None:
    made = (await world("conversations.create", {"name": "secret", "is_private": True}))["channel"]
    assert (made["id"][0], made["is_private"]) == ("C", True)
    opened = await world("conversations.open", {"users": "U0EXEC"})
    assert opened["channel"]["id"].startswith("D")


@pytest.mark.rule("channels.private.listed")
async def test_lists_leave_out_private_channels_of_others(world: World) -> None:
    for method in ("conversations.list", "users.conversations"):
        types = "public_channel,private_channel"
        asked = {"types": types} | ({"user": "U0EXEC"} if method.startswith("users") else {})
        listed = {each["name"] for each in (await world(method, asked))["channels"]}
        assert "general" in listed
        assert "hidden" not in listed


@pytest.mark.rule("webapi.cursor")
async def test_a_list_comes_in_pages_until_the_cursor_is_empty(world: World) -> None:
    names: list[str] = []
    cursor, pages = "", 0
    while True:
        page = await world("conversations.list", {"limit": 3, "cursor": cursor})
        pages += 1
        names += [each["name"] for each in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
        assert len(page["channels"]) == 3
    whole = await world("conversations.list", {})
    assert names == [each["name"] for each in whole["channels"]]
    assert pages == 3


@pytest.mark.rule("conversations.history.default", "conversations.history.limit")
async def test_a_page_of_history_holds_100_messages_or_up_to_999(world: World) -> None:
    room = world.names["ROOM"]
    for number in range(120):
        await world.sandbox.as_person("U0COMMS").say(room, str(number))

    page = await world("conversations.history", {"channel": "ROOM"})
    assert (len(page["messages"]), page["has_more"]) == (100, True)
    whole = await world("conversations.history", {"channel": "ROOM", "limit": 999})
    assert (len(whole["messages"]), whole["has_more"]) == (124, False)
