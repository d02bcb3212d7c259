"""Does whoever decides read all they need, within Slack's limits, and no word of it as markup?"""

from __future__ import annotations

import json
from typing import Any

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import EvidencePreserved
from bot.core.messages import Keep
from bot.features.approvals import blocks, rules
from tests.features.evidence.values import SHA256, preserved
from tests.features.runs import ELENA, JUN, MARA, NOOR, Story, words
from tests.screen import shown, text_objects

AT = (1, 5)
NASTY = "*bold* <!channel> <@USAM> `code` ~gone~ _it_ & <https://evil.example|here>"


def item(number: int, **differing: Any) -> EvidencePreserved:
    """Evidence with a nasty name, taken by Jun."""
    usual = {"kind": "dashboard", "name": words(f"{NASTY}.png"), "custodian": JUN}
    return preserved(number, **{**usual, **differing})


def asked(*facts: tuple[str, Fact], text: str = NASTY) -> Story:
    """A story in which the sign-off was asked for, with these facts before it."""
    story = Story().done(1, 2).did(*facts).done(3, 4)
    request = rules.Request(AT, text, ("rollback",))
    return story.told(rules.ask(story.incident, request, story.context(MARA)), MARA)


def request(story: Story, person: str = NOOR) -> tuple[str, list[dict[str, Any]]]:
    """The bare text and the blocks of what somebody reads."""
    return slot(story, f"approval/12/1/5/1/{person}")


def slot(story: Story, name: str) -> tuple[str, list[dict[str, Any]]]:
    """The bare text and the blocks of a slot."""
    kept = [one for one in blocks.slots(story.shown) if isinstance(one, Keep)]
    told = next(one for one in kept if one.slot == name).content.to_json()
    return told["text"], told["blocks"]


def answered(*answers: f.FieldAnswered) -> list[tuple[str, Fact]]:
    """The impact form with these answers, by Elena."""
    whole = f.FormAnswered(run=1, step=4, edition=1, fields=tuple(one.field for one in answers))
    return [*((ELENA, one) for one in answers), (ELENA, whole)]


def typed(field: str, said: str) -> f.FieldAnswered:
    return f.FieldAnswered(run=1, step=4, field=field, text=words(said))


def test_each_piece_of_evidence_has_its_kind_its_hash_who_took_it_and_a_button_to_look() -> None:
    proof = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    text, told = request(asked((JUN, item(1)), (JUN, proof)))
    line = f"*E-1* Dashboards · SHA-256 `{SHA256[:12]}` · preserved by <@{JUN}>"
    assert line in shown(told)
    assert line.replace("*", "") in text
    [button] = [one["accessory"] for one in told if one.get("accessory")]
    assert button["action_id"] == "evidence_open"
    assert json.loads(button["value"]) == {"number": 12, "evidence": 1}


def test_answers_escalation_and_recovery_are_told() -> None:
    chosen = f.FieldAnswered(run=1, step=4, field="users_affected", chosen=("12", "40"))
    unknown = f.FieldAnswered(run=1, step=4, field="promises", unknown=words("sales looks it up"))
    story = asked(*answered(chosen, typed("jurisdictions", "EU and Norway"), unknown))
    for said in (request(story)[0], shown(request(story)[1])):
        assert "12 to 40 users" in said
        assert "EU and Norway" in said
        assert "unknown, because sales looks it up" in said
        assert "Escalate if" in said
        assert "Recovered when" in said
        assert f"• {story.run.book.recovery_checks[0]}" in said


def test_words_of_people_make_no_markup_and_no_mention() -> None:
    proof = f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    done = f.StepDone(run=1, step=2, note=words(NASTY))
    facts = [(JUN, item(1)), (JUN, proof), (JUN, done), *answered(typed("jurisdictions", NASTY))]
    story = asked(*facts)
    refused = rules.Decide(AT, 1, "refused", NASTY)
    after = story.told(rules.decide(story.incident, refused, story.context(NOOR)), NOOR)
    for said, shows in (request(asked(*facts)), slot(after, "step/12/1/5/ask 1")):
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
