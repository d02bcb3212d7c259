"""Which steps of a run are active, since when, and by when are they owed?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import pytest
from freezegun import freeze_time

from bot.clock import Clock
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts import runbooks as f
from bot.core.runs import beginning, clocks
from bot.core.runs.fold import fold
from bot.core.runs.model import Run, Runs
from runbooks import load
from runbooks.calendar import Calendar
from runbooks.library import load_library
from runbooks.shelf import Library
from runbooks.steps import FileUpload, Form

HARM, LEAK = "model-output-causing-harm", "data-leakage"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


@cache
def library() -> Library:
    """The runbooks as shipped."""
    return load_library(None, load.policy())


def after(*happened: tuple[datetime, Fact], runs: Runs | None = None) -> Runs:
    """The runs after these facts, each at its moment, all of Mara's."""
    folded = runs or Runs()
    for seq, (at, fact) in enumerate(happened, start=1):
        folded = fold(folded, Recorded(seq, at, "UMARA", fact))
    return folded


def started(at: datetime, book: str = HARM, runs: Runs | None = None) -> Runs:
    """The runs with one more, begun at that moment."""
    known = runs or Runs()
    return after((at, beginning.begun(library().books[book], known)), runs=known)


def done(step: int, run: int = 1) -> f.StepDone:
    """A step that is done."""
    return f.StepDone(run=run, step=step)


def active(run: Run) -> list[int]:
    """The numbers of the active steps."""
    return [step.n for step in run.steps if step.status == "active"]


def due(runs: Runs, step: int, calendar: Calendar, run: int = 1) -> str | None:
    """By when a step is owed, in UTC."""
    one = runs.all[run - 1]
    at = clocks.due_at(one, one.steps[step - 1], calendar)
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else None


def test_a_step_is_active_when_all_in_front_of_it_are_done() -> None:
    runs = started(MONDAY)
    seen = [active(runs.all[0])]
    for step in (1, 2, 4, 3):
        runs = after((MONDAY, done(step)), runs=runs)
        seen.append(active(runs.all[0]))
    assert seen == [[1], [2, 4, 6], [3, 4, 6], [3, 6], [5, 6]]


def test_integrations_do_not_wait_for_the_sign_off() -> None:
    runs = after((MONDAY, done(1)), runs=started(MONDAY))
    step = runs.all[0].steps[5]
    assert (step.status, step.what.gate.completes_when) == ("active", "review_linked")
    assert runs.all[0].steps[4].status == "waiting"


def test_a_step_that_is_left_lets_the_next_begin_and_opened_again_it_locks_them() -> None:
    left = f.StepLeft(run=1, step=1, how="skipped", reason=Words("Declared elsewhere"))
    runs = after((MONDAY, left), runs=started(MONDAY))
    assert active(runs.all[0]) == [2, 4, 6]
    again = f.StepReopened(run=1, step=1, reason=Words("It was not"))
    assert active(after((MONDAY, again), runs=runs).all[0]) == [1]


