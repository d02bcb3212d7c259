"""What is remembered of evidence: what was preserved, and who had it in hands?"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words

Source = Literal["message", "file", "link", "text", "upload", "dropped", "pasted", "typed"]


class Preserving(Fact):
    """What is known of evidence when it is taken; it is called E-`number` in its incident.

    `item` is where its bytes lie in the vault; unless `is_raw_kept` they are destroyed at once,
    and hash and metadata alone stay. `working` is the copy that may be read, with what was found
    taken out; None where there is none, as of files. `found` are the kinds of personal data in
    the original, `unmasked` those left in on purpose. `contact` says how to reach whom it
    concerns, without saying who it is. What is "dropped" was put into a step's thread; where it
    `is_misplaced` it is for fewer people than those who can read it there.
    """

    number: int
    item: str
    is_raw_kept: bool = True
    kind: str
    label: str
    custodian: str
    source: Source
    name: Words
    working: Words | None = None
    note: Words | None = None
    contact: Words | None = None
    found: tuple[str, ...] = ()
    unmasked: tuple[str, ...] = ()
    channel: str | None = None
    ts: str | None = None
    permalink: str | None = None
    author: str | None = None
    is_misplaced: bool = False


class EvidencePreserved(Preserving):
    """Bytes are kept, or were seen and only their SHA-256 is; `taken_at` is when."""

    sha256: str
    size_bytes: int
    taken_at: AwareDatetime


class FileAwaited(Preserving):
    """A file of Slack's is being fetched."""

    file_id: str


class FileTaken(Fact):
    """The file that was awaited is in the vault."""

    number: int
    sha256: str
    size_bytes: int
    taken_at: AwareDatetime


class FileMissed(Fact):
    """The file that was awaited could not be had; the sentence says why."""

    number: int
    reason: Words


class FileScanned(Fact):
    """A text file was looked through; `found` are the kinds of personal data and secrets in it.

    The copy without them is in the vault at `item`; None where nothing was found. Unless
    `is_raw_kept` the copy alone stays.
    """

    number: int
    found: tuple[str, ...] = ()
    item: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    is_raw_kept: bool = True


class RedactionSaid(Fact):
    """Somebody says that no personal data and no secret is in it, or none any more."""

    number: int


class EvidenceSorted(Fact):
    """What kind of evidence it is, said later."""

    number: int
    kind: str


class SnapshotAwaited(Fact):
    """What a link leads to is being fetched; `item` is the place in the vault that waits for it."""

    number: int
    item: str


class SnapshotTaken(Fact):
    """What the link led to is in the vault; `status` and `content_type` are the other side's.

    Both are None where the bot ended before they were noted.
    """

    number: int
    sha256: str
    size_bytes: int
    status: int | None = None
    content_type: str | None = None
    taken_at: AwareDatetime


class SnapshotDelayed(Fact):
    """The other side was asked for what the link leads to, and does not give it now."""

    number: int
    reason: Words


class SnapshotMissed(Fact):
    """What the link leads to could not be had; the sentence says why. The link itself is kept."""

    number: int
    reason: Words


class EvidenceLooked(Fact):
    """Somebody looked: at the list, at the working copy with its custody, or at the original."""

    numbers: tuple[int, ...]
    at: Literal["list", "working", "original"]


class EvidenceCopied(Fact):
    """A copy of the original left the vault; `to` says where it went."""

    number: int
    to: Words
    reason: Words


class CustodyTransferred(Fact):
    """Somebody else answers for it from now on."""

    number: int
    to: str
    reason: Words


class EvidenceSealed(Fact):
    """From now on only the policy's few may open the original, and its label stays."""

    number: int
    reason: Words


class EvidenceLabelled(Fact):
    """How far it may go, said anew."""

    number: int
    label: str
    reason: Words


class TraceLinked(Fact):
    """These belong together: what was asked, what was looked up for it, and what came of it.

    `context` None: nothing was looked up. `versions` are those of model, prompt and policy.
    """

    prompt: int
    context: int | None = None
    output: int
    versions: Words

    @property
    def numbers(self) -> tuple[int, ...]:
        """Its items, in the order in which they came about."""
        return tuple(one for one in (self.prompt, self.context, self.output) if one is not None)


class HoldPlaced(Fact):
    """Nothing of it may be erased; `number` None: nothing of the whole incident."""

    number: int | None = None
    reason: Words


class HoldLifted(Fact):
    """It may be erased again."""

    number: int | None = None
    reason: Words


class EvidenceErased(Fact):
    """Its key is destroyed; hash, reason and name of who did it stay."""

    number: int
    reason: Words
    by_policy: bool = False


class SourceCleared(Fact):
    """What was pasted is no longer to be read in Slack."""

    number: int
    how: Literal["deleted", "edited"]


KINDS: tuple[type[Fact], ...] = (
    EvidencePreserved,
    FileAwaited,
    FileTaken,
    FileMissed,
    FileScanned,
    RedactionSaid,
    EvidenceSorted,
    SnapshotAwaited,
    SnapshotTaken,
    SnapshotDelayed,
    SnapshotMissed,
    EvidenceLooked,
    EvidenceCopied,
    CustodyTransferred,
    EvidenceSealed,
    EvidenceLabelled,
    TraceLinked,
    HoldPlaced,
    HoldLifted,
    EvidenceErased,
    SourceCleared,
)
