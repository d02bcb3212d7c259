"""Is every refusal of a form or a button a sentence, and is nothing changed by it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.sandbox.model import Json
from tests.flows.story import TITLE
from tests.room import JUN, KOFI, MARA, Room, until

LONG = "x" * 10_000
GONE, BOT_USER, NOBODY = "U0LEFT", "U0WARROOM", "U0NOBODY"
FUTURE = "That time lies in the future. Give the time it happened."
MANY = "That is 10,000 characters; keep "
OVER = "INC-1 is over. Reopen it to go on."
CLOSED = ("resolve It is gone", "close Nothing is left")


@dataclass(frozen=True)
class Row:
    """Mara opens a form by `line`, fills it in, and reads `told` at its inputs.

    `people` and `words` are put in past what Slack's client checks, `hours` are counted from now;
    `meanwhile` is typed after the form was opened.
    """

    line: str
    told: Mapping[str, str]
    values: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, int] = field(default_factory=dict)
    meanwhile: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.line} {[*self.words, *self.people, *self.hours, *self.values]}"


EMPTY = (
    Row("update", {"happened": "Say what happened: it is what"}, {"happened": " "}),
    Row("resolve", {"reason": "Say how it ended and how you know"}, {"reason": " \u200b"}),
    Row("monitoring", {"reason": "Say what is being watched, and"}, {"reason": " "}),
    Row(
        "mitigated",
        {"done": "Say what was done to hold the harm off."},
        {"done": " ", "exposed": "nobody", "measure": "0 of 50"},
    ),
    Row("severity", {"reason": "Say why, as in"}, {"severity": "SEV1", "reason": " "}),
    Row("severity", {"severity": "Choose a severity, or say both"}, {"reason": "because"}),
    Row("major", {"criteria": "Say which criteria"}, {"is_major": "yes", "criteria": " "}),
    Row("decision", {"text": "Say what was decided, in one"}, {"text": " "}),
    Row("task", {"text": "Say what is to be done: "}, {"text": " "}, people={"owner": JUN}),
)
PEOPLE = tuple(
    Row("task", {"owner": told}, {"text": "look"}, people={"owner": person})
    for person, told in {
        NOBODY: "Slack knows no such person. Name somebody else.",
        GONE: "@ruth has left the workspace. Name somebody else.",
        BOT_USER: "An app cannot do it; name a person.",
    }.items()
) + tuple(
    Row("role", {"person": told}, {"role": "ic", "what": "give"}, people={"person": person})
    for person, told in {
        NOBODY: "Slack knows no such person. Name somebody else.",
        GONE: "@ruth has left the workspace. Name somebody else.",
        BOT_USER: "An app cannot be Incident Commander; name a person.",
        KOFI: "@kofi is a guest, and a guest cannot be Incident Commander.",
    }.items()
)
TIMES = (
    Row("fill", {"first_output_at": FUTURE}, hours={"first_output_at": 2}),
    Row("fill", {"aware_at": FUTURE}, hours={"aware_at": 2}),
    Row("fill", {"harm_stopped_at": FUTURE}, {"harm": "stopped"}, hours={"harm_stopped_at": 2}),
    Row(
        "task",
        {"due_at": "That time is over. Give a later one."},
        {"text": "look"},
        people={"owner": JUN},
        hours={"due_at": -2},
    ),
)
TOO_LONG = (
    Row("update", {"happened": MANY}, words={"happened": LONG}),
    Row("resolve", {"reason": MANY}, words={"reason": LONG}),
    Row("mitigated", {"exposed": MANY}, {"done": "x", "measure": "y"}, words={"exposed": LONG}),
    Row("severity", {"reason": MANY}, {"severity": "SEV1"}, words={"reason": LONG}),
    Row("major", {"criteria": MANY}, {"is_major": "yes"}, words={"criteria": LONG}),
    Row("decision", {"text": MANY}, words={"text": LONG}),
    Row("task", {"text": MANY}, words={"text": LONG}, people={"owner": JUN}),
    Row("fill", {"seen": MANY}, words={"seen": LONG}),
    Row("classify", {"effort": MANY}, words={"effort": LONG}),
    Row("impact", {"harmed": MANY}, words={"harmed": LONG}),
    Row("cancel", {"detector_fix": MANY}, {"reason": "x"}, words={"detector_fix": LONG}),
)
ENDED = (
    Row("update", {"harm": OVER}, {"happened": "It is back"}, meanwhile=CLOSED),
    Row("resolve", {"reason": "INC-1 is already closed."}, {"reason": "x"}, meanwhile=CLOSED),
    Row("severity", {"impact": OVER}, {"severity": "SEV1", "reason": "x"}, meanwhile=CLOSED),
    Row("major", {"is_major": OVER}, {"is_major": "yes", "criteria": "x"}, meanwhile=CLOSED),
    Row("decision", {"text": OVER}, {"text": "Go"}, meanwhile=CLOSED),
    Row("task", {"text": OVER}, {"text": "look"}, people={"owner": JUN}, meanwhile=CLOSED),
    Row("classify", {"bucket": OVER}, {"bucket": "model"}, meanwhile=CLOSED),
    Row("impact", {"harmed": OVER}, {"harmed": "children"}, meanwhile=CLOSED),
    Row(
        "fill",
        {"harm": "INC-1 is over. Reopen it to change its record."},
        {"seen": "adult doses"},
        meanwhile=CLOSED,
    ),
)
TWICE = (
    Row(
        "major",
        {"is_major": "INC-1 is already a major incident."},
        {"is_major": "yes", "criteria": "x"},
        meanwhile=("major because large",),
    ),
    Row(
        "severity",
        {"severity": "INC-1 is SEV1 already."},
        {"severity": "SEV1", "reason": "x"},
        meanwhile=("severity sev1 because worse",),
    ),
    Row(
        "resolve",
        {"reason": "INC-1 is already resolved."},
        {"reason": "x"},
        meanwhile=("resolve It is gone",),
    ),
)
ROWS = (*EMPTY, *PEOPLE, *TIMES, *TOO_LONG, *ENDED, *TWICE)


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_a_form_that_is_refused_says_why_at_its_input_and_changes_nothing(
    room: Room, row: Row
) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    channel = room.channel(1).id
    form = await room.form(MARA, f"/incident {row.line}", channel)
    for line in row.meanwhile:
        await room.type(MARA, channel, f"/incident {line}")
    for name, words in row.words.items():
        form.forge(name, {"type": "plain_text_input", "value": words})
    for name, person in row.people.items():
        form.forge(name, _chosen(form.view.content["blocks"], name, person))
    times = {name: room.clock.now() + timedelta(hours=by) for name, by in row.hours.items()}
    before = room.facts(1)
    told = await form.submit(**row.values, **times)
    await room.settled()
    assert room.facts(1) == before
    assert {name: told.get(name, "")[: len(said)] for name, said in row.told.items()} == row.told
    assert all(said.endswith((".", "`")) for said in told.values())


def _chosen(blocks: list[Json], name: str, person: str) -> Json:
    """A person as the select of this form hands them in."""
    kind = next(one["element"]["type"] for one in blocks if one.get("block_id") == name)
    if kind == "users_select":
        return {"type": kind, "selected_user": person}
    return {"type": kind, "selected_option": {"value": person}}


BUTTONS = {
    # What Mara presses on the summary, and reads once the incident is closed.
    "severity_asked": OVER,
    "classify_asked": OVER,
    "roles_asked": OVER,
    "update_asked": OVER,
    "take_command": OVER,
    "resolve_asked": "INC-1 is already closed.",
    "mitigated_asked": "INC-1 is already closed.",
    "fill_in": "INC-1 is over. Reopen it to change its record.",
}


@pytest.mark.parametrize("action_id", BUTTONS)
async def test_a_button_that_is_still_in_sight_says_that_it_is_over(
    room: Room, action_id: str
) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    channel = room.channel(1).id
    hands = room.sandbox.as_person(MARA)
    await room.press(MARA, channel, action_id)
    sent = [one.payload for one in room.sandbox.deliveries if one.payload.get("actions")][-1]
    await hands.close_all()
    for line in CLOSED:
        await room.type(MARA, channel, f"/incident {line}")
    await room.settled()
    before, whispers = room.facts(1), len(room.whispers(channel, MARA))
    await room.sandbox.deliver.ask("interactive", {**sent, "trigger_id": "1.2.again"})
    await until(lambda: len(room.whispers(channel, MARA)) > whispers)
    assert room.whispers(channel, MARA)[-1].text.startswith(BUTTONS[action_id])
    assert room.facts(1) == before
    assert hands.open_view() is None
