"""Which listener takes a request, among hundreds, without asking each of them?"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.slack.answers import Body

Kind: TypeAlias = Literal["action", "options", "shortcut", "view"]
Listener: TypeAlias = Callable[[AsyncAck, Body, AsyncRespond], Awaitable[None]]

_ANY = re.compile("")
_IDS: Mapping[Kind, Callable[[Body], Any]] = {
    "action": lambda body: body["actions"][0].get("action_id") if "actions" in body else None,
    "options": lambda body: body.get("action_id"),
    "shortcut": lambda body: body.get("callback_id"),
    "view": lambda body: body["view"].get("callback_id"),
}


class Routes:
    """Listeners by what they listen to. What nobody listens to is left to Bolt.

    Bolt asks its listeners in turn, and asking two hundred in vain took a third of a form's ack.
    """

    def __init__(self, bolt: AsyncApp) -> None:
        """Take all requests of these kinds that somebody will listen to."""
        self._listeners: dict[tuple[Kind, str], Listener] = {}
        self._take("view", bolt.view)
        self._take("action", bolt.action)
        self._take("shortcut", bolt.shortcut)
        self._take("options", bolt.options)

    def add(self, kind: Kind, one: str, listener: Listener) -> None:
        """Let a listener take one action, shortcut or view, by its `action_id` or `callback_id`.

        Raises:
            ValueError: somebody takes it already.
        """
        if (kind, one) in self._listeners:
            raise ValueError(f"two features listen to the {kind} {one}")
        self._listeners[kind, one] = listener

    def _take(self, kind: Kind, takes: Callable[..., Callable[..., Any]]) -> None:
        async def is_listened_to(body: Body) -> bool:
            return (kind, _IDS[kind](body)) in self._listeners

        async def listen(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
            await self._listeners[kind, _IDS[kind](body)](ack, body, respond)

        takes(_ANY, matchers=[is_listened_to])(listen)
