"""What does users.* tell?"""

from __future__ import annotations

from bot.sandbox import posts, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json, Person
from bot.sandbox.workspace import Workspace

_SLACKBOT = Person(id=posts.SLACKBOT, name="slackbot", real_name="Slackbot")


@method("users.info", required="user", scopes="users:read")
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell who somebody is."""
    person = look.person(workspace, args.text("user"))
    return {"user": shapes.person(person, workspace)}


@method("users.list", scopes="users:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List everybody, Slackbot and those who left included."""
    part, following = look.page([_SLACKBOT, *workspace.people.values()], args, default=1000)
    members = [shapes.person(each, workspace) for each in part]
    return {"members": members, "cache_ts": workspace.now_seconds(), **following}


@method("users.lookupByEmail", required="email", scopes="users:read.email")
def lookup_by_email(workspace: Workspace, args: Arguments) -> Json:
    """Find somebody by their email; those who left are not found."""
    email = args.text("email").lower()
    for person in workspace.people.values():
        if person.email == email and not person.is_deleted:
            return {"user": shapes.person(person, workspace)}
    raise SlackError("users_not_found")


@method("users.getPresence", scopes="users:read")
def get_presence(workspace: Workspace, args: Arguments) -> Json:
    """Tell whether somebody is at their desk; of the app itself a little more."""
    person = look.person(workspace, args.text("user") or workspace.app.bot_user_id)
    shape: Json = {"presence": "away" if person.is_away else "active"}
    if person.id != workspace.app.bot_user_id:
        return shape
    return {**shape, "online": True, "auto_away": False, "manual_away": False}
