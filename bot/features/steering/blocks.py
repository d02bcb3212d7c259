"""How is a step changed, and a rule said to apply?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain, when
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.runs import acts, wording
from bot.core.runs.model import Fired, Run
from runbooks.parts import Rule

_LABEL_CHARS = 2000  # of an input, by Slack's rule
_APPLIES: Mapping[str, str] = {"applies": "Applies now"}
_ENDS: Mapping[str, str] = {"met": "It is done", "not_met": "It does not apply after all"}
WAYS: Mapping[str, str] = {
    "skipped": "Skip it",
    "not_applicable": "It does not apply",
    "waived": "Waive it",
    "reassign": "Give it to somebody else",
    "reopen": "Open it again",
    "add": "Add a step",
}


def change_modal(number: int, run: Run) -> View:
    """Which step, what about it, and why."""
    labels = {str(one.n): f"{one.n} {one.what.title}" for one in run.steps}
    steps = StaticSelectElement(action_id="which", options=wording.options(labels))
    ways = StaticSelectElement(action_id="way", options=blockkit.options(WAYS))
    why = PlainTextInputElement(action_id="reason", multiline=True, max_length=acts.TEXT_CHARS)
    person = UserSelectElement(action_id="person")
    due = DateTimePickerElement(action_id="due_at")
    return View(
        type="modal",
        callback_id="step_change",
        private_metadata=json.dumps({"number": number, "run": run.number}),
        title=plain("Change a step"),
        submit=plain("Change"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(block_id="way", label="What?", element=ways),
            InputBlock(block_id="which", label="Which step?", optional=True, element=steps),
            InputBlock(
                block_id="reason", label="Why, or what is to be done in a new step?", element=why
            ),
            InputBlock(block_id="person", label="By whom?", optional=True, element=person),
            InputBlock(block_id="due_at", label="A new step: by when?", optional=True, element=due),
        ],
    )


def rules_modal(number: int, run: Run) -> View:
    """Which rules apply, which wait, and how those went that were acted on; each rule once."""
    waiting = [one.rule for one in run.fired.values() if one.acted_at is None]
    others = [one for one in run.book.rules if one.id not in run.fired and _is_said(one)]
    blocks: list[Block] = [_ticks(one, _ENDS) for one in waiting]
    blocks += [_ticks(one, _APPLIES) for one in others]
    blocks.append(
        InputBlock(
            block_id="note",
            label="Note; say why where something does not apply",
            optional=True,
            element=PlainTextInputElement(
                action_id="note", multiline=True, max_length=acts.TEXT_CHARS
            ),
        )
    )
    blocks += [blockkit.context(_measured(one)) for one in run.fired.values() if one.acted_at]
    return View(
        type="modal",
        callback_id="rules",
        private_metadata=json.dumps({"number": number, "run": run.number}),
        title=plain("Rules"),
        submit=plain("Save"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def _is_said(rule: Rule) -> bool:
    """Whether people say that a rule applies, and not the record."""
    return rule.answer is None and rule.from_rank is None


def applies(incident: Incident, run: Run, rule: Rule) -> Post:
    """What the room reads when a rule applies that wants something done at once."""
    who = "" if incident.has_no_ic else f"<@{incident.ic}> "
    said = f"{who}{rule.then}\nBecause: {rule.when} (runbook {run.number})"
    name = f"rule/{incident.number}/{run.number}/{rule.id}"
    return Post(name, incident.room, Content(said, (blockkit.section(said),)))


def _ticks(rule: Rule, says: Mapping[str, str]) -> InputBlock:
    """A rule in full; an option of Slack's holds 75 characters, and most rules are longer."""
    name = acts.rule_field(rule.id)
    element = CheckboxesElement(action_id=name, options=blockkit.options(says))
    label = blockkit.shorten(f"{rule.when} {rule.then}", _LABEL_CHARS)
    return InputBlock(block_id=name, label=label, optional=True, element=element)


def _measured(one: Fired) -> str:
    if one.acted_at is None:
        return f"{one.rule.then} Applies since {when(one.at)}."
    end = "done" if one.is_met else "said not to apply"
    took = round((one.acted_at - one.at).total_seconds() / 60)
    return f"{one.rule.when} Applied {when(one.at)}, {end} {took} min later."
