"""Which of Slack's files may blocks show?"""

from __future__ import annotations

import pytest

from bot.sandbox import rooms
from bot.sandbox.responses import Place
from tests.sandbox.files.world import BOT, EXEC, MARA, Sender
from tests.sandbox.foreign import Json, plain

PICTURE = b"\x89PNG\r\n"
PICTURES: list[Json] = [
    {"type": "image", "alt_text": "x"},
    {"type": "context", "elements": [{"type": "image", "alt_text": "x"}]},
    {
        "type": "section",
        "text": plain("x"),
        "accessory": {"type": "image", "alt_text": "x"},
    },
]


def showing(block: Json, slack_file: Json) -> tuple[Json, str]:
    """The block with this picture, and where in the block it stands."""
    if "elements" in block:
        return {**block, "elements": [{**block["elements"][0], "slack_file": slack_file}]}, (
            "/elements/0"
        )
    if "accessory" in block:
        return {**block, "accessory": {**block["accessory"], "slack_file": slack_file}}, (
            "/accessory"
        )
    return {**block, "slack_file": slack_file}, ""


@pytest.mark.rule("objects.slack_file.exists", "objects.slack_file.image")
@pytest.mark.parametrize("block", PICTURES, ids=lambda block: str(block["type"]))
async def test_a_picture_in_a_block_is_one_the_app_sees(
    sender: Sender, room: str, block: Json
) -> None:
    file = await sender.info(await sender.uploaded("a.PNG", PICTURE))
    for slack_file in (
        {"id": file["id"]},
        {"url": file["url_private"]},
        {"url": file["permalink"]},
    ):
        shown, _ = showing(block, slack_file)
        await sender.api.ok("chat.postMessage", channel=room, text="x", blocks=[shown])
        view = {"type": "home", "blocks": [shown]}
        await sender.api.ok("views.publish", user_id=MARA, view=view)


@pytest.mark.rule("objects.slack_file.exists", "objects.slack_file.image")
@pytest.mark.parametrize("block", PICTURES, ids=lambda block: str(block["type"]))
async def test_any_other_picture_is_refused_with_its_place(
    sender: Sender, room: str, block: Json
) -> None:
    workspace = sender.sandbox.workspace
    hidden = rooms.create(workspace, "hidden", EXEC, is_private=True).id
    said = await sender.sandbox.as_person(EXEC).attach(hidden, [("b.png", PICTURE)])
    for slack_file in (
        {"id": await sender.uploaded("a.txt")},
        {"id": "F404"},
        {"id": said.files[0]},
        {"url": "https://files.slack.com/files-pri/T1-F1/a.png"},
        {"url": f"{workspace.url}/files"},
    ):
        shown, place = showing(block, slack_file)
        told = f"invalid slack file [json-pointer:/blocks/0{place}/slack_file/{[*slack_file][0]}]"
        given: Json = {"channel": room, "text": "x", "blocks": [shown]}
        assert await sender.api("chat.postMessage", **given) == {
            "ok": False,
            "error": "invalid_blocks",
            "errors": [told],
            "response_metadata": {"messages": [f"[ERROR] {told}"]},
        }
        view = {"type": "home", "blocks": [shown]}
        refused = await sender.api("views.publish", user_id=MARA, view=view)
        assert refused["error"] == "invalid_arguments"
        in_view = f"[ERROR] {told.replace('pointer:', 'pointer:/view')}"
        assert refused["response_metadata"]["messages"] == [in_view]


@pytest.mark.rule("objects.slack_file.exists")
async def test_every_way_to_write_blocks_looks_at_their_pictures(sender: Sender, room: str) -> None:
    ts = (await sender.api.ok("chat.postMessage", channel=room, text="x"))["ts"]
    blocks = [{"type": "image", "alt_text": "x", "slack_file": {"id": "F404"}}]
    later = sender.sandbox.workspace.now_seconds() + 600
    for method, more in (
        ("chat.update", {"ts": ts}),
        ("chat.postEphemeral", {"user": BOT}),
        ("chat.scheduleMessage", {"post_at": later, "text": "x"}),
    ):
        given = {"channel": room, "blocks": blocks, **more}
        assert await sender.api.error(method, **given) == "invalid_blocks"
    url = sender.sandbox.workspace.responses.give(Place(room, MARA, ts))
    assert (
        await sender.api.respond(f"{sender.sandbox.workspace.url}/response/{url}", blocks=blocks)
        == 400
    )
