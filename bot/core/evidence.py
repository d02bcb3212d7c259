"""What is in the vault for an incident, and who has it in hands?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.core.blockkit import shorten
from bot.core.facts import Fact, Recorded
from bot.core.facts import evidence as e

_NAME_CHARS = 120


@dataclass(frozen=True)
class Custody:
    """A line of the chain of custody: when, who, and the fact that says what was done."""

    at: datetime
    by: str
    fact: Fact


@dataclass(frozen=True)
class Snapshot:
    """What a link led to, and where it lies in the vault.

    `sha256` None: it is being fetched, or was missed for the reason in `missed`. `delays` are the
    answers in vain so far: when they came, and what was said.
    """

    item: str
    sha256: str | None = None
    size_bytes: int | None = None
    status: int | None = None
    content_type: str | None = None
    missed: str | None = None
    delays: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True)
class Copy:
    """A file without what was found in it, and where it lies in the vault.

    Where nothing was found it is the file itself.
    """

    item: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Item:
    """A piece of evidence as it stands; `record` is how it was taken, and stays.

    `sha256` None: its bytes are awaited, or were missed for the reason in `missed`. `found` are
    the kinds of personal data in the original, of which `copy` is a text without them; None of
    what is no text, or was not looked through. Where it `is_clean` somebody says that there are
    none, or none any more.
    """

    record: e.EvidencePreserved | e.FileAwaited
    by: str
    at: datetime
    seq: int
    kind: str
    label: str
    custodian: str
    sha256: str | None = None
    size_bytes: int | None = None
    missed: str | None = None
    snapshot: Snapshot | None = None
    found: tuple[str, ...] = ()
    copy: Copy | None = None
    is_clean: bool = False
    is_raw_kept: bool = True
    is_sealed: bool = False
    is_held: bool = False
    erased_at: datetime | None = None
    erased_because: str | None = None
    cleared: str | None = None
    trace: e.TraceLinked | None = None
    custody: tuple[Custody, ...] = ()

    @property
    def number(self) -> int:
        """Its number within the incident."""
        return self.record.number

    @property
    def reference(self) -> str:
        """How people call it: E-3."""
        return f"E-{self.number}"

    @property
    def name(self) -> str:
        """What it is called, short enough for a line."""
        return shorten(str(self.record.name), _NAME_CHARS)

    @property
    def is_awaited(self) -> bool:
        """Whether its bytes are still being fetched."""
        return self.sha256 is None and self.missed is None and self.erased_at is None

    @property
    def awaits_snapshot(self) -> bool:
        """Whether what its link leads to is still being fetched."""
        one = self.snapshot
        return bool(one and not one.sha256 and one.missed is None and self.erased_at is None)

    @property
    def places(self) -> tuple[str, ...]:
        """Where its bytes lie in the vault, or will."""
        more = [one.item for one in (self.snapshot, self.copy) if one]
        return tuple(dict.fromkeys([self.record.item, *more]))

    @property
    def original(self) -> tuple[str, str | None]:
        """Place and SHA-256 of what is taken out of the vault: what a link led to, if it came."""
        one = self.snapshot
        return (one.item, one.sha256) if one and one.sha256 else (self.record.item, self.sha256)

    @property
    def has_original(self) -> bool:
        """Whether there are bytes to open."""
        return self.is_raw_kept and bool(self.sha256) and self.erased_at is None

    @property
    def is_redacted(self) -> bool:
        """Whether there is something to read in which no personal data and no secret is left."""
        has_one = self.record.working is not None or self.copy is not None or self.is_clean
        return has_one and self.sha256 is not None and self.erased_at is None

    @property
    def is_still_in_slack(self) -> bool:
        """Whether what should not stand in the room can still be read there."""
        is_dropped = self.record.source == "dropped" and self.missed is None
        should_go = self.record.is_misplaced or (is_dropped and bool(self.found))
        return (self.record.source == "pasted" or should_go) and self.cleared is None


@dataclass(frozen=True)
class Evidence:
    """All items in their order, and whether a legal hold lies on the whole incident."""

    all: tuple[Item, ...] = ()
    is_held: bool = False

    def find(self, number: int) -> Item | None:
        """The item of this number; None when there is none."""
        return self.all[number - 1] if 0 < number <= len(self.all) else None

    @cached_property
    def awaited(self) -> tuple[Item, ...]:
        """Those whose bytes are still being fetched."""
        return tuple(one for one in self.all if one.is_awaited)

    @cached_property
    def snapshots_awaited(self) -> tuple[Item, ...]:
        """Those of which a snapshot is still being fetched."""
        return tuple(one for one in self.all if one.awaits_snapshot)

    def of_message(self, channel: str, ts: str) -> tuple[Item, ...]:
        """Those taken from this message."""
        place = (channel, ts)
        return tuple(one for one in self.all if (one.record.channel, one.record.ts) == place)

    def holds(self, one: Item) -> bool:
        """Whether it must not be erased."""
        return self.is_held or one.is_held


def fold(evidence: Evidence, recorded: Recorded) -> Evidence:
    """The evidence after one more fact."""
    match recorded.fact:
        case e.EvidencePreserved() | e.FileAwaited() as taken:
            return replace(evidence, all=(*evidence.all, _taken(taken, recorded)))
        case e.HoldPlaced(number=None):
            return replace(evidence, is_held=True)
        case e.HoldLifted(number=None):
            return replace(evidence, is_held=False)
        case e.EvidenceLooked(numbers=numbers) | e.TraceLinked(numbers=numbers):
            return _changed(evidence, frozenset(numbers), recorded)
        case fact if isinstance(fact, e.KINDS):
            return _changed(evidence, frozenset([getattr(fact, "number", 0)]), recorded)
    return evidence


def _taken(taken: e.EvidencePreserved | e.FileAwaited, recorded: Recorded) -> Item:
    item = Item(
        record=taken,
        by=recorded.actor,
        at=recorded.at,
        seq=recorded.seq,
        kind=taken.kind,
        found=taken.found,
        is_raw_kept=taken.is_raw_kept,
        label=taken.label,
        custodian=taken.custodian,
        custody=(Custody(recorded.at, recorded.actor, taken),),
    )
    if isinstance(taken, e.EvidencePreserved):
        return replace(item, sha256=taken.sha256, size_bytes=taken.size_bytes)
    return item


def _changed(evidence: Evidence, numbers: frozenset[int], recorded: Recorded) -> Evidence:
    entry = Custody(recorded.at, recorded.actor, recorded.fact)
    return replace(
        evidence,
        all=tuple(
            replace(_after(one, recorded), custody=(*one.custody, entry))
            if one.number in numbers
            else one
            for one in evidence.all
        ),
    )


def _after(one: Item, recorded: Recorded) -> Item:
    match recorded.fact:
        case e.FileTaken(sha256=sha256, size_bytes=size_bytes):
            return replace(one, sha256=sha256, size_bytes=size_bytes)
        case e.FileMissed(reason=reason):
            return replace(one, missed=reason)
        case e.FileScanned() as scanned:
            return _scanned(one, scanned)
        case e.SnapshotDelayed(reason=reason) if one.snapshot:
            delays = (*one.snapshot.delays, (recorded.at, str(reason)))
            return replace(one, snapshot=replace(one.snapshot, delays=delays))
        case e.SnapshotAwaited() | e.SnapshotTaken() | e.SnapshotMissed() as fact:
            return replace(one, snapshot=_snapshot(one, fact))
        case e.EvidenceErased(reason=reason):
            return replace(one, erased_at=recorded.at, erased_because=reason)
        case e.HoldPlaced() | e.HoldLifted():
            return replace(one, is_held=isinstance(recorded.fact, e.HoldPlaced))
    return _labelled(one, recorded.fact)


def _scanned(one: Item, scanned: e.FileScanned) -> Item:
    sha256, size_bytes = scanned.sha256 or one.sha256, scanned.size_bytes or one.size_bytes
    copy = Copy(scanned.item or one.record.item, sha256 or "", size_bytes or 0)
    return replace(one, found=scanned.found, copy=copy, is_raw_kept=scanned.is_raw_kept)


def _snapshot(
    one: Item, fact: e.SnapshotAwaited | e.SnapshotTaken | e.SnapshotMissed
) -> Snapshot | None:
    match fact:
        case e.SnapshotAwaited(item=item):
            return Snapshot(item)
        case e.SnapshotMissed(reason=reason):
            return replace(one.snapshot, missed=reason) if one.snapshot else None
        case e.SnapshotTaken():
            came = fact.model_dump(include={"sha256", "size_bytes", "status", "content_type"})
            return replace(one.snapshot, **came) if one.snapshot else None


def _labelled(one: Item, fact: Fact) -> Item:
    match fact:
        case e.CustodyTransferred(to=to):
            return replace(one, custodian=to)
        case e.EvidenceSealed():
            return replace(one, is_sealed=True)
        case e.EvidenceSorted(kind=kind):
            return replace(one, kind=kind)
        case e.RedactionSaid():
            return replace(one, is_clean=True)
        case e.EvidenceLabelled(label=label):
            return replace(one, label=label)
        case e.SourceCleared(how=how):
            return replace(one, cleared=how)
        case e.TraceLinked() as trace:
            return replace(one, trace=trace)
    return one
