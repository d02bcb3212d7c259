"""What does files.remote.* do?"""

from __future__ import annotations

from bot.sandbox import files, fileshapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import File, Json
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Workspace

_WRITE, _READ, _SHARE = "remote_files:write", "remote_files:read", "remote_files:share"


@method("files.remote.add", required="external_id external_url title", scopes=_WRITE)
def add(workspace: Workspace, args: Arguments) -> Json:
    """Tell the workspace of a file that lies elsewhere; the same `external_id` changes it."""
    file = _by_external_id(workspace, args.text("external_id"))
    if file is None:
        title = args.text("title")
        file = files.made(workspace, workspace.app.bot_user_id, title, b"")
        file.external_id = args.text("external_id")
        files.keep(workspace, file)
    return _changed(workspace, file, args)


@method("files.remote.update", scopes=_WRITE)
def update(workspace: Workspace, args: Arguments) -> Json:
    """Give a remote file another title or address."""
    return _changed(workspace, _meant(workspace, args), args)


@method("files.remote.info", scopes=_READ)
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell of one remote file."""
    return {"file": fileshapes.file(_meant(workspace, args), workspace)}


@method("files.remote.list", scopes=_READ)
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the remote files, the newest first, those of one channel if it is named."""
    channel = look.channel(workspace, args).id if args.text("channel") else ""
    asked = [each for each in _remote(workspace) if channel in ("", *each.shared)]
    part, following = look.page(list(reversed(asked)), args)
    return {"files": [fileshapes.file(each, workspace) for each in part], **following}


@method("files.remote.remove", scopes=_WRITE)
def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take a remote file out of the workspace; it goes on lying elsewhere."""
    files.delete(workspace, _meant(workspace, args))
    return {}


@method("files.remote.share", required="channels", scopes=_SHARE)
def share(workspace: Workspace, args: Arguments) -> Json:
    """Show a remote file in channels the app is in."""
    file = _meant(workspace, args)
    names = dict.fromkeys(args.words("channels"))
    channels = [look.own_channel(workspace, Arguments({"channel": name})) for name in names]
    for channel in channels:
        files.share(workspace, channel, [file], Draft(""))
    return {"file": fileshapes.file(file, workspace)}


def _changed(workspace: Workspace, file: File, args: Arguments) -> Json:
    file.external_url = args.text("external_url", file.external_url)
    file.name = file.title = args.text("title", file.title)
    for channel_id in file.shared:
        workspace.tell(f"messages:{channel_id}")
    return {"file": fileshapes.file(file, workspace)}


def _meant(workspace: Workspace, args: Arguments) -> File:
    file_id, external_id = args.text("file"), args.text("external_id")
    if not (file_id or external_id):
        raise invalid_arguments("missing required field: external_id")
    file = _by_external_id(workspace, external_id) if external_id else None
    found = [each for each in _remote(workspace) if each is file or each.id == file_id]
    if len(found) != 1:
        raise SlackError("file_not_found")
    return found[0]


def _by_external_id(workspace: Workspace, external_id: str) -> File | None:
    return next((each for each in _remote(workspace) if each.external_id == external_id), None)


def _remote(workspace: Workspace) -> list[File]:
    return [each for each in workspace.files.values() if each.external_id and not each.is_deleted]
