"""Which rules of Slack hold for chat.*, pins.*, bookmarks.* and reactions.*?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, listed

_Row = tuple[str, float | None, str]


def _of(method: str, where: str, *rows: _Row, source: str = "") -> tuple[Rule, ...]:
    named = ((f"{method}.{name}", value, says) for name, value, says in rows)
    return listed(f"methods/{where}.py", source or f"D:methods/{method}", *named)


SCHEDULED_DAYS = Rule(
    "chat.scheduleMessage.time_too_far", "Days ahead: `time_too_far`",
    "D:methods/chat.scheduleMessage", "methods/scheduled.py", 120,
)  # fmt: skip
SCHEDULED_AT_ONCE = Rule(
    "chat.scheduleMessage.restricted_too_many",
    "Messages within 5 min in a channel: `restricted_too_many`",
    "D:methods/chat.scheduleMessage", "methods/scheduled.py", 30,
)  # fmt: skip
UPDATED_TEXT = Rule(
    "chat.update.msg_too_long", "Characters of a text: `msg_too_long`", "D:methods/chat.update",
    "methods/chat.py", 4000,
)  # fmt: skip

_CHAT = (
    *_of(
        "chat.postMessage", "chat",
        ("scope", None, "chat:write"),
        ("public", None, "With chat:write.public also into public channels the app is not in"),
        ("channel_not_found", None, "`channel_not_found`"),
        ("not_in_channel", None, "`not_in_channel`"),
        ("is_archived", None, "`is_archived`"),
        ("cannot_reply_to_message", None, "`cannot_reply_to_message`: no replies to joins"),
        ("restricted_action", None, "`restricted_action`: the admins keep it to themselves"),
        ("reply_broadcast", None,
         "`reply_broadcast`: a reply that stands in the channel too, `thread_broadcast`"),
        ("customize", None, "Without chat:write.customize username and icon are ignored"),
    ),
    UPDATED_TEXT,
    *_of(
        "chat.update", "chat",
        ("scope", None, "chat:write"),
        ("message_not_found", None, "`message_not_found`"),
        ("cant_update_message", None, "`cant_update_message`: another's message"),
        ("edit_window_closed", None, "`edit_window_closed`: the team sets an end to editing"),
        ("is_inactive", None, "`is_inactive`: the channel is archived"),
        ("reply_broadcast", None, "`reply_broadcast` sends a reply to the channel later"),
    ),
    Rule(
        "chat.update.block_mismatch", "`block_mismatch`", "D:methods/chat.update",
        why_not="for rich text of people's own messages, which an app cannot change",
    ),
    *_of(
        "chat.postEphemeral", "chat",
        ("scope", None, "chat:write"),
        ("user_not_in_channel", None, "`user_not_in_channel`"),
        ("msg_too_long", None, "`msg_too_long`"),
        ("ts", None, "The `message_ts` of a note cannot be used in chat.update"),
    ),
    *_of(
        "chat.delete", "chat",
        ("scope", None, "chat:write"),
        ("cant_delete_message", None, "`cant_delete_message`: another's message"),
        source="oas",
    ),
    SCHEDULED_DAYS,
    SCHEDULED_AT_ONCE,
    *_of(
        "chat.scheduleMessage", "scheduled",
        ("scope", None, "chat:write"),
        ("time_in_past", None, "`time_in_past`"),
        ("metadata", None, "With metadata it never posts (a documented fault of Slack's)"),
    ),
    *_of(
        "chat.getPermalink", "chat",
        ("message_not_found", None, "`message_not_found`"),
        source="oas",
    ),
)  # fmt: skip

_PINS = (
    *_of(
        "pins.add", "pins",
        ("scope", None, "pins:write"),
        ("already_pinned", None, "`already_pinned`"),
        ("not_pinnable", None, "`not_pinnable`: lines Slack wrote, such as joins"),
        ("message_not_found", None, "`message_not_found`"),
        ("not_in_channel", None, "`not_in_channel`"),
    ),
    *_of("pins.remove", "pins", ("scope", None, "pins:write"), ("no_pin", None, "`no_pin`")),
    Rule(
        "pins.remove.not_pinned", "`not_pinned`", "D:methods/pins.remove",
        why_not="documented beside `no_pin`, which is what is answered here",
    ),
    *_of("pins.list", "pins", ("scope", None, "pins:read"), source="oas"),
)  # fmt: skip

_BOOKMARKS = (
    *_of(
        "bookmarks.add", "bookmarks",
        ("scope", None, "bookmarks:write"),
        ("invalid_link", None, "`invalid_link`"),
        ("invalid_bookmark_type", None, "`invalid_bookmark_type`: links only"),
    ),
    *_of(
        "bookmarks.edit", "bookmarks",
        ("scope", None, "bookmarks:write"),
        ("not_found", None, "`not_found`"),
    ),
    *_of("bookmarks.list", "bookmarks", ("scope", None, "bookmarks:read"), source="oas"),
)  # fmt: skip

REACTIONS = Rule(
    "reactions.add.too_many_reactions",
    "Emoji of one person on a message (number undocumented): `too_many_reactions`",
    "D:methods/reactions.add", "methods/reactions.py", 23, switch="reactions_of_one",
)  # fmt: skip
EMOJI = Rule(
    "reactions.add.too_many_emoji",
    "Different emoji on a message (number undocumented): `too_many_emoji`",
    "D:methods/reactions.add", "methods/reactions.py", 50, switch="emoji_on_message",
)  # fmt: skip

_REACTIONS = (
    *_of(
        "reactions.add", "reactions",
        ("scope", None, "reactions:write"),
        ("already_reacted", None, "`already_reacted`"),
        ("invalid_name", None, "`invalid_name`: no such emoji"),
    ),
    REACTIONS,
    EMOJI,
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_CHAT, *_PINS, *_BOOKMARKS, *_REACTIONS)
