"""How does it look and read who holds what, who speaks and who may decide?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit, ids, messages, telling
from bot.core.blockkit import escape
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Context, Shown


def who(shown: Shown) -> Content:
    """Who holds what, who speaks, and who may decide what."""
    incident, policy = shown.incident, shown.policy
    held = [f"*{role.label}*: {telling.holder(shown, role.id)}" for role in policy.roles.roles]
    voices = policy.roles.voices
    speak = " · ".join(
        f"{name}: {telling.holder(shown, role)}"
        for name, role in (
            ("to the organisation", voices.organisation),
            ("among engineers", voices.technical),
            ("outside", voices.outside),
        )
    )
    rights = "\n".join(
        f"To {right.label}: {', '.join(policy.roles.get(one).short for one in right.roles)}"
        for right in policy.rights.rights
        if right.roles
    )
    raci = "\n".join(
        f"{line.action}: {_shorts(shown, line.responsible)} "
        f"{'does' if len(line.responsible) == 1 else 'do'} it, "
        f"{policy.roles.get(line.accountable).short} answers for it"
        for line in policy.rights.raci
    )
    parts = [f"*{incident.reference}*\n" + "\n".join(held), f"*Only these speak*\n{speak}"]
    parts += [f"*Who may decide*\n{rights}", f"*Who does what*\n{raci}"]
    return Content("\n".join(parts), tuple(map(blockkit.section, parts)))


def _shorts(shown: Shown, roles: Sequence[str]) -> str:
    return ", ".join(shown.policy.roles.get(one).short for one in roles)


def favour(incident: Incident, holder: str, what: str, context: Context) -> Post:
    """What whoever has the right to something is asked."""
    room = messages.channel(incident.room)
    said = f"<@{context.actor}> asks you to {escape(what)}: {incident.reference} in {room}."
    name = f"{ids.chain(incident.number)} favour {incident.last_seq + 1}"
    return Post(name, ids.person(holder), Content(said, (blockkit.section(said),)))
