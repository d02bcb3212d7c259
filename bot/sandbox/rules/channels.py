"""Which rules of Slack hold for channels?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, listed

_NAMES = "D:methods/conversations.create"

NAME = Rule("channels.name.length", "Characters of a name", _NAMES, "methods/conversations.py", 80)
TOPIC = Rule(
    "channels.topic", "Characters of a topic, and of a purpose", "D:methods/conversations.setTopic",
    "methods/conversations.py", 250,
)  # fmt: skip
BOOKMARKS = Rule(
    "channels.bookmarks", "Bookmarks of a channel: `too_many_bookmarks`",
    "D:methods/bookmarks.add", "methods/bookmarks.py", 100,
)  # fmt: skip
PINS = Rule(
    "channels.pins", "Pins of a channel: `too_many_pins` (number undocumented, commonly said)",
    "D:methods/pins.add", "methods/pins.py", 100, switch="pins",
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    NAME,
    *listed(
        "methods/conversations.py", _NAMES,
        ("channels.name.letters", None, "Lowercase letters, digits, `-` and `_`"),
        ("channels.name.create", None, "conversations.create refuses other names"),
        ("channels.name.rename", None, "conversations.rename changes the name until it fits"),
        ("channels.creator", None, "Only who made a channel renames it; one the bot made is its"),
    ),
    TOPIC,
    BOOKMARKS,
    PINS,
    *listed(
        "shapes.py", "D:apis/web-api/using-the-conversations-api",
        ("channels.id.kind", None, "`is_private` tells a private channel; its id is a C too"),
        ("channels.id.direct", None, "Ids of direct conversations begin with D"),
    ),
    *listed(
        "methods/look.py", "D:apis/web-api/using-the-conversations-api",
        ("channels.private.hidden", None, "A private channel is `channel_not_found` from outside"),
        ("channels.private.listed", None, "Lists leave out private channels the app is not in"),
    ),
    *listed(
        "scopes.py", "D:apis/web-api/using-the-conversations-api",
        ("channels.private.scopes", None, "For private channels the groups:* scopes are needed"),
    ),
    *listed(
        "methods/membership.py", "D:methods/conversations.join",
        ("channels.private.join", None, "Nobody joins a private channel by themselves"),
    ),
    *listed(
        "methods/chat.py", "D:methods/chat.postMessage",
        ("channels.private.public", None, "chat:write.public opens no private channels"),
    ),
    *listed(
        "methods/history.py", "D:methods/conversations.history",
        ("channels.history", None, "No history of public channels from outside: `not_in_channel`"),
    ),
)  # fmt: skip
