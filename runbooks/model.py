"""What may a policy say?"""

from __future__ import annotations

from runbooks.base import Model
from runbooks.calendar import Calendar
from runbooks.classification import Classification
from runbooks.evidence import Evidence, EvidenceKind, TlpLabel
from runbooks.governance import Governance
from runbooks.habits import Habits
from runbooks.paging import Paging, Rota, Route, Rung
from runbooks.rights import Raci, Rights
from runbooks.roles import Role, Roles
from runbooks.severity import Severities, Severity
from runbooks.span import Span
from runbooks.stakeholders import Stakeholders
from runbooks.titles import Title, Titles
from runbooks.webhooks import Target, Webhooks

__all__ = [
    "Calendar", "Classification", "Evidence", "EvidenceKind", "Governance", "Habits", "Model",
    "Paging", "Policy", "Raci", "Rights", "Role", "Roles", "Rota", "Route", "Rung", "Severities",
    "Severity", "Span", "Stakeholders", "Target", "Title", "Titles", "TlpLabel", "Webhooks",
]  # fmt: skip


class Policy(Model):
    """Everything under `runbooks/policy/`; each field is one file."""

    severities: Severities
    roles: Roles
    rights: Rights
    calendar: Calendar
    stakeholders: Stakeholders
    classification: Classification
    paging: Paging
    habits: Habits
    titles: Titles
    webhooks: Webhooks
    evidence: Evidence
    governance: Governance
