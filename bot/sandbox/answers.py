"""What does the app's answer do to what the person sees?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox import blockkit, drafts, files, modals, posts, shapes, text, threads
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import NotAcked, SlackError
from bot.sandbox.model import Channel, Json, Message, View
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Workspace


def to_command(workspace: Workspace, where: tuple[Channel, str], line: str, ack: Any) -> None:
    """Show the body of a command's ack: privately, or in the channel with the typed line."""
    if not ack:
        return
    channel, person_id = where
    body = ack if isinstance(ack, dict) else {"text": str(ack)}
    is_public = body.get("response_type") == "in_channel"
    if is_public:
        posts.by_person(workspace, channel, person_id, Draft(text.typed(line)))
    if body.keys() <= {"response_type"}:
        return
    try:
        draft = drafts.read(Arguments(body))
        files.check(workspace, draft)
    except SlackError as error:
        told = f'{line.split(" ")[0]} failed with the error "{error.code}"'
        workspace.notify(person_id, told, channel.id)
        return
    posts.by_app(workspace, channel, draft if is_public else drafts.private(draft, person_id))


def to_submission(workspace: Workspace, view: View, ack: Any) -> None:
    """Close the modal, or do what its `response_action` says.

    Raises:
        NotAcked: Slack would not take the answer.
    """
    if not ack or not isinstance(ack, dict) or "response_action" not in ack:
        modals.close(workspace, view)
        return
    act = ack["response_action"]
    if act == "clear":
        modals.clear(workspace, view.user)
    elif act == "errors":
        _show_errors(workspace, view, ack.get("errors"))
    elif act in ("update", "push"):
        _show_view(workspace, view, act, ack.get("view"))
    else:
        raise NotAcked("dispatch_failed")


def through_url(workspace: Workspace, response_id: str, body: Json) -> None:
    """Do what was posted to a response_url.

    Raises:
        SlackError: the URL is spent, or the message is refused.
    """
    place = workspace.responses.use(response_id)
    channel = workspace.channels[place.channel_id]
    original = _original(channel, place.ts)
    args = Arguments(body)
    if args.flag("delete_original"):
        if any(value for name, value in body.items() if name != "delete_original"):
            raise SlackError("invalid_payload")
        if original is not None:
            posts.take_away(workspace, channel, original)
        return
    draft = drafts.read(args)
    files.check(workspace, draft)
    if args.flag("replace_original") and original is not None:
        posts.change(workspace, channel, original, draft)
        return
    draft = replace(draft, thread_ts=args.text("thread_ts") or None)
    if args.text("response_type") != "in_channel":
        draft = drafts.private(draft, place.person_id)
    posts.by_app(workspace, channel, draft)


def view_shape(workspace: Workspace, view: View) -> Json:
    """A view in Slack's JSON."""
    return shapes.view(view, workspace)


def _original(channel: Channel, ts: str | None) -> Message | None:
    # Private notes too: a person pressed a button in one.
    return None if ts is None else threads.find_any(channel, ts)


def _show_errors(workspace: Workspace, view: View, errors: Any) -> None:
    every = modals.every(view.content["blocks"])
    inputs = {block["block_id"] for block in every if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise NotAcked("dispatch_failed")
    view.errors = {block_id: str(told) for block_id, told in errors.items()}
    workspace.tell(f"views:{view.user}")


def _show_view(workspace: Workspace, view: View, act: str, content: Any) -> None:
    try:
        checked = files.check_view(workspace, blockkit.check_view(content, "modal"))
        if act == "push":
            modals.push(workspace, view.user, checked)
        else:
            modals.update(workspace, view, checked)
    except SlackError as error:
        raise NotAcked("dispatch_failed") from error
