"""What is owed of runbooks, what is decided again, and who is called, in the room?"""

from __future__ import annotations

from tests.flows import running
from tests.flows.story import TITLE
from tests.room import ELENA, MARA, NOOR, SAM, Room
from tests.screen import shown


async def signed(room: Room) -> str:
    """The source runbook, its sign-off asked for by Mara and given by Noor; the channel."""
    channel = await running.ready_to_sign(room)
    assert await running.ask(room, MARA) == {}
    await room.press_direct(NOOR, "approval_approved")
    form = room.open_form(NOOR)
    assert await form.submit(options=["rollback"], reason="The old one is known") == {}
    await room.settled()
    return channel


async def test_a_step_that_is_opened_again_brings_the_sign_off_back_to_its_approver(
    room: Room,
) -> None:
    channel = await signed(room)
    again = {"way": "reopen", "which": "4", "reason": "The numbers were wrong"}
    assert await running.change(room, ELENA, channel, **again) == {}
    await room.settled()
    assert running.kinds(room)[-2:] == ["StepReopened", "ApprovalLapsed"]
    for person in (MARA, NOOR):
        said = [one.text for one in room.direct(person) if "has to be decided again" in one.text]
        assert len(said) == 1
        assert "because step 4 was opened again" in said[0]
    timeline = await room.type(SAM, channel, "/incident timeline runbook")
    assert "put step 5 of runbook 1 up to be decided again" in timeline
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    assert await running.ask(room, MARA, "Roll back to v41, with the right numbers") == {}
    await room.press_direct(NOOR, "approval_approved")
    form = room.open_form(NOOR)
    assert await form.submit(options=["rollback"], reason="Still known") == {}
    await room.settled()
    assert running.kinds(room)[-2:] == ["ApprovalAnswered", "StepDone"]
    assert room.owed("failed", "undeliverable") == []


async def test_a_runbook_is_required_by_the_tier_and_named_until_the_incident_is_closed(
    room: Room,
) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    form = await room.form(MARA, "/incident fill", channel)
    assert "Governance tier: must a runbook be run, and its record kept?" in form.text
    assert await form.submit(family="functional", governance_tier="3") == {}
    await room.settled()
    book = "Functional outage or quality regression"
    assert f"*Runbook required* (governance tier 3, Strict): {book}" in room.summary(1)
    assert "a runbook is required, and none runs" in room.summary(1)
    told = await room.type(MARA, channel, "/incident resolve Rolled back")
    wanted = f"A run of {book} is required (governance tier 3, Strict) and was not started"
    assert told.split("\n")[1].startswith(f"Still owed before it is closed: {wanted}")
    form = await room.form(MARA, "/incident close Done", channel)
    assert f"*Still open:*\n• {wanted}" in form.text
    assert await form.submit(despite="It was run on paper") == {}
    await room.settled()
    assert room.deeds(1)[-1].payload["despite"] == "It was run on paper"


