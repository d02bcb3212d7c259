"""Does the checklist say how each step stands, and who can do something about it?"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.blockkit import when
from bot.core.facts import runbooks as f
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.messages import Content, Keep, Post
from bot.features.approvals import rules
from bot.features.checklist import blocks
from tests.features.runs import ELENA, JUN, MARA, NOOR, SAM, Story, library, words
from tests.features.values import WHEN
from tests.features.wording import HOSTILE, heard, read

AT = (1, 5)
REQUEST = rules.Request(AT, "Roll back to v41", ("rollback",))


def line(story: Story, title: str) -> str:
    """What the checklist says of a step, without its marks."""
    said = blocks.checklist(story.run, story.shown)
    drawn = [block.to_dict() for block in said.blocks]
    [found] = [one["text"]["text"] for one in drawn if title in str(one.get("text"))]
    return str(found)


def asked() -> Story:
    """The sign-off of the source runbook was asked for by Mara."""
    story = Story().done(1, 2, 3, 4)
    return story.told(rules.ask(story.incident, REQUEST, story.context(MARA)), MARA)


def test_a_request_waits_for_whoever_can_decide_now() -> None:
    story = asked()
    assert f"asked by <@{MARA}>, waits for <@{NOOR}>" in line(story, "Sign-off")
    story.did(
        (NOOR, RoleDropped(role="security", person=NOOR)),
        (MARA, RoleAccepted(role="security", person=MARA)),
    )
    assert "*nobody can decide*: give somebody the role" in line(story, "Sign-off")


def test_a_refusal_stands_there_with_its_reason_until_somebody_asks_again() -> None:
    story = asked()
    no = rules.Decide(AT, 1, "refused", "The old one is no safer")
    story.told(rules.decide(story.incident, no, story.context(NOOR)), NOOR)
    told = line(story, "Sign-off")
    assert f"*refused* by <@{NOOR}>" in told
    assert "The old one is no safer" in told
    story.told(rules.ask(story.incident, REQUEST, story.context(MARA)), MARA)
    assert "refused" not in line(story, "Sign-off")


def test_a_request_that_ran_out_says_so() -> None:
    story = asked().did(("warroom", f.ApprovalExpired(run=1, step=5, ask=1)))
    assert "*expired*: nobody decided in time" in line(story, "Sign-off")


def keeps(story: Story) -> dict[str, Content]:
    """Everything that is shown of the runs, by its slot."""
    return {one.slot: one.content for one in blocks.slots(story.shown) if isinstance(one, Keep)}


def test_the_checklist_of_a_fresh_run_says_what_to_do_now_and_what_is_in_the_way() -> None:
    said = heard(blocks.checklist(Story().run, Story().shown)).splitlines()
    assert said[:2] == [
        "Runbook 1: Model output causing harm 0.1.0 · 0 of 6 done · started by <@UMARA>",
        "Decides: <@UMARA>",
    ]
    assert said[2].startswith("1. Open and assign · <@UMARA> · due ")
    assert said[2].endswith(" · not validated by a practitioner")
    assert said[3:] == [
        "Later: 2 Stabilise and keep evidence (after step 1) · 3 Attach primary evidence (after "
        "step 2) · 4 Impact assessment (after step 1) · 5 Sign-off for remediation (after step 3 "
        "and step 4) · 6 Integrations and follow-up (after step 1)",
        "Hold what destroys state until step 3 is done",
        "Not there yet: 4 of 5 prerequisites; Prerequisites shows which",
        "Review: not linked",
    ]


def test_what_is_done_takes_one_line_and_what_is_active_a_button_each() -> None:
    story = Story().done(1)
    said = read(blocks.checklist(story.run, story.shown))
    assert "Done: 1 Open and assign" in said
    drawn = [one.to_dict() for one in blocks.checklist(story.run, story.shown).blocks]
    buttons = [one["accessory"] for one in drawn if "accessory" in one]
    assert [(one["text"]["text"], one["accessibility_label"]) for one in buttons] == [
        ("Done", "Done: step 2, Stabilise and keep evidence"),
        ("Fill in", "Fill in: step 4, Impact assessment"),
        ("Send", "Send: step 6, Integrations and follow-up"),
    ]


def test_a_due_time_says_where_it_moved_as_too_little_of_the_day_was_left() -> None:
    early, late = Story(), Story()
    late.minutes = 19 * 60  # 22:12 on a Saturday
    end = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    moved = f"due {when(end)} (less than 4 h were left that day)"
    for story, is_moved in ((early.done(1), False), (late.done(1), True)):
        places = [line(story, "Stabilise"), heard(keeps(story)["step/12/1/2"])]
        for said in (*places, heard(keeps(story)["steps/12/UNOOR"])):
            assert " · due " in said
            assert (moved in said) == is_moved
            assert ("were left" in said) == is_moved


def test_one_or_two_missing_prerequisites_are_named() -> None:
    met = [
        f.PrerequisiteAnswered(run=1, prerequisite=one, met="yes")
        for one in ("channel", "access", "kill_switches")
    ]
    story = Story().did(*((MARA, one) for one in met))
    assert (
        "Not there yet: The overview pack (what the system does, who uses it, how it is built) is "
        "pinned in the room"
    ) in read(blocks.checklist(story.run, story.shown)).splitlines()


def test_each_step_has_a_message_of_its_own_for_talk_and_proof() -> None:
    story = Story().done(1)
    kept = keeps(story)
    assert list(kept) == [
        "checklist/12/1", "step/12/1/1", "step/12/1/2", "step/12/1/4", "step/12/1/6",
        "steps/12/UMARA", "steps/12/UNOOR", "steps/12/UJUN",
    ]  # fmt: skip
    assert heard(kept["step/12/1/1"]) == (
        f"Runbook 1, step 1: Open and assign · done by <@UMARA> · {WHEN}"
    )
    said = heard(kept["step/12/1/2"])
    assert said.startswith(
        "Runbook 1, step 2: Stabilise and keep evidence · Security engineering · due "
    )
    assert said.endswith(
        "\nDone when: Snapshot, excerpts and scope are recorded, and the hold is on. Proof and "
        "talk go here."
    )
    assert heard(kept["steps/12/UMARA"]) == "No step of INC-12's runbooks is yours now."
    mine = heard(kept["steps/12/UJUN"]).splitlines()
    assert mine[0] == "Your steps in INC-12's runbooks"
    assert mine[1].startswith(f"6. Integrations and follow-up · <@{JUN}> · due ")


def news(story: Story, person: str) -> dict[str, list[str]]:
    """What somebody is told anew is theirs: the steps by the names of the messages."""
    return {
        one.name: [line.split(" · ")[0] for line in one.content.text.splitlines()[1:]]
        for one in blocks.slots(story.shown)
        if isinstance(one, Post) and one.to == f"person/{person}"
    }


def test_a_further_step_is_told_anew_under_one_name_and_the_first_by_the_list_alone() -> None:
    story = Story()
    story.minutes = 5
    story.done(1)
    assert news(story, NOOR) == {}
    story.minutes = 10
    first = story.done(2, by=NOOR).now.isoformat()
    told = {f"steps/12/{NOOR} {first}": ["3. Attach primary evidence"]}
    assert news(story, NOOR) == told
    story.minutes = 20
    story.did((JUN, f.StepReassigned(run=1, step=6, owner=SAM, reason=words("Away"))))
    story.did((MARA, RoleAccepted(role="ic", person=MARA)))
    assert news(story, NOOR) == told
    assert news(story, SAM) == news(story, MARA) == {}
    story.minutes = 30
    story.did((NOOR, f.StepReopened(run=1, step=2, reason=words("The hold is off"))))
    assert news(story, NOOR) == {
        f"steps/12/{NOOR} {story.now.isoformat()}": ["2. Stabilise and keep evidence"]
    }


def test_whoever_takes_a_role_on_top_is_told_of_its_steps_and_not_of_their_own_again() -> None:
    story = Story()
    story.minutes = 5
    story.done(1)
    story.minutes = 10
    story.did(
        (NOOR, RoleDropped(role="security", person=NOOR)),
        (JUN, RoleAccepted(role="security", person=JUN)),
    )
    assert list(news(story, JUN).values()) == [["2. Stabilise and keep evidence"]]


def test_whoever_a_step_falls_to_as_its_owner_left_is_told_of_it_anew() -> None:
    story = Story()
    story.minutes = 5
    story.done(1)
    story.minutes = 10
    story.did((NOOR, RoleDropped(role="security", person=NOOR)))
    told = news(story, JUN)
    assert list(told.values()) == [["2. Stabilise and keep evidence"]]
    story.minutes = 20
    story.did((JUN, RoleAccepted(role="security", person=JUN)))
    assert news(story, JUN) == told


def test_whoever_lays_one_of_two_roles_down_is_not_told_of_steps_that_stay_theirs() -> None:
    roles = (("ic", MARA), ("security", JUN), ("technical", JUN))
    story = Story(roles=roles).done(1)
    assert news(story, JUN) == {}
    story.minutes = 10
    story.did((JUN, RoleDropped(role="security", person=JUN)))
    assert news(story, JUN) == {}


def test_the_longest_reasons_notes_and_titles_fit() -> None:
    story = asked()
    no = rules.Decide(AT, 1, "refused", HOSTILE[:1000])
    story.told(rules.decide(story.incident, no, story.context(NOOR)), NOOR)
    note = words(HOSTILE[:1000])
    story.did((ELENA, f.StepReopened(run=1, step=4, reason=note)))
    story.did((ELENA, f.StepDone(run=1, step=4, note=note)))
    added = [
        f.StepAdded(run=1, step=n, title=words(f"{n}{HOSTILE}"[:75]), owner=NOOR)
        for n in range(7, 41)
    ]
    story.did(*((MARA, one) for one in added))
    for content in keeps(story).values():
        read(content)


def test_every_shipped_runbook_has_a_checklist_within_slacks_limits_from_first_to_last() -> None:
    for id_ in library().books:
        story = Story(id_)
        for step in story.run.steps:
            for content in keeps(story).values():
                heard(content)
            story.done(step.n)
