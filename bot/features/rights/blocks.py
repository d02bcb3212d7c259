"""How does it look and read who holds what, who speaks and who may decide?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit, messages, telling
from bot.core.blockkit import escape
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Context, Shown
from runbooks.model import Raci


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
    raci = "\n".join(_raci(shown, line) for line in policy.rights.raci)
    parts = [f"*{incident.reference}*\n" + "\n".join(held), f"*Only these speak*\n{speak}"]
    parts += [f"*Who may decide*\n{rights}", f"*Who does what*\n{raci}"]
    return Content("\n".join(parts), tuple(map(blockkit.section, parts)))


def _raci(shown: Shown, line: Raci) -> str:
    """Who does it, who answers for it, and, where there are such, who is asked and who is told."""
    answers = shown.policy.roles.get(line.accountable).short
    do = f"{_shorts(shown, line.responsible)} {_verb(line.responsible, 'does', 'do')} it"
    said = [f"{do}, {answers} answers for it"]
    if line.consulted:
        said.append(f"{_shorts(shown, line.consulted)} {_verb(line.consulted, 'is', 'are')} asked")
    if line.informed:
        said.append(f"{_shorts(shown, line.informed)} {_verb(line.informed, 'is', 'are')} told")
    return f"{line.action}: {'; '.join(said)}"


def _verb(roles: Sequence[str], one: str, several: str) -> str:
    return one if len(roles) == 1 else several


def _shorts(shown: Shown, roles: Sequence[str]) -> str:
    return ", ".join(shown.policy.roles.get(one).short for one in roles)


def favour(incident: Incident, holder: str, what: str, context: Context) -> Post:
    """What whoever has the right to something is asked."""
    room = messages.channel(incident.room)
    said = f"<@{context.actor}> asks you to {escape(what)}: {incident.reference} in {room}."
    return telling.note(incident, "favour", holder, said)
