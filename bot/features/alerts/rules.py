"""When does an alert belong to an incident that is open?"""

from __future__ import annotations

from bot.core.alerts import Alert
from bot.core.facts import Words
from bot.core.facts.people import AlertTaken
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.alerts.state import Alerts


def fold_in(incident: Incident, alert: Alert, context: Context) -> Outcome:
    """Record that the same trouble was told of again; the same delivery changes nothing."""
    if alert.key in context.states.of(Alerts).keys:
        return Outcome()
    if not incident.is_open:
        raise Refused(f"{incident.reference} is {incident.status}.")
    taken = AlertTaken(
        alert=alert.key,
        source=alert.source,
        title=Words(alert.title),
        fingerprint=alert.fingerprint,
        severity_word=alert.severity_word,
        link=alert.link,
        is_first=False,
    )
    return Outcome((taken,))
