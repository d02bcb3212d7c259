"""Which files does a step take, for whom, and when is there enough of them?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.evidence import Evidence
from bot.core.facts import Fact
from bot.core.facts import evidence as e
from bot.core.facts import runbooks as f
from bot.core.outcome import Outcome, Person, Refused
from bot.core.preserving import Bytes, Labels, Place, SlackFile
from bot.core.runs import beginning, keeping
from bot.core.runs.model import Runs
from bot.features.custody import rules as custody
from bot.features.fetching import rules as fetching
from bot.features.proofs import rules
from runbooks.steps import FileUpload
from tests.features.evidence.values import SHA256, awaited
from tests.features.runs import JUN, MARA, NOOR, Story, library, words
from tests.features.values import NOW

AT = (1, 3)
PLACE = Place("C1", "5.0", "https://x.slack.com/archives/C1/p5", JUN)
LEAK, SEAL = "data-leakage", (1, 4)


def file(name: str, number: int = 1) -> SlackFile:
    return SlackFile(f"F{number}", name, f"{number:032x}")


def at_files() -> Story:
    """The source runbook, where files are asked for."""
    return Story().done(1, 2)


def at_seal() -> Story:
    """The runbook whose files are restricted, sealed and redacted."""
    return Story(LEAK).done(1)


def drop(story: Story, *files: SlackFile, at: tuple[int, int] = AT, **more: Any) -> Outcome:
    request = rules.Drop(at, files, PLACE, **more)
    return rules.drop(story.incident, request, story.context(JUN))


def of(outcome: Outcome, kind: type[Fact]) -> list[Any]:
    return [one for one in outcome.facts if isinstance(one, kind)]


def kept(number: int = 1, **differing: Any) -> list[tuple[str, Fact]]:
    """A file that is in the vault, and no text."""
    taken = e.FileTaken(number=number, sha256=SHA256, size_bytes=9, taken_at=NOW)
    return [(MARA, awaited(number, **{"custodian": MARA, **differing})), ("warroom", taken)]


@pytest.mark.parametrize(
    ("name", "said", "kind"),
    [
        ("dashboard 03:40.png", "", "dashboards"),
        ("CUSTODY-notes.txt", "", "custody"),
        ("x.bin", "the queries we ran", "queries"),
        ("query.sql", "", "queries"),
        ("Sample 3.csv", "", "samples"),
        ("samples.csv", "with custody notes", "samples"),  # the name says more than the message
        ("dashboards and queries.zip", "", ""),
        ("trace.bin", "", ""),
    ],
)
def test_what_a_file_is_goes_by_its_name_and_then_by_its_message(
    name: str, said: str, kind: str
) -> None:
    outcome = drop(at_files(), file(name), words=said)
    assert [one.kind for one in of(outcome, f.ProofAdded)] == [kind]


def test_anybody_in_the_room_may_drop_a_file_but_no_guest_and_not_before_its_time() -> None:
    early = Story().done(1)
    with pytest.raises(Refused, match="Step 3 of runbook 1 is locked until step 2 is done"):
        drop(early, file("a.txt"))
    story = at_files()
    guest = story.context(JUN, Person(JUN, is_guest=True))
    with pytest.raises(Refused, match="You are a guest here"):
        rules.drop(story.incident, rules.Drop(AT, (file("a"),), PLACE), guest)


def test_a_file_that_is_evidence_already_is_put_to_the_step_and_not_taken_twice() -> None:
    story = at_files().did(*kept(kind="other", file_id="F1"))
    outcome = drop(story, file("queries.sql"))
    assert of(outcome, e.FileAwaited) == []
    assert of(outcome, f.ProofAdded) == [f.ProofAdded(run=1, step=3, kind="", numbers=(1,))]
    story.told(outcome, JUN)
    with pytest.raises(Refused, match="E-1 is with this step already"):
        drop(story, file("queries.sql"))


def test_what_two_runbooks_share_is_with_the_first_and_counts_for_both() -> None:
    story = at_files()
    again = beginning.begun(library().books["model-output-causing-harm"], Runs(all=(story.run,)))
    story.did((MARA, again))
    assert story.shown.states.of(Runs).all[1].steps[2].same_as == AT
    outcome = drop(story, file("dashboards.png"), at=(2, 3))
    assert of(outcome, f.ProofAdded) == [
        f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))
    ]


def test_what_a_restricted_step_takes_has_a_label_for_a_named_group() -> None:
    story = at_seal()
    [taken] = of(drop(story, file("traces.bin"), at=SEAL), e.FileAwaited)
    assert (taken.label, taken.is_misplaced, taken.kind) == ("red", True, "trace")
    labels = Labels(label="green", custodian=MARA)
    wide = rules.Proof(SEAL, "traces", (file("t.bin"),), labels=labels)
    outcome = rules.add(story.incident, wide, story.context(MARA))
    assert of(outcome, e.FileAwaited)[0].label == "red"
    [file_] = of(outcome, e.FileAwaited)
    assert file_.is_misplaced is False  # a form's file stands in no thread


def test_what_was_there_is_narrowed_and_sealed_when_such_a_step_takes_it() -> None:
    story = at_seal().did(*kept(kind="other", label="amber"))
    request = rules.Proof(SEAL, "traces", numbers=(1,))
    outcome = rules.add(story.incident, request, story.context(MARA))
    assert [type(one).__name__ for one in outcome.facts] == [
        "ProofAdded", "EvidenceSorted", "EvidenceLabelled", "EvidenceSealed",
    ]  # fmt: skip
    story.told(outcome, MARA)
    wider = custody.Act("label", 1, "It is public", label="clear")
    with pytest.raises(Refused, match="its label stays as it is"):
        custody.act(story.incident, wider, story.context(MARA))


def test_evidence_of_a_restricted_step_gets_no_wider_label() -> None:
    story = Story("bias-spike", (("ic", MARA), ("product", NOOR))).did(*kept(label="red"))
    story.did((MARA, f.ProofAdded(run=1, step=3, kind="rates", numbers=(1,))))
    wider = custody.Act("label", 1, "It is public", label="green")
    with pytest.raises(Refused, match="only a label for a named group fits"):
        custody.act(story.incident, wider, story.context(MARA))


def test_a_file_is_sealed_as_soon_as_it_came_where_the_step_asks_for_a_sealed_copy() -> None:
    story = at_seal()
    story.told(drop(story, file("traces.bin"), at=SEAL), JUN)
    taken = fetching.Taken(f"{1:032x}", SHA256, 9)
    outcome = fetching.take(story.incident, taken, story.context("warroom"))
    assert [type(one).__name__ for one in outcome.facts] == ["FileTaken", "EvidenceSealed"]
    [note] = outcome.messages
    assert "is kept for a named group alone. Please delete it in Slack" in str(note)


def test_what_nobody_sorted_does_not_count_until_somebody_does() -> None:
    story = at_files()
    story.told(drop(story, file("trace.bin")), JUN)
    sort = rules.Sort(AT, (1,), "samples")
    outcome = rules.sort(story.incident, sort, story.context(JUN))
    assert of(outcome, f.ProofAdded)[0].kind == "samples"
    assert of(outcome, e.EvidenceSorted)[0].kind == "exchange"
    story.told(outcome, JUN)
    with pytest.raises(Refused, match="It is sorted already"):
        rules.sort(story.incident, replace(sort, kind="queries"), story.context(JUN))
    with pytest.raises(Refused, match="This is not with the step any more"):
        rules.sort(story.incident, replace(sort, numbers=(7,)), story.context(JUN))


def test_a_note_that_names_a_person_is_masked_in_the_record() -> None:
    story = at_files()
    labels = Labels(custodian=MARA, note="From a@x.example at 03:12")
    request = rules.Proof(AT, "queries", (file("q.sql"),), labels=labels)
    outcome = rules.add(story.incident, request, story.context(NOOR))
    assert of(outcome, e.FileAwaited)[0].note == words("From [e-mail address 1] at 03:12")
    [told] = outcome.messages
    assert "what you wrote to files held an e-mail address" in str(told)


def test_where_a_copy_is_sealed_another_is_redacted_and_not_sealed() -> None:
    story = at_seal()
    for number in (1, 2):
        story.did(*kept(number, kind="trace", label="red"))

    def add(number: int, kind: str, *, is_redacted: bool) -> Outcome:
        request = rules.Proof(SEAL, kind, numbers=(number,), is_redacted=is_redacted)
        return rules.add(story.incident, request, story.context(MARA))

    def ends(story: Story) -> str:
        request = rules.Proof(SEAL, None, is_all=True)
        try:
            rules.add(story.incident, request, story.context(MARA))
        except Refused as refused:
            return str(refused)
        return "done"

    story.told(add(1, "traces", is_redacted=True), MARA)
    assert ends(story).endswith("nothing of it is sealed. Add the original as well, without the "
                                "tick.")  # fmt: skip
    outcome = add(2, "traces", is_redacted=False)
    assert [one.number for one in of(outcome, e.EvidenceSealed)] == [2]
    story.told(outcome, MARA)
    for kind in ("access_log", "index_state"):
        story.told(add(2, kind, is_redacted=False), MARA)
        assert "E-2 has no redacted copy" in ends(story)
        story.told(add(1, kind, is_redacted=False), MARA)
    assert ends(story) == "done"


def test_a_text_of_which_a_masked_copy_was_made_is_both_the_sealed_and_the_redacted_one() -> None:
    story = at_seal()
    story.told(drop(story, file("traces.log"), at=SEAL), JUN)
    copy = Bytes("2" * 32, SHA256, 7)
    scanned = fetching.Scanned(("email",), copy)
    taken = fetching.Taken(f"{1:032x}", SHA256, 9, scanned)
    story.told(fetching.take(story.incident, taken, story.context("warroom")), "warroom")
    what = story.run.steps[3].what
    [one] = story.shown.states.of(Evidence).all
    assert isinstance(what, FileUpload)
    assert (one.is_sealed, one.is_redacted, keeping.lacks([one], what)) == (True, True, None)
