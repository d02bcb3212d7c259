"""What does users.* tell?"""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json, Person
from bot.sandbox.workspace import Workspace

_SLACKBOT = Person(id="USLACKBOT", name="slackbot", real_name="Slackbot")


@method("users.info", required="user", scopes="users:read")
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell who somebody is."""
    person = look.person(workspace, args.text("user"))
    return {"user": shapes.person(person, workspace.now_seconds())}


@method("users.list", scopes="users:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List everybody, Slackbot and those who left included."""
    part, following = look.page([_SLACKBOT, *workspace.people.values()], args, default=1000)
    now = workspace.now_seconds()
    return {"members": [shapes.person(each, now) for each in part], "cache_ts": now, **following}
