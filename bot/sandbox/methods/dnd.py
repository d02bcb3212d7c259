"""What does dnd.* tell?"""

from __future__ import annotations

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json, Person
from bot.sandbox.workspace import Workspace

_USERS = 50  # docs.slack.dev/reference/methods/dnd.teamInfo


@method("dnd.info", scopes="dnd:read")
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell when somebody, by default the app itself, does not want to be disturbed."""
    return _times(look.person(workspace, args.text("user") or workspace.app.bot_user_id))


@method("dnd.teamInfo", scopes="dnd:read")
def team_info(workspace: Workspace, args: Arguments) -> Json:
    """Tell it of up to 50 people at once; those nobody knows are left out."""
    users = args.words("users")
    if not users:
        raise SlackError("no_users_provided")
    if len(users) > _USERS:
        raise invalid_arguments(f"no more than {_USERS} items allowed")
    known = [workspace.people[user] for user in users if user in workspace.people]
    return {"users": {person.id: _times(person) for person in known}}


def _times(person: Person) -> Json:
    # Slack writes 1 where there is no such moment (docs: dnd.teamInfo).
    is_on = person.quiet_until > 0
    return {
        "dnd_enabled": is_on,
        "next_dnd_start_ts": person.quiet_from if is_on else 1,
        "next_dnd_end_ts": person.quiet_until if is_on else 1,
    }
