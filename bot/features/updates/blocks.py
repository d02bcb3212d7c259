"""How do updates, their form, and questions look and read?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DividerBlock,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, telling
from bot.core.blockkit import escape, plain, when
from bot.core.facts.updates import UpdatePosted
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Shown, SummaryPart
from bot.features.updates.state import Pause, Posted, Question, Updates

HARM = {"ongoing": "Ongoing", "stopped": "Stopped", "unknown": "Unknown"}
CONFIDENCE = {"low": "Low", "medium": "Medium", "high": "High"}
_ASKED_AT_ONCE = 5  # questions in a form; the rest wait for the next update
_SHOWN_CHARS = 240  # of a text on the summary, which has to fit one screen
_FIELDS = {
    "happened": "What happened?",
    "impact": "Who is affected, and how many?",
    "containment": "What holds it off, and does it work?",
    "next_steps": "Next steps, each with a time",
    "asks": "What do you need, and what could go wrong?",
    "hypotheses": "Hypotheses (never among the facts)",
    "decision_needed": "For executives: which decision is needed?",
    "customers": "For support: what to tell customers",
    "ticket_tags": "For support: tags for tickets",
    "reproductions": "For engineering: logs and reproductions",
    "rollback": "For engineering: when do we roll back?",
}


def update_modal(incident: Incident, updates: Updates) -> View:
    """The form, filled with the last update; the questions that wait can be answered in it."""
    last = updates.last
    known = CheckboxesElement(
        action_id="impact_known",
        options=blockkit.options({"known": "The number is counted, not guessed"}),
        initial_options=blockkit.options({"known": "The number is counted, not guessed"})
        if last and last.is_impact_known
        else None,
    )
    blocks: list[Block] = [
        _input("harm", "Is harm going on right now?", _radio(incident.harm)),
        _text("happened", last),
        _text("impact", last),
        _input("impact_known", "Impact", known),
        _text("containment", last),
        _text("next_steps", last),
        _text("asks", last),
        _text("hypotheses", last),
        _input("confidence", "How sure are you?", _confidence(last)),
    ]
    waiting = updates.open_questions[:_ASKED_AT_ONCE]
    if waiting:
        blocks += [DividerBlock(), *(_answer(question) for question in waiting)]
    blocks.append(DividerBlock())
    others = ("decision_needed", "customers", "ticket_tags", "reproductions", "rollback")
    blocks += [_text(name, last) for name in others]
    return View(
        type="modal",
        callback_id="update",
        private_metadata=json.dumps({"number": incident.number, "harm": incident.harm}),
        title=plain("Status update"),
        submit=plain("Post"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def question_modal(number: int) -> View:
    """Ask for the one thing it takes: the question."""
    element = PlainTextInputElement(
        action_id="question", multiline=True, max_length=blockkit.INPUT_CHARS, focus_on_load=True
    )
    return View(
        type="modal",
        callback_id="question",
        private_metadata=json.dumps({"number": number}),
        title=plain("Ask the room"),
        submit=plain("Ask"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(
                block_id="question",
                label="What do you want to know?",
                hint="It waits on the summary for whoever writes the updates; the answer comes to "
                "you privately.",
                element=element,
            )
        ],
    )


def _input(name: str, label: str, element: InputInteractiveElement) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=True)


def _text(name: str, last: UpdatePosted | None) -> InputBlock:
    known = getattr(last, name) if last else None
    element = PlainTextInputElement(
        action_id=name,
        initial_value=known[: blockkit.INPUT_CHARS] if known else None,
        multiline=name != "ticket_tags",
        max_length=blockkit.INPUT_CHARS,
    )
    return _input(name, _FIELDS[name], element)


def _answer(question: Question) -> InputBlock:
    name = f"answer_{question.number}"
    element = PlainTextInputElement(action_id=name, multiline=True, max_length=blockkit.INPUT_CHARS)
    label = f"Answer to: {blockkit.shorten(question.words, 300)}"
    return _input(name, label, element)


def _radio(harm: str) -> RadioButtonsElement:
    options = blockkit.options(HARM)
    chosen = next(option for option in options if option.value == harm)
    return RadioButtonsElement(action_id="harm", options=options, initial_option=chosen)


def _confidence(last: UpdatePosted | None) -> StaticSelectElement:
    options = blockkit.options(CONFIDENCE)
    known = last.confidence if last else None
    chosen = next((option for option in options if option.value == known), None)
    return StaticSelectElement(action_id="confidence", options=options, initial_option=chosen)


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """What happened and the impact, who said so when, and the questions that wait."""
    updates, incident = shown.states.of(Updates), shown.incident
    parts = [_last_part(shown, updates.posted[-1])] if updates.posted else []
    if updates.pause and not updates.posted:
        line = _paused(updates.pause)
        parts.append(SummaryPart(15, Content(f"{line}.", (blockkit.context(line),))))
    if waiting := updates.open_questions:
        asked = " · ".join(
            f"{escape(blockkit.shorten(one.words, 100))} (<@{one.asker}>)" for one in waiting[:3]
        )
        line = f"Open questions ({len(waiting)}): {asked}"
        parts.append(SummaryPart(45, Content(f"{line}.", (blockkit.context(line),))))
    if not incident.is_over:
        button = blockkit.button("update_asked", "Update", str(incident.number))
        parts.append(SummaryPart(90, buttons=(button,)))
    return parts


def _last_part(shown: Shown, posted: Posted) -> SummaryPart:
    update = posted.update
    rows = [
        ("What happened", update.happened),
        ("Impact", telling.impact(update)),
        ("Asks", update.asks),
    ]
    kept = [(label, blockkit.shorten(text, _SHOWN_CHARS)) for label, text in rows if text]
    said = " ".join(f"{label}: {escape(text)}." for label, text in kept)
    about = f"Update {update.number} by <@{posted.by}> {when(posted.at)}"
    if update.is_no_change:
        about += ", no change"
    if due := next_at(shown):
        about += f" · {due}"
    blocks: list[Block] = [blockkit.table(kept)] if kept else []
    return SummaryPart(15, Content(f"{said} {about}.".strip(), (*blocks, blockkit.context(about))))


def _paused(pause: Pause) -> str:
    until = when(pause.until) if pause.until else "somebody takes them up again"
    because = blockkit.cut(pause.because, 100)
    return f"Updates are paused until {until} by <@{pause.by}>, because {because}"


def next_at(shown: Shown) -> str | None:
    """When the next update is due; None when none is owed."""
    due = telling.next_update(shown)
    if pause := shown.states.of(Updates).pause:
        return f"{_paused(pause)} · {due}" if due else _paused(pause)
    return due


def history(posted: Sequence[Posted]) -> Content:
    """The updates so far, the newest first; the oldest are left out where it gets too long."""
    if not posted:
        return Content("There is no update yet.", (blockkit.section("There is no update yet."),))
    blocks: list[Block] = []
    said = []
    for one in list(reversed(posted))[:20]:
        update = one.update
        about = f"Update {update.number} by <@{one.by}> {when(one.at)}"
        text = "No change." if update.is_no_change else blockkit.shorten(update.happened or "", 400)
        blocks += [blockkit.context(about), SectionBlock(text=plain(text or "(no words)"))]
        said.append(f"{about}: {escape(text)}")
    return Content("\n".join(said), tuple(blocks))


def question_list(questions: Sequence[Question]) -> Content:
    """Every question with its answer, or that it waits for one."""
    if not questions:
        return Content(
            "Nobody has asked anything.", (blockkit.section("Nobody has asked anything."),)
        )
    said = []
    for one in questions[-15:]:
        answer = escape(blockkit.shorten(one.answer, 300)) if one.answer else "not answered yet"
        words = escape(blockkit.shorten(one.words, 300))
        said.append(f"{one.number}. {words} (<@{one.asker}>): {answer}")
    return Content("\n".join(said), tuple(blockkit.section(line) for line in said))


def answer(incident: Incident, question: Question, words: str) -> Post:
    """What the person who asked reads."""
    rows: Mapping[str, str] = {"You asked": question.words, "The answer": words}
    said, shown = telling.lines(list(rows.items()))
    name = f"{ids.chain(incident.number)} answer {question.number}"
    text = f"{incident.reference}. {said}"
    content = Content(text, (blockkit.context(f"About {incident.reference}"), *shown))
    return Post(name, ids.person(question.asker), content)


def posted_note(update: UpdatePosted, due: str | None, waiting: int = 0) -> Content:
    """What whoever posted reads; `waiting` questions stay open."""
    kind = "No change is" if update.is_no_change else f"Update {update.number} is"
    said = [f"{kind} posted."]
    if due:
        said.append(f"{due[0].upper() + due[1:]}.")
    if waiting:
        stay = "1 question stays" if waiting == 1 else f"{waiting} questions stay"
        said.append(f"{stay} open: press Update on the summary and answer in the form.")
    return Content(" ".join(said))
