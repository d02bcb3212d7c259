"""What do those read who ask for approval, decide, or watch?"""

from __future__ import annotations

import pytest

from bot.core.facts import runbooks as f
from bot.core.facts.evidence import EvidencePreserved
from bot.core.messages import Keep
from bot.core.runs.model import Run, Step
from bot.features.approvals import blocks, rules
from runbooks.steps import Approval
from tests.features.evidence.values import preserved
from tests.features.runs import ELENA, MARA, NOOR, SAM, Story, words
from tests.features.values import POLICY, WHEN
from tests.features.wording import HOSTILE, form, frame, heard, labels, read
from tests.features.wording import words as paragraphs
from tests.screen import shown

AT = (1, 5)
REQUEST = rules.Request(AT, "Roll back to <v41>", ("rollback",))
HEAD = f"<@{MARA}> asks {WHEN} for: Roll back:"
ASKED = f"{HEAD} Roll back to &lt;v41&gt;"


def asked(request: rules.Request = REQUEST) -> Story:
    """The sign-off of the source runbook was asked for by Mara."""
    story = Story().done(1, 2, 3, 4)
    return story.told(rules.ask(story.incident, request, story.context(MARA)), MARA)


def sign_off(story: Story) -> tuple[Run, Step, Approval]:
    step = story.run.steps[4]
    assert isinstance(step.what, Approval)
    return story.run, step, step.what


def kept(story: Story) -> dict[str, Keep]:
    """What is shown to whom: the messages by their slots."""
    return {one.slot: one for one in blocks.slots(story.shown) if isinstance(one, Keep)}


def test_whoever_asks_says_what_and_why() -> None:
    story = Story().done(1, 2, 3, 4)
    view = blocks.ask_modal((12, POLICY), *sign_off(story))
    assert frame(view) == ("Step 5", "Ask", "Cancel")
    assert labels(view) == ["Which of these?", "What is to be decided, and why?"]


@pytest.mark.parametrize(
    ("decision", "submit", "asks"),
    [
        ("approved", "Approve", ["Which of these?", "Why?"]),
        (
            "conditions",
            "Approve with conditions",
            ["Which of these?", "On which conditions?", "Why?"],
        ),
        ("refused", "Refuse", ["Why?"]),
    ],
)
def test_whoever_decides_reads_the_request_again(
    decision: str, submit: str, asks: list[str]
) -> None:
    view = blocks.decide_modal(12, *sign_off(asked()), decision)
    assert frame(view) == ("Step 5", submit, "Cancel")
    assert labels(view) == asks
    assert HEAD in paragraphs(view)
    assert "Roll back to <v41>" in shown(form(view)["blocks"])


def test_a_decision_is_handed_on_with_a_reason() -> None:
    run, step, _ = sign_off(asked())
    view = blocks.delegate_modal(12, run, step)
    assert frame(view) == ("Step 5", "Hand on", "Cancel")
    assert labels(view) == ["Who decides instead of you?", "Why?"]


def test_only_whoever_decides_is_offered_to_decide() -> None:
    story = asked()
    run, step, _ = sign_off(story)
    noor = blocks.waiting_page(story.shown, run, step, NOOR, decides=True)
    mara = blocks.waiting_page(story.shown, run, step, MARA, decides=False)
    deciding, others = (shown(form(one)["blocks"]) for one in (noor, mara))
    assert deciding.endswith("Approve\nApprove with conditions\nRefuse")
    assert others.endswith("Take it back")
    assert "Approve" not in others.splitlines()


def test_the_approver_reads_privately_all_that_it_takes() -> None:
    messages = kept(asked())
    assert list(messages) == ["approval/12/1/5/1/UNOOR", "step/12/1/5/ask 1"]
    request = messages["approval/12/1/5/1/UNOOR"]
    assert (request.to, request.needs) == ("person/UNOOR", "room/12")
    said = heard(request.content).splitlines()
    assert said[0].startswith("Sign-off for remediation in INC-12 · ")
    assert said[0].endswith(", runbook 1, step 5 waits for your decision")
    assert said[1] == ASKED
    assert "4. Impact assessment: done by <@UMARA>" in said
    assert said[-1] == "Press Approve, Approve with conditions, or Refuse."
    assert read(request.content).endswith(
        "Approve\nApprove with conditions\nRefuse\nLet somebody else decide"
    )


