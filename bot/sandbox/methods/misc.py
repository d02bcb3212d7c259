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


@method("auth.revoke")
def auth_revoke(workspace: Workspace, args: Arguments) -> Json:
    """Take the bot's token back; with `test` only say that it could be."""
    if args.flag("test"):
        return {"revoked": False}
    workspace.token_trouble = "token_revoked"
    return {"revoked": True}


@method("bots.info", scopes="users:read")
def bots_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell what a bot is; there is only the app's."""
    app = workspace.app
    if args.text("bot") not in ("", app.bot_id):
        raise SlackError("bot_not_found")
    shape = {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": workspace.now_seconds(),
        "app_id": app.app_id,
        "user_id": app.bot_user_id,
        "icons": {},
    }
    return {"bot": shape}


@method("emoji.list", scopes="emoji:read")
def emoji_list(workspace: Workspace, args: Arguments) -> Json:
    """List the emoji somebody made; nobody did."""
    return {"emoji": {}, "cache_ts": f"{workspace.now_seconds()}.000000"}


@method("team.info", scopes="team:read")
def team_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell which team this is."""
    return {"team": {**shapes.team(), "url": f"{workspace.url}/"}}
