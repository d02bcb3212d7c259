"""What of the runs is in a record that is taken along?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core import calendar, ids
from bot.core.record import Cell, Column, Part, Quoted, Told
from bot.core.runs import acts, keeping, questions, seats
from bot.core.runs.model import Answer, Ask, Run, Runs, Step, Verdict
from runbooks import wording
from runbooks.model import Policy

Row = tuple[Cell, ...]
_RUNS = (
    Column("run", "Run", "number"),
    Column("runbook", "Runbook"),
    Column("version", "Version"),
    Column("sha256", "SHA-256 of the file"),
    Column("overlay_sha256", "SHA-256 of the overlay"),
    Column("started_at", "Started", "moment"),
    Column("started_by", "Started by", "person"),
    Column("is_owed", "Record owed", "yes_no"),
    Column("finished_at", "Finished", "moment"),
    Column("ended_at", "Ended with the incident", "moment"),
    Column("began_in", "Began in"),
    Column("goes_on_in", "Goes on in"),
    Column("not_validated", "Places nobody validated", "number"),
)
_STEPS = (
    Column("run", "Run", "number"),
    Column("step", "Step", "number"),
    Column("title", "Title"),
    Column("type", "Type"),
    Column("owner", "Owner"),
    Column("given_to", "Given to", "person"),
    Column("sla", "SLA"),
    Column("status", "Status"),
    Column("active_at", "Active since", "moment"),
    Column("closed_at", "Ended", "moment"),
    Column("closed_by", "Ended by", "person"),
    Column("checked_by", "Looked at by", "person"),
    Column("note", "Note or reason", "quote"),
    Column("proof", "Proof"),
    Column("shared_with", "Shared with"),
)
_ANSWERS = (
    Column("run", "Run", "number"),
    Column("step", "Step", "number"),
    Column("version", "Version", "number"),
    Column("question", "Question"),
    Column("answer", "Answer", "line"),
)
_APPROVALS = (
    Column("run", "Run", "number"),
    Column("step", "Step", "number"),
    Column("request", "Request", "number"),
    Column("asked_at", "Asked", "moment"),
    Column("asked_by", "Asked by", "person"),
    Column("asked_for", "Asked for"),
    Column("text", "Why it is asked", "quote"),
    Column("decided_at", "Decided", "moment"),
    Column("decided_by", "Decided by", "person"),
    Column("seat", "In the seat of"),
    Column("handed_on_by", "Handed on by", "person"),
    Column("decision", "Decision"),
    Column("approved", "Approved"),
    Column("reason", "Why it is so decided", "quote"),
    Column("conditions", "Conditions", "quote"),
    Column("ended", "The request is"),
)
_OF_A_DECISION = 8  # columns, from "Decided" to "Conditions"
_RULES = (
    Column("run", "Run", "number"),
    Column("rule", "Rule"),
    Column("when", "If"),
    Column("then", "Then"),
    Column("fired_at", "Applied", "moment"),
    Column("due_at", "Due", "moment"),
    Column("acted_at", "Acted on", "moment"),
    Column("is_met", "Met", "yes_no"),
    Column("is_in_time", "In time", "yes_no"),
    Column("note", "Note", "quote"),
)


def record_parts(told: Told) -> list[Part]:
    """Runs, their steps with proof, answers, approvals, and rules that applied."""
    runs, policy = told.shown.states.of(Runs).all, told.shown.policy
    return [
        Part("runbooks", "Runbooks", _RUNS, tuple(map(_run, runs))),
        Part("runbook-steps", "Runbook steps", _STEPS, _every(_steps(one, policy) for one in runs)),
        Part("answers", "Answers", _ANSWERS, _every(_answers(one, policy) for one in runs)),
        Part("approvals", "Approvals", _APPROVALS, _every(_approvals(one, policy) for one in runs)),
        Part("rules", "Rules that applied", _RULES, _every(_rules(one, policy) for one in runs)),
    ]


def _every(rows: Iterator[Iterator[Row]]) -> tuple[Row, ...]:
    return tuple(row for some in rows for row in some)


def _quoted(words: str | None) -> Quoted | None:
    return Quoted(words) if words else None


def _run(run: Run) -> Row:
    return (
        run.number, run.pin.id, run.pin.version, run.pin.sha256, run.pin.overlay_sha256,
        run.started_at, run.started_by, run.is_owed, run.finished_at,
        run.ended_at, _elsewhere(run.origin), _elsewhere(run.goes_on),
        len(run.book.open_markers()),
    )  # fmt: skip


def _elsewhere(place: tuple[int, int] | None) -> str | None:
    return f"{ids.reference(place[0])}, run {place[1]}" if place else None


def _steps(run: Run, policy: Policy) -> Iterator[Row]:
    for one in run.steps:
        owner = acts.titled(one.what.owner, policy) or None
        status = one.left or one.status
        title = Quoted(one.what.title) if one.is_added else one.what.title
        shared = f"step {one.same_as[1]} of run {one.same_as[0]}" if one.same_as else None
        yield (
            run.number, one.n, title, one.what.type, owner, one.owner, wording.span(one.what.sla),
            status, one.active_at, one.closed_at, one.closed_by, one.checked_by,
            _quoted(one.note), _proof(one), shared,
        )  # fmt: skip


def _proof(step: Step) -> str | None:
    """The evidence and the calls that show it, by number, state and reference."""
    found = [
        f"{kind or 'not sorted'}: {', '.join(f'E-{number}' for number in numbers)}"
        for kind, numbers in keeping.sorted_in(step).items()
    ]
    found += [
        f"{target}: {call.status}" + (f" {call.reference}" if call.reference else "")
        for target, call in step.calls.items()
    ]
    return "; ".join(found) or None


def _answers(run: Run, policy: Policy) -> Iterator[Row]:
    for step in run.steps:
        for field in questions.asked(step) if step.edition else ():
            said = questions.spoken(field, step.answers.get(field.id, Answer()), policy)
            yield run.number, step.n, step.edition, field.label, Quoted(said)


def _approvals(run: Run, policy: Policy) -> Iterator[Row]:
    for step in run.steps:
        for ask in step.asks:
            head = (run.number, step.n, ask.number, ask.at, ask.by)
            wanted = (_chosen(step, ask.options), _quoted(ask.text))
            for one in ask.verdicts:
                yield (*head, *wanted, *_decided(step, ask, one, policy), ask.ended)
            if not ask.verdicts:
                yield (*head, *wanted, *(None,) * _OF_A_DECISION, ask.ended)


def _decided(step: Step, ask: Ask, one: Verdict, policy: Policy) -> Row:
    by, to = ask.delegates.get(one.seat, (None, None))
    return (
        one.at, one.person, _seat(one.seat, policy), by if to == one.person else None,
        "approved with conditions" if one.decision == "conditions" else one.decision,
        _chosen(step, one.options), _quoted(one.reason), _quoted(one.conditions),
    )  # fmt: skip


def _seat(name: str, policy: Policy) -> str:
    return (
        "whoever may in an emergency" if name == seats.EMERGENCY else acts.titled((name,), policy)
    )


def _chosen(step: Step, options: Sequence[str]) -> str | None:
    """What was chosen, as the runbook calls it; None where there was nothing to choose from."""
    known = getattr(step.what, "options", None) or {}
    return "; ".join(known.get(one, one) for one in options) or None


def _rules(run: Run, policy: Policy) -> Iterator[Row]:
    for id_, one in run.fired.items():
        note = _quoted(one.note)
        rule = one.rule
        due = calendar.due(rule.within, one.at, policy.calendar) if rule.within else None
        is_in_time = one.is_met and (due is None or (one.acted_at or one.at) <= due)
        head = (run.number, id_, rule.when, rule.then, one.at, due)
        yield (*head, one.acted_at, one.is_met, is_in_time, note)
