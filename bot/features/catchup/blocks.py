"""How does somebody who was not here read what is known?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core import blockkit, times
from bot.core.blockkit import escape, shorten, when
from bot.core.deadlines import Deadline
from bot.core.incident import STATUS, Incident
from bot.core.messages import Content
from bot.core.outcome import Shown
from bot.features.catchup.state import Decided, Known
from runbooks.model import Policy

HARM = {"ongoing": "ongoing", "stopped": "stopped", "unknown": "not known yet"}
_LATEST, _OWED, _TASKS = 3, 3, 4
_LINE_CHARS, _SHORT_CHARS = 300, 90


def catchup(shown: Shown, known: Known, person: str, link: str | None) -> Content:
    """Ten lines for somebody new; `link` is where the pinned summary is, None before it is."""
    incident, policy = shown.incident, shown.policy
    head = f"{incident.reference} {_typed(incident.title, _LINE_CHARS)}"
    rows = (
        *_state(known, policy),
        f"Owed next: {_owed(shown.deadlines, incident)}",
        f"Open tasks: {_tasks(known)}",
        f"Where to look: {_where(link, shown.command)}",
        f"What you could do: {_could(incident, policy, person, shown.command)}",
    )
    return _page(head, rows)


def as_of(known: Known, policy: Policy, moment: datetime, zone: str) -> Content:
    """What the room knew at a moment, which is said as the clock of whoever asks shows it."""
    incident, at = known.incident, times.local(moment, zone)
    if incident.status == "new":
        return Content(f"{incident.reference} was not declared yet at {at}. Try a later time.")
    head = f"{incident.reference} as of {at}, {when(moment)}: {_typed(incident.title, _LINE_CHARS)}"
    return _page(head, _state(known, policy, latest=len(known.decisions)))


def _state(known: Known, policy: Policy, latest: int = _LATEST) -> tuple[str, ...]:
    """Harm, severity and status, what happened, impact, roles, decisions: a line each."""
    incident, update = known.incident, known.update
    severity = policy.severities.show(incident.severity)
    since = f" since {when(incident.severity_at)}" if incident.severity_at else ""
    status = f"{STATUS[incident.status]} since {when(known.status_at)}" if known.status_at else ""
    happened = (update and update.happened) or known.seen
    told = "no update yet"
    if update and known.update_at:
        told = f"update {update.number}, {when(known.update_at)}"
    impact = update.impact if update else None
    open_impact = "" if update and update.is_impact_known else "under investigation; so far "
    return (
        f"Harm now: {_harm(incident)}",
        f"{severity}{since} · {status}",
        f"What happened: {_typed(happened, _LINE_CHARS) or 'not said yet'} ({told})",
        f"Impact: {open_impact + _typed(impact, _LINE_CHARS) if impact else 'not known yet'}",
        f"Roles: {_roles(incident, policy)}",
        f"Decisions: {_decisions(known.decisions[-latest:] if latest else ())}",
    )


def _page(head: str, rows: Sequence[str]) -> Content:
    bold = [f"*{label}:*{rest}" if rest else label for label, rest in map(_split, rows)]
    return Content("\n".join((f"{head}.", *rows)), tuple(map(blockkit.section, (head, *bold))))


def _split(row: str) -> tuple[str, str]:
    """The label and the rest of a line; a line without a label of words has no rest."""
    label, colon, rest = row.partition(":")
    return (label, rest) if colon and label.replace(" ", "").isalpha() else (row, "")


def _typed(words: str | None, chars: int) -> str:
    return escape(shorten(" ".join((words or "").split()), chars))


def _harm(incident: Incident) -> str:
    if incident.harm_stopped_at:
        return f"{HARM[incident.harm]} at {when(incident.harm_stopped_at)}"
    return HARM[incident.harm]


def _roles(incident: Incident, policy: Policy) -> str:
    acting = " (acting)" if incident.is_ic_acting else ""
    commander = "nobody yet" if incident.has_no_ic else f"<@{incident.ic}>{acting}"
    held = [f"{policy.roles.get('ic').label} {commander}"]
    held += [
        f"{policy.roles.get(role).label} <@{one.person}>{' EXTERNAL' if one.is_external else ''}"
        for role, one in incident.holders.items()
        if role != "ic"
    ]
    return ", ".join(held)


def _decisions(decisions: Sequence[Decided]) -> str:
    told = [f"{one.number}. {_typed(one.text, _SHORT_CHARS)}" for one in decisions[-20:]]
    return "; ".join(told) or "none yet"


def _owed(deadlines: Sequence[Deadline], incident: Incident) -> str:
    first = sorted(deadlines, key=lambda one: one.due_at)[:_OWED]
    told = [
        f"{_typed(one.label, _SHORT_CHARS)} by {when(one.due_at)}, <@{one.owed_by(incident)}>"
        for one in first
    ]
    return "; ".join(told) or "nothing"


def _tasks(known: Known) -> str:
    told = [f"{_typed(one.text, _SHORT_CHARS)} (<@{one.owner}>)" for one in known.tasks[:_TASKS]]
    more = len(known.tasks) - _TASKS
    rest = f"; {more} more" if more > 0 else ""
    return "; ".join(told) + rest if told else "none"


def _where(link: str | None, command: str) -> str:
    summary = f"<{link}|the pinned summary>, " if link else ""
    return f"{summary}`{command} timeline` for all that happened, `{command} decisions` for why"


def _could(incident: Incident, policy: Policy, person: str, command: str) -> str:
    """What helps most now: one's own role, an offer to answer, a role nobody holds."""
    if incident.is_over:
        return f"nothing is open; `{command} reopen` if it is not over"
    if mine := incident.roles_of(person):
        labels = ", ".join(policy.roles.get(role).label for role in mine)
        return f"you are {labels}; what is owed next comes first"
    offered = [role for role, one in incident.offers.items() if one.person == person]
    if offered:
        return f"accept {policy.roles.get(offered[0]).label}: `{command} role take {offered[0]}`"
    severity = policy.severities.of(incident.severity, incident.rank)
    free = [role for role in severity.requires if incident.holder(role) is None]
    if free:
        return f"take {policy.roles.get(free[0]).label}: `{command} role take {free[0]}`"
    return f"tell <@{incident.ic}> what you can do, or `{command} note` what you see"
