"""How is a manual step said to be done?"""

from __future__ import annotations

from slack_sdk.models.blocks import Block, CheckboxesElement, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain
from bot.core.incident import Incident
from bot.core.runs import acts, opening, questions, wording
from bot.core.runs.model import Run, Step
from runbooks.model import Policy
from runbooks.steps import Manual


def done_modal(incident: Incident, run: Run, step: Step, what: Manual, policy: Policy) -> View:
    """What is to be done, what is ticked off, and a note."""
    blocks: list[Block] = [*wording.instruction(run, step)]
    known = {**opening.known(incident, policy), **step.answers, **step.drafts}
    asks = questions.Place(wording.value(incident.number, run, step))
    blocks += questions.draw(asks, questions.asked(step), known, policy)
    if what.checks:
        ticks = CheckboxesElement(action_id="checks", options=wording.options(what.checks))
        label = "What of this holds?"
        blocks.append(InputBlock(block_id="checks", label=label, element=ticks))
    blocks.append(_note("Note: what was done, and where its proof is"))
    says = "Done" if not what.second_pair else "Ask for a look"
    return View(
        type="modal",
        callback_id="step_done",
        private_metadata=wording.about(incident.number, run, step),
        title=plain(wording.title(step)),
        submit=plain(says),
        close=plain("Cancel"),
        blocks=blocks,
    )


def confirm_modal(number: int, run: Run, step: Step, policy: Policy) -> View:
    """What somebody says they did and wrote down, for the second pair of eyes."""
    said = f"<@{step.claimed_by}> says that this is done."
    if step.note:
        said += f"\n{blockkit.cut(step.note, acts.TEXT_CHARS)}"
    blocks: list[Block] = [*wording.instruction(run, step), blockkit.section(said)]
    if written := questions.answered(step, policy):
        blocks.append(blockkit.section(blockkit.shorten(written, blockkit.SECTION_CHARS)))
    return View(
        type="modal",
        callback_id="step_confirmed",
        private_metadata=wording.about(number, run, step),
        title=plain(wording.title(step)),
        submit=plain("I looked, it is"),
        close=plain("Cancel"),
        blocks=[*blocks, _note("Note")],
    )


def _note(label: str) -> InputBlock:
    text = PlainTextInputElement(action_id="note", multiline=True, max_length=acts.TEXT_CHARS)
    return InputBlock(block_id="note", label=label, optional=True, element=text)