def test_opening_a_step_again_takes_back_the_request_behind_it() -> None:
    asked = f.ApprovalAsked(run=1, step=5, ask=1, text=Words("Roll back"), approvers=("USAM",))
    facts: Sequence[Fact] = [*map(done, (1, 2, 3, 4)), asked]
    runs = after(*((MONDAY, fact) for fact in facts), runs=started(MONDAY))
    assert runs.all[0].steps[4].ask
    again = f.StepReopened(run=1, step=3, reason=Words("The sheet is wrong"))
    step = after((MONDAY, again), runs=runs).all[0].steps[4]
    assert (step.status, step.asks[-1].ended) == ("waiting", "withdrawn")


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        # A step's clock begins when it becomes active: on Friday evening, with the weekend ahead.
        ("UTC", FRIDAY_EVENING, ("2026-11-23 23:59:59", "2026-11-23 17:00:00")),
        # In New York the same moment is 16:30 on Friday, and the day has 7.5 hours left.
        ("America/New_York", FRIDAY_EVENING, ("2026-11-21 04:59:59", "2026-11-23 22:00:00")),
        # On the Wednesday before Thanksgiving, a holiday in the United States.
        (
            "America/New_York",
            datetime(2026, 11, 26, 2, 30, tzinfo=UTC),
            ("2026-11-28 04:59:59", "2026-11-27 22:00:00"),
        ),
        # In Berlin clocks go forward in the night to Sunday, 29 March: the day has 23 hours.
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
            ("2026-03-29 21:59:59", "2026-03-30 15:00:00"),
        ),
        # And back in the night to Sunday, 25 October, which has 25.
        (
            "Europe/Berlin",
            datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
            ("2026-10-25 22:59:59", "2026-10-26 16:00:00"),
        ),
    ],
)
def test_same_day_and_one_business_day_end_when_the_organisation_does(
    zone: str, at: datetime, expected: tuple[str, str]
) -> None:
    country = "US" if zone.startswith("America") else "DE"
    calendar = Calendar(time_zone=zone, country=country)
    runs = after((at, done(1)), runs=started(at))
    assert (due(runs, 2, calendar), due(runs, 4, calendar)) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", {
            1: "2026-11-27 21:30:00", 2: "2026-11-30 22:59:59", 4: "2026-11-30 16:00:00",
            6: "2026-11-30 22:59:59", 3: "2026-11-28 22:59:59", 5: "2026-12-01 16:00:00",
        }),
        ("America/New_York", {
            1: "2026-11-27 21:30:00", 2: "2026-11-28 04:59:59", 4: "2026-11-30 22:00:00",
            6: "2026-11-28 04:59:59", 3: "2026-11-29 04:59:59", 5: "2026-12-01 22:00:00",
        }),
    ],
)  # fmt: skip
def test_by_the_clock_on_the_wall_each_step_of_a_weekend_is_owed_at_its_instant(
    zone: str, expected: dict[int, str]
) -> None:
    calendar, clock, seen = Calendar(time_zone=zone), Clock(), dict[int, str | None]()
    with freeze_time("2026-11-27 20:30:00") as wall:
        runs = started(clock.now())
        seen[1] = due(runs, 1, calendar)
        wall.move_to("2026-11-27 20:50:00")
        runs = after((clock.now(), done(1)), runs=runs)
        seen |= {step: due(runs, step, calendar) for step in (2, 4, 6)}
        wall.move_to("2026-11-28 09:00:00")
        runs = after((clock.now(), done(2)), runs=runs)
        seen[3] = due(runs, 3, calendar)
        wall.move_to("2026-11-30 17:30:00")
        runs = after((clock.now(), done(3)), (clock.now(), done(4)), runs=runs)
        seen[5] = due(runs, 5, calendar)
    assert seen == expected


def test_a_step_that_waits_has_no_clock_and_hours_run_by_the_wall() -> None:
    runs, calendar = started(FRIDAY_EVENING), Calendar()
    assert due(runs, 1, calendar) == "2026-11-20 22:30:00"
    assert [due(runs, step, calendar) for step in (2, 3, 4, 5, 6)] == [None] * 5
    runs = after((MONDAY, done(1)), runs=runs)
    assert due(runs, 2, calendar) == "2026-11-23 23:59:59"


def test_fifteen_minutes_after_another_step_count_from_its_end() -> None:
    runs = started(MONDAY, "narrative-incident")
    later = datetime(2026, 11, 23, 11, 20, tzinfo=UTC)
    runs = after(*((MONDAY, done(step)) for step in (1, 2)), (later, done(4)), runs=runs)
    assert due(runs, 7, Calendar()) == "2026-11-23 11:35:00"


def test_what_two_runbooks_share_is_done_once() -> None:
    runs = started(MONDAY, "safety-incident", started(MONDAY, "narrative-incident"))
    shared = {step.n: step.same_as for step in runs.all[1].steps if step.same_as}
    assert shared == {1: (1, 1), 11: (1, 10)}  # declaring, and their hooks with their review
    assert active(runs.all[1]) == [1, 2]
    both = after((MONDAY, done(1)), (MONDAY, done(10)), runs=runs)
    assert both.all[1].steps[10].status == both.all[0].steps[9].status == "done"


def test_a_shared_step_asks_once_for_what_both_ask() -> None:
    runs = started(MONDAY, "data-leakage", started(MONDAY, "safety-incident"))
    seal = runs.all[0].steps[2].what
    assert isinstance(seal, FileUpload)
    assert [one.id for one in seal.evidence_kinds] == [
        "exchanges", "times", "users", "versions", "configuration",
        "traces", "access_log", "index_state",
    ]  # fmt: skip
    assert runs.all[1].steps[3].same_as == (1, 3)
    assert runs.all[0].book.step(3) != seal
    # Fourteen kinds would be more than can be ticked off in one form.
    third = started(MONDAY, "prompt-injection-tool-abuse", runs).all[2]
    assert third.steps[2].same_as is None


