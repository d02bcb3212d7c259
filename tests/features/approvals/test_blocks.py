"""Do those who ask, decide or watch read all they need, and no word of it as markup?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import EvidencePreserved
from bot.core.messages import Keep
from bot.core.runs.model import Run, Step
from bot.features.approvals import blocks, rules
from runbooks.steps import Approval
from tests.features.evidence.values import SHA256, preserved
from tests.features.runs import ELENA, JUN, MARA, NOOR, SAM, Story, words
from tests.features.values import POLICY, WHEN
from tests.features.wording import HOSTILE, form, frame, heard, labels, read
from tests.screen import shown, text_objects

AT = (1, 5)
NASTY = "*bold* <!channel> <@USAM> `code` ~gone~ _it_ & <https://evil.example|here>"
PLAIN = "Roll back to <v41>"
REQUEST = "approval/12/1/5/1/UNOOR"
COURSE = "step/12/1/5/ask 1"
HEAD = f"<@{MARA}> asks {WHEN}\nFor: Roll back\nWhy:"
ASKED = f"{HEAD} Roll back to &lt;v41&gt;"


def item(number: int, **differing: Any) -> EvidencePreserved:
    """Evidence with a nasty name, taken by Jun."""
    usual = {"kind": "dashboard", "name": words(f"{NASTY}.png"), "custodian": JUN}
    return preserved(number, **{**usual, **differing})


def asked(
    *facts: tuple[str, Fact], text: str = NASTY, options: tuple[str, ...] = ("rollback",)
) -> Story:
    """A story in which the sign-off was asked for, with these facts before it."""
    story = Story().done(1, 2).did(*facts).done(3, 4)
    request = rules.Request(AT, text, options)
    return story.told(rules.ask(story.incident, request, story.context(MARA)), MARA)


def kept(story: Story) -> dict[str, Keep]:
    """What is shown to whom: the messages by their slots."""
    return {one.slot: one for one in blocks.slots(story.shown) if isinstance(one, Keep)}


def request(story: Story, person: str = NOOR) -> tuple[str, list[dict[str, Any]]]:
    """The bare text and the blocks of what somebody reads."""
    return slot(story, f"approval/12/1/5/1/{person}")


def slot(story: Story, name: str) -> tuple[str, list[dict[str, Any]]]:
    """The bare text and the blocks of a slot."""
    told = kept(story)[name].content.to_json()
    return told["text"], told["blocks"]


def sign_off(story: Story) -> tuple[Run, Step, Approval]:
    """Where the sign-off of the source runbook stands."""
    step = story.run.steps[4]
    assert isinstance(step.what, Approval)
    return story.run, step, step.what


def answered(*answers: f.FieldAnswered) -> list[tuple[str, Fact]]:
    """The impact form with these answers, by Elena."""
    whole = f.FormAnswered(run=1, step=4, edition=1, fields=tuple(one.field for one in answers))
    return [*((ELENA, one) for one in answers), (ELENA, whole)]


def typed(field: str, said: str) -> f.FieldAnswered:
    return f.FieldAnswered(run=1, step=4, field=field, text=words(said))


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
    view = blocks.decide_modal(12, *sign_off(asked(text=PLAIN)), decision)
    assert frame(view) == ("Step 5", submit, "Cancel")
    assert labels(view) == asks
    assert shown(form(view)["blocks"]).startswith(f"{HEAD}\n{PLAIN}\n")


def test_a_decision_is_handed_on_with_a_reason() -> None:
    run, step, _ = sign_off(asked())
    view = blocks.delegate_modal(12, run, step)
    assert frame(view) == ("Step 5", "Hand on", "Cancel")
    assert labels(view) == ["Who decides instead of you?", "Why?"]


def test_only_whoever_decides_is_offered_to_decide_and_reads_by_what() -> None:
    story = asked()
    run, step, _ = sign_off(story)
    page = blocks.waiting_page(story.shown, run, step, NOOR, decides=True)
    deciding = shown(form(page)["blocks"])
    page = blocks.waiting_page(story.shown, run, step, MARA, decides=False)
    others = shown(form(page)["blocks"])
    assert "*4. Impact assessment: done by <@UMARA>*" in deciding
    assert deciding.endswith("Approve\nApprove with conditions\nRefuse")
    assert others.endswith(f"{HEAD}\n{NASTY}\nTake it back")


def test_only_who_asked_or_commands_is_offered_to_take_it_back() -> None:
    asks = rules.Request(AT, PLAIN, ("rollback",))
    story = Story().done(1, 2, 3, 4)
    story.told(rules.ask(story.incident, asks, story.context(JUN)), JUN)
    run, step, _ = sign_off(story)
    offered = {
        person: "Take it back" in shown(form(page)["blocks"])
        for person in (JUN, MARA, SAM)
        for page in [blocks.waiting_page(story.shown, run, step, person, decides=False)]
    }
    assert offered == {JUN: True, MARA: True, SAM: False}


def test_the_approver_reads_privately_all_that_it_takes() -> None:
    messages = kept(asked(text=PLAIN))
    assert list(messages) == [REQUEST, COURSE]
    asks = messages[REQUEST]
    assert (asks.to, asks.needs) == ("person/UNOOR", "room/12")
    said = heard(asks.content).splitlines()
    assert said[0].startswith("Sign-off for remediation in INC-12 · ")
    assert said[0].endswith(", runbook 1, step 5 waits for your decision.")
    assert said[1:4] == ASKED.splitlines()
    assert "4. Impact assessment: done by <@UMARA>" in said
    assert said[-1] == "Press Approve, Approve with conditions, or Refuse."
    assert read(asks.content).endswith(
        "Approve\nApprove with conditions\nRefuse\nLet somebody else decide"
    )


def test_a_refusal_ends_the_request_and_the_thread_says_why() -> None:
    story = asked(text=PLAIN)
    no = rules.Decide(AT, 1, "refused", "It is no <safer>")
    story.told(rules.decide(story.incident, no, story.context(NOOR)), NOOR)
    messages = kept(story)
    ended = heard(messages[REQUEST].content)
    assert ended.startswith("Sign-off for remediation in INC-12 · ")
    assert ended.endswith(", runbook 1, step 5 is refused.")
    assert heard(messages[COURSE].content) == (
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
    said = heard(kept(story)[COURSE].content)
    assert said.splitlines()[3:] == [
        f"<@{SAM}> approved with conditions {WHEN}",
        "Approved: Roll back",
        "Why: It is known",
        "Conditions: In the EU first",
        f"<@{NOOR}> lets <@{SAM}> decide.",
    ]


def test_each_piece_of_evidence_has_its_kind_its_hash_who_took_it_and_a_button_to_look() -> None:
    proof = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    text, told = request(asked((JUN, item(1)), (JUN, proof)))
    line = f"*E-1* Dashboards · SHA-256 `{SHA256[:12]}` · preserved by <@{JUN}>"
    assert line in shown(told)
    assert line.replace("*", "") in text
    [button] = [one["accessory"] for one in told if one.get("accessory")]
    assert button["action_id"] == "evidence_open"
    assert json.loads(button["value"]) == {"number": 12, "evidence": 1}


def test_answers_notes_escalation_and_recovery_are_told() -> None:
    chosen = f.FieldAnswered(run=1, step=4, field="users_affected", chosen=("12", "40"))
    unknown = f.FieldAnswered(run=1, step=4, field="promises", unknown=words("sales looks it up"))
    noted = f.StepDone(run=1, step=2, note=words("Logs are frozen"))
    answers = answered(chosen, typed("jurisdictions", "EU and Norway"), unknown)
    story = asked((JUN, noted), *answers)
    assert f"done by <@{JUN}>: Logs are frozen\n" in request(story)[0]
    for said in (request(story)[0], shown(request(story)[1])):
        assert "12 to 40 users" in said
        assert "EU and Norway" in said
        assert "unknown, because sales looks it up" in said
        assert "Escalate if" in said
        assert "Recovered when" in said
        assert f"• {story.run.book.recovery_checks[0]}" in said


def test_answers_are_read_in_the_order_of_the_form_whether_chosen_or_typed() -> None:
    chosen = f.FieldAnswered(run=1, step=4, field="users_affected", chosen=("12", "40"))
    unknown = f.FieldAnswered(run=1, step=4, field="third_parties", unknown=words("not asked"))
    rubric = f.FieldAnswered(run=1, step=4, field="rubric", chosen=("rank1",))
    story = asked(*answered(chosen, unknown, rubric, typed("jurisdictions", "EU and Norway")))
    order = ["12 to 40 users", "because not asked", "the internal risk rubric", "EU and Norway"]
    for said in (request(story)[0], shown(request(story)[1])):
        places = [said.find(one) for one in order]
        assert -1 not in places
        assert places == sorted(places)


def test_words_of_people_make_no_markup_and_no_mention() -> None:
    proof = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    done = f.StepDone(run=1, step=2, note=words(NASTY))
    facts = [(JUN, item(1)), (JUN, proof), (JUN, done), *answered(typed("jurisdictions", NASTY))]
    story = asked(*facts)
    refused = rules.Decide(AT, 1, "refused", NASTY)
    after = story.told(rules.decide(story.incident, refused, story.context(NOOR)), NOOR)
    for said, shows in (request(asked(*facts)), slot(after, COURSE)):
        assert not any("bold" in one for one in text_objects(shows, "mrkdwn"))
        assert any(NASTY in one for one in text_objects(shows, "plain_text"))
        assert "<!channel>" not in said
        assert "<@USAM>" not in said


def test_long_lists_are_folded_within_what_slack_takes() -> None:
    proofs = [(JUN, item(number, name=words("n" * 300))) for number in range(1, 31)]
    added = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=tuple(range(1, 31)))
    fields = ("third_parties", "rubric_reason", "jurisdictions", "promises")
    long = answered(*(typed(one, "w" * 3000) for one in fields))
    text, told = request(asked(*proofs, (JUN, added), *long, text="t" * 1000))
    assert "And 22 more: `/incident evidence` lists them." in shown(told)
    assert len(told) <= 50
    assert len(text) <= 4000
    assert len(json.dumps(told)) <= 16000
    assert sum(len(one) for kind in ("mrkdwn", "plain_text") for one in text_objects(told, kind)) \
        <= 12000  # fmt: skip
    assert told[-1]["type"] == "actions"
    assert text.endswith("Press Approve, Approve with conditions, or Refuse.")


def test_the_longest_words_of_everybody_fit() -> None:
    story = asked(text=HOSTILE[:1000], options=("rollback", "block_rules", "vendor_work"))
    fields = ("third_parties", "jurisdictions", "promises", "rubric_reason")
    story.did(*answered(*(typed(one, HOSTILE) for one in fields)))
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


def test_what_is_for_a_named_group_is_counted_and_not_told() -> None:
    added = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    red = item(1, label="red", name=words("The wombat sheet"))
    story = asked((JUN, red), (JUN, added))
    assert "wombat" in shown(request(story)[1])  # the security lead is of the group
    hand_on = rules.Delegate(AT, 1, "USAM", "I am on the train")
    story.told(rules.delegate(story.incident, hand_on, story.context(NOOR)), NOOR)
    text, told = request(story, "USAM")
    assert "And 1 for a named group that you are not in." in text
    assert "wombat" not in f"{text} {shown(told)}"


def test_whoever_decides_is_not_offered_to_ask() -> None:
    story = Story().done(1, 2, 3, 4)
    page = blocks.decider_page(story.run, story.run.steps[4]).to_dict()
    assert "submit" not in page
    assert "whoever asks never approves" in shown(page["blocks"])
