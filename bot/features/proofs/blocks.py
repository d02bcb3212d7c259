"""How are files asked for, and what is there shown?"""

from __future__ import annotations

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

from bot.core import blockkit, disclosure
from bot.core.blockkit import escape, plain
from bot.core.evidence import Evidence, Item
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, questions, wording
from bot.core.runs.model import Run, Runs, Step
from runbooks.steps import FileUpload

_FILES, _OPTIONS = 10, 100  # Slack's limits of a file input and of a select


def add_modal(
    shown: Shown, run: Run, step: Step, what: FileUpload, by: tuple[str, tuple[Item, ...]]
) -> View:
    """What is asked for and what is there; `by` is who adds it, and what they may see."""
    person, items = by
    labels = {one.id: one.label for one in what.evidence_kinds}
    blocks: list[Block] = [*wording.instruction(run, step)]
    blocks += [blockkit.context(line) for line in _there(shown, step, what)]
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
    blocks += _custody(shown, person)
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


def _custody(shown: Shown, person: str) -> list[Block]:
    """Who answers for it, how far it may go, and a note of custody."""
    evidence = shown.policy.evidence
    tlp = {one.id: one.label for one in evidence.labels}
    options = wording.options(tlp)
    usual = next(one for one in options if one.value == evidence.usual_label)
    label = StaticSelectElement(action_id="label", options=options, initial_option=usual)
    who = UserSelectElement(action_id="custodian", initial_user=person)
    note = PlainTextInputElement(action_id="note", multiline=True, max_length=acts.TEXT_CHARS)
    return [
        InputBlock(block_id="label", label="How far may it go?", element=label),
        InputBlock(block_id="custodian", label="Who answers for it?", element=who),
        InputBlock(
            block_id="note",
            label="Custody: who took it, from where and when",
            optional=True,
            element=note,
        ),
    ]


def _there(shown: Shown, step: Step, what: FileUpload) -> list[str]:
    """Each kind of evidence, ticked off where there is some."""
    evidence = shown.states.of(Evidence)
    lines = []
    for kind in what.evidence_kinds:
        found = [evidence.find(number) for number in step.proofs.get(kind.id, ())]
        items = [one for one in found if one and not one.erased_at]
        told = ", ".join(f"{one.reference}{_state(one)}" for one in items)
        need = "" if kind.required else " (if there is any)"
        mark = "✓" if any(one.sha256 for one in items) else "☐"
        lines.append(f"{mark} {escape(kind.label)}{need}{': ' if told else ''}{told}")
    return lines


def _state(one: Item) -> str:
    if one.missed:
        return " did not come"
    return "" if one.sha256 else " is being fetched"


def slots(shown: Shown) -> list[Message]:
    """What of each kind is there, in the thread of the step."""
    kept: list[Message] = []
    for run in shown.states.of(Runs).all:
        for step in run.steps:
            if step.same_as is None and step.proofs and isinstance(step.what, FileUpload):
                thread = acts.thread(shown.incident, run, step)
                lines = _there(shown, step, step.what)
                said = "\n".join(lines)
                content = Content(said, (blockkit.section(said),))
                kept.append(Keep(f"{thread}/proof", shown.incident.room, content, thread=thread))
    return kept
