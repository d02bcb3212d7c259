"""What does a step tell another system?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core import telling
from bot.core.incident import Incident
from bot.core.outcome import Context
from bot.core.runs import acts
from bot.core.runs.model import Call, Run, Runs, Step
from runbooks.steps import Target, Webhook

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_MOST_CHARS = 4000


def values(incident: Incident, about: tuple[Run, Step, Target], context: Context) -> dict[str, str]:
    """The payload of a step's target, filled in, and what every system asks for.

    A title that must stay in the room is in none of them.
    """
    run, step, target = about
    known = _known(incident, run, step, context)
    payload = {name: _filled(text, known) for name, text in target.payload.items()}
    title = payload.get("title") or payload.get("summary") or known["step.title"]
    details = payload.get("details") or payload.get("description") or known["run.checklist"]
    return {**payload, "incident": incident.reference, "title": title, "details": details}


def elsewhere(runs: Runs, run: Run, target: Target) -> tuple[Run, Call] | None:
    """The call of another run that told the same system the same; None where none did.

    One that failed does not count.
    """
    for other in runs.all:
        for step in other.steps if other.number != run.number else ():
            if not isinstance(step.what, Webhook) or target not in step.what.targets:
                continue
            call = step.calls.get(target.id)
            if call and call.status != "failed":
                return other, call
    return None


def _filled(text: str, known: Mapping[str, str]) -> str:
    filled = _PLACEHOLDER.sub(lambda found: known.get(found[1], ""), text)
    return filled.strip()[:_MOST_CHARS]


def _known(incident: Incident, run: Run, step: Step, context: Context) -> dict[str, str]:
    runs = context.states.of(Runs)
    declared = f"{incident.declared_at:%Y-%m-%dT%H:%M:%SZ}" if incident.declared_at else ""
    severity = context.policy.severities.show(incident.severity)
    review = runs.review
    return {
        "incident.reference": incident.reference,
        "incident.title": incident.public_title or "(the title stays in the room)",
        "incident.severity": severity,
        "incident.summary": f"{severity}, {incident.status}; declared {declared}",
        "incident.declared_at": declared,
        "incident.aware_at": declared,
        "incident.room_url": f"See {incident.reference} in Slack.",
        "incident.ic": incident.holder("ic") or telling.commander(incident),
        "runbook.title": run.book.title,
        "runbook.version": run.pin.version,
        "step.title": step.what.title,
        "run.checklist": checklist(run),
        "review.due_on": f"{review.at:%Y-%m-%d}" if review else "not booked yet",
        "review.url": review.link if review else "",
        "tags": ", ".join(filter(None, (runs.family, runs.failure_mode))),
    }


def checklist(run: Run) -> str:
    """The steps in bare text, a line each, as a ticket carries them; no word that people typed."""
    return "\n".join(
        f"[{'x' if step.is_closed else ' '}] {step.n}. "
        + (step.what.title if not step.is_added else "A step of the room's own")
        + (f" ({acts.said_closed(step)})" if step.left else "")
        for step in run.steps
    )
