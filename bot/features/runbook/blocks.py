"""How are runbooks offered and begun?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.core.runs import acts, governance, sharing, wording
from bot.core.runs.model import Asked, Run, Runs
from runbooks.parts import Prerequisite, Variant
from runbooks.runbook import is_review_overdue
from runbooks.shelf import Book

_PLACE = 55  # on the summary, in front of the tasks
_OFFERED = 3
_MET: Mapping[str, str] = {"yes": "Yes", "not_yet": "Not yet", "not_applicable": "Does not apply"}


def offers(shown: Shown) -> list[Book]:
    """The runbooks that fit what is known, the nearest severity first among equals."""
    incident, runs = shown.incident, shown.states.of(Runs)
    fitting = governance.fitting(incident, shown)
    if not fitting and incident.rank <= 1:
        fitting = shown.library.general(incident.rank)
    running = {one.pin.id for one in runs.all}
    return [one for one in fitting if one.pin.id not in running][:_OFFERED]


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Which runbooks run and how far they are, or which one fits; unowned steps are gaps."""
    incident, runs = shown.incident, shown.states.of(Runs)
    if incident.is_over:
        return []
    lines = [_line(run, shown) for run in runs.open]
    buttons: tuple[ButtonElement, ...] = ()
    if offered := _offered(shown):
        lines.append(offered)
        buttons = (blockkit.button("runbook_asked", "Runbook", str(incident.number)),)
    content = Content("")
    if lines:
        said = "\n".join(lines)
        content = Content(f"{said.replace('*', '')}.", (blockkit.context(said),))
    found = tuple(gaps(shown))
    return [SummaryPart(_PLACE, content, buttons, found)] if lines or found else []


def _offered(shown: Shown) -> str:
    """Which runbook has to be run, or could be; empty where none is offered."""
    incident, runs = shown.incident, shown.states.of(Runs)
    if not incident.is_open:
        return ""
    if book := governance.required(incident, shown):
        at = shown.policy.governance.show(governance.tier(runs, shown.policy))
        return f"*Runbook required* (governance tier {at}): {book.runbook.title}"
    names = ", ".join(one.runbook.title for one in offers(shown))
    return f"Runbooks that fit: {names}" if names and not runs.all else ""


def _line(run: Run, shown: Shown) -> str:
    active = [step.n for step in run.steps if step.status == "active"]
    now = f", now {acts.numbers(active)}" if active else ""
    end = "" if shown.states.of(Runs).review else ", review not linked"
    return f"Runbook {run.number}, {run.book.title}: {wording.progress(run)}{now}{end}"


def gaps(shown: Shown) -> list[str]:
    """Active steps that nobody owns, and a record that is owed and not begun."""
    incident = shown.incident
    if not incident.is_open:
        return []
    found = []
    for run in shown.states.of(Runs).open:
        unowned = [
            step.n
            for step in run.steps
            if step.status == "active"
            and step.same_as is None
            and acts.owner(incident, step, shown.policy) is None
        ]
        if unowned:
            found.append(f"nobody owns {acts.numbers(unowned)} of runbook {run.number}")
    if governance.required(incident, shown):
        found.append("a runbook is required, and none runs")
    return found


def choose_modal(number: int, shown: Shown) -> View:
    """Which runbook to run; those that fit stand first, and the one that fits best is chosen."""
    first = {one.pin.id: one for one in offers(shown)}
    books = {**first, **shown.library.books}
    labels = {id_: blockkit.shorten(one.runbook.title, 75) for id_, one in books.items()}
    options = blockkit.options(labels)
    best = options[0] if first else None
    element = StaticSelectElement(action_id="book", options=options, initial_option=best)
    return View(
        type="modal",
        callback_id="runbook_choose",
        private_metadata=json.dumps({"number": number}),
        title=plain("Run a runbook"),
        submit=plain("Next"),
        close=plain("Cancel"),
        blocks=[InputBlock(block_id="book", label="Which one?", element=element)],
    )


