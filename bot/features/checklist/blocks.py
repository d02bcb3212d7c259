"""How do checklists look and read?"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from bot.core import blockkit, ids
from bot.core.blockkit import escape, isolate, when
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import Shown
from bot.core.runs import acts, governance, owning, standing, wording
from bot.core.runs.model import Run, Runs, Step
from runbooks.steps import Approval, FileUpload, Form, Webhook

_NOTE_CHARS = 200
_LACKING_CHARS = 120
_REASON_CHARS = 300  # the thread of the step has all of it
_HEARD_CHARS = 75  # Slack's limit of what a button is called for those who hear it
_MOST_ACTIVE = 15  # of forty steps; the others follow as these are done


def slots(shown: Shown) -> list[Message]:
    """Each checklist, a thread for each step, and each owner's own list, privately."""
    runs = shown.states.of(Runs)
    if not runs.all:
        return []
    kept: list[Message] = []
    for run in runs.all:
        kept.append(Keep(slot(run, shown), shown.incident.room, checklist(run, shown)))
        kept += [
            Keep(
                acts.thread(shown.incident, run, step), shown.incident.room, root(run, step, shown)
            )
            for step in run.steps
            if step.same_as is None and (step.status == "active" or step.is_closed)
        ]
    return [*kept, *_lists(shown)]


def slot(run: Run, shown: Shown) -> str:
    """The slot of a run's checklist."""
    end = "/private" if shown.incident.is_moved else ""
    return f"checklist/{shown.incident.number}/{run.number}{end}"


def checklist(run: Run, shown: Shown) -> Content:
    """All of a run on one screen: what is active in full, the rest in a line each."""
    blocks: list[Block] = [blockkit.section(_head(run, shown))]
    said = [_head(run, shown).replace("*", "")]
    active = [step for step in run.steps if step.status == "active" and step.same_as is None]
    for step in active[:_MOST_ACTIVE]:
        line = _active(run, step, shown)
        blocks.append(_with_button(line, run, step, shown))
        said.append(line.replace("*", ""))
    for line in _folded(run, shown):
        blocks.append(blockkit.context(line))
        said.append(line)
    if not shown.incident.is_over:
        blocks.append(blockkit.actions(_row(run, shown)))
    return Content("\n".join(said), tuple(blocks))


def _head(run: Run, shown: Shown) -> str:
    head = f"*Runbook {run.number}: {run.book.title}* {run.book.version}"
    head += f" · {wording.progress(run)} · started by <@{run.started_by}>"
    if run.finished_at:
        head += f" · finished {when(run.finished_at)}"
    if run.origin:
        head += f" · began in {ids.reference(run.origin[0])}"
    if run.goes_on:
        at, number = run.goes_on
        head += f" · goes on as runbook {number} of {ids.reference(at)}"
    elif run.ended_at:
        head += f" · ended with the incident {when(run.ended_at)}"
    if governance.is_owed(run, shown):
        head += " · its record is owed"
    decides = "nobody yet" if shown.incident.has_no_ic else f"<@{shown.incident.ic}>"
    return f"{head}\nDecides: {decides}"


def _active(run: Run, step: Step, shown: Shown) -> str:
    head = f"*{step.n}. {escape(step.what.title)}* · {_owner(step, shown)}"
    return head + standing.line(run, step, shown)


def _owner(step: Step, shown: Shown) -> str:
    person = acts.owner(shown.incident, step, shown.policy)
    titles = acts.titled(step.what.owner, shown.policy) if step.what.owner else ""
    if person:
        return f"<@{person}>"
    return f"nobody is {titles}"


def _with_button(line: str, run: Run, step: Step, shown: Shown) -> Block:
    """A step's line, and the button that opens it while anything can be done."""
    if not run.is_open:
        return blockkit.section(line)
    return SectionBlock(text=blockkit.mrkdwn(line), accessory=_opener(run, step, shown))


def _opener(run: Run, step: Step, shown: Shown) -> ButtonElement:
    label, value = _label(step), f"{shown.incident.number}/{run.number}/{step.n}"
    button = blockkit.button(opener(step), label, value)
    # Several say the same; those who hear them hear which step it is.
    heard = f"{label}: step {step.n}, {step.what.title}"
    button.accessibility_label = blockkit.shorten(heard, _HEARD_CHARS)
    return button


def opener(step: Step) -> str:
    """The button that opens a step, by its kind."""
    if step.claimed_by:
        return "step_confirm"
    return f"step_{step.what.type}"


def _label(step: Step) -> str:
    match step.what:
        case Form():
            return "Fill in"
        case Approval():
            return "Approval" if step.ask else "Ask"
        case FileUpload():
            return "Add files"
        case Webhook():
            return "Send"
    return "Look" if step.claimed_by else "Done"


def _folded(run: Run, shown: Shown) -> list[str]:
    """What is done, left, shared or locked, what is held, and what is missing: a line each."""
    names = {one.n: f"{one.n} {escape(one.what.title)}{standing.shared(one)}" for one in run.steps}
    done = [names[one.n] for one in run.steps if one.status == "done"]
    left = [f"{one.n} {acts.said_closed(one)}" for one in run.steps if one.status == "left"]
    elsewhere = [names[one.n] for one in run.steps if one.same_as and not one.is_closed]
    locked = [
        f"{one.n} {escape(one.what.title)} (after {acts.waits_for(run, one)})"
        for one in run.steps
        if one.status == "waiting" and one.same_as is None
    ]
    rows = (("Done", done), ("Left", left), ("Shared", elsewhere), ("Later", locked))
    lines = [f"{label}: {' · '.join(values)}" for label, values in rows if values]
    if held := run.secures:
        lines.append(
            f"Hold what destroys state until {acts.numbers([one.n for one in held])} is done"
        )
    lines += [
        f"Rule: {one.rule.then}"
        for one in run.fired.values()
        if _waits(one.rule.effect, one.acted_at is None)
    ]
    if missing := run.lacking:
        lines.append(f"Not there yet: {_lacking(run, missing)}")
    review = shown.states.of(Runs).review
    lines.append(f"Review: {when(review.at)}, {review.link}" if review else "Review: not linked")
    return [blockkit.shorten(line, 1500) for line in lines]


