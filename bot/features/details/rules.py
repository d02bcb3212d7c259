"""What may be filled in, and what changes by it?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core import ids, rights, typed
from bot.core.facts import Words
from bot.core.facts.incidents import DetailsFilled
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import governance
from bot.core.runs.model import Runs
from bot.features.details.state import Details

CHOICES = ("harm", "family", "source", "first_output_basis", "aware_basis")
TIMES = ("harm_stopped_at", "first_output_at", "aware_at")
TEXTS = ("surface", "seen", "evidence", "model_version")
TEXT_CHARS = 3000


def check(incident: Incident) -> None:
    """Let only the record of an incident that is not over be changed.

    Raises:
        Refused: it is over.
    """
    if incident.is_over:
        raise Refused(f"{incident.reference} is over. Reopen it to change its record.")


@typed.masks("what you filled in", typed.AGAIN, *TEXTS)
def fill_in(incident: Incident, form: DetailsFilled, context: Context) -> Outcome:
    """Record what of the form differs from what is known; sent unchanged, it records nothing."""
    check(incident)
    rights.require_inside(incident, context)
    for name in TIMES:
        moment = getattr(form, name)
        if moment and moment > context.now:
            raise Refused("That time lies in the future. Give the time it happened.", field=name)
    details = context.states.of(Details)
    tier = governance.tier(context.states.of(Runs), context.policy)
    known = {
        **vars(details), "harm": incident.harm, "harm_stopped_at": incident.harm_stopped_at,
        "governance_tier": tier,
    }  # fmt: skip
    changed = _changed(form, known)
    if "governance_tier" in changed:
        governance.require_may_set(incident, changed["governance_tier"], context)
    if changed.get("harm") == "stopped":
        changed.setdefault("harm_stopped_at", context.now)
    elif "harm_stopped_at" in changed and incident.harm != "stopped":
        raise Refused("Choose Stopped above, or take this time out.", field="harm_stopped_at")
    return Outcome((DetailsFilled(**changed),) if changed else ())


def _changed(form: DetailsFilled, known: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name, value in form:
        typed = _words(name, value) if name in TEXTS and value else value
        if typed is not None and _in_seconds(typed) != _in_seconds(known[name]):
            changed[name] = Words(typed) if name in TEXTS else typed
    return changed


def _words(name: str, typed: str) -> str:
    said = ids.clean(typed)
    if len(said) > TEXT_CHARS:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {TEXT_CHARS:,} and put the rest into "
            "the room.",
            field=name,
        )
    return said


def _in_seconds(value: object) -> object:
    """The value as a form shows it: Slack's picker of moments knows whole seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
