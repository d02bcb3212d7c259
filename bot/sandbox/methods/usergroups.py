"""What does usergroups.* tell?"""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace


@method("usergroups.list", scopes="usergroups:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the user groups; their members and how many only when asked for."""
    listed = []
    for group in workspace.user_groups.values():
        shape = shapes.user_group(group)
        if args.flag("include_users"):
            shape["users"] = list(group.members)
        if args.flag("include_count"):
            shape["user_count"] = len(group.members)
        listed.append(shape)
    return {"usergroups": listed}


@method("usergroups.users.list", required="usergroup", scopes="usergroups:read")
def list_users(workspace: Workspace, args: Arguments) -> Json:
    """List who is in a user group."""
    if not workspace.policy.has_user_groups:
        raise SlackError("plan_upgrade_required")
    group = workspace.user_groups.get(args.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}
