"""Which files hold the Web API methods?"""

from bot.sandbox.methods import (
    bookmarks,
    chat,
    conversations,
    dnd,
    history,
    membership,
    misc,
    pins,
    reactions,
    usergroups,
    users,
    views,
)
from bot.sandbox.methods.registry import METHODS, Method

__all__ = [
    "METHODS",
    "Method",
    "bookmarks",
    "chat",
    "conversations",
    "dnd",
    "history",
    "membership",
    "misc",
    "pins",
    "reactions",
    "usergroups",
    "users",
    "views",
]
