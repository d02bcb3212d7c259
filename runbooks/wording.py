"""How are owners and times of a runbook said?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from runbooks.model import Policy
from runbooks.sla import Sla
from runbooks.span import Span

_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def names(owners: Iterable[str], policy: Policy, join: str = "or") -> str:
    """Roles and titles as people read them: `Product Owner or Risk owner`."""
    return f" {join} ".join(_name(one, policy) for one in owners)


def _name(owner: str, policy: Policy) -> str:
    title = policy.titles.find(owner)
    return title.label if title else policy.roles.get(owner).label


def span(of: Sla | Span) -> str:
    """How long a step has, in words: `1 hour`, `same day`, `2 business days`, `per clock`."""
    if isinstance(of, Sla):
        if of.span is None:
            return "per clock"
        return span(of.span) + (f" after step {of.after}" if of.after else "")
    if of.time is not None:
        return spoken(of.time)
    if of.kind == "same_day":
        return "same day"
    return f"{of.days} business {'day' if of.days == 1 else 'days'}"


def spoken(time: timedelta) -> str:
    """A time by the clock in the largest unit that says it exactly: `90 minutes`, `1 hour`."""
    for unit, length in _UNITS:
        if time % length == timedelta(0):
            count = time // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{time.total_seconds():g} seconds"
