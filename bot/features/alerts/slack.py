"""What happens when another system tells of trouble?"""

from __future__ import annotations

import json
from datetime import datetime

from bot.core import alerts as core
from bot.core import calling, ids
from bot.core.alerts import Alert
from bot.core.incident import IC, OPEN
from bot.core.messages import Content
from bot.core.outcome import Refused, Rule
from bot.engine import Asked, Engine, Existing, OfTheHouse, Opening
from bot.features.alerts import rules
from bot.features.alerts.state import Alerts
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press

_REOPENED_AT_MOST = 20  # incidents from one fingerprint within the days the inbox remembers


def register(desk: Desk) -> None:
    """Take the button that dismisses; the one that declares belongs to the declaring."""

    async def dismiss(press: Press) -> Reply:
        named = json.loads(press.value)
        request = rules.Dismiss(named["fingerprint"], named["proposal"])
        asked = Asked(press.key, press.person)
        await desk.engine.carry_out(rules.dismiss, request, OfTheHouse(), asked)
        return Content("It is dismissed. The same alert later is proposed again.")

    desk.button("dismiss_alert", dismiss)


async def take(engine: Engine, alert: Alert, declare: Rule, *, announces: bool) -> int | None:
    """Fold an alert into the incident it belongs to, declare one, or propose it.

    The incident's number; None when it is only proposed, or private.
    """
    now = engine.now()
    found = await _open_with(engine, alert, now)
    if found is not None:
        return await _fold_in(engine, alert, found)
    if core.may_declare(alert, engine.policy) and _somebody(engine, now):
        return await _declare(engine, alert, declare)
    if place := _place(engine, announces=announces):
        request = rules.Propose(alert, place, await _is_spent(engine, alert.fingerprint))
        asked = Asked(f"proposed {alert.key}", ids.BOT)
        await engine.carry_out(rules.propose, request, OfTheHouse(), asked)
    return None


def _place(engine: Engine, *, announces: bool) -> str | None:
    """Where alerts are proposed: where incidents are announced, or to whoever is on call."""
    if announces:
        return "announce"
    person = _somebody(engine, engine.now())
    return ids.person(person) if person else None


async def _is_spent(engine: Engine, fingerprint: str) -> bool:
    """An incident was declared from the newest proposal of this trouble."""
    proposal = (await engine.house()).states.of(Alerts).proposals.get(fingerprint)
    if proposal is None:
        return False
    for listed in await engine.listed():
        if listed.opened_at < proposal.at:
            continue
        case = await engine.case(listed.number)
        seen = case and case.states.of(Alerts).by_fingerprint.get(fingerprint)
        if seen and seen.proposal == proposal.number:
            return True
    return False


async def _open_with(engine: Engine, alert: Alert, now: datetime) -> int | None:
    """The open incident that was told of the same trouble not long ago."""
    window = engine.policy.paging.alerts.fold_window
    for case in await engine.cases(OPEN):
        seen = case.states.of(Alerts).by_fingerprint.get(alert.fingerprint)
        if seen and now - seen.last_at <= window:
            return case.incident.number
    return None


async def _fold_in(engine: Engine, alert: Alert, number: int) -> int | None:
    asked = Asked(alert.key, ids.BOT)
    try:
        done = await engine.carry_out(rules.fold_in, alert, Existing(number), asked)
    except Refused:  # it ended meanwhile; the next alert finds that out
        return None
    # Whoever reads that system's log is not in the room.
    return None if done.case.incident.is_private else number


async def _declare(engine: Engine, alert: Alert, declare: Rule) -> int | None:
    """Open an incident, once for all alerts of this fingerprint that come at the same time."""
    after = 0
    for _ in range(_REOPENED_AT_MOST):
        asked = Asked(f"alert opens {alert.fingerprint} after {after}", ids.BOT)
        done = await engine.carry_out(declare, alert, Opening(), asked)
        incident = done.case.incident
        if not done.is_replay:
            return incident.number
        if incident.is_open:
            return await _fold_in(engine, alert, incident.number)
        after = incident.number
    return None


def _somebody(engine: Engine, now: datetime) -> str | None:
    """Who commands when nobody opened it by hand."""
    for role in (IC, "technical"):
        person = calling.found_for(role, engine.policy, now)
        if person:
            return person
    return None
