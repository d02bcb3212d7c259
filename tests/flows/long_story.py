"""What do six people do in 95 minutes, from the declare to the close?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.sandbox.model import Message
from tests.flows.deciding import press
from tests.flows.story import TITLE
from tests.room import ELENA, EXEC, IDRIS, INCIDENTS, JUN, MARA, NOOR, SAM, Room, until

TUESDAY = 1
Step = Callable[["Story"], Awaitable[None]]


def next_tuesday(now: datetime) -> datetime:
    """The next Tuesday, 10:00 in UTC, at least half a day ahead: a working day like any other."""
    later = now + timedelta(hours=12)
    day = later + timedelta(days=(TUESDAY - later.weekday()) % 7 or 7)
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


class Story:
    """The room, and how far its people have come."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.began = room.clock.now()
        self.minute = 0
        self.switch_off: Message | None = None

    async def play(self) -> None:
        """Do every step at its minute; what is due in between rings at the next full minute."""
        room = self.room
        await room.pass_time(seconds=_left(room, next_tuesday(room.clock.now())))
        self.began = room.clock.now().replace(second=0, microsecond=0)
        for minute, step in STEPS.items():
            await self._wait(minute)
            await step(self)
            await room.settled()

    async def _wait(self, minute: int) -> None:
        while self.minute < minute:
            self.minute += 1
            await self.room.pass_time(seconds=self._until(self.minute))
        # What steps make due falls beside the full minute, so that it rings at the one after.
        await self.room.pass_time(seconds=self._until(minute) + 5)

    def _until(self, minute: int) -> float:
        return _left(self.room, self.began + timedelta(minutes=minute))

    @property
    def channel(self) -> str:
        """The room's channel."""
        return self.room.channel(1).id

    async def type(self, person: str, line: str) -> str:
        """Type a command in the room; what it answered."""
        return await self.room.type(person, self.channel, f"/incident {line}")

    async def submit(self, person: str, line: str, **values: object) -> None:
        """Type a command that opens a form, fill it in and send it."""
        form = await self.room.form(person, f"/incident {line}", self.channel)
        assert await form.submit(**values) == {}

    async def press(self, person: str, action_id: str) -> str:
        """Press the newest such button in the room."""
        return await self.room.press(person, self.channel, action_id)

    async def say(self, person: str, words: str) -> Message:
        """Say something in the room."""
        return await self.room.sandbox.as_person(person).say(self.channel, words)

    def recorded(self, kind: str) -> int:
        """How many facts of a kind there are."""
        return sum(fact.kind == kind for fact in self.room.facts(1))

    async def decide_by_reaction(self, person: str, words: str) -> None:
        """Say something, and mark it as a decision."""
        before = self.recorded("DecisionRecorded")
        said = await self.say(person, words)
        await self.room.sandbox.as_person(MARA).react(self.channel, said.ts, "scroll")
        await until(lambda: self.recorded("DecisionRecorded") == before + 1)


def _left(room: Room, moment: datetime) -> float:
    return max(0.0, (moment - room.clock.now()).total_seconds())


async def declared(story: Story) -> None:
    """Mara declares; safety, comms and legal are called."""
    await story.room.declare(TITLE, severity="SEV1")


async def answered(story: Story) -> None:
    """Those who were called accept, and Noor comes in from support."""
    await story.press(MARA, "take_command")
    for person in (IDRIS, JUN, ELENA):
        await story.room.press_direct(person, "accept_role")
    await story.type(MARA, "take model")
    await story.type(IDRIS, "take technical")
    await story.room.press(NOOR, INCIDENTS, "join")


async def switched_off(story: Story) -> None:
    """The first decision is a message of Idris."""
    story.switch_off = await story.say(IDRIS, "We switch the dosage answers off")
    hands = story.room.sandbox.as_person(MARA)
    await hands.use_message_shortcut(story.channel, story.switch_off.ts, "record_decision")
    await press(story.room, MARA, "decision_more")
    assert await story.room.open_form(MARA).submit(why="Harm goes on") == {}


async def first_update(story: Story) -> None:
    """Jun tells the others, before the first update is due."""
    values = {"happened": "Adult doses for children", "impact": "40 chats", "confidence": "low"}
    await story.submit(JUN, "update", harm="ongoing", **values)


async def classified(story: Story) -> None:
    """Idris says what it is, Mara whom it hurts, and Noor writes for the room."""
    await story.submit(IDRIS, "classify", bucket="model", failure_mode="hallucination")
    await story.submit(
        MARA,
        "impact",
        harmed="patients",
        how_many="40",
        harm_kinds=["physical"],
        loss="nothing",
        data_types=["nothing"],
    )
    await story.type(MARA, f"role scribe <@{NOOR}>")
    await story.room.settled()
    await story.room.press_direct(NOOR, "accept_role")


async def two_by_reaction(story: Story) -> None:
    """Two messages become decisions by a reaction."""
    await story.decide_by_reaction(IDRIS, "We roll back to 4.1")
    await story.decide_by_reaction(JUN, "Support says nothing about doses")


