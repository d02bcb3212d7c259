"""Who stands for a role where another system knows it?"""

from __future__ import annotations

from bot.engine import Seek
from bot.slack.listen import Desk


def seeker(desk: Desk) -> Seek:
    """Who stands for a role by a pager's schedule or a user group, whoever is awake first."""

    async def seek(role: str) -> tuple[str, ...]:
        source = desk.engine.policy.roles.get(role).comes_from
        if source and source.schedule:
            email = await desk.schedules.on_call(source.schedule)
            person = await desk.people.by_email(email) if email else None
            return (person,) if person else ()
        if source and source.group:
            members = await desk.people.members_of(source.group)
            asleep = await desk.people.asleep(members)
            return tuple(sorted(members, key=lambda one: one in asleep))
        return ()

    return seek
