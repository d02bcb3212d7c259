"""How does a file reach one person, once?"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

from bot.core.failures import Permanent
from bot.reads import NotWritten
from bot.slack.calls import Calls, Json, Self
from bot.slack.effects import EARLIER, PAGE, Owed

Read = Callable[[str, str | None], Awaitable[bytes]]


async def upload(calls: Calls, me: Self, read: Read, owed: Owed, body: Json) -> None:
    """Bring a file to a person's private conversation; its name is what it is known again by.

    What it holds is in the body, or named there as an `item` of the vault with its hash, and read
    at this moment.

    Raises:
        Permanent, Retryable: see `Calls`.
    """
    opened = await calls("conversations.open", users=body["person"])
    channel = str(opened["channel"]["id"])
    if owed.is_uncertain and await _is_there(calls, me, owed, channel):
        return
    content = await _content(read, body)
    place = await calls(
        "files.getUploadURLExternal", filename=body["filename"], length=len(content)
    )
    await calls.upload(str(place["upload_url"]), content)
    await calls(
        "files.completeUploadExternal",
        files=[{"id": place["file_id"], "title": body["filename"]}],
        channel_id=channel,
        initial_comment=body["text"],
    )


async def _content(read: Read, body: Json) -> bytes:
    if "item" not in body:
        return base64.b64decode(body["content"])
    try:
        return await read(str(body["item"]), body.get("sha256"))
    except NotWritten as error:  # it was erased meanwhile, or is damaged
        raise Permanent("vault", str(error)) from error


async def _is_there(calls: Calls, me: Self, owed: Owed, channel: str) -> bool:
    """Whether the person has a file of this name of ours since the first attempt."""
    oldest = (owed.first_claimed_at - EARLIER).timestamp()
    cursor = None
    while True:
        page = await calls(
            "conversations.history",
            channel=channel,
            oldest=f"{oldest:.6f}",
            limit=PAGE,
            cursor=cursor,
        )
        for message in page["messages"]:
            names = {one.get("name") for one in message.get("files", ())}
            is_ours = message.get("user") == me.bot_user_id or message.get("bot_id") == me.bot_id
            if is_ours and owed.body["filename"] in names:
                return True
        cursor = page.get("response_metadata", {}).get("next_cursor")
        if not cursor:
            return False