def _lacking(run: Run, missing: Sequence[str]) -> str:
    """What is missing by name, or how many where their names would fill a phone's screen."""
    named = " · ".join(missing)
    if len(named) <= _LACKING_CHARS:
        return named
    said = f"{len(missing)} of {len(run.asks)} prerequisites"
    return said if run.finished_at else f"{said}; Prerequisites shows which"


def _waits(effect: str, is_open: bool) -> bool:
    return is_open and effect not in {"holds_changes", "notes"}


def _row(run: Run, shown: Shown) -> list[ButtonElement]:
    value = f"{shown.incident.number}/{run.number}"
    row = [blockkit.button("runbook_read", "Read", value)]
    if run.is_open:
        row.append(blockkit.button("step_change_asked", "Change a step", value))
        row.append(blockkit.button("rules_asked", "Rules", value))
        row.append(blockkit.button("prerequisites_asked", "Prerequisites", value))
    if shown.states.of(Runs).review is None:
        row.append(blockkit.button("review_asked", "Link the review", value))
    return row


def root(run: Run, step: Step, shown: Shown) -> Content:
    """The message under which a step's talk and proof stand."""
    head = f"*Runbook {run.number}, step {step.n}: {escape(step.what.title)}*"
    if step.is_closed:
        said = f"{head} · {acts.said_closed(step)}{acts.said_by(step)}"
        said += f" · {when(step.closed_at)}" if step.closed_at else ""
        if step.note:
            said += f"\n{isolate(blockkit.cut(step.note, _NOTE_CHARS))}"
        return Content(said.replace("*", ""), (blockkit.context(said),))
    if step.status == "waiting":
        said = f"{head} · waits for {acts.waits_for(run, step)}"
        return Content(said.replace("*", ""), (blockkit.context(said),))
    # Its owner hears of it privately; a mention here as well would ring twice.
    whose = acts.titled(step.what.owner, shown.policy) or _owner(step, shown)
    said = f"{head} · {whose}{standing.line(run, step, shown)}\nDone when: {step.what.done_when}"
    if not run.is_open:
        return Content(said.replace("*", ""), (blockkit.section(said),))
    button = blockkit.actions([_opener(run, step, shown)])
    return Content(
        f"{said.replace('*', '')} Proof and talk go here.", (blockkit.section(said), button)
    )


def _lists(shown: Shown) -> list[Message]:
    """What of the runbooks is theirs, for each person who holds or held a role that owns steps."""
    incident, runs = shown.incident, shown.states.of(Runs)
    told = [person for person in runs.held if _owned_once(person, shown)]
    mine: dict[str, list[tuple[Run, Step]]] = {person: [] for person in told}
    for run in runs.open if not incident.is_over else ():
        for step in run.steps:
            person = acts.owner(incident, step, shown.policy)
            if step.status == "active" and step.same_as is None and person:
                mine.setdefault(person, []).append((run, step))
    kept: list[Message] = []
    for person, steps in mine.items():
        slot, to = f"steps/{incident.number}/{person}", ids.person(person)
        kept.append(Keep(slot, to, _list(steps, shown), needs=incident.room))
        # Slack notifies nobody of an edit, so what became theirs later is said anew, once.
        kept += [
            Post(f"{slot} {at.isoformat()}", to, _yours(further, shown))
            for at, further in owning.further(shown, person, steps).items()
        ]
    return kept


def _owned_once(person: str, shown: Shown) -> bool:
    """Whether a role they ever held owns a step that was active: they may have been told."""
    runs = shown.states.of(Runs)
    roles = runs.held[person]
    return any(
        step.status != "waiting" and roles.keys() & {*acts.roles_of(step, shown.policy)[:1]}
        for run in runs.all
        for step in run.steps
    )


def _list(steps: Sequence[tuple[Run, Step]], shown: Shown) -> Content:
    reference = shown.incident.reference
    if not steps:
        said = f"No step of {reference}'s runbooks is yours now."
        return Content(said, (blockkit.context(said),))
    return _buttons(f"Your steps in {reference}'s runbooks", steps, shown)


def _yours(steps: Sequence[tuple[Run, Step]], shown: Shown) -> Content:
    """What became somebody's at one moment."""
    what = "This step is" if len(steps) == 1 else "These steps are"
    return _buttons(f"{what} yours now in {shown.incident.reference}", steps, shown)


def _buttons(said: str, steps: Sequence[tuple[Run, Step]], shown: Shown) -> Content:
    """Steps with a button each."""
    blocks: list[Block] = [blockkit.section(f"*{said}*")]
    lines = [said]
    for run, step in steps[:_MOST_ACTIVE]:
        line = _active(run, step, shown)
        blocks.append(SectionBlock(text=blockkit.mrkdwn(line), accessory=_opener(run, step, shown)))
        lines.append(line.replace("*", ""))
    return Content("\n".join(lines), tuple(blocks))
