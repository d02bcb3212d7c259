"""Which incident rings its deadlines by itself in tests?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import registry
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Recorded
from bot.core.facts.people import PersonCalled
from bot.core.facts.tasks import DeadlineReminded
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.core.messages import Post
from bot.core.outcome import Context, Outcome, Shown, States
from bot.features.sla import due, rules
from runbooks.model import Policy
from runbooks.paging import Rung
from tests.features.values import NOW, POLICY


class Clockwork:
    """An incident whose alarms ring by themselves as time is moved."""

    def __init__(self, *facts: Fact, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.now = NOW
        self.log: list[Recorded] = []
        self.posts: list[tuple[float, Post]] = []
        for fact in facts:
            self.record(fact)

    def record(self, fact: Fact, actor: str = "UMARA") -> None:
        self.log.append(Recorded(len(self.log) + 1, self.now, actor, fact))

    @property
    def minutes(self) -> float:
        return (self.now - NOW) / timedelta(minutes=1)

    def shown(self) -> Shown:
        folded = Incident(12)
        by_type = {kind: one.start for kind, one in registry.FOLDS.items()}
        for one in self.log:
            folded = fold(folded, one)
            by_type = {kind: each.step(by_type[kind], one) for kind, each in registry.FOLDS.items()}
        told = Shown(folded, States(by_type), self.policy, "/incident", announces=True)
        owes = [one for deadlines in registry.DEADLINES for one in deadlines(told)]
        return replace(told, deadlines=tuple(due.adjusted(owes, told.states)))

    def ring(self, name: str) -> Outcome:
        """Run the rule for one deadline as things stand."""
        told = self.shown()
        known = Context(self.now, "warroom", self.policy, told.states, {}, told.deadlines)
        outcome = rules.remind(told.incident, Alarm(self.now, "deadline", name), known)
        for fact in outcome.facts:
            self.record(fact, "warroom")
        self.posts += [(self.minutes, one) for one in outcome.messages if isinstance(one, Post)]
        return outcome

    def wait(self, minutes: float, only: str | None = None) -> None:
        """Ring each alarm in its minute until the time is over."""
        end = self.now + timedelta(minutes=minutes)
        while True:
            alarms = [one for one in due.alarms(self.shown()) if only in {None, one.about}]
            first = min(alarms, key=lambda one: one.at, default=None)
            if first is None or first.at > end:
                break
            self.now = max(self.now, first.at)
            self.ring(first.about)
        self.now = end

    def sleep(self, minutes: float) -> None:
        """Move the clock while the bot is away."""
        self.now += timedelta(minutes=minutes)

    def reminded(self, name: str = "update") -> list[tuple[float, str, int]]:
        """Minute, stage and step of each reminder."""
        return [
            ((one.at - NOW) / timedelta(minutes=1), one.fact.stage, one.fact.rung)
            for one in self.log
            if isinstance(one.fact, DeadlineReminded) and one.fact.name == name
        ]

    def called(self) -> list[tuple[float, str]]:
        """Minute and target of each call."""
        return [
            ((one.at - NOW) / timedelta(minutes=1), one.fact.target)
            for one in self.log
            if isinstance(one.fact, PersonCalled)
        ]


def ladder(*rungs: Rung) -> Policy:
    """The policy with another ladder."""
    paging = POLICY.paging.model_copy(update={"ladder": rungs})
    return POLICY.model_copy(update={"paging": paging})
