"""Which button and form add files to a step?"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping

from bot.core import disclosure, ids
from bot.core.evidence import Evidence
from bot.core.facts.evidence import FileAwaited
from bot.core.messages import Call, Content
from bot.core.outcome import Person, Refused
from bot.core.preserving import Labels, Place, SlackFile
from bot.core.runs import acts, questions
from bot.core.runs.model import Runs
from bot.engine import Asked, Done, Existing, NotWritten
from bot.features.proofs import blocks, rules
from bot.slack import questions as asked
from bot.slack import steps
from bot.slack.effects import permalink
from bot.slack.files import named
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Event, Press, Submit
from runbooks.steps import FileUpload

_SAID = ("", "thread_broadcast", "file_share")


def register(desk: Desk) -> None:
    """Take the button and the form."""
    way = _Way(desk)
    desk.button("step_file_upload", way.opened)
    desk.submit("proof", way.added)
    for place in range(blocks.MOST_KINDS):
        desk.button(f"proof_kind_{place}", way.sorted)
    desk.event("message", _Thread(desk, way).message)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.mine(self._desk, press)
        if not isinstance(step.what, FileUpload):
            raise Refused("This step takes no files. Open it on the checklist.")
        case = await self._desk.inside(incident.number, press.person)
        known = await self._desk.people.look_up([press.person])
        person, policy = known.get(press.person, Person(press.person)), self._engine.policy
        every = case.states.of(Evidence).all
        seen = tuple(
            one
            for one in every
            if disclosure.sees(incident, one, person, policy) and not (one.erased_at or one.missed)
        )
        shown = self._engine.shown(case)
        modal = blocks.add_modal(shown, run, step, step.what, (press.person, seen))
        return await self._desk.open_modal(press.trigger_id, modal)

    async def added(self, submit: Submit) -> Reply:
        number = int(submit.about["number"])
        step = await steps.sent(self._desk, submit)
        chosen = named(submit.inputs.get("files", {}).get("files") or ())
        files = await self.reserved(number, chosen)
        custodian = submit.person_chosen("custodian")
        request = rules.Proof(
            at=steps.at(submit),
            kind=submit.choice("kind"),
            files=files,
            numbers=tuple(sorted(int(one) for one in submit.choices("items") if one.isdigit())),
            labels=Labels(
                label=submit.choice("label"), custodian=custodian, note=submit.text("note")
            ),
            is_redacted=bool(submit.choices("redacted")),
            is_all=bool(submit.choices("all")),
            values=asked.read(questions.asked(step), submit.inputs),
        )
        async with self.settling(number, files) as settle:
            settle(await steps.carry_out(self._desk, rules.add, request, submit, [custodian]))
        return None

    async def sorted(self, press: Press) -> Reply:
        """Somebody says what it is that they put into a step's thread."""
        value = json.loads(press.value)
        at = (int(value["run"]), int(value["step"]))
        request = rules.Sort(at, tuple(map(int, value["items"])), str(value["kind"]))
        number = int(value["number"])
        await self._desk.inside(number, press.person)
        known = await self._desk.people.look_up([press.person])
        asked = Asked(press.key, press.person, known)
        await self._engine.carry_out(rules.sort, request, Existing(number), asked)
        return None

    @contextlib.asynccontextmanager
    async def settling(
        self, number: int, files: tuple[SlackFile, ...]
    ) -> AsyncIterator[Callable[[Done], None]]:
        """Fetch what is on record then, and give up the places of what is not."""
        kept: set[str] = set()

        def settle(done: Done) -> None:
            kept.update(self._fetched(number, done))

        try:
            yield settle
        except NotWritten:  # it may be on record: a round lets go of what no fact speaks of
            kept.update(one.item for one in files)
            raise
        finally:
            for one in files:
                if one.item not in kept:
                    await self._desk.files.forget(one.item)

    def _fetched(self, number: int, done: Done) -> list[str]:
        """The places of what is on record now; its bytes are on their way."""
        awaited = [fact for fact in done.facts if isinstance(fact, FileAwaited)]
        for fact in awaited if not done.is_replay else ():
            self._desk.fetch(number, fact)
        return [fact.item for fact in awaited]

    async def reserved(self, number: int, chosen: Mapping[str, str]) -> tuple[SlackFile, ...]:
        """A place in the vault for each of these files, by their ids and names."""
        chain, now = ids.chain(number), self._engine.now()
        return tuple(
            [
                SlackFile(file_id, name, await self._desk.files.reserve(chain, now))
                for file_id, name in chosen.items()
            ]
        )


class _Thread:
    """Files that people put into the thread of a step."""

    def __init__(self, desk: Desk, way: _Way) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._way = way

    async def message(self, event: Event) -> Reply:
        """Take them for the step, and say privately what cannot be taken.

        Raises:
            NotWritten: it could not be kept; Slack sends it again.
        """
        chosen = named(event.event.get("files") or ())
        is_said = event.subtype in _SAID and event.person and not event.event.get("bot_id")
        if not (chosen and is_said and event.thread_ts):
            return None
        number = await self._engine.incident_in(event.channel_id)
        at = await self._step(number, event) if number is not None else None
        if number is None or at is None:
            return None
        try:
            await self._take(number, at, chosen, event)
        except Refused as refused:
            await self._tell(event, f"Your files are not with this step. {refused}")
        return None

    async def _take(
        self, number: int, at: tuple[int, int], chosen: Mapping[str, str], event: Event
    ) -> None:
        known = await self._desk.people.look_up([event.person])
        link = permalink(self._desk.me.team_url, event.channel_id, event.ts)
        place = Place(event.channel_id, event.ts, link, event.person)
        files = await self._way.reserved(number, chosen)
        asked = Asked(f"{event.key} proof", event.person, known)
        request = rules.Drop(at, files, place, event.text)
        async with self._way.settling(number, files) as settle:
            settle(await self._engine.carry_out(rules.drop, request, Existing(number), asked))

    async def _step(self, number: int, event: Event) -> tuple[int, int] | None:
        """The step that takes files, under whose message this stands; None elsewhere."""
        case = await self._engine.case(number)
        for run in case.states.of(Runs).all if case else ():
            for step in run.steps:
                if case and isinstance(step.what, FileUpload):
                    root = await self._engine.message_of(acts.thread(case.incident, run, step))
                    if root == (event.channel_id, event.thread_ts):
                        return run.number, step.n
        return None

    async def _tell(self, event: Event, sentence: str) -> None:
        """Say it to whoever sent it alone, in the thread."""
        arguments = {
            "channel": event.channel_id,
            "person": event.person,
            "thread_ts": event.thread_ts,
            **Content(sentence).to_json(),
        }
        await self._engine.owe([Call(f"whisper {event.key} proof", "whisper", arguments)])
