"""How much does the Web API take, but for blocks?"""

from __future__ import annotations

from bot.sandbox.rules import text

TEXT_KEPT = text.limit("text.cut")
TEXT_IN_UPDATE = 4_000  # docs.slack.dev/reference/methods/chat.update
TOPIC = 250
CHANNEL_NAME = 80
BOOKMARKS = 100
PINS = 100  # undocumented, commonly said
USERS_INVITED = 100
USERS_IN_DND = 50  # docs.slack.dev/reference/methods/dnd.teamInfo
REACTIONS = 23  # kinds of emoji one person may put on one message
