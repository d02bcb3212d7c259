"""Which evidence does a step take, and when is there enough of it?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core import disclosure, preserving, rights, typed
from bot.core.evidence import Evidence, Item, fold
from bot.core.facts import Fact, Recorded
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import FileAwaited, RedactionSaid
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused, States
from bot.core.runs import acts, answering, beginning, keeping, questions
from bot.core.runs.model import Answer, Run, Runs, Step
from runbooks.steps import EvidenceKind, FileUpload

At = tuple[int, int]  # a run and a step
_WORD = re.compile(r"[^\W_]+")
_NO_FILES = "This step takes no files. Open it on the checklist."


@dataclass(frozen=True)
class Proof:
    """Files to preserve and evidence that is there, as `kind`; `is_all`: the step is done by it.

    `is_redacted`: whoever adds it says that no personal data and no secret is in it.
    """

    at: At
    kind: str | None
    files: tuple[preserving.SlackFile, ...] = ()
    numbers: tuple[int, ...] = ()
    labels: preserving.Labels = preserving.Labels()
    is_redacted: bool = False
    is_all: bool = False
    values: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Drop:
    """Files that were put into a step's thread, by the message at `place` that says `words`."""

    at: At
    files: tuple[preserving.SlackFile, ...]
    place: preserving.Place
    words: str = ""


@dataclass(frozen=True)
class Sort:
    """What is with a step already is of `kind`, or `is_redacted`; None and False say nothing."""

    at: At
    numbers: tuple[int, ...]
    kind: str | None = None
    is_redacted: bool = False


@typed.masks("what you wrote to files", typed.AGAIN, "labels", "note", "values", "text", "unknown")
def add(incident: Incident, request: Proof, context: Context) -> Outcome:
    """Preserve the files, tie all of it to the step, and end the step where it is all there."""
    run, step, what = _meant(incident, request.at, context)
    acts.require_owner(incident, run, step, context)
    request = replace(request, at=(run.number, step.n))  # what two runs share is with the first
    outcome = Outcome()
    if request.files or request.numbers:
        outcome = _tied(incident, request, what, context)
    elif not request.is_all:
        raise Refused("Choose files, or evidence that is there already.", field="files")
    if not request.is_all:
        return outcome
    after = beginning.after(context.states.of(Runs), outcome.facts, context)
    _require_enough(after.all[run.number - 1].steps[step.n - 1], what, outcome, context)
    fields = questions.asked(step)
    answering.check_all(fields, request.values)
    written = answering.complete(run, step, fields, request.values)
    done = acts.done(run, step, context).facts[:1]
    whole = beginning.concluded((*outcome.facts, *written, *done), context)
    return replace(outcome, facts=whole.facts)


def drop(incident: Incident, request: Drop, context: Context) -> Outcome:
    """Take what anybody in the room puts into a step's thread; to end the step is its owner's."""
    rights.require(incident, context, "preserve")
    run, step, what = _meant(incident, request.at, context)
    request = replace(request, at=(run.number, step.n))
    known = {one.record.file_id: one for one in context.states.of(Evidence).all
             if isinstance(one.record, FileAwaited) and _is_there(one)}  # fmt: skip
    fresh = tuple(one for one in request.files if one.file_id not in known)
    outcome, named = Outcome(), dict[int, str]()
    if fresh:
        labels = preserving.Labels(label=keeping.label(what, None, context.policy))
        wanted = preserving.Preserve("dropped", labels, request.place, files=fresh, is_here=False)
        outcome = preserving.preserve(incident, wanted, context)
        sorted_ = tuple(_sorted(fact, request, what, context) for fact in outcome.facts)
        outcome = replace(outcome, facts=sorted_)
        named = {fact.number: str(fact.name) for fact in sorted_ if isinstance(fact, FileAwaited)}
    again = [known[one.file_id] for one in request.files if one.file_id in known]
    named |= {one.number: str(one.record.name) for one in again}
    with_it = {one for every in step.proofs.values() for one in every}
    if not {*named} - with_it:
        raise Refused(f"{again[0].reference} is with this step already. Nothing was changed.")
    return Outcome((*outcome.facts, *_with_step(request, named, what, context)))


def sort(incident: Incident, request: Sort, context: Context) -> Outcome:
    """Say of what is with a step which of its kinds it is, or that nothing has to be masked."""
    rights.require(incident, context, "preserve")
    run, step, what = _meant(incident, request.at, context)
    with_it = {one for every in step.proofs.values() for one in every}
    numbers = tuple(one for one in request.numbers if one in with_it)
    for number in numbers:
        disclosure.found(incident, number, context)
    if not numbers:
        raise Refused("This is not with the step any more. Open the step again.")
    facts = _said_redacted(numbers, context) if request.is_redacted else ()
    if request.kind is None:
        return Outcome(facts)
    kind = keeping.named(what, request.kind)
    left = tuple(one for one in numbers if one in keeping.unsorted(step))
    if kind is None or not left:
        raise Refused("It is sorted already. To change that, open the step.")
    added = f.ProofAdded(run=run.number, step=step.n, kind=kind.id, numbers=left)
    more = keeping.taken(left, what, kind, _after(facts, context))
    return Outcome((*facts, added, *more))


def _meant(incident: Incident, at: At, context: Context) -> tuple[Run, Step, FileUpload]:
    run, step = acts.active(incident, at, context)
    if not isinstance(step.what, FileUpload):
        raise Refused(_NO_FILES)
    return run, step, step.what


