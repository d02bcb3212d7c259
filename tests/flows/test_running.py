"""What do people read, and what is refused, while a runbook runs?"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from tests.flows import running
from tests.flows.deciding import press
from tests.flows.leaks import Stranger
from tests.flows.vaulting import fetched, recorded
from tests.room import (
    ELENA,
    IDRIS,
    JUN,
    MARA,
    NOOR,
    SAM,
    SANDBOX_CONTENT,
    Room,
    StillClock,
    war_room,
)
from tests.screen import shown

_PARTS = {"data_classes": ["health"], "jurisdictions": "EU and Norway"}


async def test_each_owner_reads_their_own_steps_privately(room: Room) -> None:
    await running.begun(room)
    await running.opening_done(room)
    [mine] = [one.text for one in room.direct(NOOR) if "Your steps" in one.text]
    assert "2. Stabilise and keep evidence" in mine
    assert "6. Integrations" not in mine
    [his] = [one.text for one in room.direct(IDRIS) if "Your steps" in one.text]
    assert "6. Integrations and follow-up" in his
    await room.type(NOOR, room.channel(1).id, "/incident drop security")
    await room.type(IDRIS, room.channel(1).id, "/incident take security")
    await room.settled()
    assert _news(room, IDRIS) == ["2. Stabilise and keep evidence"]
    form = await running.opened(room, IDRIS, 2)
    assert await form.submit(checks=running.KEPT, scope="The chat") == {}
    await room.settled()
    assert _news(room, IDRIS) == ["2. Stabilise and keep evidence", "3. Attach primary evidence"]
    assert _news(room, NOOR) == _news(room, MARA) == []  # of their first the list itself told them
    [his] = [one.text for one in room.direct(IDRIS) if "Your steps" in one.text]
    assert "3. Attach primary evidence" in his
    assert any(one.text.startswith("No step of INC-1") for one in room.direct(NOOR))


def _news(room: Room, person: str) -> list[str]:
    """The steps of which somebody was told anew that they are theirs, in their order."""
    told = [one.text for one in room.direct(person) if " yours now in INC-1" in one.text]
    return [line.split(" · ")[0] for one in told for line in one.split("\n")[1:]]


async def test_what_is_typed_into_a_form_is_kept_when_it_is_closed(room: Room) -> None:
    await running.begun(room)
    await running.opening_done(room)
    form = await running.opened(room, ELENA, 4)
    form.fill(**_PARTS)
    await press(room, ELENA, "form_keep")
    assert "Close it and go on later." in room.open_form(ELENA).text
    await room.sandbox.as_person(ELENA).close_all()
    form = await running.opened(room, ELENA, 4)
    said = shown(form.view.content)
    element = next(
        one["element"]
        for one in form.view.content["blocks"]
        if one.get("block_id") == "jurisdictions"
    )
    assert element["initial_value"] == "EU and Norway", said
    assert running.kinds(room).count("FormAnswered") == 1  # the opening step's
    rest = {name: value for name, value in running.IMPACT.items() if name not in _PARTS}
    assert await form.submit(**rest) == {}
    [last] = [fact for fact in room.facts(1) if fact.kind == "FormAnswered"][1:]
    assert "jurisdictions" in last.payload["fields"]


async def test_answers_that_do_not_fit_are_all_refused_at_once_each_at_its_field(
    room: Room,
) -> None:
    await running.begun(room)
    await running.opening_done(room)
    form = await running.opened(room, ELENA, 4)
    wrong = {**running.IMPACT, "users_affected.low": "50", "promises": " "}
    wrong["third_parties.unknown"] = "\n"
    assert await form.submit(**wrong) == {
        "users_affected.high": "At most is less than at least.",
        "third_parties.unknown": "Answer this, or say why it is unknown.",
        "promises": "Answer this, or say why it is unknown.",
    }
    right = {"users_affected.low": "12", "third_parties": "The vendor of the model"}
    assert await form.submit(**right, **{"promises.unknown": "sales looks it up"}) == {}
    await room.settled()
    posts = [shown(one.blocks) for one in room.posts(room.channel(1))]
    assert any("unknown, because sales looks it up" in one for one in posts)


async def test_slack_itself_asks_for_what_a_form_requires_and_each_input_has_its_own_label(
    room: Room,
) -> None:
    await running.begun(room)
    await running.opening_done(room)
    form = await running.opened(room, ELENA, 4)
    required = "Please complete this required field."
    asked = [one for one in running.IMPACT if not one.endswith(".unknown")]
    asked += ["regulatory_triggers", "third_parties"]
    assert await form.submit() == dict.fromkeys(asked, required)
    typed = {name: said for name, said in running.IMPACT.items() if name.endswith(".unknown")}
    assert await form.submit(jurisdictions="EU", **typed) == dict.fromkeys(
        [one for one in asked if one not in ("jurisdictions", "regulatory_triggers",
                                             "third_parties")], required)  # fmt: skip
    inputs = [one for one in form.view.content["blocks"] if one["type"] == "input"]
    labels = [one["label"]["text"] for one in inputs]
    assert len({*labels}) == len(labels)
    assert "Unknown, because: Which third parties are involved, and how?" in labels
    buttons = [one["elements"][0] for one in form.view.content["blocks"]
               if one["block_id"].endswith(".turn")]  # fmt: skip
    heard = [one["accessibility_label"] for one in buttons]
    assert len({*heard}) == len(heard) == 8
    await running.press_in_form(room, ELENA, "question_known", "third_parties.turn")
    kept = form.view.state["jurisdictions"]["jurisdictions"]["value"]
    assert kept == "EU", "what was typed stays when another question is turned"
    assert "third_parties" in {one["block_id"] for one in form.view.content["blocks"]}


async def test_the_longest_answers_are_shown_and_shown_again_when_they_change(room: Room) -> None:
    channel = await running.begun(room)
    await running.opening_done(room)
    ids = {name.partition(".")[0] for name in running.IMPACT}
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(**{f"{one}.unknown": f"{one} {'x' * 900}" for one in ids}) == {}
    again = {"way": "reopen", "which": "4", "reason": "More is known"}
    assert await running.change(room, MARA, channel, **again) == {}
    await room.settled()
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(jurisdictions="EU") == {}
    await room.settled()
    [said] = [one for one in room.posts(room.channel(1)) if "version 2" in shown(one.blocks)]
    assert len(said.text) > 3900
    assert "*Which jurisdictions are the people in?*\nEU" in shown(said.blocks)
    assert room.owed("failed", "undeliverable") == []


async def test_a_button_in_a_form_that_is_refused_says_so_on_top_and_loses_nothing(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await running.opening_done(room)
    form = await running.opened(room, ELENA, 4)
    form.fill(jurisdictions="EU")
    await room.type(SAM, channel, "/incident take sponsor")
    await press(room, ELENA, "form_keep")
    top = room.open_form(ELENA)
    assert f"Step 4 of runbook 1 is <@{SAM}>'s: ask them, or whoever commands." in top.text
    await room.sandbox.as_person(ELENA).close(top.view.id)
    assert room.open_form(ELENA).view is form.view
    assert form.view.state["jurisdictions"]["jurisdictions"]["value"] == "EU"


async def test_somebody_elses_step_refuses_at_once_and_asks_them_whatever_its_kind(
    room: Room,
) -> None:
    channel = await running.begun(room)
    jun = Stranger(room, JUN)

    async def refused(kind: str, step: int, holder: str) -> None:
        answer = await jun.press(f"step_{kind}", f"1/1/{step}", room.pinned(1))
        sentence = f"Step {step} of runbook 1 is <@{holder}>'s: ask them, or whoever commands."
        assert sentence in answer
        assert "Ask them" in answer
        assert room.sandbox.as_person(JUN).open_view() is None

    await room.type(ELENA, channel, "/incident take sponsor")
    await refused("manual", 1, MARA)
    await running.opening_done(room)
    await refused("manual", 2, NOOR)
    await refused("form", 4, ELENA)
    form = await running.opened(room, NOOR, 2)
    assert await form.submit(checks=running.KEPT, scope="The chat") == {}
    await room.settled()
    await refused("file_upload", 3, NOOR)
    await running.asked_for(room)
    await room.press_direct(NOOR, "approval_approved")
    assert await room.open_form(NOOR).submit(reason="It is safe") == {}
    await room.settled()
    await refused("webhook", 6, IDRIS)


async def test_all_that_keeps_a_step_from_being_done_is_told_at_once(room: Room) -> None:
    await running.begun(room)
    form = await running.opened(room, MARA, 1)
    form.forge("decider", {"type": "multi_users_select", "selected_users": [NOOR]})
    assert await form.submit(severity="rank2", checks=["titles"]) == {
        "severity": "The incident is SEV1. `/incident severity` changes it.",
        "decider": "@mara is Incident Commander. `/incident role ic @someone` changes that; "
        "then come back. Or the Incident Commander waives this step: Change a step, on the "
        "checklist.",
    }


async def test_a_request_for_consent_is_private_and_sent_twice_it_is_decided_once(
    room: Room,
) -> None:
    await running.ready_to_sign(room)
    assert await running.ask(room, MARA) == {}
    [asked] = [one for one in room.direct(NOOR) if "waits for your decision" in one.text]
    assert "12 to 40 users" in asked.text
    hands = {by: Stranger(room, by) for by in (NOOR, MARA)}
    for by, text in ((NOOR, "It is known"), (NOOR, "No"), (MARA, "I want it")):
        # Past what Slack's client shows: a second window, and a form that was never opened.
        about = {"number": 1, "run": 1, "step": 5, "ask": 1, "decision": "approved"}
        option = {"text": {"type": "plain_text", "text": "Roll back"}, "value": "rollback"}
        chosen = {"type": "checkboxes", "selected_options": [option]}
        state = {
            "reason": {"reason": {"type": "plain_text_input", "value": text}},
            "options": {"options": chosen},
        }
        ack = await hands[by].submit("approval_decide", about, state)
        is_first = text == "It is known"
        assert ("errors" in ack) is not is_first, ack
    await room.settled()
    for by in hands:  # the button of the request, pressed again
        told = await hands[by].press("approval_approved", "1/1/5/1", asked)
        assert "This request is settled already. Nothing was changed." in told
        assert room.sandbox.as_person(by).open_view() is None
    kinds = running.kinds(room)
    assert kinds.count("ApprovalAnswered") == 1
    assert "needs nothing from you" not in room.summary(1)
    assert "4 of 6 done, 1 not applicable" in room.summary(1)
    assert room.owed("failed", "undeliverable") == []


async def test_a_runbook_changed_during_a_run_leaves_the_run_as_it_was(
    sqlite_url: str, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    shutil.copytree(SANDBOX_CONTENT, content)
    (content / "library").mkdir()
    overlay = content / f"library/{running.HARM}.yaml"
    async with war_room(sqlite_url, clock=StillClock(), warroom_content=content) as room:
        channel = await running.begun(room)
        before = _deadlines(await room.type(MARA, channel, "/incident deadlines"))
        pinned = next(one.payload for one in room.facts(1) if one.kind == "RunStarted")
        overlay.write_text("steps:\n  1: {sla: PT5H, owner: [comms]}\n")
        await room.restart(timedelta(minutes=1))
        now = room.bot.engine.library.books[running.HARM]
        assert now.runbook.step(1).sla.text == "PT5H"
        assert now.pin.overlay_sha256
        assert "overlay_sha256" not in pinned
        assert _deadlines(await room.type(MARA, channel, "/incident deadlines")) == before
        await running.opening_done(room)


def _deadlines(said: str) -> list[str]:
    return [line for line in said.split("\n") if line.startswith("Step ")]


async def test_whoever_decides_looks_at_the_evidence_from_the_request_and_each_look_is_on_record(
    room: Room,
) -> None:
    await running.at_files(room)
    for kind in ("dashboards", "queries", "samples", "custody"):
        assert await running.add_file(room, NOOR, kind, f"{kind}.txt") == {}
    await fetched(room, 4)
    form = await running.opened(room, NOOR, 3)
    assert await form.submit(all=["all"]) == {}
    await room.settled()
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    form = await running.opened(room, NOOR, 5)
    assert "You decide this step, so somebody else asks for it" in form.text
    assert "callback_id" not in form.view.content
    assert await running.ask(room, MARA) == {}
    [asked] = [one for one in room.direct(NOOR) if "waits for your decision" in one.text]
    assert "E-2 Queries that were run · SHA-256" in asked.text
    await room.press_direct(NOOR, "evidence_open")
    assert "*E-1*" in room.open_form(NOOR).text
    looks = [(one.actor, one.payload["numbers"]) for one in recorded(room, "EvidenceLooked")]
    assert looks == [(NOOR, [1])]
    form = await running.opened(room, NOOR, 5)
    assert "E-2* Queries that were run" in form.text
    assert room.owed("failed", "undeliverable") == []
