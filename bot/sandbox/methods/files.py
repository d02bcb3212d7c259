"""What does files.* do?"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import drafts, files, fileshapes, filetypes, rooms, threads
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.kinds import at
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, File, Json
from bot.sandbox.posts import Draft
from bot.sandbox.rules.files import limit
from bot.sandbox.tickets import Upload
from bot.sandbox.workspace import Workspace

_CHANNEL_ID = "^[CGDZ][A-Z0-9]{8,}$"
_GET = "files.getUploadURLExternal"
_COMPLETE = "files.completeUploadExternal"


@method(_GET, required="filename length", scopes="files:write")
def get_url(workspace: Workspace, args: Arguments) -> Json:
    """Give an address the bytes of a file are sent to."""
    length = args.number("length", 0)
    if length < 0:
        raise invalid_arguments(at("must be a positive integer", "/length"))
    if length == 0:
        raise SlackError("missing_argument")
    if args.text("snippet_type") and length > limit(f"{_GET}.snippet_too_large"):
        raise SlackError("snippet_too_large")
    if len(args.text("alt_txt")) > limit(f"{_GET}.alt_txt_too_large"):
        raise SlackError("alt_txt_too_large")
    most = workspace.policy.storage_bytes or limit(f"{_GET}.storage_limit_reached")
    if files.used_bytes(workspace) + length > most:
        raise SlackError("storage_limit_reached")
    file = files.made(workspace, workspace.app.bot_user_id, args.text("filename"), b"")
    file.alt_txt, file.snippet_type = args.text("alt_txt"), args.text("snippet_type")
    ticket = workspace.tickets.give(Upload(file, length))
    return {"upload_url": f"{workspace.url}/upload/v1/{ticket}", "file_id": file.id}


@method(_COMPLETE, required="files", scopes="files:write")
def complete(workspace: Workspace, args: Arguments) -> Json:
    """Keep what was uploaded and, if channels are named, show it in them."""
    done = _uploaded(workspace, args)
    channels = _channels(workspace, args)
    draft = drafts.in_thread(_draft(workspace, args), _thread(workspace, channels, args))
    for file in done:
        workspace.tickets.end(file.id)
        files.keep(workspace, file)
    # Slack shares after it answered (slackapi/bolt-js issue 2115): nothing of it is in the answer.
    early = [fileshapes.file(file, workspace) for file in done]
    for channel in channels:
        files.share(workspace, channel, done, draft)
    if workspace.chosen.shares_later:
        return {"files": early}
    return {"files": [fileshapes.file(file, workspace) for file in done]}


@method("files.info", required="file", scopes="files:read")
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell of one file."""
    file = _seen(workspace, args)
    more = {"content": file.content.decode("utf-8", "replace")} if file.snippet_type else {}
    shape = fileshapes.file(file, workspace)
    return {"file": shape, **more, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.list", scopes="files:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the files the app sees, the newest first."""
    count = max(args.number("count", 100), 1)
    page = max(args.number("page", 1), 1)
    asked = list(reversed(_asked(workspace, args)))
    part = asked[(page - 1) * count : page * count]
    pages = -(-len(asked) // count)
    return {
        "files": [fileshapes.file(file, workspace) for file in part],
        "paging": {"count": count, "total": len(asked), "page": page, "pages": pages},
    }


@method("files.delete", required="file", scopes="files:write")
def delete(workspace: Workspace, args: Arguments) -> Json:
    """Take a file of the app's away."""
    file = _seen(workspace, args)
    if file.user != workspace.app.bot_user_id:
        raise SlackError("cant_delete_file")
    files.delete(workspace, file)
    return {}


@method("files.sharedPublicURL")
@method("files.revokePublicURL")
def publish(workspace: Workspace, args: Arguments) -> Json:
    """Making files public is for tokens of people only.

    Raises:
        SlackError: not_allowed_token_type.
    """
    raise SlackError("not_allowed_token_type")


def _uploaded(workspace: Workspace, args: Arguments) -> list[File]:
    given = args.json("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise invalid_arguments(at("must provide an array", "/files"))
    done: dict[str, File] = {}
    for index, each in enumerate(given):
        file_id, title = _named(each, f"/files/{index}")
        upload = workspace.tickets.pending(file_id)
        if upload is None or file_id in done:
            raise SlackError("file_not_found")
        if not upload.is_sent and workspace.chosen.unsent_upload:
            raise SlackError(workspace.chosen.unsent_upload)
        upload.file.title = title or upload.file.name
        done[file_id] = upload.file
    return list(done.values())


def _named(given: Any, pointer: str) -> tuple[str, str]:
    if not isinstance(given, dict) or not given.get("id"):
        raise invalid_arguments(at("missing required field: id", pointer))
    title = given.get("title") or ""
    if not isinstance(given["id"], str) or not isinstance(title, str):
        raise invalid_arguments(at("must provide a string", pointer))
    return given["id"], title


def _channels(workspace: Workspace, args: Arguments) -> list[Channel]:
    channel_id = args.text("channel_id")
    is_strict = workspace.chosen.upload_channel_id
    if channel_id and is_strict and not re.fullmatch(_CHANNEL_ID, channel_id):
        told = f"input must match regex pattern: {_CHANNEL_ID}"
        raise invalid_arguments(at(told, "/channel_id"))
    names = list(dict.fromkeys([*([channel_id] if channel_id else []), *args.words("channels")]))
    if len(names) > limit(f"{_COMPLETE}.channels_limit_exceeded"):
        raise SlackError("channels_limit_exceeded")
    return [_target(workspace, name) for name in names]


def _target(workspace: Workspace, name: str) -> Channel:
    person = workspace.people.get(name)
    if person is not None and not (person.is_bot or person.is_deleted):
        return rooms.direct(workspace, name)
    channel = look.channel(workspace, Arguments({"channel": name}))
    if not look.is_member(workspace, channel):
        raise SlackError("not_in_channel")
    if channel.is_archived and workspace.chosen.upload_archived:
        raise SlackError(workspace.chosen.upload_archived)
    return channel


def _draft(workspace: Workspace, args: Arguments) -> Draft:
    comment = args.text("initial_comment")
    if comment.strip():
        return drafts.read(Arguments({"text": comment}), workspace.chosen)
    if not args.json("blocks", "invalid_blocks"):
        return Draft("")
    draft = drafts.read(Arguments({"blocks": args.given["blocks"]}), workspace.chosen)
    files.check(workspace, draft)
    return draft


def _thread(workspace: Workspace, channels: list[Channel], args: Arguments) -> str | None:
    ts = args.text("thread_ts")
    if not ts or not channels:
        return None
    parent = threads.find(channels[0], ts)
    is_right = len(channels) == 1 and parent is not None and parent.thread_ts in (None, parent.ts)
    if not is_right and workspace.chosen.upload_thread:
        raise invalid_arguments(at("must be the ts of a message in the one channel", "/thread_ts"))
    return ts if parent is not None else None


def _seen(workspace: Workspace, args: Arguments) -> File:
    file = workspace.files.get(args.text("file"))
    if file is None or not files.sees(workspace, workspace.app.bot_user_id, file):
        raise SlackError("file_not_found")
    if file.is_deleted:
        raise SlackError("file_deleted")
    return file


def _asked(workspace: Workspace, args: Arguments) -> list[File]:
    types = args.words("types") or ["all"]
    if not set(types) <= set(filetypes.TYPES):
        raise SlackError("unknown_type")
    channel = _listed(workspace, args) if args.text("channel") else ""
    user = look.person(workspace, args.text("user")).id if args.text("user") else ""
    first, last = _moment(args, "ts_from", 0.0), _moment(args, "ts_to", float("inf"))
    return [
        file
        for file in workspace.files.values()
        if not file.is_deleted
        and files.sees(workspace, workspace.app.bot_user_id, file)
        and channel in ("", *file.shared)
        and user in ("", file.user)
        and first <= file.created <= last
        and filetypes.is_of(file.name, types, is_snippet=bool(file.snippet_type))
    ]


def _listed(workspace: Workspace, args: Arguments) -> str:
    if workspace.chosen.files_of_no_channel is None:
        return args.text("channel")
    return look.channel(workspace, args, missing=workspace.chosen.files_of_no_channel).id


def _moment(args: Arguments, name: str, default: float) -> float:
    try:
        return float(args.text(name) or default)
    except ValueError:
        raise invalid_arguments(at("must provide a number", f"/{name}")) from None
