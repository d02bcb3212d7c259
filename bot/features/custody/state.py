"""What of evidence is in a record that is taken along?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import custody
from bot.core.evidence import Evidence, Item
from bot.core.record import Cell, Column, Part, Quoted, Told
from bot.core.runs import keeping
from bot.core.runs.model import Runs
from runbooks.model import Policy

Row = tuple[Cell, ...]
_EVIDENCE = (
    Column("evidence", "Evidence"),
    Column("kind", "Kind"),
    Column("name", "Name", "quote"),
    Column("label", "Label"),
    Column("custodian", "Custodian", "person"),
    Column("preserved_by", "Preserved by", "person"),
    Column("preserved_at", "Preserved", "moment"),
    Column("source", "Source"),
    Column("sha256", "SHA-256"),
    Column("size_bytes", "Bytes", "number"),
    Column("copy_sha256", "SHA-256 of the masked copy"),
    Column("snapshot_sha256", "SHA-256 of what it links to"),
    Column("is_redacted", "Redacted", "yes_no"),
    Column("is_sealed", "Sealed", "yes_no"),
    Column("steps", "Proof of"),
    Column("trace", "One trace with"),
    Column("versions", "Versions of the trace", "quote"),
    Column("not_kept", "Why it is not kept"),
    Column("note", "Note", "quote"),
)
_CUSTODY = (
    Column("evidence", "Evidence"),
    Column("kind", "Kind"),
    Column("at", "When", "moment"),
    Column("by", "Who", "person"),
    Column("what", "What", "line"),
    Column("reason", "Why", "quote"),
)


def record_parts(told: Told) -> list[Part]:
    """The register of all evidence, and the chain of custody of each item, line by line."""
    items, policy = told.shown.states.of(Evidence).all, told.shown.policy
    runs = told.shown.states.of(Runs)
    rows = tuple(_item(one, runs, policy) for one in items)
    lines = tuple(line for one in items for line in _custody(one, policy))
    return [
        Part("evidence", "Evidence", _EVIDENCE, rows),
        Part("custody", "Chain of custody", _CUSTODY, lines),
    ]


def _item(one: Item, runs: Runs, policy: Policy) -> Row:
    copy, snapshot = one.copy, one.snapshot
    return (
        one.reference, policy.evidence.kind(one.kind).label, _quoted(one.record.name),
        policy.evidence.label(one.label).label, one.custodian, one.by, one.at, one.record.source,
        one.sha256, one.size_bytes, copy.sha256 if copy and one.found else None,
        snapshot.sha256 if snapshot else None, one.is_redacted, one.is_sealed,
        _steps(one.number, runs), custody.traced(one.trace) if one.trace else None,
        _quoted(one.trace.versions) if one.trace else None,
        one.missed or one.erased_because, _quoted(one.record.note),
    )  # fmt: skip


def _steps(number: int, runs: Runs) -> str | None:
    """The steps of which it is proof, each with the kind of evidence that they ask for."""
    found = [
        f"run {run.number}, step {step.n}: {kind or 'not sorted'}"
        for run in runs.all
        for step in run.steps
        for kind, numbers in keeping.sorted_in(step).items()
        if number in numbers
    ]
    return "; ".join(found) or None


def _custody(one: Item, policy: Policy) -> Iterator[Row]:
    kind = policy.evidence.kind(one.kind).label
    for entry in one.custody:
        why = getattr(entry.fact, "reason", None)
        said = custody.told(entry.fact, policy)
        yield one.reference, kind, entry.at, entry.by, said, _quoted(why)


def _quoted(words: str | None) -> Quoted | None:
    return Quoted(words) if words else None
