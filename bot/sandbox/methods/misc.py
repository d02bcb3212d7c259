"""What do the methods about the connection itself tell?"""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import TEAM_ID, TEAM_NAME, Workspace


@method("api.test")
def api_test(workspace: Workspace, args: Arguments) -> Json:
    """Echo; with `error`, fail with it."""
    if args.text("error"):
        raise SlackError(args.text("error"))
    return {"args": {}}


@method("auth.test")
def auth_test(workspace: Workspace, args: Arguments) -> Json:
    """Tell whose token this is."""
    return {
        "url": f"{workspace.url}/",
        "team": TEAM_NAME,
        "user": workspace.app.name,
        "team_id": TEAM_ID,
        "user_id": workspace.app.bot_user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


@method("team.info", scopes="team:read")
def team_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell which team this is."""
    return {"team": {**shapes.team(), "url": f"{workspace.url}/"}}
