"""What do the facts of an incident add up to, for every feature?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import singledispatch

from bot.core import fold_roles, ids
from bot.core.changing import changed
from bot.core.facts import (
    Fact,
    Recorded,
    incidents,
    people,
    roles,
    rooms,
    severity,
    status,
    updates,
)
from bot.core.incident import Called, Incident, Sought, Status

_ENDS: Mapping[type[Fact], Status] = {
    incidents.IncidentResolved: "resolved",
    incidents.IncidentClosed: "closed",
    status.IncidentCancelled: "cancelled",
}


def fold(incident: Incident, recorded: Recorded) -> Incident:
    """The incident after one more fact; kinds it does not know leave it as it is."""
    after = changed(incident, last_seq=recorded.seq, changed_at=recorded.at)
    return _after(recorded.fact, after, recorded)


@singledispatch
def _after(_fact: Fact, incident: Incident, _recorded: Recorded) -> Incident:
    return incident


@_after.register
def _(fact: incidents.IncidentDeclared, incident: Incident, recorded: Recorded) -> Incident:
    return changed(
        incident,
        status="investigating",
        title=fact.title,
        severity=fact.severity,
        rank=fact.rank,
        severity_at=recorded.at,
        is_person_at_risk=fact.is_person_at_risk,
        is_private=fact.is_private,
        is_test=fact.is_test,
        declarer=fact.declarer or recorded.actor,
        declared_by=(fact.declarer or "") if recorded.actor == ids.BOT else recorded.actor,
        is_uncommanded=fact.is_uncommanded,
        declared_at=recorded.at,
        people=frozenset({fact.declarer or recorded.actor}),
    )


@_after.register
def _(fact: incidents.DetailsFilled, incident: Incident, _recorded: Recorded) -> Incident:
    harm = fact.harm or incident.harm
    at = (fact.harm_stopped_at or incident.harm_stopped_at) if harm == "stopped" else None
    return changed(incident, harm=harm, harm_stopped_at=at)


@_after.register(incidents.JoinAsked)
@_after.register(people.PersonAdded)
@_after.register(people.PersonCame)
def _(
    fact: incidents.JoinAsked | people.PersonAdded | people.PersonCame,
    incident: Incident,
    _recorded: Recorded,
) -> Incident:
    return changed(incident, people=incident.people | {fact.person})


@_after.register
def _(fact: people.PersonLeft, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, people=incident.people - {fact.person})


@_after.register
def _(fact: people.FollowStarted, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, followers=incident.followers | {fact.person})


@_after.register
def _(fact: people.FollowStopped, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, followers=incident.followers - {fact.person})


@_after.register
def _(fact: people.PersonCalled, incident: Incident, recorded: Recorded) -> Incident:
    called = Called(
        call=fact.call,
        about=fact.about,
        target=fact.target,
        via=fact.via,
        at=recorded.at,
        role=fact.role,
        person=fact.person,
        group=fact.group,
        text=fact.text,
        is_offer=fact.is_offer,
        climbed_for=fact.climbed_for,
    )
    let_in = {fact.person} if fact.person and fact.via != "nobody" else set()
    incident = _found(incident, fact.role)
    return changed(incident, calls=(*incident.calls, called), people=incident.people | let_in)


@_after.register
def _(fact: people.RoleSought, incident: Incident, recorded: Recorded) -> Incident:
    sought = Sought(
        role=fact.role,
        about=fact.about,
        at=recorded.at,
        text=fact.text,
        is_informed=fact.is_informed,
        climbed_for=fact.climbed_for,
    )
    return changed(incident, sought={**incident.sought, fact.role: sought})


@_after.register
def _(fact: people.PersonInformed, incident: Incident, _recorded: Recorded) -> Incident:
    incident = _found(incident, fact.role)
    if fact.person is None:
        return incident
    let_in = {fact.person} if incident.is_private else set()
    return changed(
        incident,
        informed={**incident.informed, fact.role: fact.person},
        people=incident.people | let_in,
    )


def _found(incident: Incident, role: str | None) -> Incident:
    if role not in incident.sought:
        return incident
    left = {one: sought for one, sought in incident.sought.items() if one != role}
    return changed(incident, sought=left)


@_after.register
def _(fact: people.CallAnswered, incident: Incident, recorded: Recorded) -> Incident:
    calls = tuple(
        replace(one, answered_at=recorded.at, answered_by=fact.by)
        if one.call == fact.call and one.answered_at is None
        else one
        for one in incident.calls
    )
    first = incident.first_accepted_at or recorded.at
    return changed(incident, calls=calls, first_accepted_at=first)


_after.register(roles.RoleOffered, fold_roles.offered)
_after.register(roles.RoleAccepted, fold_roles.accepted)
_after.register(roles.TakeoverAsked, fold_roles.taking_over)
_after.register(roles.TakeoverRefused, fold_roles.kept)
_after.register(roles.RoleDeclined, fold_roles.declined)
_after.register(roles.RoleDropped, fold_roles.dropped)


@_after.register
def _(fact: severity.SeverityChanged, incident: Incident, recorded: Recorded) -> Incident:
    return changed(incident, severity=fact.severity, rank=fact.rank, severity_at=recorded.at)


@_after.register
def _(fact: severity.MajorDecided, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, is_major=fact.is_major)


@_after.register
def _(_fact: status.Mitigated, incident: Incident, recorded: Recorded) -> Incident:
    return changed(incident, status="mitigated", mitigated_at=incident.mitigated_at or recorded.at)


@_after.register
def _(_fact: status.MonitoringStarted, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, status="monitoring")


@_after.register(incidents.IncidentResolved)
@_after.register(incidents.IncidentClosed)
@_after.register(status.IncidentCancelled)
def _(
    fact: incidents.IncidentResolved | incidents.IncidentClosed | status.IncidentCancelled,
    incident: Incident,
    recorded: Recorded,
) -> Incident:
    after = _ENDS[type(fact)]
    return changed(incident, status=after, ended_because=fact.reason, ended_at=recorded.at)


@_after.register
def _(fact: status.IncidentMerged, incident: Incident, recorded: Recorded) -> Incident:
    return changed(
        incident,
        status="merged",
        merged_into=fact.into,
        ended_because=fact.reason,
        ended_at=recorded.at,
    )


@_after.register
def _(_fact: incidents.IncidentReopened, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(
        incident,
        status="investigating",
        ended_because=None,
        ended_at=None,
        merged_into=None,
        takeovers={},
    )


@_after.register
def _(fact: status.TitleChanged, incident: Incident, _recorded: Recorded) -> Incident:
    return changed(incident, title=fact.title)


@_after.register
def _(_fact: status.MadePrivate, incident: Incident, recorded: Recorded) -> Incident:
    # Who read along in public is let in again by name; whoever holds a role goes on working.
    working = {holding.person for holding in incident.holders.values()}
    offered = {offer.person for offer in incident.offers.values()}
    return changed(
        incident,
        is_private=True,
        is_moved=True,
        people=frozenset(working | offered | {incident.ic, recorded.actor}),
        followers=frozenset(),
        put_back={},
    )


@_after.register(rooms.RoomRepaired)
@_after.register(rooms.RoomRecovered)
def _(
    fact: rooms.RoomRepaired | rooms.RoomRecovered, incident: Incident, _recorded: Recorded
) -> Incident:
    # While a room is archived the newest topic is dropped, so it is due again afterwards.
    part = fact.part if isinstance(fact, rooms.RoomRepaired) else "topic"
    times = incident.put_back.get(part, 0) + 1
    return changed(incident, put_back={**incident.put_back, part: times})


@_after.register
def _(_fact: updates.UpdatePosted, incident: Incident, recorded: Recorded) -> Incident:
    return changed(incident, last_update_at=recorded.at)