def test_proof_and_answers_of_a_shared_step_count_in_both_runs() -> None:
    runs = started(MONDAY, "data-leakage", started(MONDAY, "safety-incident"))
    proof = f.ProofAdded(run=1, step=3, kind="traces", numbers=(4,))
    answered = f.FieldAnswered(run=1, step=6, field="anchors", text=Words("Awareness, 03:12 UTC"))
    whole = f.FormAnswered(run=1, step=6, edition=1, fields=("anchors",))
    facts = (done(1), proof, done(3), answered, whole, done(6))
    runs = after(*((MONDAY, fact) for fact in facts), runs=runs)
    seal, screen = runs.all[1].steps[3], runs.all[1].steps[5]
    assert (seal.status, seal.proofs) == ("done", {"traces": (4,)})
    assert (screen.status, screen.answers["anchors"].text) == ("done", "Awareness, 03:12 UTC")
    again = f.StepReopened(run=1, step=3, reason=Words("The wrong traces"))
    runs = after((MONDAY, again), runs=runs)
    assert [runs.all[0].steps[2].status, runs.all[1].steps[3].status] == ["active"] * 2


def test_what_was_done_before_is_not_asked_for_again_and_the_rest_is() -> None:
    runs = after((MONDAY, done(1)), runs=started(MONDAY, "data-leakage"))
    began = f.FormAnswered(run=1, step=5, edition=1, fields=("whose",))
    runs = after((MONDAY, began), (MONDAY, done(5)), runs=runs)
    runs = started(MONDAY, "prompt-injection-tool-abuse", runs)
    screen = runs.all[1].steps[6]
    assert (screen.same_as, screen.rest_of) == (None, (1, 5))
    assert isinstance(screen.what, Form)
    left = [one.id for one in screen.what.fields]
    assert left == ["data_left", "regimes", "regimes_off", "anchors", "contracts"]


def test_a_shared_step_begins_as_soon_as_one_runbook_lets_it_and_is_due_when_the_first_says() -> (
    None
):
    later = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    runs = started(MONDAY, "functional-quality-regression")
    runs = started(later, HARM, runs)
    assert runs.all[1].steps[0].same_as == (1, 1)
    assert due(runs, 1, Calendar()) == "2026-11-23 09:10:00"
    slow = started(later, "functional-quality-regression", started(MONDAY, HARM))
    assert due(slow, 1, Calendar()) == "2026-11-23 10:00:00"  # the hour of the first ends first
    soon = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
    quick = started(soon, "functional-quality-regression", started(MONDAY, HARM))
    assert due(quick, 1, Calendar()) == "2026-11-23 09:30:00"  # ten minutes of the second
    bias = started(MONDAY, "safety-incident", started(MONDAY, "bias-spike"))
    assert bias.all[1].steps[5].same_as == (1, 6)
    bias = after((MONDAY, done(1)), runs=bias)
    assert bias.all[0].steps[5].status == bias.all[1].steps[5].status == "active"


def test_what_has_another_key_or_none_is_not_shared() -> None:
    runs = started(MONDAY, "drift-hallucination-spike", started(MONDAY, "bias-spike"))
    assert {one.n for one in runs.all[1].steps if one.same_as} == {2, 11}


def test_a_prerequisite_is_answered_once_for_all_runs_that_ask_it() -> None:
    said = f.PrerequisiteAnswered(run=1, prerequisite="channel", met="yes")
    runs = after((MONDAY, said), runs=started(MONDAY, HARM))
    runs = started(MONDAY, "data-leakage", runs)
    assert runs.all[1].prerequisites["channel"].met == "yes"
    later = f.PrerequisiteAnswered(run=2, prerequisite="overview", met="not_yet")
    runs = after((MONDAY, later), runs=runs)
    assert [run.prerequisites["overview"].met for run in runs.all] == ["not_yet"] * 2
    assert "channel" not in " ".join(runs.all[1].lacking)


def test_an_approval_is_never_shared() -> None:
    runs = started(MONDAY, "safety-incident", started(MONDAY, LEAK))
    assert [one.same_as for one in runs.all[1].steps if one.what.type == "approval"] == [None] * 2


def test_a_run_keeps_the_words_it_began_with() -> None:
    book = library().books[HARM]
    began = beginning.begun(book, Runs())
    run = after((MONDAY, began)).all[0]
    assert run.book == book.runbook
    assert (run.pin.version, len(run.pin.sha256)) == (book.runbook.version, 64)
