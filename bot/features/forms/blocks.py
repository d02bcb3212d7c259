"""How do a step's form and its answers look and read?"""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import escape, plain
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, questions, wording
from bot.core.runs.model import Answer, Run, Runs, Step
from runbooks.model import Policy

_MESSAGE_CHARS = 11_000  # Slack takes some 13,000 in the blocks of a message
_TEXT_CHARS = 40_000  # Slack cuts a longer text of a message


def page_modal(at: tuple[int, int], run: Run, step: Step, policy: Policy, kept: str = "") -> View:
    """One page of a form, `at` an incident and a page from 0; `kept` says that it was kept."""
    number, page = at
    pages = questions.pages(step)
    known = {**step.answers, **step.drafts}
    blocks: list[Block] = [*wording.instruction(run, step)] if page == 0 else []
    asks = questions.Place(wording.value(number, run, step))
    blocks += questions.draw(asks, pages[page], known, policy)
    value = f"{asks.step}/{page}"
    row = [blockkit.button("form_keep", "Keep as a draft", value)]
    if page:
        row.append(blockkit.button("form_back", "Back", value))
    blocks.append(blockkit.actions(row))
    if kept:
        blocks.append(blockkit.context(kept))
    of = f", {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    return View(
        type="modal",
        callback_id="form_page",
        private_metadata=wording.about(number, run, step, page=page),
        title=plain(f"{wording.title(step)}{of}"),
        submit=plain("Done" if page + 1 == len(pages) else "Next"),
        close=plain("Close"),
        blocks=blocks,
    )


def slots(shown: Shown) -> list[Message]:
    """The answers to each step's questions, in the thread of the step; the newest version."""
    return [
        Keep(
            f"{acts.thread(shown.incident, run, step)}/answers",
            shown.incident.room,
            answers(step, shown.policy),
            thread=acts.thread(shown.incident, run, step),
        )
        for run in shown.states.of(Runs).all
        for step in run.steps
        if step.edition and step.same_as is None
    ]


def answers(step: Step, policy: Policy) -> Content:
    """What was answered, question by question; long answers are cut so that one message does."""
    head = f"Answers to step {step.n}, version {step.edition}"
    fields = questions.asked(step)
    most = _MESSAGE_CHARS // max(1, len(fields))
    said = [
        questions.spoken(field, step.answers.get(field.id, Answer()), policy) for field in fields
    ]
    rows = [(escape(field.label), one) for field, one in zip(fields, said, strict=True)]
    lines = [blockkit.shorten(f"*{label}*\n{one}", most) for label, one in rows]
    told = "\n".join([head, *(f"{label}\n{one}" for label, one in rows)])
    return Content(
        blockkit.shorten(told, _TEXT_CHARS), (blockkit.context(head), *blockkit.sections(lines))
    )
