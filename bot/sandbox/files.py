"""What happens to files, and who sees them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.sandbox import filetypes, posts
from bot.sandbox.errors import invalid_arguments, invalid_blocks
from bot.sandbox.kinds import at
from bot.sandbox.model import Channel, File, Json, Message
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import TEAM_ID, Workspace

# What a person takes from the disk: names and bytes.
Taken = list[tuple[str, bytes]]


def made(workspace: Workspace, person_id: str, name: str, content: bytes) -> File:
    """A file of a person's or of the app's that is in the workspace only once it is kept."""
    return File(
        id=workspace.next_id("F"),
        name=name,
        title=name,
        user=person_id,
        created=workspace.now_seconds(),
        content=content,
    )


def keep(workspace: Workspace, file: File) -> None:
    """Put a file into the workspace, which its owner alone sees; the app is told of its own."""
    workspace.files[file.id] = file
    if file.user == workspace.app.bot_user_id or file.is_for_app:
        _emit(workspace, "file_created", file)


def share(workspace: Workspace, channel: Channel, files: Sequence[File], draft: Draft) -> Message:
    """Write a message that holds these kept files, all of one owner; the app is told if inside."""
    owner, bot = files[0].user, workspace.app.bot_user_id
    if bot in channel.members and owner != bot:
        for file in files:
            _emit(workspace, "file_created", file)
    ids = [file.id for file in files]
    message = posts.by_person(workspace, channel, owner, replace(draft, files=ids))
    if bot in channel.members:
        for file in files:
            _emit(workspace, "file_shared", file, channel_id=channel.id)
    return message


def delete(workspace: Workspace, file: File) -> None:
    """Take a file away; the messages it was in keep its place."""
    told = sees(workspace, workspace.app.bot_user_id, file)
    known = [
        channel_id
        for channel_id in file.shared
        if workspace.app.bot_user_id in workspace.channels[channel_id].members
    ]
    file.content, file.is_deleted = b"", True
    for channel_id in file.shared:
        workspace.tell(f"messages:{channel_id}")
    if told:
        event = {"type": "file_deleted", "file_id": file.id, "channel_ids": known}
        workspace.emit({**event, "event_ts": workspace.next_ts()})


def sees(workspace: Workspace, person_id: str, file: File) -> bool:
    """The file is the person's, or in a channel they are in; people see those of public ones.

    The app, which is told of channels it was added to only, sees what its modals got too.
    """
    is_app = person_id == workspace.app.bot_user_id
    if file.user == person_id or (file.is_for_app and is_app):
        return True
    channels = [workspace.channels[channel_id] for channel_id in file.shared]
    return any(person_id in each.members or not (is_app or each.is_private) for each in channels)


def used_bytes(workspace: Workspace) -> int:
    """What all files hold, and those under way are to hold."""
    kept = sum(len(file.content) for file in workspace.files.values())
    return kept + workspace.tickets.pending_bytes()


def named(workspace: Workspace, slack_file: Json) -> File | None:
    """The file a slack_file object means by `id` or `url`, None when there is none."""
    file_id = slack_file.get("id") or _id_in(workspace, str(slack_file.get("url") or ""))
    file = workspace.files.get(file_id)
    return None if file is None or file.is_deleted else file


def check_blocks(workspace: Workspace, blocks: list[Json], pointer: str = "/blocks") -> None:
    """Refuse pictures that are no files the app sees.

    Raises:
        SlackError: invalid_blocks, with where they stand.
    """
    mistakes = list(wrong(workspace, blocks, pointer))
    if mistakes:
        raise invalid_blocks(mistakes)


def check(workspace: Workspace, draft: Draft) -> None:
    """Refuse a message whose pictures, in its blocks or its attachments, are no files the app sees.

    Raises:
        SlackError: invalid_blocks or invalid_attachments, with where they stand.
    """
    check_blocks(workspace, draft.blocks)
    mistakes = list(wrong(workspace, draft.attachments, "/attachments"))
    if mistakes:
        raise invalid_blocks(mistakes, "invalid_attachments")


def check_view(workspace: Workspace, view: Json) -> Json:
    """The view, if its pictures are files the app sees.

    Raises:
        SlackError: invalid_arguments, with where they stand.
    """
    mistakes = list(wrong(workspace, view.get("blocks"), "/view/blocks"))
    if mistakes:
        raise invalid_arguments(*mistakes)
    return view


def wrong(workspace: Workspace, part: Any, pointer: str) -> Iterator[str]:
    """A sentence with its place for each slack_file that cannot be shown."""
    if isinstance(part, list):
        for index, each in enumerate(part):
            yield from wrong(workspace, each, f"{pointer}/{index}")
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        here = f"{pointer}/{name}"
        if name != "slack_file":
            yield from wrong(workspace, value, here)
        elif not _is_shown(workspace, value):
            yield at("invalid slack file", f"{here}/{'id' if 'id' in value else 'url'}")


def _is_shown(workspace: Workspace, slack_file: Json) -> bool:
    file = named(workspace, slack_file)
    if file is None or file.external_id or not filetypes.is_picture(file.name):
        return False
    return sees(workspace, workspace.app.bot_user_id, file)


def _id_in(workspace: Workspace, url: str) -> str:
    if not url.startswith(f"{workspace.url}/files"):
        return ""
    parts = unquote(urlsplit(url).path).split("/")[1:]
    if parts[0] == "files-pri" and len(parts) > 1:
        return parts[1].removeprefix(f"{TEAM_ID}-")
    return parts[2] if len(parts) > 2 else ""


def _emit(workspace: Workspace, kind: str, file: File, **more: str) -> None:
    event = {"type": kind, "file_id": file.id, "user_id": file.user, "file": {"id": file.id}}
    workspace.emit({**event, **more, "event_ts": workspace.next_ts()})
