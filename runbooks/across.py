"""Do the policy files agree with each other?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runbooks.model import Model, Policy

Steps = tuple[int | str, ...]


@dataclass(frozen=True)
class Mismatch:
    """A name in one file that another does not know; `steps` lead to its place."""

    file: str
    steps: Steps
    sentence: str


def mismatches(policy: Policy) -> list[Mismatch]:
    """Everything that one file says of another and that is not so."""
    return [*_roles(policy), *_titles(policy), *_severities(policy), *_rotas(policy)]


def _titles(policy: Policy) -> Iterator[Mismatch]:
    roles = {role.id for role in policy.roles.roles}
    for place, title in enumerate(policy.titles.titles):
        if title.id in roles:
            yield Mismatch(
                "titles",
                ("titles", place, "id"),
                f"is {title.id}, which is a role in roles.yaml; choose another",
            )


def _roles(policy: Policy) -> Iterator[Mismatch]:
    known = [role.id for role in policy.roles.roles]
    for file, steps, role in _named_roles(policy):
        if role not in known:
            yield Mismatch(
                file,
                steps,
                f"names the role {role}, which roles.yaml does not have; "
                f"use one of {', '.join(known)}",
            )


def _named_roles(policy: Policy) -> Iterator[tuple[str, Steps, str]]:
    severities = policy.severities.severities
    yield from _lists("titles", "titles", policy.titles.titles, ("roles",))
    yield from _lists("severities", "severities", severities, ("pages", "informs", "requires"))
    yield from _lists("rights", "rights", policy.rights.rights, ("roles",))
    names = ("responsible", "consulted", "informed")
    yield from _lists("rights", "raci", policy.rights.raci, names)
    for place, line in enumerate(policy.rights.raci):
        yield "rights", ("raci", place, "accountable"), line.accountable
    yield from _lists("evidence", "labels", policy.evidence.labels, ("roles",))
    for name in ("originals", "sealed"):
        for place, role in enumerate(getattr(policy.evidence, name)):
            yield "evidence", (name, place), role
    for name in ("routes", "ladder"):
        for place, one in enumerate(getattr(policy.paging, name)):
            if one.role:
                yield "paging", (name, place, "role"), one.role


def _lists(
    file: str, name: str, entries: Sequence[Model], fields: Sequence[str]
) -> Iterator[tuple[str, Steps, str]]:
    for place, entry in enumerate(entries):
        for field in fields:
            for at, role in enumerate(getattr(entry, field)):
                yield file, (name, place, field, at), role


def _severities(policy: Policy) -> Iterator[Mismatch]:
    known = ", ".join(one.label for one in policy.severities.severities)
    named: list[tuple[str, Steps, str]] = []
    for name in ("channels", "mail"):
        for place, one in enumerate(getattr(policy.stakeholders, name)):
            named.append(("stakeholders", (name, place, "from_severity"), one.from_severity))
    alerts = policy.paging.alerts
    if alerts.declares_from:
        named.append(("paging", ("alerts", "declares_from"), alerts.declares_from))
    for file, steps, label in named:
        if policy.severities.find(label) is None:
            yield Mismatch(
                file,
                steps,
                f"names the severity {label}, which severities.yaml does not have; "
                f"use one of {known}",
            )


def _rotas(policy: Policy) -> Iterator[Mismatch]:
    known = [rota.id for rota in policy.paging.rotas]
    for place, role in enumerate(policy.roles.roles):
        rota = role.comes_from.rota if role.comes_from else None
        if rota and rota not in known:
            yield Mismatch(
                "roles",
                ("roles", place, "comes_from", "rota"),
                f"names the rota {rota}, which paging.yaml does not have; "
                f"use one of {', '.join(known) or 'those you add there'}",
            )
    for place, route in enumerate(policy.paging.routes):
        source = policy.roles.get(route.role).comes_from
        if route.adapter == "rota" and not (source and source.rota):
            yield Mismatch(
                "paging",
                ("routes", place, "adapter"),
                f"is rota, but roles.yaml gives {route.role} none; "
                "add comes_from: {rota: ...} there, or leave this route out",
            )
