"""When does something follow that nobody said?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.deadlines import Alarm
from bot.core.outcome import Shown
from bot.core.runs import lapsing, ruling
from bot.core.runs.model import Runs

LAPSE = "lapse"
RULES = "rules"
ESCALATE = "escalate"


def alarms(shown: Shown) -> list[Alarm]:
    """As soon as the record makes a rule apply, or takes away what a decision rests on."""
    if shown.incident.is_over:
        return []
    runs = shown.states.of(Runs)
    lapsed = [Alarm(mark.at, LAPSE) for _, _, _, mark in lapsing.in_question(runs)]
    return [*lapsed, *_ruled(shown)]


def _ruled(shown: Shown) -> Iterator[Alarm]:
    incident, runs = shown.incident, shown.states.of(Runs)
    if not incident.is_open:
        return
    for run in runs.open:
        began = max(run.started_at, incident.severity_at or run.started_at)
        if ruling.applying(incident, run):
            yield Alarm(began, RULES)
        for one in run.fired.values():
            if ruling.ended(incident, run, one):
                yield Alarm(one.at, RULES)
            if ruling.calls(one):
                yield Alarm(one.at, ESCALATE, f"{run.number}/{one.rule.id}")
