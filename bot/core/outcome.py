"""What does a rule get, and what does it answer?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from slack_sdk.models.blocks import ButtonElement

from bot.core.deadlines import Alarm, Deadline
from bot.core.facts import Fact, Recorded
from bot.core.incident import Incident
from bot.core.messages import Content, Message
from runbooks.model import Policy
from runbooks.shelf import NO_BOOKS, Library

T = TypeVar("T")


class Refused(Exception):
    """It was not done; `str(refused)` is a full sentence for the person, saying what to do next.

    `field` names the input of a modal at which the sentence belongs, `also` has those at others.
    `ask` is whom the person can ask instead, where somebody else has the right to it; `join` the
    incident they could join.
    """

    def __init__(
        self,
        sentence: str,
        *,
        field: str | None = None,
        ask: Ask | None = None,
        join: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.field = field
        self.ask = ask
        self.join = join
        self.also: tuple[Refused, ...] = ()


def require(*checks: Callable[[], object]) -> None:
    """Let go on only where all of this holds; what does not is told at once, each at its input.

    Raises:
        Refused: something does not; the others that do not are in `also`.
    """
    found: list[Refused] = []
    for check in checks:
        try:
            check()
        except Refused as refused:
            found += (refused, *refused.also)
    if found:
        first, *rest = found
        first.also = tuple(rest)
        raise first


@dataclass(frozen=True)
class Ask:
    """Who can do what the person may not; a button under the refusal asks them."""

    number: int
    holder: str
    what: str


@dataclass(frozen=True)
class Person:
    """Somebody of the workspace, as looked up before the decision.

    `is_known` is False only where Slack says that there is nobody of that id.
    """

    id: str
    name: str = ""
    tz: str = "UTC"
    is_bot: bool = False
    is_guest: bool = False
    has_left: bool = False
    is_known: bool = True
    email: str | None = None


@dataclass(frozen=True)
class States:
    """What the facts add up to for each feature alone, by the type of its state."""

    by_type: Mapping[type[Any], Any] = field(default_factory=dict)

    def of(self, kind: type[T]) -> T:
        """The state of one feature."""
        return cast(T, self.by_type[kind])


@dataclass(frozen=True)
class Original:
    """What was typed, as it lies in the vault before anything of it is masked."""

    item: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Context:
    """What a rule may know besides the incident and the request.

    `other` is the second incident, where a decision is about two, with its own states.
    `found` is who stands for roles that had to be looked up elsewhere, whom to call first in front.
    `original` is what the request says in full, where some of it has to be masked.
    """

    now: datetime
    actor: str
    policy: Policy
    states: States = field(default_factory=States)
    people: Mapping[str, Person] = field(default_factory=dict)
    deadlines: tuple[Deadline, ...] = ()
    command: str = "/incident"
    other: Incident | None = None
    other_states: States = field(default_factory=States)
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    library: Library = NO_BOOKS
    original: Original | None = None

    def zone(self) -> str:
        """The time zone of whoever asks; UTC when it is not known."""
        person = self.people.get(self.actor)
        return person.tz if person else "UTC"


@dataclass(frozen=True)
class Outcome:
    """What a decision adds to the log and what it owes to people.

    `other` is what it adds to the second incident, where a decision is about two. `replaced` are
    slots that others stand for from now on: nobody is to mend what was refused of them.
    """

    facts: tuple[Fact, ...] = ()
    messages: tuple[Message, ...] = ()
    other: Outcome | None = None
    replaced: tuple[str, ...] = ()

    def __add__(self, more: Outcome) -> Outcome:
        """Both, in this order, as one."""
        return Outcome(
            (*self.facts, *more.facts),
            (*self.messages, *more.messages),
            self.other or more.other,
            (*self.replaced, *more.replaced),
        )


class Rule(Protocol):
    """A pure decision about one incident."""

    def __call__(self, incident: Incident, request: Any, context: Context, /) -> Outcome: ...  # noqa: ANN401


@dataclass(frozen=True)
class Fold:
    """How one feature adds up the facts; `start` is its state before the first."""

    start: Any
    step: Callable[[Any, Recorded], Any]


@dataclass(frozen=True)
class Shown:
    """What slots are rendered from."""

    incident: Incident
    states: States
    policy: Policy
    command: str
    announces: bool
    deadlines: tuple[Deadline, ...] = ()
    library: Library = NO_BOOKS


@dataclass(frozen=True)
class SummaryPart:
    """A feature's part of the pinned summary; parts stand in the order of `place`.

    The buttons of all parts share one row at the end, and their gaps one line.
    """

    place: int
    content: Content = field(default_factory=lambda: Content(""))
    buttons: tuple[ButtonElement, ...] = ()
    gaps: tuple[str, ...] = ()


Render = Callable[[Shown], Sequence[Message]]
"""Slots of one feature that follow the incident by themselves."""
Deadlines = Callable[[Shown], Sequence[Deadline]]
"""What one feature says is owed, and by when."""
Alarms = Callable[[Shown], Sequence[Alarm]]
"""When one feature wants to look at the incident again."""
