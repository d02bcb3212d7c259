"""What do users.*, usergroups.* and canvases refuse, and what do they keep?"""

from __future__ import annotations

import pytest

from tests.sandbox.foreign import Json
from tests.sandbox.methods.world import World

ROWS: list[tuple[pytest.MarkDecorator, str, Json, str]] = [
    (pytest.mark.rule("users.info.user_not_found"),
     "users.info", {"user": "U404"}, "user_not_found"),
    (pytest.mark.rule("users.lookupByEmail.users_not_found"),
     "users.lookupByEmail", {"email": "nobody@example.test"}, "users_not_found"),
    (pytest.mark.rule("users.lookupByEmail.users_not_found"),
     "users.lookupByEmail", {"email": "ruth@example.test"}, "users_not_found"),
    (pytest.mark.rule("usergroups.users.list.no_such_subteam"),
     "usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
    (pytest.mark.rule("canvases.edit.canvas_not_found"),
     "canvases.edit", {"canvas_id": "F404", "changes": [{"operation": "delete"}]},
     "canvas_not_found"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [pytest.param(*row[1:], marks=row[0], id=f"{row[1]}-{row[3]}") for row in ROWS],
)
async def test_a_wrong_call_gets_slacks_code_and_nothing_else(
    world: World, method: str, arguments: Json, code: str
) -> None:
    assert await world(method, arguments) == {"ok": False, "error": code}


def _markdown(words: str) -> Json:
    return {"type": "markdown", "markdown": words}


@pytest.mark.rule("conversations.canvases.create.channel_canvas_already_exists")
async def test_a_channel_has_one_canvas(world: World) -> None:
    asked = {"channel_id": "ROOM", "document_content": _markdown("# Plan")}
    canvas_id = (await world("conversations.canvases.create", asked))["canvas_id"]
    about = await world("conversations.info", {"channel": "ROOM"})
    assert about["channel"]["properties"]["canvas"]["file_id"] == canvas_id
    refused = await world("conversations.canvases.create", asked)
    assert refused == {"ok": False, "error": "channel_canvas_already_exists"}


async def test_a_canvas_keeps_what_was_put_where(world: World) -> None:
    asked = {"channel_id": "ROOM", "document_content": _markdown("# Plan\n\nFirst")}
    canvas_id = (await world("conversations.canvases.create", asked))["canvas_id"]
    first = await _found(world, canvas_id, "first")
    for change in (
        {"operation": "insert_at_end", "document_content": _markdown("Last")},
        {"operation": "insert_at_start", "document_content": _markdown("Top")},
        {"operation": "insert_after", "section_id": first, "document_content": _markdown("Next")},
        {"operation": "insert_before", "section_id": first, "document_content": _markdown("Zero")},
        {"operation": "replace", "section_id": first, "document_content": _markdown("1")},
        {"operation": "rename", "title_content": _markdown("Run")},
    ):
        edited = await world("canvases.edit", {"canvas_id": canvas_id, "changes": [change]})
        assert edited == {"ok": True}, change
    await world("canvases.edit", {"canvas_id": canvas_id, "changes": [
        {"operation": "delete", "section_id": await _found(world, canvas_id, "top")},
    ]})  # fmt: skip

    canvas = world.sandbox.workspace.canvases[canvas_id]
    assert list(canvas.sections.values()) == ["# Plan", "Zero", "1", "Next", "Last"]
    assert canvas.title == "Run"
    headings = {"canvas_id": canvas_id, "criteria": {"section_types": ["any_header"]}}
    assert len((await world("canvases.sections.lookup", headings))["sections"]) == 1
    assert await world("canvases.delete", {"canvas_id": canvas_id}) == {"ok": True}
    assert (await world("conversations.canvases.create", asked))["ok"]


@pytest.mark.rule("canvases.edit.one")
async def test_a_canvas_takes_one_change_a_call(world: World) -> None:
    canvas_id = (await world("canvases.create", {"title": "x"}))["canvas_id"]
    change = {"operation": "insert_at_end", "document_content": _markdown("a")}
    answer = await world("canvases.edit", {"canvas_id": canvas_id, "changes": [change] * 2})
    assert answer["error"] == "invalid_arguments"
    assert (await world("canvases.edit", {"canvas_id": canvas_id, "changes": [change]}))["ok"]


@pytest.mark.rule("canvases.edit.canvas_editing_failed")
async def test_a_change_to_a_section_that_is_not_there_fails_with_a_detail(world: World) -> None:
    canvas_id = (await world("canvases.create", {"title": "x"}))["canvas_id"]
    change = {"operation": "delete", "section_id": "temp:C:404"}
    answer = await world("canvases.edit", {"canvas_id": canvas_id, "changes": [change]})
    assert answer == {
        "ok": False,
        "error": "canvas_editing_failed",
        "detail": "section not found: temp:C:404",
    }


async def test_several_people_share_one_direct_conversation_with_the_app(world: World) -> None:
    asked = {"users": "U0EXEC,U0COMMS", "return_im": True}
    first = await world("conversations.open", asked)
    again = await world("conversations.open", {"users": "U0COMMS,U0EXEC"})

    channel = first["channel"]
    assert (channel["is_mpim"], channel["is_private"]) == (True, True)
    assert channel["name"].startswith("mpdm-")
    assert (again["already_open"], again["channel"]["id"]) == (True, channel["id"])
    assert (await world("chat.postMessage", {"channel": channel["id"], "text": "x"}))["ok"]
    listed = await world("conversations.list", {"types": "mpim"})
    assert [each["id"] for each in listed["channels"]] == [channel["id"]]
    refused = await world("conversations.join", {"channel": channel["id"]})
    assert refused == {"ok": False, "error": "method_not_supported_for_channel_type"}
    rung = world.sandbox.workspace.notifications("U0EXEC")
    assert [each.why for each in rung] == ["direct"]


async def test_a_conversation_can_be_looked_for_without_opening_it(world: World) -> None:
    asked = {"users": "U0EXEC", "prevent_creation": True}
    missing = await world("conversations.open", asked)
    assert missing == {"ok": False, "error": "channel_not_found"}
    await world("conversations.open", {"users": "U0EXEC"})
    assert (await world("conversations.open", asked))["ok"]


async def _found(world: World, canvas_id: str, words: str) -> str:
    asked = {"canvas_id": canvas_id, "criteria": {"contains_text": words}}
    sections = (await world("canvases.sections.lookup", asked))["sections"]
    return str(sections[0]["id"])
