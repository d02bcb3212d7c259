"""Does whoever asked for approval hear privately how it ended?"""

from __future__ import annotations

import pytest

from bot.core.facts import runbooks as f
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.messages import Post
from bot.features.approvals import rules
from tests.features.approvals.test_blocks import AT, NASTY, asked
from tests.features.runs import ELENA, MARA, NOOR
from tests.features.wording import heard
from tests.screen import text_objects


@pytest.mark.parametrize(
    ("decision", "first", "last"),
    [
        ("approved", "approved. Go on with it: step 5 of runbook 1 is done.", "Why: &lt;known&gt;"),
        (
            "conditions",
            "approved with conditions. Keep to them: step 5 of runbook 1 is done.",
            "Conditions: Only in the &lt;EU&gt;",
        ),
        (
            "refused",
            "refused. Settle why, then ask again from the checklist, step 5 of runbook 1.",
            "Why: &lt;known&gt;",
        ),
    ],
)
def test_whoever_asked_reads_privately_how_it_ended_why_and_what_to_do_next(
    decision: f.Decision, first: str, last: str
) -> None:
    story = asked()
    conditions = "Only in the <EU>" if decision == "conditions" else ""
    said = rules.Decide(AT, 1, decision, "<known>", conditions, ("rollback",))
    [told] = rules.decide(story.incident, said, story.context(NOOR)).messages
    assert isinstance(told, Post)
    assert (told.name, told.to) == ("incident/12 ended 1/5/1", f"person/{MARA}")
    lines = heard(told.content).splitlines()
    assert lines[0] == f"INC-12: Sign-off for remediation is {first}"
    assert lines[1].startswith(f"<@{NOOR}> {decision.replace('conditions', 'approved with')}")
    assert lines[-1] == last


def test_the_words_of_an_answer_are_no_markup_to_whoever_asked() -> None:
    story = asked()
    said = rules.Decide(AT, 1, "conditions", NASTY, NASTY, ("rollback",))
    [told] = rules.decide(story.incident, said, story.context(NOOR)).messages
    assert isinstance(told, Post)
    drawn = told.content.to_json()["blocks"]
    assert text_objects(drawn, "plain_text") == [NASTY, NASTY]
    assert not any("bold" in one for one in text_objects(drawn, "mrkdwn"))
    assert "<!channel>" not in told.content.text


def test_whoever_asked_hears_that_it_expired_or_that_another_took_it_back() -> None:
    story = asked().did((MARA, RoleDropped(role="ic", person=MARA)))
    story.did((ELENA, RoleAccepted(role="ic", person=ELENA)))
    [told] = rules.withdraw(story.incident, (AT, 1), story.context(ELENA)).messages
    assert isinstance(told, Post)
    assert told.to == f"person/{MARA}"
    assert heard(told.content) == (
        f"INC-12: Sign-off for remediation was taken back by <@{ELENA}>. You can ask again from "
        "the checklist, step 5 of runbook 1."
    )
    assert rules.withdraw(story.incident, (AT, 1), story.context(MARA)).messages == ()
