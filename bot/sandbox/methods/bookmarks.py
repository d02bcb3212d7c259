"""What does bookmarks.* do?"""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Bookmark, Channel, Json
from bot.sandbox.rules.channels import BOOKMARKS
from bot.sandbox.workspace import Workspace


@method("bookmarks.add", required="channel_id title type", scopes="bookmarks:write")
def add(workspace: Workspace, args: Arguments) -> Json:
    """Put a link at the top of a channel."""
    channel = look.own_channel(workspace, args, "channel_id")
    if args.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    _check_link(args.text("link"))
    if len(channel.bookmarks) >= BOOKMARKS.limit:
        raise SlackError("too_many_bookmarks")
    bookmark = Bookmark(
        id=workspace.next_id("Bk"),
        title=args.text("title"),
        link=args.text("link"),
        emoji=args.text("emoji"),
    )
    channel.bookmarks.append(bookmark)
    workspace.tell("channels")
    return {"bookmark": shapes.bookmark(bookmark, channel.id, workspace)}


@method("bookmarks.edit", required="channel_id bookmark_id", scopes="bookmarks:write")
def edit(workspace: Workspace, args: Arguments) -> Json:
    """Change a link at the top of a channel."""
    channel = look.own_channel(workspace, args, "channel_id")
    bookmark = _find(channel, args)
    if args.has("link"):
        _check_link(args.text("link"))
    bookmark.title = args.text("title", bookmark.title)
    bookmark.link = args.text("link", bookmark.link)
    bookmark.emoji = args.text("emoji", bookmark.emoji)
    workspace.tell("channels")
    return {"bookmark": shapes.bookmark(bookmark, channel.id, workspace)}


@method("bookmarks.remove", required="channel_id bookmark_id", scopes="bookmarks:write")
def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take a link away."""
    channel = look.own_channel(workspace, args, "channel_id")
    channel.bookmarks.remove(_find(channel, args))
    workspace.tell("channels")
    return {}


@method("bookmarks.list", required="channel_id", scopes="bookmarks:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the links at the top of a channel."""
    channel = look.channel(workspace, args, "channel_id")
    return {
        "bookmarks": [shapes.bookmark(each, channel.id, workspace) for each in channel.bookmarks]
    }


def _find(channel: Channel, args: Arguments) -> Bookmark:
    for bookmark in channel.bookmarks:
        if bookmark.id == args.text("bookmark_id"):
            return bookmark
    raise SlackError("not_found")


def _check_link(link: str) -> None:
    if not link.startswith(("https://", "http://")):
        raise SlackError("invalid_link")
