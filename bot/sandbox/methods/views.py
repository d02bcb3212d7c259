"""What does views.* do?"""

from __future__ import annotations

from bot.sandbox import blockkit, files, modals, scopes, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.kinds import at
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json, View
from bot.sandbox.workspace import Workspace


@method("views.open", required="view trigger_id")
def open_modal(workspace: Workspace, args: Arguments) -> Json:
    """Open a modal for the person whose trigger this is."""
    content = _content(workspace, args, "modal")
    _check_external_id(workspace, content, None)
    spent = workspace.triggers.spend(args.text("trigger_id"))
    view = modals.open_first(workspace, spent.person_id, content)
    return {"view": shapes.view(view, workspace)}


@method("views.push", required="view trigger_id")
def push(workspace: Workspace, args: Arguments) -> Json:
    """Put a modal on top of the one the trigger came from."""
    content = _content(workspace, args, "modal")
    _check_external_id(workspace, content, None)
    spent = workspace.triggers.spend(args.text("trigger_id"))
    if spent.view_id is None or modals.find(workspace, spent.view_id) is None:
        raise SlackError("invalid_trigger_id")
    return {"view": shapes.view(modals.push(workspace, spent.person_id, content), workspace)}


@method("views.update", required="view")
def update(workspace: Workspace, args: Arguments) -> Json:
    """Show something else in an open view."""
    content = _content(workspace, args, "modal", "home")
    view = _find(workspace, args)
    _check_external_id(workspace, content, view)
    _check_hash(view, args)
    if view.content["type"] != content["type"]:
        raise invalid_arguments(at("must be the type of the view that is open", "/view/type"))
    modals.update(workspace, view, content)
    return {"view": shapes.view(view, workspace)}


@method("views.publish", required="user_id view")
def publish(workspace: Workspace, args: Arguments) -> Json:
    """Show a person the app's Home."""
    content = _content(workspace, args, "home")
    if not workspace.app.has_home:
        raise SlackError("not_enabled")
    person = look.person(workspace, args.text("user_id"))
    home = workspace.homes.get(person.id)
    _check_external_id(workspace, content, home)
    if home is not None:
        _check_hash(home, args)
    view = modals.publish(workspace, person.id, content)
    return {"view": shapes.view(view, workspace)}


def _content(workspace: Workspace, args: Arguments, *types: str) -> Json:
    content = blockkit.check_view(args.json("view", "invalid_arguments"), *types)
    if workspace.chosen.home_charts:
        blockkit.check_home(content)
    inputs = [each["element"] for each in content["blocks"] if each["type"] == "input"]
    has_files = "file_input" in [each["type"] for each in inputs]
    if has_files and workspace.chosen.file_input_scope:
        scopes.need(workspace, ("files:read",))
    return files.check_view(workspace, content)


def _find(workspace: Workspace, args: Arguments) -> View:
    if args.text("view_id"):
        view = modals.find(workspace, args.text("view_id"))
    elif args.text("external_id"):
        view = modals.find_external(workspace, args.text("external_id"))
    else:
        raise invalid_arguments("missing required field: view_id")
    if view is None:
        raise SlackError("not_found")
    return view


def _check_hash(view: View, args: Arguments) -> None:
    if args.text("hash") not in ("", view.hash):
        raise SlackError("hash_conflict")


def _check_external_id(workspace: Workspace, content: Json, itself: View | None) -> None:
    other = modals.find_external(workspace, content.get("external_id") or "")
    if other is not None and other is not itself:
        raise SlackError("duplicate_external_id")
