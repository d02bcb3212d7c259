"""What is an alert of another system?"""

from __future__ import annotations

from dataclasses import dataclass

from runbooks.model import Policy
from runbooks.severity import Severity


@dataclass(frozen=True)
class Alert:
    """An alert; the same `key` is the same delivery, the same `fingerprint` the same trouble.

    `proposal` numbers the times that this trouble was put before people; 0: it was not.
    """

    key: str
    title: str
    source: str
    severity_word: str | None
    fingerprint: str
    link: str | None
    proposal: int = 0


def severity(alert: Alert, policy: Policy) -> Severity | None:
    """How bad the alert says it is, by the policy's words; None when it does not say."""
    rank = policy.paging.alerts.ranks.get(alert.severity_word or "")
    severities = policy.severities.severities
    return severities[rank] if rank is not None and rank < len(severities) else None


def may_declare(alert: Alert, policy: Policy) -> bool:
    """Whether the policy lets an alert this bad open an incident with nobody asking."""
    wanted = policy.severities.find(policy.paging.alerts.declares_from or "")
    found = severity(alert, policy)
    return wanted is not None and found is not None and found.rank <= wanted.rank
