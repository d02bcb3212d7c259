"""Who gives a role up, or keeps it, when another asks for it?"""

from __future__ import annotations

from bot.core import calling, pagers, rights, telling
from bot.core.deadlines import Alarm
from bot.core.facts import Words
from bot.core.facts.roles import RoleAccepted, TakeoverRefused
from bot.core.incident import Incident, Takeover
from bot.core.outcome import Context, Outcome, Refused
from bot.features.takeover import blocks


def agree(incident: Incident, role: str, context: Context) -> Outcome:
    """Hand the role to whoever asked for it."""
    rights.require_going(incident)
    return _given(incident, _waiting(incident, role, context), context)


def keep(incident: Incident, role: str, context: Context) -> Outcome:
    """Keep the role; whoever asked for it is told."""
    rights.require_going(incident)
    waiting = _waiting(incident, role, context)
    refused = TakeoverRefused(role=role, person=waiting.by)
    return Outcome((refused,), (blocks.kept(incident, waiting, context),))


def apply(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Nobody answered in time: the role goes to whoever asked for it, if they are still here."""
    waiting = incident.takeovers.get(alarm.about)
    if waiting is None:
        return Outcome()
    if waiting.by not in incident.people:
        return Outcome((TakeoverRefused(role=waiting.role, person=waiting.by),))
    return _given(incident, waiting, context)


def _waiting(incident: Incident, role: str, context: Context) -> Takeover:
    waiting = incident.takeovers.get(role)
    if waiting is None:
        raise Refused(f"It is settled. `{context.command} who` shows who holds what.")
    if context.actor != waiting.holder:
        raise Refused(f"Only <@{waiting.holder}>, who holds the role, can answer this.")
    return waiting


def _given(incident: Incident, waiting: Takeover, context: Context) -> Outcome:
    accepted = RoleAccepted(
        role=waiting.role,
        person=waiting.by,
        is_external=waiting.is_external,
        reason=Words(waiting.reason) if waiting.reason else None,
    )
    label = context.policy.roles.get(waiting.role).label
    told = telling.relieved(incident, label, waiting.by, waiting.holder)
    quiet = pagers.hushed_for(incident, waiting.role, context.policy)
    let_in = calling.let_in(incident, waiting.by, context.now)
    return Outcome((accepted,), (told, *let_in, *quiet))
