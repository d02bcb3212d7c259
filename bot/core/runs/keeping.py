"""What does a step ask of the evidence it takes?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from bot.core.evidence import Evidence, Item
from bot.core.facts import Fact, Words
from bot.core.facts import evidence as e
from bot.core.outcome import Context
from bot.core.runs.model import Runs, Step
from runbooks.model import Policy
from runbooks.steps import EvidenceKind, FileUpload

Lack = Literal["file", "redacted", "sealed"]
UNSORTED = ""  # the kind of what was put into a step's thread, until somebody says what it is
_SEALED = Words("The runbook asks for a sealed copy.")
_RESTRICTED = Words("The runbook keeps it in the restricted store.")


def kind_of(kind: EvidenceKind, policy: Policy) -> str:
    """The policy's kind of what a step asks for."""
    return kind.kind or policy.evidence.kinds[-1].id


def named(what: FileUpload, kind_id: str) -> EvidenceKind | None:
    """The kind of that id among those a step asks for."""
    return next((one for one in what.evidence_kinds if one.id == kind_id), None)


def labels(what: FileUpload, policy: Policy) -> dict[str, str]:
    """The labels that evidence of a step may have, by their ids."""
    every = policy.evidence.labels
    allowed = [one for one in every if one.roles] if what.restricted else every
    return {one.id: one.label for one in allowed or every}


def label(what: FileUpload, chosen: str | None, policy: Policy) -> str | None:
    """The label that evidence of a step gets; None leaves it to the policy."""
    if not what.restricted or chosen in labels(what, policy):
        return chosen
    return policy.evidence.restricted.id


def unsorted(step: Step) -> tuple[int, ...]:
    """The numbers of what is with a step and nobody said which of its kinds it is."""
    known = {one for kind, every in step.proofs.items() if kind != UNSORTED for one in every}
    return tuple(one for one in step.proofs.get(UNSORTED, ()) if one not in known)


def sorted_in(step: Step) -> dict[str, tuple[int, ...]]:
    """The numbers of what is with a step by its kinds; what nobody sorted yet is `UNSORTED`."""
    left = unsorted(step)
    known = {kind: every for kind, every in step.proofs.items() if kind != UNSORTED}
    return {**known, UNSORTED: left} if left else known


def holding(runs: Runs, number: int) -> Iterator[FileUpload]:
    """The steps that evidence of this number is with."""
    for run in runs.all:
        for step in run.steps:
            is_here = any(number in every for every in step.proofs.values())
            if is_here and isinstance(step.what, FileUpload):
                yield step.what


def is_restricted(one: Item, context: Context) -> bool:
    """Whether a step keeps it for a named group alone."""
    return any(what.restricted for what in holding(context.states.of(Runs), one.number))


def lacks(items: Iterable[Item], what: FileUpload) -> Lack | None:
    """What a kind lacks to be ticked off with these items; None where it is.

    A file of which the bot made a masked copy can be both the redacted and the sealed one.
    """
    there = [one for one in items if one.sha256 is not None and one.erased_at is None]
    if not there:
        return "file"
    if what.redacted_copy and not any(one.is_redacted for one in there):
        return "redacted"
    if what.sealed_copy and not any(one.is_sealed for one in there):
        return "sealed"
    return None


def _is_to_seal(one: Item, what: FileUpload) -> bool:
    """Whether a step seals it: not what is said to be the copy for everybody else."""
    return what.sealed_copy and bool(one.sha256) and not (one.is_sealed or one.is_clean)


def taken(
    numbers: Collection[int], what: FileUpload, kind: EvidenceKind | None, context: Context
) -> tuple[Fact, ...]:
    """What becomes of evidence that is there already when a step takes it as `kind`."""
    evidence, policy = context.states.of(Evidence), context.policy
    facts: list[Fact] = []
    for one in filter(None, map(evidence.find, numbers)):
        if kind and one.kind == policy.evidence.kinds[-1].id != kind_of(kind, policy):
            facts.append(e.EvidenceSorted(number=one.number, kind=kind_of(kind, policy)))
        narrow = label(what, one.label, policy)
        if narrow and narrow != one.label:
            facts.append(e.EvidenceLabelled(number=one.number, label=narrow, reason=_RESTRICTED))
        if _is_to_seal(one, what):
            facts.append(e.EvidenceSealed(number=one.number, reason=_SEALED))
    return tuple(facts)


def sealed(one: Item, context: Context) -> tuple[Fact, ...]:
    """What becomes of an item whose bytes are there now: sealed where a step asks for it."""
    runs = context.states.of(Runs)
    come = replace(one, sha256=one.sha256 or "come")
    if not any(_is_to_seal(come, what) for what in holding(runs, one.number)):
        return ()
    return (e.EvidenceSealed(number=one.number, reason=_SEALED),)
