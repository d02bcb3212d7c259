"""What do people read of the systems that a step calls?"""

from __future__ import annotations

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.webhooks import WebhookAnswered, WebhookFailed
from bot.core.messages import Keep
from bot.features.sending import blocks
from runbooks.steps import Webhook
from tests.features.runs import JUN, Story, words
from tests.features.values import POLICY, WHEN
from tests.features.wording import HOSTILE, form, frame, heard, labels, read
from tests.features.wording import words as paragraphs

CALLED = f.TargetCalled(run=1, step=6, target="ticket", send="a")
FAILED = WebhookFailed(
    send="a", about="step/1/6/ticket", target="ticket", reason="jira: HTTP 422 <b>"
)
ANSWERED = WebhookAnswered(
    send="a", about="step/1/6/ticket", target="ticket", status=201, reference=words("AI-7"),
    link=words("https://jira.example/AI-7"),
)  # fmt: skip
PAGED = f.TargetCalled(run=1, step=6, target="pager", send="b")


def story(*facts: Fact) -> Story:
    """The last step of the source runbook after these facts of Jun's."""
    return Story().done(1).did(*((JUN, one) for one in facts))


def said(*facts: Fact) -> list[str]:
    """A line for each system."""
    step = story(*facts).run.steps[5]
    assert isinstance(step.what, Webhook)
    return blocks.lines(step, step.what)


def test_each_system_says_how_it_stands_and_what_to_do_next() -> None:
    pager = "Page or note in the pager: not sent yet"
    ticket = "Ticket with the checklist"
    assert said() == [f"{ticket}: not sent yet", pager]
    assert said(CALLED) == [f"{ticket}: on its way {WHEN}, by <@{JUN}>", pager]
    assert said(CALLED, FAILED)[0] == (
        f"{ticket}: failed {WHEN}, by <@{JUN}> · jira: HTTP 422 &lt;b&gt;. Send it again, or say "
        "that it was done by hand"
    )
    assert said(CALLED, ANSWERED)[0] == (
        f"{ticket}: accepted {WHEN}, by <@{JUN}> · AI-7 · https://jira.example/AI-7"
    )
    by_hand = f.TargetSettled(run=1, step=6, target="ticket", note=words("Rang <them> up"))
    assert said(CALLED, FAILED, by_hand)[0].endswith("done by hand " + WHEN + f", by <@{JUN}> · "
                                                     "Rang &lt;them&gt; up")  # fmt: skip


def test_the_form_asks_what_to_send_and_what_the_systems_want_to_know() -> None:
    one = story()
    step = one.run.steps[5]
    assert isinstance(step.what, Webhook)
    view = blocks.step_modal(12, one.run, step, step.what, POLICY)
    assert frame(view) == ("Step 6", "Go on", "Cancel")
    assert labels(view) == [
        "What now?",
        "(Which of these?)",
        "(Issue type (Jira, an issue))",
        "(Project (Jira, an issue))",
        "(What holds?)",
        "(Note)",
    ]
    assert paragraphs(view)[0] == "*6. Integrations and follow-up*"


def test_what_was_accepted_is_not_offered_again_and_what_failed_is() -> None:
    one = story(CALLED, ANSWERED, PAGED)
    step = one.run.steps[5]
    assert isinstance(step.what, Webhook)
    view = blocks.step_modal(12, one.run, step, step.what, POLICY)
    assert labels(view) == ["What now?", "(What holds?)", "(Note)"]
    [way] = [b for b in form(view)["blocks"] if b.get("block_id") == "way"]
    assert [o["value"] for o in way["element"]["options"]] == ["done"]
    failed = story(CALLED, FAILED)
    step = failed.run.steps[5]
    assert isinstance(step.what, Webhook)
    again = form(blocks.step_modal(12, failed.run, step, step.what, POLICY))
    [which] = [b for b in again["blocks"] if b.get("block_id") == "targets"]
    assert [o["value"] for o in which["element"]["options"]] == ["ticket", "pager"]


def test_the_thread_tells_what_came_of_each_call_however_much_was_said() -> None:
    assert blocks.slots(story().shown) == []
    long = ANSWERED.model_copy(
        update={"reference": words(HOSTILE), "link": words(f"https://{HOSTILE}")}
    )
    [kept] = blocks.slots(story(CALLED, long, PAGED).shown)
    assert isinstance(kept, Keep)
    assert (kept.slot, kept.thread) == ("step/12/1/6/calls", "step/12/1/6")
    assert heard(kept.content).count("\n") == 1
    assert len(read(kept.content)) < 2000
