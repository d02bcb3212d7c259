"""Which files hold the Web API methods?"""

from bot.sandbox.methods import (
    blocks,
    bookmarks,
    canvases,
    chat,
    conversations,
    direct,
    dnd,
    history,
    membership,
    misc,
    pins,
    reactions,
    scheduled,
    search,
    usergroups,
    users,
    views,
)
from bot.sandbox.methods.registry import METHODS, Method

__all__ = [
    "METHODS",
    "Method",
    "blocks",
    "bookmarks",
    "canvases",
    "chat",
    "conversations",
    "direct",
    "dnd",
    "history",
    "membership",
    "misc",
    "pins",
    "reactions",
    "scheduled",
    "search",
    "usergroups",
    "users",
    "views",
]