def _is_there(one: Item) -> bool:
    return one.missed is None and one.erased_at is None


def _sorted(fact: Fact, request: Drop, what: FileUpload, context: Context) -> Fact:
    """The same, of the policy's kind where it is plain; for fewer people than the thread has."""
    if not isinstance(fact, FileAwaited):
        return fact
    kind = _plain(what, str(fact.name), request.words)
    changed: dict[str, object] = {"is_misplaced": what.restricted}
    changed |= {"kind": keeping.kind_of(kind, context.policy)} if kind else {}
    return fact.model_copy(update=changed)


def _with_step(
    request: Drop, named: Mapping[int, str], what: FileUpload, context: Context
) -> tuple[Fact, ...]:
    """The facts that put numbers with their names to a step, each as what it plainly is."""
    by_kind: dict[str, list[int]] = {}
    for number, name in named.items():
        kind = _plain(what, name, request.words)
        by_kind.setdefault(kind.id if kind else keeping.UNSORTED, []).append(number)
    run, n = request.at
    facts: list[Fact] = []
    for id_, numbers in by_kind.items():
        facts.append(f.ProofAdded(run=run, step=n, kind=id_, numbers=tuple(numbers)))
        facts += keeping.taken(numbers, what, keeping.named(what, id_), context)
    return tuple(facts)


def _plain(what: FileUpload, name: str, said: str) -> EvidenceKind | None:
    """The kind that a file plainly is: the only one there is, or the only one that is named."""
    if len(what.evidence_kinds) == 1:
        return what.evidence_kinds[0]
    for words in (name, said):
        there = {_one(word) for word in _WORD.findall(words.casefold())}
        fits = [one for one in what.evidence_kinds if _names(one) <= there]
        if len(fits) == 1:
            return fits[0]
    return None


def _names(kind: EvidenceKind) -> set[str]:
    return {_one(word) for word in kind.id.split("_")}


def _one(word: str) -> str:
    """The word as it is said of one: `query` of `queries`, `sample` of `samples`."""
    return f"{word.removesuffix('ies')}y" if word.endswith("ies") else word.removesuffix("s")


def _tied(incident: Incident, request: Proof, what: FileUpload, context: Context) -> Outcome:
    kind = keeping.named(what, request.kind or "")
    if kind is None:
        raise Refused("Say what it is.", field="kind")
    for number in request.numbers:
        one = disclosure.found(incident, number, context)
        if one.erased_at or one.missed:
            raise Refused(f"E-{number} is not there. Choose another.", field="items")
    outcome = Outcome()
    if request.files:
        labels = replace(
            request.labels,
            kind=keeping.kind_of(kind, context.policy),
            label=keeping.label(what, request.labels.label, context.policy),
        )
        wanted = preserving.Preserve(source="upload", labels=labels, files=request.files)
        outcome = preserving.preserve(incident, wanted, context)
    fresh = tuple(fact.number for fact in outcome.facts if isinstance(fact, FileAwaited))
    run, step = request.at
    numbers = (*request.numbers, *fresh)
    said = _said_redacted(numbers, context) if request.is_redacted else ()
    added: Fact = f.ProofAdded(run=run, step=step, kind=kind.id, numbers=numbers)
    more = keeping.taken(request.numbers, what, kind, _after(said, context))
    return replace(outcome, facts=(*outcome.facts, *said, added, *more))


def _after(facts: Sequence[Fact], context: Context) -> Context:
    """The same, with the evidence as it will be when these facts are written."""
    evidence = context.states.of(Evidence)
    for fact in facts:
        evidence = fold(evidence, Recorded(0, context.now, context.actor, fact))
    states = States({**context.states.by_type, Evidence: evidence})
    return replace(context, states=states)


def _said_redacted(numbers: Sequence[int], context: Context) -> tuple[Fact, ...]:
    evidence = context.states.of(Evidence)
    known = {one: evidence.find(one) for one in numbers}
    return tuple(
        RedactionSaid(number=number)
        for number, one in known.items()
        if one is None or not one.is_clean
    )


def _require_enough(step: Step, what: FileUpload, now: Outcome, context: Context) -> None:
    """At least one item of each kind that is required, each with its hash and its custodian."""
    evidence = _after(now.facts, context).states.of(Evidence)  # said in the same form, it counts
    refused = []
    for kind in what.evidence_kinds:
        items = [one for one in map(evidence.find, step.proofs.get(kind.id, ())) if one]
        lack = keeping.lacks(items, what)
        if kind.required and lack:
            refused.append(_missing(kind, items, lack))
    # What somebody has to do comes before what comes by itself.
    for one in sorted(refused, key=lambda one: one.field == "all"):
        raise one


def _missing(kind: EvidenceKind, items: Sequence[Item], lack: keeping.Lack) -> Refused:
    if waits := [one for one in items if one.is_awaited]:
        return Refused(
            f"{waits[0].reference} is on its way into the vault. Add it now, and say that all is "
            "there in a moment.",
            field="all",
        )
    there = next((one.reference for one in items if one.sha256), "")
    told = {
        "file": (f"Still missing: {kind.label}.", "kind"),
        "redacted": (
            f"{kind.label}: {there} has no redacted copy. Add one, or choose it and tick that it "
            "is redacted.",
            "redacted",
        ),
        "sealed": (
            f"{kind.label}: nothing of it is sealed. Add the original as well, without the tick.",
            "redacted",
        ),
    }
    sentence, field = told[lack]
    return Refused(sentence, field=field)
