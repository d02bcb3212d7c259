"""How does a message become a row of the outbox: its lane, what it needs and what it gives?"""

from __future__ import annotations

from typing import Any

from bot.core import messages
from bot.core.messages import Call, Content, Keep, Message, Post, Send, Shape
from storage import outbox


def of(message: Message, chain: str | None) -> outbox.Item:
    """What is owed for a message that is about this chain's record, or about none."""
    match message:
        case Post(name=name, to=to, content=content, urgency=urgency, thread=thread):
            body: dict[str, Any] = {"to": to, **content.to_json()}
            if message.thread_ts:
                body["thread_ts"] = message.thread_ts
            body |= {"is_reply": True} if thread else {}
            needs = thread or _awaits(to)
            lane = _posts_in(thread or to)
            family = message.family
            return outbox.Item(name, lane, "post", body, urgency, chain, needs, name, family)
        case Keep(slot=slot, to=to, content=content, shape=shape, urgency=urgency):
            body = {"to": to, "shape": shape, **_shown(content, shape)}
            body |= {"is_reply": True} if message.thread else {}
            body |= {"again": message.again} if message.again else {}
            needs = message.needs or message.thread or _awaits(to)
            # What stands in a thread stands there in the order it was said; elsewhere a slot waits
            # for no other.
            lane = _posts_in(message.thread) if message.thread else slot
            # Many change in a busy minute: nobody reads what cannot be drawn yet.
            turn = messages.DRAWING if shape == "slots" else None
            return outbox.Item(
                slot, lane, "keep", body, urgency, chain, needs, slot, waits_for=turn
            )
        case Call(name=name, effect=effect, arguments=arguments, needs=needs, gives=gives):
            lane = message.lane or f"{needs or name} {effect}"
            body = {"effect": effect, **arguments}
            family = message.family
            return outbox.Item(
                name, lane, "call", body, message.urgency, chain, needs, gives, family
            )
        case Send(name=name, body=sent, urgency=urgency):
            return outbox.Item(name, name, "send", sent, urgency, chain)


def _posts_in(place: str) -> str:
    return f"{place} posts"


def _shown(content: Content, shape: Shape) -> dict[str, Any]:
    return content.to_json() if shape == "message" else {"text": content.text}


def _awaits(place: str) -> str | None:
    """A room has to be open before anything can be put there; other places are always there."""
    return place if place.startswith(("room/", "side/")) else None
