"""How does a step read in the forms of every kind?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from slack_sdk.models.blocks import Block, Option

from bot.core import blockkit
from bot.core.blockkit import escape
from bot.core.runs.model import Run, Step

_OPTION_CHARS = 75
_LEFT = {"skipped": "skipped", "waived": "waived", "not_applicable": "not applicable"}


def title(step: Step) -> str:
    """The title of a step's form, within Slack's 24 characters."""
    return f"Step {step.n}"


def about(number: int, run: Run, step: Step, **more: object) -> str:
    """What a step's form carries along."""
    return json.dumps({"number": number, "run": run.number, "step": step.n, **more})


def value(number: int, run: Run, step: Step) -> str:
    """What a step's buttons carry along, such as `12/1/3`."""
    return f"{number}/{run.number}/{step.n}"


def place(value: str) -> tuple[int, tuple[int, int]]:
    """The incident, and run and step, of a button's value such as `12/1/3`; zeros where bad."""
    parts = [int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0
             for one in value.split("/")]  # fmt: skip
    number, run, step = (*parts, 0, 0, 0)[:3]
    return number, (run, step)


def instruction(run: Run, step: Step) -> list[Block]:
    """What to do, what its context asks besides, the links, and what is not validated."""
    what = step.what
    blocks: list[Block] = [
        blockkit.section(f"*{step.n}. {escape(what.title)}*"),
        blockkit.section(blockkit.cut(what.instruction, blockkit.SECTION_CHARS)),
    ]
    variants = (run.book.variant(one) for one in run.contexts)
    also = [note.also for one in variants if one for note in one.notes if note.step == step.n]
    if also and not step.is_added:
        blocks.append(blockkit.section("\n".join(f"• {one}" for one in also)))
    lines = [f"Done when: {what.done_when}"]
    lines += [f"<{one.url}|{escape(one.label)}>" for one in what.links]
    if not step.is_added:
        markers = run.book.open_markers(step.n)
        lines += [f"Not validated by a practitioner: {one.validate_what}" for one in markers]
    return [*blocks, *(blockkit.context(blockkit.shorten(line, 2000)) for line in lines[:8])]


def progress(run: Run) -> str:
    """How much of a run is done, and what was left for another reason: `4 of 6 done, 1 waived`."""
    done = sum(step.status == "done" for step in run.steps)
    said = [f"{done} of {len(run.steps)} done"]
    for how, words in _LEFT.items():
        if count := sum(step.left == how for step in run.steps):
            said.append(f"{count} {words}")
    return ", ".join(said)


def options(labels: Mapping[str, str]) -> list[Option]:
    """Options by id, their labels cut to what Slack takes."""
    return blockkit.options(
        {id_: blockkit.shorten(label, _OPTION_CHARS) for id_, label in labels.items()}
    )
