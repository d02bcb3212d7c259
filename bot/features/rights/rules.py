"""Whom may one ask, and how often?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.core.facts.roles import HolderAsked
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.rights import blocks
from bot.features.rights.state import Favours

_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Favour:
    """Ask whoever has the right to something."""

    holder: str
    what: str


def ask_holder(incident: Incident, request: Favour, context: Context) -> Outcome:
    """Ask whoever has the right; the same thing again within ten minutes is not sent twice."""
    before = context.states.of(Favours).asked_at(context.actor, request.holder, request.what)
    if before and context.now - before < _AGAIN_AFTER:
        raise Refused(f"You asked <@{request.holder}> already, a moment ago.")
    asked = HolderAsked(holder=request.holder, what=request.what)
    told = blocks.favour(incident, request.holder, request.what, context)
    return Outcome((asked,), (told,))
