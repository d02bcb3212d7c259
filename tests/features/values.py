"""Which values do rules and wording get in tests?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import registry
from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.incidents import IncidentDeclared
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.core.outcome import Context, Person, Shown, States
from runbooks import load

NOW = datetime(2026, 11, 21, 3, 12, 30, 123456, tzinfo=UTC)
STAMP = int(NOW.timestamp())
WHEN = f"<!date^{STAMP}^{{date_short_pretty}} {{time}}|2026-11-21 03:12 UTC>"
POLICY = load.policy()
TITLE = "Chatbot gives unsafe dosage advice"


def declared(**differing: Any) -> IncidentDeclared:  # noqa: ANN401 (any field of the fact)
    """A declared incident of SEV1, but for what differs."""
    usual: dict[str, Any] = {
        "number": 12,
        "title": Words(TITLE),
        "severity": "SEV1",
        "rank": 1,
        "is_person_at_risk": False,
        "is_private": False,
        "is_test": False,
        "route": "command",
        "aware_at": NOW,
        "aware_basis": "declared",
    }
    return IncidentDeclared(**{**usual, **differing})


def recorded(*facts: Fact) -> list[Recorded]:
    """The facts as the log would hold them, all of Mara's and of now."""
    return [Recorded(seq, NOW, "UMARA", fact) for seq, fact in enumerate(facts, start=1)]


def incident(*facts: Fact) -> Incident:
    """INC-12 after these facts."""
    folded = Incident(12)
    for one in recorded(*facts):
        folded = fold(folded, one)
    return folded


def told(*happened: tuple[int, str, Fact]) -> Shown:
    """What is shown after facts given as minutes after NOW, who did it, and what."""
    folded, by_type = Incident(12), {kind: one.start for kind, one in registry.FOLDS.items()}
    for seq, (minutes, actor, fact) in enumerate(happened, start=1):
        one = Recorded(seq, NOW + timedelta(minutes=minutes), actor, fact)
        folded = fold(folded, one)
        by_type = {kind: each.step(by_type[kind], one) for kind, each in registry.FOLDS.items()}
    return Shown(folded, States(by_type), POLICY, "/incident", announces=True)


def states(*facts: Fact) -> States:
    """What the facts add up to for each feature."""
    by_type = {kind: one.start for kind, one in registry.FOLDS.items()}
    for one in recorded(*facts):
        for kind, each in registry.FOLDS.items():
            by_type[kind] = each.step(by_type[kind], one)
    return States(by_type)


def owed(*facts: Fact) -> tuple[Deadline, ...]:
    """What is owed by when after these facts."""
    return as_shown(*facts).deadlines


def context(
    *facts: Fact, actor: str = "UMARA", person: Person | None = None, later: timedelta | None = None
) -> Context:
    """What a rule may know after these facts; `later` is counted from NOW."""
    people = {person.id: person} if person else {}
    now = NOW + (later or timedelta(0))
    return Context(now, actor, POLICY, states(*facts), people, owed(*facts))


def as_shown(*facts: Fact, announces: bool = True) -> Shown:
    """What slots are rendered from after these facts."""
    shown = Shown(incident(*facts), states(*facts), POLICY, "/incident", announces)
    owes = tuple(one for deadlines in registry.DEADLINES for one in deadlines(shown))
    return replace(shown, deadlines=owes)