async def test_a_closed_incident_reminds_nobody_of_its_steps_until_it_is_reopened(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await room.type(MARA, channel, "/incident resolve Rolled back")
    form = await room.form(MARA, "/incident close Done", channel)
    assert "*Still open:*\n• Runbook 1, Model output causing harm; not done: 1, 2" in form.text
    assert await form.submit(despite="It was no harm after all") == {}
    await room.settled()
    before = len(room.facts(1))
    await room.pass_time(hours=3)
    assert [one.kind for one in room.facts(1)[before:] if one.kind == "DeadlineReminded"] == []
    assert "ended with the incident" in checklist(room)
    await room.type(MARA, channel, "/incident reopen It said it again")
    await room.settled()
    assert "ended with the incident" not in checklist(room)
    owed = await room.type(MARA, channel, "/incident deadlines")
    assert "Step 1: Open and assign" in owed
    await running.opening_done(room)
    assert "1 of 6 done" in checklist(room)


def checklist(room: Room, run: int = 1) -> str:
    """The checklist of a run, as it is shown."""
    posts = room.posts(room.channel(1))
    return next(shown(one.blocks) for one in posts if one.text.startswith(f"Runbook {run}: "))


async def test_two_runbooks_at_once_ask_for_the_same_act_and_the_same_prerequisite_once(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await room.press(MARA, channel, "prerequisites_asked")
    assert await room.open_form(MARA).submit(channel="yes", overview="not_yet") == {}
    form = await room.form(MARA, "/incident runbook data-leakage", channel)
    assert "Done once for both: 1 with step 1 of runbook 1 · 11 with step 6" in form.text
    assert "Said: The incident room or the change ticket exists" in form.text
    asked = {one.get("block_id") for one in form.view.content["blocks"]}
    assert "channel" not in asked
    assert "overview" in asked
    assert await form.submit() == {}
    await room.settled()
    assert "shared with step 1 of runbook 2" in checklist(room)
    assert "Shared: 1 Declare and freeze (shared with runbook 1, step 1)" in checklist(room, 2)
    form = await running.opened(room, MARA, 1)
    assert "The change freeze is on" in shown(form.view.content["blocks"])
    ticked = ["titles", "rank", "roles", "freeze", "retention"]
    assert "checks" in await form.submit(checks=ticked[:1])
    assert await form.submit(checks=ticked) == {}
    await room.settled()
    assert "1 of 6 done" in checklist(room)
    assert "1 of 11 done" in checklist(room, 2)
    assert "Done: 1 Declare and freeze (shared with runbook 1, step 1)" in checklist(room, 2)
    assert running.kinds(room).count("StepDone") == 1


async def test_a_worse_severity_requires_the_full_team_by_itself(
    room: Room,
) -> None:
    channel = await running.begun(room, severity="SEV2")
    assert "RuleFired" not in running.kinds(room)
    await room.type(MARA, channel, "/incident severity sev1 because two more tenants see it")
    await room.settled()
    fired = [one.payload for one in room.facts(1) if one.kind == "RuleFired"]
    assert fired == [{"run": 1, "rule": "full_team"}]
    assert "Rule: Require the full team." in checklist(room)
    owed = await room.type(MARA, channel, "/incident deadlines")
    assert "Rule: full team" in owed


async def test_an_escalation_calls_each_whom_it_names_once_and_the_room_reads_whom(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await room.press(SAM, channel, "rules_asked")
    assert await room.open_form(SAM).submit(**{"rule.physical_harm": ["applies"]}) == {}
    await room.settled()
    [last] = [one.payload for one in room.facts(1) if one.kind == "RuleEscalated"][1:]
    called = {"roles": ["legal", "sponsor"], "nobody": []}
    assert last == {"run": 1, "rule": "physical_harm", **called}
    calls = [one.payload for one in room.facts(1) if one.kind == "PersonCalled"]
    about = [one["target"] for one in calls if one["about"] == "rule physical harm"]
    assert about == [f"person {ELENA}", "role sponsor"]
    [asked] = [one.text for one in room.direct(ELENA) if "rule physical harm" in one.text]
    assert asked.startswith("You are needed in INC-1 (SEV1): rule physical harm")
    said = [one.text for one in room.posts(room.channel(1)) if "Because: There is a c" in one.text]
    assert [one.split("\n")[-1] for one in said] == ["Called: Legal, Executive Sponsor"]
    await room.pass_time(minutes=4)
    assert len([one for one in room.facts(1) if one.kind == "RuleEscalated"]) == 2
    assert room.owed("failed", "undeliverable") == []


async def test_a_run_goes_on_where_its_incident_was_merged_and_rings_there_alone(
    room: Room,
) -> None:
    channel = await running.begun(room)
    await running.opening_done(room)
    await room.declare("The same prompt, seen by another team", severity="SEV1")
    await room.settled()
    told = await room.type(MARA, channel, "/incident merge INC-2 because same prompt")
    assert "Runbook 1 goes on there as runbook 1." in told
    await room.settled()
    assert "goes on as runbook 1 of INC-2" in checklist(room)
    posts = [shown(one.blocks) for one in room.posts(room.channel(2))]
    [there] = [one for one in posts if one.startswith("*Runbook 1: ")]
    assert "began in INC-1" in there
    assert "1 of 6 done" in there
    before = len(room.facts(1))
    await room.pass_time(days=4)
    assert room.facts(1)[before:] == []
    owed = [one.payload for one in room.facts(2) if one.kind == "DeadlineReminded"]
    assert any(str(one["name"]).startswith("step/1/") for one in owed)
    assert room.owed("failed", "undeliverable") == []


async def test_what_lacks_a_value_is_named_where_it_was_sent_and_nothing_else_waits_for_it(
    room: Room,
) -> None:
    await room.declare(TITLE, verb="test", severity="SEV1")  # a test calls no system outside
    await room.settled()
    channel = room.channel(1).id
    for role in ("ic", "legal", "comms", "technical"):
        await room.type(MARA, channel, f"/incident take {role}")
    form = await room.form(MARA, f"/incident runbook {running.HARM}", channel)
    assert await form.submit() == {}
    await room.settled()
    skipped = {"way": "skipped", "which": "1", "reason": "A rehearsal"}
    assert await running.change(room, MARA, channel, **skipped) == {}
    await room.settled()
    form = await running.opened(room, MARA, 6)
    sent = {"way": "send", "targets": ["ticket", "pager"], "value.project": "AI"}
    assert await form.submit(**sent) == {}
    assert "was not sent. Jira, an issue also needs: issue_type." in form.text
    assert "The rest is on its way. Open step 6 again" in form.text
    await room.settled()
    assert "*ticket failed*: open it to send again" in checklist(room)
    form = await running.opened(room, MARA, 6)
    ticked = await form.submit(way="send", targets=["ticket"])
    assert ticked == {"targets": "Jira, an issue also needs: issue_type, project. Fill it in."}
