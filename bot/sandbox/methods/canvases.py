"""What do canvases.* do? A canvas here is Markdown in paragraphs, drawn nowhere."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.kinds import at
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Canvas, Json
from bot.sandbox.rules.webapi import CANVAS_CHANGES
from bot.sandbox.workspace import Workspace


@method("conversations.canvases.create", required="channel_id", scopes="canvases:write")
def create_for_channel(workspace: Workspace, args: Arguments) -> Json:
    """Give a channel its canvas; there is one for each."""
    channel = look.own_channel(workspace, args, "channel_id")
    if not workspace.policy.has_canvases:
        raise SlackError("team_tier_cannot_create_channel_canvases")
    if channel.canvas_id:
        raise SlackError("channel_canvas_already_exists")
    canvas = _made(workspace, args)
    channel.canvas_id = canvas.id
    return {"canvas_id": canvas.id}


@method("canvases.create", scopes="canvases:write")
def create(workspace: Workspace, args: Arguments) -> Json:
    """Write a canvas that belongs to no channel."""
    return {"canvas_id": _made(workspace, args).id}


@method("canvases.edit", required="canvas_id changes", scopes="canvases:write")
def edit(workspace: Workspace, args: Arguments) -> Json:
    """Change a canvas; one change a call is all that Slack takes."""
    canvas = _find(workspace, args)
    changes = args.json("changes", "invalid_arguments")
    if not isinstance(changes, list) or not all(isinstance(each, dict) for each in changes):
        raise invalid_arguments(at("must be a list of objects", "/changes"))
    if len(changes) != CANVAS_CHANGES.limit:
        raise invalid_arguments(at(f"exactly {CANVAS_CHANGES.limit} item allowed", "/changes"))
    change = changes[0]
    operation = change.get("operation")
    if not isinstance(operation, str) or operation not in _OPERATIONS:
        raise invalid_arguments(at("must be a valid enum value", "/changes/0/operation"))
    _OPERATIONS[operation](workspace, canvas, change)
    return {}


@method("canvases.delete", required="canvas_id", scopes="canvases:write")
def delete(workspace: Workspace, args: Arguments) -> Json:
    """Throw a canvas away, a channel's too."""
    canvas = _find(workspace, args)
    del workspace.canvases[canvas.id]
    for channel in workspace.channels.values():
        if channel.canvas_id == canvas.id:
            channel.canvas_id = ""
    return {}


@method("canvases.sections.lookup", required="canvas_id criteria", scopes="canvases:read")
def look_up(workspace: Workspace, args: Arguments) -> Json:
    """Find the sections of a canvas that contain a text, or are headings."""
    canvas = _find(workspace, args)
    criteria = args.json("criteria", "invalid_arguments")
    if not isinstance(criteria, dict):
        raise invalid_arguments(at("must provide an object", "/criteria"))
    words = str(criteria.get("contains_text") or "").lower()
    only_headings = bool(criteria.get("section_types"))
    found = [
        {"id": section_id}
        for section_id, text in canvas.sections.items()
        if words in text.lower() and (text.startswith("#") or not only_headings)
    ]
    return {"sections": found}


def _made(workspace: Workspace, args: Arguments) -> Canvas:
    content = args.json("document_content", "invalid_arguments")
    parts = _parts(content, "/document_content") if content is not None else []
    canvas = Canvas(workspace.next_id("F"), args.text("title"))
    canvas.sections = _named(workspace, parts)
    workspace.canvases[canvas.id] = canvas
    return canvas


def _find(workspace: Workspace, args: Arguments) -> Canvas:
    canvas = workspace.canvases.get(args.text("canvas_id"))
    if canvas is None:
        raise SlackError("canvas_not_found")
    return canvas


def _parts(content: object, pointer: str) -> list[str]:
    if not isinstance(content, dict):
        raise invalid_arguments(at("must provide an object", pointer))
    if content.get("type") != "markdown":
        raise invalid_arguments(at("must be a valid enum value", f"{pointer}/type"))
    words = content.get("markdown")
    if not isinstance(words, str):
        raise invalid_arguments(at("must provide a string", f"{pointer}/markdown"))
    return [part.strip() for part in words.split("\n\n") if part.strip()]


def _named(workspace: Workspace, parts: list[str]) -> dict[str, str]:
    return {workspace.next_id("temp:C:"): part for part in parts}


def _at_end(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    canvas.sections |= _new(workspace, change)


def _at_start(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    canvas.sections = _new(workspace, change) | canvas.sections


def _replace(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    if not change.get("section_id"):
        canvas.sections = _new(workspace, change)
        return
    _put(canvas, _section(canvas, change), _new(workspace, change))


def _beside(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    beside = _section(canvas, change)
    itself, new = {beside: canvas.sections[beside]}, _new(workspace, change)
    is_before = change["operation"] == "insert_before"
    _put(canvas, beside, new | itself if is_before else itself | new)


def _delete(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    _put(canvas, _section(canvas, change), {})


def _rename(workspace: Workspace, canvas: Canvas, change: Json) -> None:
    canvas.title = " ".join(_parts(change.get("title_content"), "/changes/0/title_content"))


def _new(workspace: Workspace, change: Json) -> dict[str, str]:
    return _named(workspace, _parts(change.get("document_content"), "/changes/0/document_content"))


def _section(canvas: Canvas, change: Json) -> str:
    section_id = change.get("section_id")
    if not isinstance(section_id, str) or section_id not in canvas.sections:
        raise SlackError("canvas_editing_failed", detail=f"section not found: {section_id}")
    return section_id


def _put(canvas: Canvas, section_id: str, instead: dict[str, str]) -> None:
    sections: dict[str, str] = {}
    for here, text in canvas.sections.items():
        sections |= instead if here == section_id else {here: text}
    canvas.sections = sections


_OPERATIONS: dict[str, Callable[[Workspace, Canvas, Json], None]] = {
    "insert_at_end": _at_end,
    "insert_at_start": _at_start,
    "insert_before": _beside,
    "insert_after": _beside,
    "replace": _replace,
    "delete": _delete,
    "rename": _rename,
}
