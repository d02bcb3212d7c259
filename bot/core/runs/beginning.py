"""How does a run begin, and what do rules that apply bring about?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.facts import Fact, Recorded
from bot.core.facts import runbooks as f
from bot.core.outcome import Context, Outcome
from bot.core.runs import governance
from bot.core.runs.fold import fold
from bot.core.runs.model import Answer, Run, Runs, Step
from runbooks.parts import Context as Reach
from runbooks.parts import Rule
from runbooks.shelf import Book, is_record_owed


def begun(
    book: Book,
    runs: Runs,
    contexts: tuple[Reach, ...] = (),
    rule: str | None = None,
    tier: int | None = None,
) -> f.RunStarted:
    """The fact with which a run begins, numbered behind those that there are.

    `tier` is how closely the incident is governed, None where its record is owed by no tier.
    """
    is_owed = is_record_owed(book.runbook, tier)
    return f.RunStarted(
        run=len(runs.all) + 1,
        runbook=book.pin.id,
        title=book.runbook.title,
        edition=book.pin.version,
        sha256=book.pin.sha256,
        overlay_sha256=book.pin.overlay_sha256,
        content=book.runbook.model_dump_json(exclude_none=True),
        contexts=contexts,
        why="rule" if rule else "owed" if is_owed else "asked",
        rule=rule,
    )


def concluded(facts: tuple[Fact, ...], context: Context) -> Outcome:
    """These facts, and what they bring about.

    Rules fire on answers, rules that fired start runbooks, and runs with nothing left to do end.
    """
    before = context.states.of(Runs)
    runs = after(before, facts, context)
    fired = tuple(_fired(runs, before))
    every = (*facts, *fired)
    started: tuple[Fact, ...] = ()
    for fact in every:
        if isinstance(fact, f.RuleFired):
            known = after(before, (*every, *started), context)
            started += _consequences(known, fact, context)
    every = (*every, *started)
    runs = after(before, every, context)
    ended = tuple(
        f.RunFinished(run=run.number)
        for run in runs.open
        if run.is_all_closed and runs.review is not None
    )
    return Outcome((*every, *ended))


def after(runs: Runs, facts: Sequence[Fact], context: Context) -> Runs:
    """The runs as they will be when these facts are written."""
    for fact in facts:
        runs = fold(runs, Recorded(0, context.now, context.actor, fact))
    return runs


def _fired(runs: Runs, before: Runs) -> list[Fact]:
    """The rules that an answer makes apply, once each."""
    return [
        f.RuleFired(run=run.number, rule=rule.id)
        for run in runs.open
        if before.find(run.number)
        for rule in run.book.rules
        if rule.id not in run.fired and _is_answered(run, rule)
    ]


def _is_answered(run: Run, rule: Rule) -> bool:
    step = run.find(rule.answer.step) if rule.answer else None
    if rule.answer is None or step is None or not step.edition:
        return False
    return _says(step, rule.answer.field, rule.answer.among)


def _says(step: Step, field: str, among: tuple[str, ...]) -> bool:
    return bool({*step.answers.get(field, Answer()).chosen} & {*among})


def _consequences(runs: Runs, fired: f.RuleFired, context: Context) -> tuple[Fact, ...]:
    """The runbooks that a rule starts, if they do not run yet; with that it is met."""
    run = runs.all[fired.run - 1]
    rule = run.fired[fired.rule].rule
    facts: list[Fact] = []
    for id_ in rule.starts:
        book = context.library.books.get(id_)
        if book is None or any(one.pin.id == id_ for one in runs.open):
            continue
        at = governance.tier(runs, context.policy)
        began = begun(book, runs, run.contexts, f"{run.number}/{rule.id}", at)
        facts.append(began)
        runs = after(runs, (began,), context)
    if rule.starts and all(any(one.pin.id == id_ for one in runs.open) for id_ in rule.starts):
        facts.append(f.RuleMet(run=run.number, rule=rule.id))
    return tuple(facts)
