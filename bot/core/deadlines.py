"""What is owed by when, and when does something have to be looked at again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.incident import IC, Incident

SOUGHT = "sought"  # the kind of alarm that waits for a look-up elsewhere


@dataclass(frozen=True)
class Deadline:
    """Something somebody owes by a moment; `name` is its identity within the incident.

    `owner_roles` are tried in order, the first that is filled owes it; `owner` names the person
    where it is one. `remedy` says what to do, in one short sentence; `rule` how the moment was
    reckoned where that is not plain. `climbs` sends it up the policy's ladder when it is overdue.
    What `is_personal` is asked for privately, not in the room. `actions` are buttons that meet it:
    action id and label; their value is the incident's number. One snooze puts it off by
    `snooze_at_most`.
    """

    name: str
    label: str
    starts_at: datetime
    due_at: datetime
    remedy: str
    owner_roles: tuple[str, ...] = (IC,)
    owner: str | None = None
    rule: str | None = None
    climbs: bool = True
    is_personal: bool = False
    actions: tuple[tuple[str, str], ...] = ()
    snooze_at_most: timedelta = timedelta(hours=24)

    @property
    def soon_at(self) -> datetime:
        """When its last quarter begins."""
        return self.due_at - (self.due_at - self.starts_at) / 4

    def owed_by(self, incident: Incident) -> str:
        """The person who owes it now: a role nobody holds falls to the Incident Commander."""
        if self.owner:
            return self.owner
        held = (incident.holder(role) for role in self.owner_roles)
        return next(filter(None, held), incident.ic)


@dataclass(frozen=True)
class Alarm:
    """A moment at which the rule for this kind looks at the incident; `about` is its subject."""

    at: datetime
    kind: str
    about: str = ""


def earliest(alarms: Sequence[Alarm]) -> datetime | None:
    """When the first of them rings; None when there is none."""
    return min((alarm.at for alarm in alarms), default=None)