def test_the_approver_reads_which_evidence_there_is() -> None:
    story = Story().done(1, 2)
    evidence: list[EvidencePreserved] = [preserved(1), preserved(2)]
    story.did(*((NOOR, one) for one in evidence))
    tied = [f.ProofAdded(run=1, step=3, kind=kind, numbers=(n,))
            for kind, n in (("dashboards", 2), ("queries", 1), ("samples", 2))]  # fmt: skip
    story.did(*((NOOR, one) for one in tied)).done(3, 4, by=NOOR)
    story.told(rules.ask(story.incident, REQUEST, story.context(MARA)), MARA)
    said = heard(kept(story)["approval/12/1/5/1/UNOOR"].content)
    [place] = [at for at, line in enumerate(said.splitlines()) if line.startswith("3. Attach")]
    assert [line.partition(" · ")[0] for line in said.splitlines()[place : place + 4]] == [
        f"3. Attach primary evidence: done by <@{NOOR}>",
        "E-2 Dashboards",
        "E-1 Queries that were run",
        "E-2 Redacted samples",
    ]


def test_a_refusal_ends_the_request_and_the_thread_says_why() -> None:
    story = asked()
    no = rules.Decide(AT, 1, "refused", "It is no <safer>")
    story.told(rules.decide(story.incident, no, story.context(NOOR)), NOOR)
    messages = kept(story)
    ended = heard(messages["approval/12/1/5/1/UNOOR"].content)
    assert ended.startswith("Sign-off for remediation in INC-12 · ")
    assert ended.endswith(", runbook 1, step 5 is refused.")
    assert heard(messages["step/12/1/5/ask 1"].content) == (
        f"{ASKED}\n<@{NOOR}> refused {WHEN}\nWhy: It is no &lt;safer&gt;\nThis request is refused."
    )


def test_conditions_and_what_was_handed_on_stand_in_the_thread() -> None:
    story = asked()
    on = f.ApprovalDelegated(
        run=1, step=5, ask=1, seat="security_operations_leader", to=SAM, reason=words("train")
    )
    yes = f.ApprovalAnswered(
        run=1, step=5, ask=1, decision="conditions", seat="security_operations_leader",
        reason=words("It is known"), conditions=words("In the EU first"), options=("rollback",),
    )  # fmt: skip
    story.did((NOOR, on), (SAM, yes))
    said = heard(kept(story)["step/12/1/5/ask 1"].content)
    assert f"<@{SAM}> approved with conditions {WHEN}\nApproved: Roll back\n" in said
    assert "\nWhy: It is known\nConditions: In the EU first\n" in said
    assert f"<@{NOOR}> lets <@{SAM}> decide." in said


def test_the_longest_words_of_everybody_fit() -> None:
    story = asked(rules.Request(AT, HOSTILE[:1000], ("rollback", "block_rules", "vendor_work")))
    fields = ("third_parties", "jurisdictions", "promises", "rubric_reason")
    answered = [f.FieldAnswered(run=1, step=4, field=one, text=words(HOSTILE)) for one in fields]
    whole = f.FormAnswered(run=1, step=4, edition=1, fields=("promises",))
    story.did(*((ELENA, one) for one in (*answered, whole)))
    for message in kept(story).values():
        read(message.content)
    for decision in blocks.DECISIONS:
        form(blocks.decide_modal(12, *sign_off(story), decision))
    yes = f.ApprovalAnswered(
        run=1, step=5, ask=1, decision="conditions", seat="security_operations_leader",
        reason=words(HOSTILE[:1000]), conditions=words(HOSTILE[:1000]), options=("rollback",),
    )  # fmt: skip
    story.did((NOOR, yes))
    for message in kept(story).values():
        read(message.content)
