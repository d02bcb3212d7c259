"""What happens when a deadline comes near, passes, or is put off?"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from bot.core.facts import Words
from bot.core.facts.people import CallAnswered, PersonCalled
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.tasks import DeadlineReminded, DeadlineSnoozed, DeadlineWaived
from bot.core.facts.updates import UpdatePosted
from bot.core.outcome import Outcome
from bot.features.sla import rules
from runbooks.paging import Rung
from runbooks.span import Span
from tests.features.sla.clockwork import Clockwork, ladder
from tests.features.values import NOW, POLICY, declared

UPDATE_DUE = NOW + timedelta(minutes=15)
ACCEPTED = RoleAccepted(role="ic", person="UIDRIS")


PEOPLE = ladder(
    Rung(after=Span.read("PT5M"), people=("USAFETY",)),
    Rung(after=Span.read("PT15M"), group="SEXEC"),
)


def test_an_update_that_nobody_posts_walks_through_every_stage() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.wait(45, only="update")
    assert room.reminded() == [
        (11.25, "soon", 0),
        (15, "due", 0),
        (18.75, "overdue", 0),
        (20.75, "climbed", 1),
        (30.75, "climbed", 2),
    ]
    assert room.called() == [(20.75, "person USAFETY"), (30.75, "group SEXEC")]


def test_what_is_still_owed_at_the_end_of_the_ladder_is_said_again_each_half_hour() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.wait(125, only="update")
    assert room.reminded()[5:] == [
        (60.75, "overdue", 2),
        (90.75, "overdue", 2),
        (120.75, "overdue", 2),
    ]
    assert len(room.called()) == 2
    said = [one.content.text for at, one in room.posts if at > 60]
    assert [one.split(" is still")[0] for one in said] == ["<@UIDRIS> Status update"] * 3


def test_what_somebody_is_on_is_said_again_and_wakes_nobody_else() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.wait(21, only="update")
    room.record(CallAnswered(call=1, by="USAFETY"), "USAFETY")
    room.wait(60, only="update")
    assert room.reminded()[4:] == [(50.75, "overdue", 1), (80.75, "overdue", 1)]
    assert len(room.called()) == 1


def test_what_is_overdue_together_is_said_again_in_one_message() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.wait(200)
    again = [(at, one) for at, one in room.posts if "is still owed" in one.content.text]
    assert any(one.content.text.count("is still owed") > 1 for _, one in again)
    ended = [at for at, _ in again]
    assert all(later - earlier >= 10 for earlier, later in pairwise(ended))


def test_what_came_to_be_owed_late_is_no_outage() -> None:
    room = Clockwork(declared(severity="SEV2", rank=2), ACCEPTED)
    room.sleep(120)
    room.record(SeverityChanged(severity="SEV0", rank=0, reason=Words("a child")))
    room.sleep(1)
    for name in ("mitigate", "classify"):
        for fact in room.ring(name).facts:
            assert isinstance(fact, DeadlineReminded)
            assert fact.late_seconds == 0


def test_due_soon_is_only_remembered() -> None:
    room = Clockwork(declared())
    room.sleep(12)
    (fact,) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert (fact.stage, fact.is_posted, fact.mentioned) == ("soon", False, ())
    assert room.posts == []


def test_what_is_due_begins_a_thread_that_names_whoever_owes_it() -> None:
    room = Clockwork(declared(), ACCEPTED, RoleAccepted(role="comms", person="UJUN"))
    room.sleep(12)
    room.ring("update")
    room.sleep(3)
    (fact,) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert (fact.stage, fact.mentioned, fact.is_posted) == ("due", ("UJUN",), True)
    assert fact.late_seconds == 0
    assert room.posts == []  # the beginning of the thread is a slot


def test_an_alarm_too_early_or_for_what_was_met_meanwhile_changes_nothing() -> None:
    room = Clockwork(declared())
    assert room.ring("update") == Outcome()
    assert room.ring("nothing of the kind") == Outcome()
    room.sleep(14)
    room.record(UpdatePosted(number=1, harm="unknown"))
    room.sleep(2)
    assert room.ring("update") == Outcome()


def test_after_an_outage_one_reminder_says_how_late_it_is() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.sleep(150)
    (fact,) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert (fact.stage, fact.late_seconds) == ("overdue", 135 * 60)
    assert room.ring("update") == Outcome()
    room.wait(30, only="update")
    assert room.reminded() == [
        (150, "overdue", 0),
        (152, "climbed", 1),
        (162, "climbed", 2),
    ]


def test_a_second_update_that_is_missed_climbs_the_ladder_again() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    room.wait(60, only="update")
    room.record(UpdatePosted(number=1, harm="unknown"))
    room.wait(60, only="update")
    assert room.called() == [
        (20.75, "person USAFETY"),
        (30.75, "group SEXEC"),
        (80.75, "person USAFETY"),
        (90.75, "group SEXEC"),
    ]
    about = [one.fact.about for one in room.log if isinstance(one.fact, PersonCalled)]
    assert about == [
        "status update is overdue",
        "status update is overdue",
        "status update is overdue, since 2026-11-21 04:27 UTC",
        "status update is overdue, since 2026-11-21 04:27 UTC",
    ]


def test_whoever_is_called_up_the_ladder_is_named_in_the_thread() -> None:
    habits = POLICY.habits.model_copy(update={"mentions": 4})
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE.model_copy(update={"habits": habits}))
    room.wait(45, only="update")
    assert [(at, one.to, one.content.text.split()[0]) for at, one in room.posts] == [
        (18.75, "room/12", "<@UIDRIS>"),
        (20.75, "room/12", "<@USAFETY>"),
        (30.75, "room/12", "<!subteam^SEXEC>"),
    ]
    assert {one.thread for _, one in room.posts} == {"deadline/12/update/20261121T032730"}
    assert len({one.name for _, one in room.posts}) == 3


def test_a_nudge_leaves_a_mention_for_what_comes_due_later() -> None:
    room = Clockwork(declared(), ACCEPTED)
    room.wait(19, only="update")
    assert room.reminded()[-1] == (18.75, "overdue", 0)
    assert room.posts == []
    room = Clockwork(declared(), ACCEPTED)
    room.wait(16, only="update")
    room.record(RoleAccepted(role="comms", person="UJUN"))  # not named yet by anything
    room.wait(3, only="update")
    assert [one.content.text.split()[0] for _, one in room.posts] == ["<@UJUN>"]


def test_a_role_of_the_ladder_that_nobody_holds_or_is_known_for_is_recorded() -> None:
    room = Clockwork(
        declared(), ACCEPTED, policy=ladder(Rung(after=Span.read("PT5M"), role="sponsor"))
    )
    room.wait(25, only="update")
    assert room.called() == [(20.75, "role sponsor")]
    assert room.posts == []  # there is nobody to name


def test_nobody_is_named_more_often_than_the_policy_allows() -> None:
    room = Clockwork(declared(), ACCEPTED)
    room.wait(30)
    named = [
        person
        for one in room.log
        if isinstance(one.fact, DeadlineReminded)
        for person in one.fact.mentioned
    ]
    assert named
    # The summary that was pinned names whoever commands: one of their mentions.
    assert named.count("UIDRIS") <= POLICY.habits.mentions - 1


def test_the_room_gets_no_more_reminders_than_there_is_room_for() -> None:
    room = Clockwork(declared(), ACCEPTED, policy=PEOPLE)
    window = POLICY.habits.mention_window
    for place in range(rules.POSTS):
        name = f"other/{place}"
        room.record(
            DeadlineReminded(name=name, label=name, due_at=NOW, stage="due", is_posted=True)
        )
    room.sleep(15)
    (fact,) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert fact.mentioned == ()
    room.now = NOW + window + timedelta(seconds=1)
    (fact, *_) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert fact.mentioned == ("UIDRIS",)


def test_an_offer_nobody_answers_is_asked_for_privately_and_then_told_the_command() -> None:
    offer = RoleOffered(role="comms", person="UJUN")
    room = Clockwork(declared(), ACCEPTED, offer, policy=PEOPLE)
    room.wait(10, only="role/comms")
    assert room.reminded("role/comms") == [(5, "due", 0), (7, "overdue", 0), (10, "climbed", 1)]
    assert [(at, one.to) for at, one in room.posts] == [
        (5, "person/UJUN"),
        (7, "person/UIDRIS"),
    ]
    assert room.called() == [(10, "person USAFETY")]


def test_whoever_commands_is_not_told_that_they_have_not_answered() -> None:
    room = Clockwork(declared(), ACCEPTED, RoleOffered(role="comms", person="UIDRIS"))
    room.wait(8, only="role/comms")
    assert [(at, one.to) for at, one in room.posts] == [(5, "person/UIDRIS")]


def test_a_test_climbs_without_calling_anybody() -> None:
    room = Clockwork(declared(is_test=True), ACCEPTED, policy=PEOPLE)
    room.wait(25, only="update")
    calls = [one.fact for one in room.log if isinstance(one.fact, PersonCalled)]
    assert [one.via for one in calls] == ["nobody"]
    assert not any("USAFETY" in one.content.text for _, one in room.posts)


def test_a_snoozed_deadline_walks_again_from_its_new_time() -> None:
    room = Clockwork(declared(), ACCEPTED)
    room.wait(16, only="update")
    until = NOW + timedelta(minutes=60)
    room.record(DeadlineSnoozed(name="update", until=until, reason=Words("lab"), due_at=UPDATE_DUE))
    room.wait(50, only="update")
    assert room.reminded() == [
        (11.25, "soon", 0),
        (15, "due", 0),
        (45, "soon", 0),
        (60, "due", 0),
    ]


def test_a_waived_deadline_is_silent_and_the_cadence_goes_on() -> None:
    room = Clockwork(declared(), ACCEPTED)
    room.record(DeadlineWaived(name="update", due_at=UPDATE_DUE, reason=Words("drill")))
    room.wait(30, only="update")
    assert room.reminded() == [(26.25, "soon", 0), (30, "due", 0)]


def test_reminders_stay_as_late_as_the_literal_clock_says() -> None:
    room = Clockwork(declared())
    room.sleep(17)
    (fact,) = room.ring("update").facts
    assert isinstance(fact, DeadlineReminded)
    assert fact.late_seconds == 0  # two minutes are not worth a word
    assert fact.due_at == datetime.fromisoformat("2026-11-21T03:27:30.123456+00:00")
