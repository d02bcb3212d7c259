"""Under which names does a person see the people and channels?"""

from __future__ import annotations

from bot.sandbox.model import Channel, Person, UserGroup
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.workspace import Workspace


def of(workspace: Workspace, person_id: str) -> Reader:
    """The reader this person is now."""
    seen = workspace.channels_seen_by(person_id)
    groups = workspace.user_groups.values()
    return Reader(
        zone=workspace.people[person_id].tz,
        now=workspace.now_seconds(),
        base_url=workspace.url,
        person_id=person_id,
        people={person.id: person.real_name for person in workspace.people.values()},
        channels={channel.id: channel.name for channel in seen if not channel.is_direct},
        groups={group.id: group.handle for group in groups},
        about={
            **{person.id: _about(person) for person in workspace.people.values()},
            **{group.id: _members(workspace, group) for group in groups},
        },
        own_groups=frozenset(group.id for group in groups if person_id in group.members),
    )


def channel_name(workspace: Workspace, channel: Channel, person_id: str) -> str:
    """#general, the app's name, or the others of a group conversation."""
    if channel.is_im:
        return workspace.app.name
    if channel.is_mpim:
        others = (member for member in channel.members if member != person_id)
        return ", ".join(workspace.people[member].real_name for member in others)
    return f"#{channel.name}"


def _about(person: Person) -> str:
    return f"{person.real_name}, {person.title}" if person.title else person.real_name


def _members(workspace: Workspace, group: UserGroup) -> str:
    people = workspace.people
    names = [people[member].real_name for member in group.members if member in people]
    return f"{group.name}: {', '.join(names) or 'nobody'}"
