"""Does what the opening step writes down agree with the record?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.incident import IC, Incident
from bot.core.outcome import Context, Refused
from bot.core.runs.model import Answer
from runbooks.fields import RANKS
from runbooks.model import Policy

# Questions of the runbooks whose answer the incident itself has: who owns each stream.
_STREAMS: Mapping[str, str] = {
    "legal_owner": "legal",
    "comms_owner": "comms",
    "technical_owner": "technical",
    "decider": IC,
}


def known(incident: Incident, policy: Policy) -> dict[str, Answer]:
    """What the record has to such questions, to begin with."""
    roles = {**_STREAMS, "spokesperson": policy.roles.spokesperson}
    held = {id_: incident.holder(role) for id_, role in roles.items()}
    found = {id_: Answer((person,)) for id_, person in held.items() if person}
    found["record"] = Answer(text=incident.reference)
    found["severity"] = Answer((RANKS[incident.rank],))
    return found


def require_agrees(incident: Incident, id_: str, said: Answer, context: Context) -> None:
    """Let only what is so be written down: the severity that is set, and one owner each.

    Raises:
        Refused: the record says otherwise; the sentence says how to change it.
    """
    if id_ == "severity" and said.chosen != (RANKS[incident.rank],):
        raise Refused(
            f"The incident is {context.policy.severities.show(incident.severity)}. "
            f"`{context.command} severity` changes it.",
            field=id_,
        )
    roles = {**_STREAMS, "spokesperson": context.policy.roles.spokesperson}
    if id_ not in roles or not said.chosen:
        return
    role, person = roles[id_], said.chosen[0]
    label, holder = context.policy.roles.get(role).label, incident.holder(role)
    if role == IC and incident.is_ic_acting:
        raise Refused(
            f"Nobody has accepted the command yet: `{context.command} take ic`.", field=id_
        )
    if holder != person:
        now = f"<@{holder}> is {label}" if holder else f"Nobody is {label}"
        raise Refused(
            f"{now}. `{context.command} role {role} @someone` changes that; then come back.",
            field=id_,
        )
