"""How are files asked for, and what is there shown?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.core import blockkit, disclosure, ids
from bot.core.blockkit import escape, plain
from bot.core.evidence import Evidence, Item
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, keeping, questions, wording
from bot.core.runs.model import Run, Runs, Step
from runbooks.steps import FileUpload

_FILES, _OPTIONS = 10, 100  # Slack's limits of a file input and of a select
_BUTTON_CHARS, _LIST_CHARS = 75, 2900
MOST_KINDS = 10  # of a step
_TO_DO: Mapping[str, str] = {
    "redacted": "then add a redacted copy; or, where nothing has to be masked, choose {named} and "
    "tick that it is redacted.",
    "sealed": "then add the original as well, without the tick that it is redacted.",
}
_REDACTED = {"redacted": "No personal data and no secret is in it, or none any more"}


def add_modal(
    shown: Shown, run: Run, step: Step, what: FileUpload, by: tuple[str, tuple[Item, ...]]
) -> View:
    """What is asked for and what is there; `by` is who adds it, and what they may see."""
    person, items = by
    labels = {one.id: one.label for one in what.evidence_kinds}
    blocks: list[Block] = [*wording.instruction(run, step)]
    blocks += [blockkit.context(line) for line in _there(shown, run, step, what)]
    blocks += [blockkit.context(line) for line in _asks(what)]
    files = FileInputElement(action_id="files", max_files=_FILES)
    blocks.append(InputBlock(block_id="files", label="Files", optional=True, element=files))
    if items:
        named = {
            str(one.number): f"{one.reference} {disclosure.title(one, shown.policy)}"
            for one in items[-_OPTIONS:]
        }
        several = StaticMultiSelectElement(action_id="items", options=wording.options(named))
        label = "Or evidence that is there already"
        blocks.append(InputBlock(block_id="items", label=label, optional=True, element=several))
    kinds = StaticSelectElement(action_id="kind", options=wording.options(labels))
    blocks.append(InputBlock(block_id="kind", label="What is it?", optional=True, element=kinds))
    blocks += _custody(shown, what, person)
    asks = questions.Place(wording.value(shown.incident.number, run, step), is_final=False)
    known = {**step.answers, **step.drafts}
    blocks += questions.draw(asks, questions.asked(step), known, shown.policy)
    whole = CheckboxesElement(
        action_id="all", options=blockkit.options({"all": "All is here: the step is done"})
    )
    blocks.append(InputBlock(block_id="all", label="Is it all?", optional=True, element=whole))
    return View(
        type="modal",
        callback_id="proof",
        private_metadata=wording.about(shown.incident.number, run, step),
        title=plain(wording.title(step)),
        submit=plain("Add"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def _asks(what: FileUpload) -> list[str]:
    """What becomes of what a step takes, and what it has to have."""
    told = {
        "Kept for a named group alone.": what.restricted,
        "The originals are sealed; a copy that is redacted is not.": what.sealed_copy,
        "Of each kind there has to be a redacted copy. Text files are masked by the bot; of "
        "others say that they are redacted.": what.redacted_copy,
    }
    return [sentence for sentence, is_so in told.items() if is_so]


def _custody(shown: Shown, what: FileUpload, person: str) -> list[Block]:
    """Who answers for it, how far it may go, whether it is redacted, and a note of custody."""
    evidence = shown.policy.evidence
    options = wording.options(keeping.labels(what, shown.policy))
    wanted = keeping.label(what, evidence.usual_label, shown.policy)
    usual = next((one for one in options if one.value == wanted), None)
    ticks = CheckboxesElement(action_id="redacted", options=wording.options(_REDACTED))
    label = StaticSelectElement(action_id="label", options=options, initial_option=usual)
    who = UserSelectElement(action_id="custodian", initial_user=person)
    note = PlainTextInputElement(action_id="note", multiline=True, max_length=acts.TEXT_CHARS)
    return [
        InputBlock(block_id="label", label="How far may it go?", element=label),
        InputBlock(block_id="redacted", label="Is it redacted?", optional=True, element=ticks),
        InputBlock(block_id="custodian", label="Who answers for it?", element=who),
        InputBlock(
            block_id="note",
            label="Custody: who took it, from where and when",
            optional=True,
            element=note,
        ),
    ]


def _there(shown: Shown, run: Run, step: Step, what: FileUpload) -> list[str]:
    """Each kind of evidence, ticked off where there is enough; then what is not sorted yet."""
    evidence = shown.states.of(Evidence)
    lines = []
    for kind in what.evidence_kinds:
        items = _items(evidence, step.proofs.get(kind.id, ()))
        told = ", ".join(f"{one.reference}{_state(one, what)}" for one in items)
        need = "" if kind.required else " (if there is any)"
        mark = "☐" if keeping.lacks(items, what) else "✓"
        lines.append(f"{mark} {escape(kind.label)}{need}{': ' if told else ''}{told}")
    left = [one for one in _items(evidence, keeping.unsorted(step)) if not one.missed]
    lines += [f"Nobody said yet what this is: {_named(left)}"] if left else []
    others = [
        f"step {other.n} of runbook {each.number}"
        for each in shown.states.of(Runs).all
        for other in each.steps
        if other.same_as == (run.number, step.n)
    ]
    return [*lines, *([f"Counts for {' and '.join(others)} as well"] if others else [])]


def _next(shown: Shown, step: Step, what: FileUpload) -> list[str]:
    """What to do about what is there and does not count yet, or once all of it does."""
    if step.is_closed:
        return []
    evidence, lines, is_all = shown.states.of(Evidence), list[str](), True
    for kind in what.evidence_kinds:
        items = [one for one in _items(evidence, step.proofs.get(kind.id, ())) if one.sha256]
        lack = keeping.lacks(items, what)
        is_all = is_all and not (kind.required and lack)
        if items and lack:
            told = _TO_DO[lack].format(named=_named(items))
            lines.append(f"{escape(kind.label)}: press Add files, {told}")
    end = "All that is asked for is there. To end the step, press Add files and tick All is here."
    return [*lines, end] if is_all else lines


def _items(evidence: Evidence, numbers: Sequence[int]) -> list[Item]:
    """Those of these numbers that were not erased."""
    return [one for one in map(evidence.find, numbers) if one and not one.erased_at]


def _named(items: Sequence[Item]) -> str:
    return ", ".join(one.reference for one in items)


def _state(one: Item, what: FileUpload) -> str:
    if one.missed:
        return " did not come"
    if not one.sha256:
        return " is being fetched"
    told = {"sealed": one.is_sealed, "not redacted": what.redacted_copy and not one.is_redacted}
    marks = [mark for mark, is_so in told.items() if is_so]
    return f" ({', '.join(marks)})" if marks else ""


def slots(shown: Shown) -> list[Message]:
    """What of each kind is there, in the thread of the step; what is asked of whoever sent some."""
    kept: list[Message] = []
    for run in shown.states.of(Runs).all:
        for step in run.steps:
            if step.same_as is None and step.proofs and isinstance(step.what, FileUpload):
                thread = acts.thread(shown.incident, run, step)
                lines = [*_there(shown, run, step, step.what), *_next(shown, step, step.what)]
                said = blockkit.fold(lines, _LIST_CHARS)
                content = Content(said, (blockkit.section(said),))
                kept.append(Keep(f"{thread}/proof", shown.incident.room, content, thread=thread))
                kept += _questions(shown, run, step, step.what)
    return kept


def _questions(shown: Shown, run: Run, step: Step, what: FileUpload) -> Iterator[Message]:
    """What is asked privately, once for each message whose files nobody could sort by themselves.

    The answer takes the place of the question.
    """
    sent: dict[tuple[str, str | None], list[Item]] = {}
    evidence = shown.states.of(Evidence)
    for one in _items(evidence, step.proofs.get(keeping.UNSORTED, ())):
        sent.setdefault((one.by, one.record.ts), []).append(one)
    for (by, _), items in sent.items():
        slot = f"{acts.thread(shown.incident, run, step)}/kind/{items[0].number}"
        content = question(shown, (run, step, what), items)
        yield Keep(slot, ids.person(by), content, needs=shown.incident.room)


def question(shown: Shown, about: tuple[Run, Step, FileUpload], items: Sequence[Item]) -> Content:
    """What whoever put files into a step's thread is asked; then what came of it."""
    run, step, what = about
    where = f"step {step.n} of runbook {run.number} in {shown.incident.reference}"
    left = [one for one in items if one.number in keeping.unsorted(step) and not one.missed]
    if not left or step.is_closed:
        said = f"{_named(items)}: with {where}. Its thread says what is there."
        return Content(said, (blockkit.context(said),))
    names = ", ".join(f"{one.reference} {escape(one.name)}" for one in left)
    said = f"You put {names} into the thread of {where}, *{escape(step.what.title)}*. What is it?"
    at = {"number": shown.incident.number, "run": run.number, "step": step.n}
    value = {**at, "items": [one.number for one in left]}
    buttons = [
        blockkit.button(
            f"proof_kind_{place}",
            blockkit.shorten(kind.label, _BUTTON_CHARS),
            json.dumps({**value, "kind": kind.id}),
        )
        for place, kind in enumerate(what.evidence_kinds)
    ]
    more = "If they differ, choose them one by one in the step." if len(left) > 1 else ""
    told = (blockkit.section(said), blockkit.actions(buttons))
    end = (blockkit.context(more),) if more else ()
    kinds = ", ".join(kind.label for kind in what.evidence_kinds)
    return Content(f"{said.replace('*', '')} Press one of: {kinds}. {more}".strip(), (*told, *end))
