"""Which runs do rules get in tests?"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from bot import registry
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts import runbooks as f
from bot.core.facts.people import PersonCame
from bot.core.facts.roles import RoleAccepted
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Person, Shown, States
from bot.core.runs import beginning
from bot.core.runs.model import Run, Runs
from runbooks.library import load_library
from runbooks.shelf import Library
from tests.features.values import NOW, POLICY, declared

HARM = "model-output-causing-harm"
MARA, NOOR, SAM, ELENA, JUN = "UMARA", "UNOOR", "USAM", "UELENA", "UJUN"
ROLES = (("ic", MARA), ("security", NOOR), ("legal", ELENA), ("comms", JUN), ("technical", JUN))
Did = tuple[str, Fact]


@cache
def library() -> Library:
    """The runbooks as shipped."""
    return load_library(None, POLICY)


class Story:
    """An incident in which a runbook runs: who did what, and what a rule may know of it."""

    def __init__(
        self,
        book: str = HARM,
        roles: tuple[tuple[str, str], ...] = ROLES,
        opened: Fact | None = None,
    ) -> None:
        self._did: list[tuple[datetime, str, Fact]] = []
        self.minutes = 0
        self.did((MARA, opened or declared()))
        self.did(*((one, PersonCame(person=one)) for one in (NOOR, SAM, ELENA, JUN)))
        self.did(*((who, RoleAccepted(role=role, person=who)) for role, who in roles))
        if book:
            self.did((MARA, beginning.begun(library().books[book], Runs())))

    def did(self, *facts: Did) -> Story:
        """What happened next."""
        self._did += [(self.now, by, fact) for by, fact in facts]
        return self

    @property
    def now(self) -> datetime:
        """When what comes next happens: so many minutes after the beginning."""
        return NOW + timedelta(minutes=self.minutes)

    def done(self, *steps: int, by: str = MARA) -> Story:
        """Steps of the first run are done."""
        return self.did(*((by, f.StepDone(run=1, step=step)) for step in steps))

    def told(self, outcome: Outcome, by: str) -> Story:
        """What a rule answered is written."""
        return self.did(*((by, fact) for fact in outcome.facts))

    @property
    def incident(self) -> Incident:
        """The incident as it stands."""
        folded = Incident(12)
        for one in self._recorded():
            folded = fold(folded, one)
        return folded

    @property
    def run(self) -> Run:
        """The first run as it stands."""
        return self._states().of(Runs).all[0]

    def context(self, actor: str, *people: Person) -> Context:
        """What a rule may know when this person asks."""
        return Context(
            self.now,
            actor,
            POLICY,
            self._states(),
            {one.id: one for one in people},
            library=library(),
        )

    @property
    def shown(self) -> Shown:
        """What slots and deadlines are reckoned from."""
        return Shown(
            self.incident, self._states(), POLICY, "/incident", announces=True, library=library()
        )

    def _recorded(self) -> list[Recorded]:
        return [Recorded(seq, *did) for seq, did in enumerate(self._did, start=1)]

    def _states(self) -> States:
        by_type = {kind: one.start for kind, one in registry.FOLDS.items()}
        for one in self._recorded():
            for kind, each in registry.FOLDS.items():
                by_type[kind] = each.step(by_type[kind], one)
        return States(by_type)


def words(text: str) -> Words:
    """Typed words."""
    return Words(text)
