"""How do facts become rows, and what do they owe?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import homes, items, rolls
from bot.cases import Case, Cases
from bot.core import ids, messages
from bot.core.deadlines import Alarm, Deadline, earliest
from bot.core.facts import Fact
from bot.core.incident import Incident
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import (
    Alarms,
    Context,
    Deadlines,
    Fold,
    Outcome,
    Person,
    Render,
    Shown,
    States,
)
from bot.core.record import Parts
from runbooks.model import Policy
from runbooks.shelf import Library
from storage import log, lookup, outbox, texts
from storage.chain import GENESIS
from storage.pen import Pen

_OUTSIDE = (ids.person(""), "channel/")
_NO_MORE = "There is nothing more to read here: this went on without you."


@dataclass(frozen=True)
class House:
    """What the features and the settings bring: kinds of facts, folds, slots, policy.

    `adjust` leaves out what was waived and moves what was snoozed.
    """

    kinds: Mapping[str, type[Fact]]
    folds: Mapping[type[Any], Fold]
    renders: Sequence[Render]
    deadlines: Sequence[Deadlines]
    adjust: Callable[[Sequence[Deadline], States], Sequence[Deadline]]
    alarms: Sequence[Alarms]
    policy: Policy
    command: str
    announces: bool
    library: Library
    record_parts: Sequence[Parts] = ()


@dataclass(frozen=True)
class Stamp:
    """When something is written, and in whose name."""

    at: datetime
    actor: str


class Ledger(Cases):
    """Writes facts with their erasable words, what they owe, and the row that lists them."""

    def __init__(self, house: House) -> None:
        super().__init__(house.kinds, house.folds)
        self._house = house

    def append(
        self, conn: Connection, chain: str, outcome: Outcome, case: Case, stamp: Stamp
    ) -> Case:
        """Write an outcome: facts, words, what is owed, the lookup row. The case afterwards."""
        pen = Pen(conn, stamp.at)
        after = self.take_down(pen, chain, outcome, case, stamp)
        pen.write()
        return after

    def take_down(self, pen: Pen, chain: str, outcome: Outcome, case: Case, stamp: Stamp) -> Case:
        """As `append`, but facts, lookup row and slots are written with those of other chains.

        Of one chain once before the pen writes.
        """
        conn, bodies = pen.conn, dict[str, str]()
        drafts = [self._draft(conn, chain, fact, stamp, bodies) for fact in outcome.facts]
        last = None
        if chain == ids.chain(case.incident.number):
            head = case.head if case.incident.last_seq else GENESIS
            last = (case.incident.last_seq, head) if head else None
        rows = pen.append(chain, drafts, last)
        after = self._after(case, chain, rows, bodies) if rows else case
        owed = [*outcome.messages]
        if chain == ids.chain(after.incident.number):
            if drafts:
                is_new = case.incident.status == "new"
                pen.save(self._listed(after, _label(drafts), stamp, is_new=is_new))
            owed = _for_insiders(conn, owed, after.incident)
            if any(fact.is_drawn_each for fact in outcome.facts):
                owed = [*self._undrawn(conn, case, stamp.at), *owed]
            if drafts and all(fact.is_drawn_later for fact in outcome.facts):
                soon = messages.slots(after.incident.number)
                pen.again(items.of(soon, chain))
            else:
                owed += self._slots(conn, after, stamp.at, case.incident.people)
            # About no incident: it quotes none, and an erasure need not wait for it.
            self.owe(conn, homes.all_for(case.incident, after.incident, outcome.facts), stamp.at)
        outbox.put(conn, [items.of(message, chain) for message in owed], stamp.at)
        for slot in outcome.replaced:
            outbox.let_go(conn, slot)
        return after

    def draw(self, conn: Connection, number: int, now: datetime) -> None:
        """Owe what an incident's slots show now."""
        if (last := lookup.hold(conn, number)) is None:
            return
        case = self.load(conn, ids.chain(number), number, last)
        owed = self._slots(conn, case, now)
        outbox.put(conn, [items.of(message, ids.chain(number)) for message in owed], now)

    def drawn(self, case: Case) -> set[str]:
        """Where something is owed in these slots, it is put in anew when the incident changes."""
        rendered = self._rendered(self.shown(case, announces=True))
        slots = {message.slot for message in rendered if isinstance(message, Keep)}
        return {ids.slots(case.incident.number), *map(ids.home, case.incident.people), *slots}

    def owe(self, conn: Connection, owed: Sequence[Message], now: datetime) -> None:
        """Owe something that is about no incident's record."""
        outbox.put(conn, [items.of(message, None) for message in owed], now)

    def context(
        self,
        case: Case,
        stamp: Stamp,
        people: Mapping[str, Person],
        found: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Context:
        """What a rule may know."""
        return Context(
            now=stamp.at,
            actor=stamp.actor,
            policy=self._house.policy,
            states=case.states,
            people=people,
            deadlines=self.shown(case).deadlines,
            command=self._house.command,
            found=found or {},
            library=self._house.library,
        )

    def shown(self, case: Case, *, announces: bool = False) -> Shown:
        """What slots, deadlines and alarms are reckoned from."""
        known = case.reckoned.shown
        if known is None:
            house = self._house
            shown = Shown(
                case.incident, case.states, house.policy, house.command, announces=False,
                library=house.library,
            )  # fmt: skip
            owed = [one for deadlines in house.deadlines for one in deadlines(shown)]
            adjusted = tuple(house.adjust(owed, case.states))
            known = case.reckoned.shown = replace(shown, deadlines=adjusted)
        return replace(known, announces=True) if announces else known

    def due(self, case: Case, now: datetime) -> Alarm | None:
        """The first alarm that is due by `now`; None when there is none."""
        ready = [alarm for alarm in self._alarms(case) if alarm.at <= now]
        return min(ready, key=lambda alarm: alarm.at, default=None)

    def next_due_at(self, case: Case) -> datetime | None:
        """When the incident has to be looked at again; None when nobody waits for anything."""
        return earliest(self._alarms(case))

    def _alarms(self, case: Case) -> tuple[Alarm, ...]:
        known = case.reckoned.alarms
        if known is None:
            shown = self.shown(case)
            known = tuple(alarm for alarms in self._house.alarms for alarm in alarms(shown))
            case.reckoned.alarms = known
        return known

    def _slots(
        self, conn: Connection, case: Case, now: datetime, before: frozenset[str] = frozenset()
    ) -> list[Message]:
        """What every slot shows, for those who may read it, and Homes that changed.

        `before` are the people who were in it until now.
        """
        incident = case.incident
        slot, looked_at = ids.announcement(incident.number), map(ids.home, incident.people | before)
        kept = outbox.kept_among(conn, [slot, *looked_at])
        stands_alone = slot in kept
        # What was announced is kept up to date by whoever writes, an erasure from a shell too.
        known = self._house.announces or stands_alone or rolls.stands_in(conn, incident.number)
        owed = _with_edits(conn, self._rendered(self.shown(case, announces=bool(known))))
        owed = owed if stands_alone else rolls.gathered(conn, owed, incident, now)
        return _for_insiders(conn, [*homes.of(kept - {slot}, incident), *owed], incident)

    def _rendered(self, shown: Shown) -> list[Message]:
        return [message for render in self._house.renders for message in render(shown)]

    def _undrawn(self, conn: Connection, case: Case, now: datetime) -> list[Message]:
        """What every slot showed so far, where it still waits to be drawn."""
        number = case.incident.number
        is_waiting = ids.slots(number) in outbox.open_names(conn, ids.chain(number))
        return self._slots(conn, case, now) if is_waiting else []

    def _listed(self, case: Case, label: str | None, stamp: Stamp, *, is_new: bool) -> lookup.Saved:
        incident = case.incident
        entry = lookup.Entry(
            number=incident.number,
            chain=ids.chain(incident.number),
            status=incident.status,
            rank=incident.rank,
            is_private=incident.is_private,
            is_test=incident.is_test,
            # Lists are read by everybody; a title that must stay in the room is not in them.
            label_digest=label if incident.public_title else None,
            opened_at=incident.declared_at or stamp.at,
            last_seq=incident.last_seq,
            next_due_at=self.next_due_at(case),
        )
        keeps_label = bool(incident.public_title) and label is None
        return lookup.Saved(entry, is_new=is_new, keeps_label=keeps_label)

    def _draft(
        self, conn: Connection, chain: str, fact: Fact, stamp: Stamp, bodies: dict[str, str]
    ) -> log.Draft:
        payload = fact.model_dump(mode="json", exclude_none=True)
        words = fact.words()
        digests = texts.put(conn, chain, list(words.values())) if words else []
        for name, digest in zip(words, digests, strict=True):
            payload[name] = {"words": digest}
            bodies[digest] = words[name]
        return log.Draft(type(fact).__name__, fact.version, stamp.actor, stamp.at, payload)

    def _after(
        self, case: Case, chain: str, rows: Sequence[log.Fact], bodies: Mapping[str, str]
    ) -> Case:
        """The case with these rows added, as whoever reads them finds them."""
        after = self.advanced(case, self.recorded(rows, bodies))
        is_next = rows[0].prev_hash == (case.head or GENESIS)
        is_whole = is_next and chain == ids.chain(case.incident.number)
        return replace(after, head=rows[-1].hash if is_whole else None)


def _with_edits(conn: Connection, owed: list[Message]) -> list[Message]:
    """The same without edits of what was never shown."""
    edits = {one.slot for one in owed if isinstance(one, Keep) and one.only_edits}
    unseen = edits - outbox.kept_among(conn, edits)
    return [one for one in owed if not (isinstance(one, Keep) and one.slot in unseen)]


def _for_insiders(conn: Connection, owed: list[Message], incident: Incident) -> list[Message]:
    """What is owed without private words for those who are not in a private incident (any more).

    What they were told before in a message that is kept up to date is taken out of it.
    """
    if not incident.is_private:
        return owed
    inside = set(map(ids.person, incident.people))
    kept: list[Message] = []
    for message in owed:
        to = message.to if isinstance(message, Post | Keep) else ""
        is_outside = to.startswith(_OUTSIDE) and to not in inside
        if not is_outside or (isinstance(message, Keep) and message.shape == "home"):
            kept.append(message)
        elif isinstance(message, Keep) and outbox.is_kept(conn, message.slot):
            is_theirs = to.startswith(ids.person(""))
            content = Content(_NO_MORE) if is_theirs else message.content
            kept.append(replace(message, content=content, needs=None))
    return kept


def _label(drafts: Sequence[log.Draft]) -> str | None:
    """The digest of the newest title among these facts."""
    for draft in reversed(drafts):
        if isinstance(title := draft.payload.get("title"), dict):
            return str(title["words"])
    return None
