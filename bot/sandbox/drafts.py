"""What message do these arguments make?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from bot.sandbox import blockkit, posts
from bot.sandbox.arguments import Arguments
from bot.sandbox.chosen import Chosen
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Json, Message
from bot.sandbox.posts import Draft
from bot.sandbox.rules.text import limit

_DOCUMENTED = Chosen.none()


def read(args: Arguments, chosen: Chosen = _DOCUMENTED) -> Draft:
    """The message to post, as Slack stores it; `chosen` adds what is undocumented.

    Raises:
        SlackError: no_text, and all that blocks, metadata and lengths can do wrong.
    """
    words = args.text("text")[: limit("text.cut")]
    blocks = _blocks(args) or []
    blockkit.check_sum(blocks, chosen)
    attachments = _attachments(args)
    if not (words.strip() or blocks or attachments):
        raise SlackError("no_text")
    draft = Draft(words, blocks, metadata=_metadata(args, chosen), attachments=attachments)
    return posts.stored(draft, link_names=args.flag("link_names"))


def change(args: Arguments, message: Message, chosen: Chosen = _DOCUMENTED) -> Draft:
    """What the message is to become; what was not given stays, as chat.update has it.

    Raises:
        SlackError: no_text, and all that blocks and metadata can do wrong.
    """
    blocks = _blocks(args)
    metadata = _metadata(args, chosen)
    is_empty = not (args.text("text") or metadata or args.has("attachments"))
    if is_empty and not blocks and (blocks is None or not message.text):
        raise SlackError("no_text")
    attachments = _attachments(args) if args.has("attachments") else message.attachments
    draft = Draft(args.text("text"), blocks or [], metadata=metadata, attachments=attachments)
    stored = posts.stored(draft, link_names=args.flag("link_names"))
    if args.has("text"):
        return stored
    kept = message.blocks if blocks is None else stored.blocks
    return replace(stored, text=message.text, blocks=kept)


def in_thread(draft: Draft, thread_ts: str | None, *, is_broadcast: bool = False) -> Draft:
    """The same as a reply, in the channel too if asked; None means not in a thread."""
    return replace(draft, thread_ts=thread_ts, is_broadcast=is_broadcast and thread_ts is not None)


def private(draft: Draft, person_id: str) -> Draft:
    """The same for one person only."""
    return replace(draft, ephemeral_to=person_id)


def _blocks(args: Arguments) -> list[Json] | None:
    words = args.text("markdown_text")
    if words:
        if args.has("text") or args.has("blocks"):
            raise SlackError("markdown_text_conflict")
        if len(words) > limit("text.markdown"):
            raise SlackError("msg_too_long")
        return [{"type": "markdown", "text": words}]
    given = args.json("blocks", "invalid_blocks_format")
    return None if given is None else blockkit.check_message(given)


def _attachments(args: Arguments) -> list[Json]:
    given = args.json("attachments", "invalid_attachments") or []
    if not isinstance(given, list):
        raise SlackError("invalid_attachments")
    if len(given) > limit("text.attachments"):
        raise SlackError("too_many_attachments")
    return blockkit.check_attachments(given)


def _metadata(args: Arguments, chosen: Chosen) -> Json | None:
    given = args.json("metadata", "invalid_metadata_format")
    if given is None or given == {}:
        return None
    if not _is_metadata(given):
        raise SlackError("invalid_metadata_format")
    most = chosen.metadata_bytes
    if most is not None and len(json.dumps(given).encode()) > most:
        raise SlackError("metadata_too_large")
    checked: Json = given
    return checked


def _is_metadata(given: Any) -> bool:
    if not isinstance(given, dict) or not given.keys() <= {"event_type", "event_payload"}:
        return False
    kind, payload = given.get("event_type"), given.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"\w+", kind, re.ASCII):
        return False
    return isinstance(payload, dict) and all(map(_is_flat, payload.values()))


def _is_flat(value: Any) -> bool:
    """A scalar, or an object or list of scalars (docs.slack.dev/messaging/message-metadata)."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list)):
        return all(isinstance(each, (str, int, float)) for each in inner)
    return isinstance(value, (str, int, float))