async def raised(story: Story) -> None:
    """It is worse than it looked."""
    await story.type(MARA, "severity sev0 because a child was given a dose")


async def raised_answered(story: Story) -> None:
    """Whom the higher severity called accept."""
    await story.room.press_direct(SAM, "accept_role")
    await story.room.press_direct(ELENA, "accept_role")


async def paged(story: Story) -> None:
    """Noor is called and does not answer."""
    await story.type(MARA, f"page <@{NOOR}> call the hospital back")


async def asked(story: Story) -> None:
    """An executive asks, and Idris gets a task."""
    await story.room.press(SAM, EXEC, "ask_asked")
    assert await story.room.open_form(SAM).submit(question="How many children?") == {}
    await story.type(MARA, f"task <@{IDRIS}> pull the 40 chats in 40 min")


async def late_update(story: Story) -> None:
    """The second update comes late; it answers the executive."""
    await story.submit(
        JUN, "update", happened="The dosage answers are off", answer_1="One that we know of"
    )


async def call_answered(story: Story) -> None:
    """Noor is back, and Sam decides what only Sam may."""
    await story.room.press_direct(NOOR, "answer_call")
    await story.submit(SAM, "decision The feature stays off for a week")


async def mitigated(story: Story) -> None:
    """The rollback holds."""
    await story.submit(
        MARA, "mitigated Rolled back to 4.1", exposed="nobody", measure="0 of 50 probes"
    )


async def quick_update(story: Story) -> None:
    """The third update, in one line."""
    await story.type(JUN, "update 4.1 is live, 0 of 50 probes are bad")


async def command_handed(story: Story) -> None:
    """The first handoff: Mara to Idris, who accepts."""
    await story.type(MARA, f"handoff ic <@{IDRIS}> The vendor answers at 11:00")
    await story.room.settled()
    await story.room.press_direct(IDRIS, "accept_role")


async def lowered(story: Story) -> None:
    """It is not as bad any more, and the first decision is made clearer."""
    await story.type(IDRIS, "severity sev1 because nobody is exposed any more")
    assert story.switch_off
    hands = story.room.sandbox.as_person(IDRIS)
    await hands.use_message_shortcut(story.channel, story.switch_off.ts, "record_decision")
    await press(story.room, IDRIS, "decision_amend")
    assert await story.room.open_form(IDRIS).submit(text="We switch all dosage answers off") == {}


async def no_change(story: Story) -> None:
    """Nothing is new, and one tap says so."""
    await story.press(JUN, "update_no_change")


async def more_decisions(story: Story) -> None:
    """Two decisions are typed."""
    await story.submit(IDRIS, "decision We test 200 more probes")
    await story.submit(ELENA, "decision We tell the regulator today")


async def snoozed(story: Story) -> None:
    """The canary needs longer than the next update."""
    await story.type(IDRIS, "snooze 10m because the canary runs")


async def source_deleted(story: Story) -> None:
    """The message behind the first decision is taken away; a task is done."""
    assert story.switch_off
    await story.room.sandbox.as_person(IDRIS).delete(story.channel, story.switch_off.ts)
    await until(lambda: story.recorded("SourceDeleted") == 1)
    await story.type(IDRIS, "task done 1")


async def comms_handed(story: Story) -> None:
    """The sixth update; comms goes on with Noor, the second handoff."""
    await story.type(JUN, "update The canary is clean, 0 of 200 probes are bad")
    await story.type(JUN, f"handoff comms <@{NOOR}> The hospital wants a letter")
    await story.room.settled()
    await story.room.press_direct(NOOR, "accept_role")


async def resolved(story: Story) -> None:
    """It seems to be over."""
    stopped = story.began + timedelta(minutes=30)
    await story.submit(IDRIS, "fill", harm="stopped", harm_stopped_at=stopped)
    await story.type(IDRIS, "resolve 0 of 200 probes are bad")


async def reopened(story: Story) -> None:
    """It said it again."""
    await story.type(IDRIS, "reopen one more chat was found")
    await story.submit(IDRIS, "decision We purge the cache")


async def last_update(story: Story) -> None:
    """The last decisions, and the last update."""
    await story.submit(NOOR, "decision Support writes the letter")
    await story.submit(MARA, "decision The rollback stays until the review")
    await story.type(NOOR, "update The cache is purged, 0 of 400 probes are bad")


async def closed(story: Story) -> None:
    """Resolved again, and closed for good."""
    await story.type(IDRIS, "resolve the cache was the rest of it")
    await story.room.settled()
    await story.type(IDRIS, "close the review is booked")


STEPS: Mapping[int, Step] = {
    0: declared,
    1: answered,
    2: switched_off,
    4: first_update,
    6: classified,
    8: two_by_reaction,
    10: raised,
    11: raised_answered,
    12: paged,
    17: asked,
    28: late_update,
    30: call_answered,
    31: mitigated,
    34: quick_update,
    37: command_handed,
    40: lowered,
    46: more_decisions,
    56: no_change,
    60: snoozed,
    64: source_deleted,
    82: no_change,
    84: comms_handed,
    86: resolved,
    88: reopened,
    91: last_update,
    95: closed,
}
