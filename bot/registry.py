"""Which features are there, and what does each of them bring?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bot import checklists, safekeeping
from bot.core import record, summary
from bot.core.alerts import Alert
from bot.core.deadlines import SOUGHT
from bot.core.facts import by_kind
from bot.core.facts.all import KINDS
from bot.core.outcome import Alarms, Deadlines, Fold, Render, Rule
from bot.engine import Engine
from bot.features.alerts import blocks as alerts_blocks
from bot.features.alerts import slack as alerts
from bot.features.alerts import state as alerts_state
from bot.features.catchup import slack as catchup
from bot.features.classification import blocks as classification_blocks
from bot.features.classification import due as classification_due
from bot.features.classification import slack as classification
from bot.features.classification import state as classification_state
from bot.features.decisions import blocks as decisions_blocks
from bot.features.decisions import due as decisions_due
from bot.features.decisions import slack as decisions
from bot.features.decisions import state as decisions_state
from bot.features.details import blocks as details_blocks
from bot.features.details import slack as details
from bot.features.details import state as details_state
from bot.features.drift import blocks as drift_blocks
from bot.features.drift import due as drift_due
from bot.features.drift import rules as drift_rules
from bot.features.drift import slack as drift
from bot.features.drift import state as drift_state
from bot.features.export import slack as export
from bot.features.finding import slack as finding
from bot.features.following import slack as following
from bot.features.home import slack as home_of
from bot.features.incidents import blocks as incidents_blocks
from bot.features.incidents import rules as incidents_rules
from bot.features.incidents import slack as incidents
from bot.features.merging import blocks as merging_blocks
from bot.features.merging import slack as merging
from bot.features.merging import state as merging_state
from bot.features.nearmiss import slack as nearmiss
from bot.features.paging import blocks as paging_blocks
from bot.features.paging import due as paging_due
from bot.features.paging import rules as paging_rules
from bot.features.paging import slack as paging
from bot.features.rights import slack as rights
from bot.features.rights import state as rights_state
from bot.features.roles import blocks as roles_blocks
from bot.features.roles import due as roles_due
from bot.features.roles import rules as roles_rules
from bot.features.roles import slack as roles
from bot.features.roles import state as roles_state
from bot.features.rooms import blocks as rooms_blocks
from bot.features.rooms import due as rooms_due
from bot.features.rooms import rules as rooms_rules
from bot.features.rooms import slack as rooms
from bot.features.rooms import state as rooms_state
from bot.features.severity import blocks as severity_blocks
from bot.features.severity import due as severity_due
from bot.features.severity import rules as severity_rules
from bot.features.severity import slack as severity
from bot.features.severity import state as severity_state
from bot.features.sla import blocks as sla_blocks
from bot.features.sla import due as sla_due
from bot.features.sla import rules as sla_rules
from bot.features.sla import slack as sla
from bot.features.sla import state as sla_state
from bot.features.stakeholders import blocks as stakeholders_blocks
from bot.features.stakeholders import state as stakeholders_state
from bot.features.status import blocks as status_blocks
from bot.features.status import slack as status
from bot.features.status import state as status_state
from bot.features.takeover import blocks as takeover_blocks
from bot.features.takeover import due as takeover_due
from bot.features.takeover import rules as takeover_rules
from bot.features.takeover import slack as takeover
from bot.features.takeover import state as takeover_state
from bot.features.tasks import blocks as tasks_blocks
from bot.features.tasks import due as tasks_due
from bot.features.tasks import slack as tasks
from bot.features.tasks import state as tasks_state
from bot.features.timeline import blocks as timeline_blocks
from bot.features.timeline import slack as timeline
from bot.features.timeline import state as timeline_state
from bot.features.updates import blocks as updates_blocks
from bot.features.updates import due as updates_due
from bot.features.updates import slack as updates
from bot.features.updates import state as updates_state
from bot.features.webhooks import rules as webhooks_rules
from bot.features.webhooks import state as webhooks_state
from bot.hooks.inbound import Ack
from bot.ledger import House
from bot.rounds import Round
from bot.slack.listen import Desk
from bot.slack.people import People
from bot.ticker import Daily
from runbooks.model import Policy
from runbooks.shelf import NO_BOOKS, Library

# Who takes requests, in the order in which the help lists them.
FEATURES = (
    incidents,
    nearmiss,
    details,
    status,
    finding,
    severity,
    classification,
    roles,
    takeover,
    rights,
    updates,
    sla,
    *checklists.FEATURES,
    tasks,
    decisions,
    *safekeeping.FEATURES,
    paging,
    alerts,
    rooms,
    drift,
    merging,
    following,
    timeline,
    catchup,
    export,
    home_of,
)

# What stands on the pinned summary; each part says at which place.
SUMMARY_PARTS: tuple[summary.Parts, ...] = (
    incidents_blocks.summary_parts,
    details_blocks.summary_parts,
    status_blocks.summary_parts,
    roles_blocks.summary_parts,
    updates_blocks.summary_parts,
    sla_blocks.summary_parts,
    *checklists.SUMMARY_PARTS,
    tasks_blocks.summary_parts,
    decisions_blocks.summary_parts,
    *safekeeping.SUMMARY_PARTS,
    paging_blocks.summary_parts,
    alerts_blocks.summary_parts,
    rooms_blocks.summary_parts,
    merging_blocks.summary_parts,
    severity_blocks.summary_parts,
    classification_blocks.summary_parts,
)

# What a record has that is handed on, in the order of the page.
RECORD_PARTS: tuple[record.Parts, ...] = (
    timeline_blocks.record_parts,
    decisions_state.record_parts,
    updates_state.record_parts,
    roles_state.record_parts,
    sla_state.record_parts,
    tasks_state.record_parts,
    timeline_state.record_parts,
    webhooks_state.record_parts,
    *checklists.RECORD_PARTS,
    *safekeeping.RECORD_PARTS,
)

# Slots that follow the incident by themselves: topic, announcement, private messages, ...
SLOTS: tuple[Render, ...] = (
    incidents_blocks.slots,
    drift_blocks.slots,
    roles_blocks.slots,
    takeover_blocks.slots,
    stakeholders_blocks.slots,
    sla_blocks.slots,
    tasks_blocks.slots,
    paging_blocks.slots,
    alerts_blocks.slots,
    severity_blocks.slots,
    decisions_blocks.slots,
    *checklists.SLOTS,
)

# What the facts add up to for one feature alone.
FOLDS: Mapping[type[Any], Fold] = {
    tasks_state.Tasks: Fold(tasks_state.Tasks(), tasks_state.fold),
    sla_state.Sla: Fold(sla_state.Sla(), sla_state.fold),
    rights_state.Favours: Fold(rights_state.Favours(), rights_state.fold),
    roles_state.Roles: Fold(roles_state.Roles(), roles_state.fold),
    takeover_state.Takeovers: Fold(takeover_state.Takeovers(), takeover_state.fold),
    alerts_state.Alerts: Fold(alerts_state.Alerts(), alerts_state.fold),
    drift_state.Drift: Fold(drift_state.Drift(), drift_state.fold),
    rooms_state.Rooms: Fold(rooms_state.Rooms(), rooms_state.fold),
    merging_state.Links: Fold(merging_state.Links(), merging_state.fold),
    **safekeeping.FOLDS,
    decisions_state.Decisions: Fold(decisions_state.Decisions(), decisions_state.fold),
    updates_state.Updates: Fold(updates_state.Updates(), updates_state.fold),
    stakeholders_state.Told: Fold(stakeholders_state.Told(), stakeholders_state.fold),
    classification_state.Classification: Fold(
        classification_state.Classification(), classification_state.fold
    ),
    status_state.Course: Fold(status_state.Course(), status_state.fold),
    severity_state.History: Fold(severity_state.History(), severity_state.fold),
    timeline_state.Notes: Fold(timeline_state.Notes(), timeline_state.fold),
    **checklists.FOLDS,
    details_state.Details: Fold(details_state.Details(), details_state.fold),
    webhooks_state.Webhooks: Fold(webhooks_state.Webhooks(), webhooks_state.fold),
}

# What is owed by when.
DEADLINES: tuple[Deadlines, ...] = (
    tasks_due.deadlines,
    *checklists.DEADLINES,
    roles_due.deadlines,
    paging_due.deadlines,
    updates_due.deadlines,
    decisions_due.deadlines,
    severity_due.deadlines,
    classification_due.deadlines,
)

# When a feature wants to look again, and the rule that then runs, by the kind of alarm.
ALARMS: tuple[Alarms, ...] = (
    sla_due.alarms,
    roles_due.alarms,
    rooms_due.alarms,
    severity_due.alarms,
    paging_due.alarms,
    takeover_due.alarms,
    drift_due.alarms,
    *safekeeping.ALARMS,
    *checklists.ALARMS,
)
RINGS: Mapping[str, Rule] = {
    sla_due.KIND: sla_rules.remind,
    "handoff": roles_rules.suggest_handoff,
    "idle": rooms_rules.ask_idle,
    "archive": rooms_rules.archive,
    "proposal": severity_rules.apply_proposal,
    SOUGHT: paging_rules.found,
    takeover_due.KIND: takeover_rules.apply,
    drift_due.KIND: drift_rules.ask_return,
    **safekeeping.RINGS,
    **checklists.RINGS,
}
# What follows when a system that was sent something answers, fails or calls back, by the first
# word of what it is about: "step" for `Sent(name, "step/3", "github")`.
WEBHOOK_FOLLOWS: Mapping[str, Rule] = {**checklists.WEBHOOK_FOLLOWS}


def house(policy: Policy, command: str, *, announces: bool, books: Library = NO_BOOKS) -> House:
    """Everything the ledger needs of the features; without a library nothing can be run."""
    slots: Sequence[Render] = (lambda shown: summary.render(SUMMARY_PARTS, shown), *SLOTS)
    return House(
        kinds=by_kind(KINDS),
        folds=FOLDS,
        renders=slots,
        deadlines=DEADLINES,
        adjust=sla_due.adjusted,
        alarms=ALARMS,
        policy=policy,
        command=command,
        announces=announces,
        library=books,
        record_parts=RECORD_PARTS,
    )


def home(engine: Engine) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """What draws a person's App Home, as things stand when it is delivered."""
    return home_of.drawer(engine)


def dailies(engine: Engine) -> list[Daily]:
    """What is done once a day."""
    at, do = partial(home_of.next_roll_up, engine), partial(home_of.roll_up, engine)
    return [Daily("roll-up", at, do)]


def rounds(desk: Desk) -> list[Round]:
    """What is done again and again."""
    return [drift.look_around(desk.engine, desk.calls, desk.me), *safekeeping.rounds(desk)]


async def take_alert(engine: Engine, alert: Alert, *, announces: bool) -> int | None:
    """What an alert of another system does; the number of its incident, if it has one."""
    return await alerts.take(engine, alert, incidents_rules.declare_from_alert, announces=announces)


async def take_answer(engine: Engine, people: People, ack: Ack) -> int | None:
    """A pager says that somebody answered; the number of the incident, if it is one of ours."""
    by = await people.by_email(ack.by_email) if ack.by_email else None
    return await paging.take_answer(engine, ack.key, ack.dedup_key, by, is_resolved=ack.is_resolved)


def webhook_rule() -> Rule:
    """What is recorded when a system that was sent something answers, fails or calls back."""
    return webhooks_rules.recording(WEBHOOK_FOLLOWS)