def start_modal(number: int, book: Book, today: date, runs: Runs) -> View:
    """What the runbook is for, and what it needs to be there that nobody has answered yet."""
    runbook = book.runbook
    blocks: list[Block] = [blockkit.section(line) for line in _about(book, today)]
    for shared in _done_before(book, runs):
        blocks.append(blockkit.context(shared))
    if runbook.variants:
        labels: dict[str, str] = {
            one.context: _capital(one.applies_when) for one in runbook.variants
        }
        ticks = CheckboxesElement(action_id="contexts", options=wording.options(labels))
        reach = InputBlock(
            block_id="contexts", label="Whom does it reach?", optional=True, element=ticks
        )
        blocks.append(reach)
    said = {id_: one for id_, one in runs.answered.items() if one.met != "not_yet"}
    blocks += [_asked(one, None) for one in runbook.prerequisites if one.id not in said]
    if known := [one.asks.split(".")[0] for one in runbook.prerequisites if one.id in said]:
        blocks.append(blockkit.context(blockkit.shorten(f"Said: {' · '.join(known)}", 2000)))
    about = json.dumps({"number": number, "runbook": book.pin.id})
    return View(
        type="modal",
        callback_id="runbook_start",
        private_metadata=about,
        title=plain("Run a runbook"),
        submit=plain("Start"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def _done_before(book: Book, runs: Runs) -> list[str]:
    """Which of its steps are done with one of a runbook that runs already."""
    found = ((one, sharing.found(one, runs)) for one in book.runbook.steps)
    said = [f"{one.n} with step {at[1].n} of runbook {at[0].number}" for one, at in found if at]
    return [f"Done once for both: {' · '.join(said)}"] if said else []


def prerequisites_modal(number: int, run: Run) -> View:
    """What the run needs, with what was said of it."""
    return View(
        type="modal",
        callback_id="prerequisites",
        private_metadata=json.dumps({"number": number, "run": run.number}),
        title=plain("Prerequisites"),
        submit=plain("Save"),
        close=plain("Cancel"),
        blocks=[_asked(one, run.prerequisites.get(one.id)) for one in run.asks],
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about(book: Book, today: date) -> list[str]:
    runbook, pin = book.runbook, book.pin
    reviewed = f"last reviewed {runbook.last_reviewed:%Y-%m-%d}"
    if is_review_overdue(runbook, today):
        reviewed += ", review overdue"
    facts = (
        f"{pin.version} · {reviewed} · about {runbook.estimated_minutes} min · {runbook.kind} "
        f"{runbook.category} · {runbook.severity.word}"
    )
    markers = len(runbook.open_markers())
    told = f"\n{markers} places are not validated by a practitioner yet." if markers else ""
    when_to_use = "\n".join(f"• {one}" for one in runbook.when_to_use)
    return [
        f"*{runbook.title}*\n{facts}{told}",
        blockkit.shorten(runbook.purpose, 2900),
        blockkit.shorten(f"*When to use it*\n{when_to_use}", 2900),
    ]


def _asked(one: Prerequisite, said: Asked | None) -> InputBlock:
    """The question; a yes or no, links, or people."""
    only = f" (if {one.only_if})" if one.only_if else ""
    note = (said.note or None) if said else None
    element: RadioButtonsElement | PlainTextInputElement | UserMultiSelectElement
    match one.answer:
        case "yes_no":
            options = blockkit.options(_MET)
            chosen = next((o for o in options if said and o.value == said.met), None)
            element = RadioButtonsElement(action_id=one.id, options=options, initial_option=chosen)
        case "links":
            hint = blockkit.shorten(", ".join(one.links), 150)
            element = PlainTextInputElement(
                action_id=one.id, multiline=True, placeholder=hint, initial_value=note,
                max_length=acts.TEXT_CHARS,
            )  # fmt: skip
        case "people":
            people = list(said.people) if said else []
            element = UserMultiSelectElement(action_id=one.id, initial_users=people or None)
    label = blockkit.shorten(f"{one.asks}{only}", 1900)
    return InputBlock(block_id=one.id, label=label, optional=True, element=element)


def review_modal(number: int) -> View:
    """When the post-incident review is, and where it is booked."""
    return View(
        type="modal",
        callback_id="review_link",
        private_metadata=json.dumps({"number": number}),
        title=plain("Link the review"),
        submit=plain("Link"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(
                block_id="at", label="When is it?", element=DateTimePickerElement(action_id="at")
            ),
            InputBlock(
                block_id="link",
                label="Where is it booked? The address of the event or the document.",
                element=PlainTextInputElement(action_id="link", max_length=2000),
            ),
        ],
    )


def read_page(run: Run) -> View:
    """What the runbook says besides its steps."""
    book = run.book
    lists = (
        ("Do not", (*book.do_not, *(one for v in _variants(run) for one in v.do_not))),
        ("Escalate if", book.escalate_if),
        ("How it is detected", book.detection),
        ("Triage", book.triage),
        ("Tell people when", book.comms_triggers),
        ("It is over when", book.recovery_checks),
    )
    said = [
        f"*Fast lever*\n{book.fast_lever}\n*The question*\n{book.diagnostic_question}",
        f"*Contain at once*\n{book.provisional_containment}",
        *(f"*{label}*\n" + "\n".join(f"• {one}" for one in rows) for label, rows in lists if rows),
        *(f"*{one.label}*\n{one.enable_when}\nSide effects: {one.side_effects}\n"
          f"Say: {one.say}\nWatch: {one.monitor}" for one in book.containment),
    ]  # fmt: skip
    pin = run.pin
    prints = f"sha256 {pin.sha256}" + (
        f", overlay {pin.overlay_sha256}" if pin.overlay_sha256 else ""
    )
    blocks: list[Block] = [blockkit.section(blockkit.shorten(one, 2900)) for one in said]
    blocks.append(blockkit.context(f"{pin.id} {pin.version} · {prints}"))
    return View(
        type="modal", title=plain(f"Runbook {run.number}"), close=plain("Close"), blocks=blocks
    )


def _variants(run: Run) -> list[Variant]:
    return [found for one in run.contexts if (found := run.book.variant(one))]
