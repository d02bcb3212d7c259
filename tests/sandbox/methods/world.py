"""What do the calls of a table find in the workspace?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox import rooms
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, Json, made, posted

GENERAL = "C0GENERAL"


@dataclass
class World:
    """A workspace with something in it; tables write `names` in capitals."""

    api: Api
    sandbox: Sandbox
    names: dict[str, str]

    async def __call__(self, method: str, arguments: Json) -> Json:
        """The answer to a call whose names stand for ids."""
        return await self.api(method, **{name: self._meant(arguments[name]) for name in arguments})

    def _meant(self, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        return ",".join(self.names.get(word, word) for word in given.split(","))


async def world(api: Api, sandbox: Sandbox) -> World:
    """A room of the app's, one that is archived, one it does not see, and messages."""
    room = await made(api)
    archived = await made(api, "archived")
    old = await posted(api, archived, text="old")
    await api.ok("conversations.archive", channel=archived)
    hidden = rooms.create(sandbox.workspace, "hidden", "U0EXEC", is_private=True)
    rooms.enter(sandbox.workspace, sandbox.workspace.channels[room], "U0COMMS")
    said = await sandbox.as_person("U0COMMS").say(room, "mine")
    names = {
        "ROOM": room,
        "TS": await posted(api, room, text="first"),
        "SAID": said.ts,
        "JOIN": sandbox.workspace.channels[room].messages[0].ts,
        "ARCHIVED": archived,
        "OLD": old,
        "HIDDEN": hidden.id,
    }
    return World(api, sandbox, names)
