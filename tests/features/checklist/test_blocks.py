"""Does the checklist say how each step stands, and who can do something about it?"""

from __future__ import annotations

from bot.core.facts import runbooks as f
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.features.approvals import rules
from bot.features.checklist import blocks
from tests.features.runs import MARA, NOOR, Story

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
