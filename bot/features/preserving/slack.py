"""Which shortcuts and commands preserve something, and who fetches the files?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot.cases import Case
from bot.core import ids, rights
from bot.core.blockkit import notice
from bot.core.evidence import Evidence
from bot.core.facts.evidence import EvidencePreserved, FileAwaited, SnapshotAwaited
from bot.core.incident import OPEN
from bot.core.outcome import Refused
from bot.core.preserving import Bytes, Labels, Place, Preserve, SlackFile
from bot.engine import Asked, Done, Existing
from bot.features.preserving import blocks, rules
from bot.reads import NotWritten
from bot.slack.effects import permalink
from bot.slack.files import STAGED, named
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, MessageShortcut, Submit

_GOING = (*OPEN, "resolved")
_OPTIONS, _FILES = 100, 10  # of a select and of checkboxes, Slack's limits
_LINK = re.compile(r"^<?(https?://[^\s|<>]+)(?:\|[^<>]*)?>?")  # Slack puts links into brackets
_ROUND_SECONDS = 300.0
_LEFT_AFTER = timedelta(minutes=5)  # what nobody brought by then, another process began
_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Take the shortcut, the verb and the form of this feature."""
    form = _Form(desk)
    desk.message_shortcut("preserve_evidence", form.from_message)
    usage = "preserve link or text"
    desk.verb(Verb("preserve", usage, "put something into the vault as evidence", form.typed))
    desk.submit("evidence", form.submitted)


class _Form:
    """The form, from the message or the words it is opened with to the facts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._files = desk.files

    async def from_message(self, shortcut: MessageShortcut) -> Reply:
        here = await self._engine.incident_in(shortcut.channel_id)
        cases = await self._meant(here, shortcut.person)
        place = {"channel": shortcut.channel_id, "ts": shortcut.message_ts}
        link = permalink(self._desk.me.team_url, shortcut.channel_id, shortcut.message_ts)
        record: dict[str, Any] = {
            "source": "message",
            "text": shortcut.text,
            "files": dict(list(named(shortcut.files).items())[:_FILES]),
            "place": {**place, "permalink": link, "author": shortcut.author},
        }
        choices = cases if here is None else []
        return await self._open(shortcut.trigger_id, (here, shortcut.person), record, choices)

    async def typed(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        rights.require_going(case.incident)
        if not ids.has_words(words):
            raise Refused(
                f"Say what, for example `{self._desk.command} preserve https://...`, or choose "
                "Preserve as evidence in a message's menu."
            )
        source = "link" if _LINK.match(words) else "text"
        words = _LINK.sub(r"\1", words, count=1)
        record: dict[str, Any] = {"source": source, "text": words, "files": {}, "place": None}
        return await self._open(command.trigger_id, (number, command.person), record, [])

    async def submitted(self, submit: Submit) -> Reply:
        number = int(submit.about["number"] or submit.choice("incident") or 0)
        await self._desk.inside(number, submit.person)
        record = await self._staged(submit)
        request = await self._request(submit, record, number)
        items = [file.item for file in request.files]
        items += [request.bytes.item] if request.bytes else []
        items += [request.snapshot] if request.snapshot else []
        try:
            done = await self._carry_out(request, number, submit)
        except Refused:  # else it may be on record: a round lets go of what no fact speaks of
            await self._let_go(items)
            raise
        told = await self._settled(done, number, items, submit)
        self._snap(done, number, record["text"])
        return Page(notice("Evidence", told))

    async def _request(self, submit: Submit, record: Mapping[str, Any], number: int) -> Preserve:
        """What is asked for, with the words in the vault and places for what is to be fetched."""
        kept, files, now = None, dict(record["files"]), self._engine.now()
        ticked = submit.choices("files")
        chain = ids.chain(number)
        if record["text"]:
            kept = await self._files.keep(chain, record, now)
        reserved = [
            SlackFile(file_id, name, await self._files.reserve(chain, now))
            for file_id, name in files.items()
            if file_id in ticked
        ]
        is_snapped = record["source"] == "link" and self._engine.policy.evidence.links.is_fetched
        return Preserve(
            source=record["source"],
            labels=_labels(submit),
            place=Place(**record["place"]) if record["place"] else None,
            text=record["text"] or None,
            bytes=Bytes(kept.item, kept.sha256, kept.size_bytes) if kept else None,
            files=tuple(reserved),
            is_here=bool(submit.about["number"]),
            snapshot=await self._files.reserve(chain, now) if is_snapped else None,
        )

    async def _meant(self, here: int | None, person: str) -> list[Case]:
        if here is not None:
            case = await self._desk.inside(here, person)
            rights.require_going(case.incident)
            return [case]
        cases = await self._engine.cases(_GOING)
        mine = [case for case in cases if person in case.incident.people][:_OPTIONS]
        if not mine:
            raise Refused("You are in no open incident. Enter its room, then try again.")
        return mine

    async def _open(
        self,
        trigger_id: str,
        by: tuple[int | None, str],
        record: Mapping[str, Any],
        choices: Sequence[Case],
    ) -> Reply:
        """Open the form; a message may be longer than a form carries, so it waits in the vault."""
        number, person = by
        now = self._engine.now()
        whole = {**record, "by": person, "at": now.isoformat()}
        staged = await self._files.keep(STAGED, whole, now)
        about = {"number": number, "staged": staged.item, "by": person}
        about |= {"is_link": record["source"] == "link"}
        policy, incidents = self._engine.policy, [case.incident for case in choices]
        view = blocks.preserve_modal(about, policy, record["text"], record["files"], incidents)
        return await self._desk.open_modal(trigger_id, view)

    async def _staged(self, submit: Submit) -> dict[str, Any]:
        late = "This form was open for too long. Nothing was preserved; open it again."
        try:
            record = await self._files.record(str(submit.about.get("staged")))
        except NotWritten as error:
            raise Refused(late) from error
        if record.get("by") != submit.person:
            raise Refused(late)
        return record

    async def _carry_out(self, request: Preserve, number: int, submit: Submit) -> Done:
        custodian = submit.person_chosen("custodian") or submit.person
        people = await self._desk.people.look_up({submit.person, custodian})
        asked = Asked(submit.key, submit.person, people)
        return await self._engine.carry_out(rules.preserve, request, Existing(number), asked)

    async def _settled(self, done: Done, number: int, items: Sequence[str], submit: Submit) -> str:
        """See to what is on record now: fetch, and let go of what is not; what the person reads."""
        taken: list[tuple[int, str | None]] = []
        kept: set[str] = set()
        for fact in done.facts:
            if isinstance(fact, FileAwaited):
                taken.append((fact.number, None))
                kept.add(fact.item)
                self._desk.fetch(number, fact)
            elif isinstance(fact, SnapshotAwaited):
                kept.add(fact.item)
            elif isinstance(fact, EvidencePreserved):
                taken.append((fact.number, fact.sha256))
                if fact.is_raw_kept:
                    kept.add(fact.item)
                else:
                    await self._files.destroy(fact.item)
        spare = [item for item in items if item not in kept]
        in_facts = {getattr(fact, "item", None) for fact in done.facts}
        await self._let_go([item for item in spare if item not in in_facts])
        await self._let_go([str(submit.about["staged"])])
        return blocks.taken(
            taken, is_snapped=any(isinstance(f, SnapshotAwaited) for f in done.facts)
        )

    def _snap(self, done: Done, number: int, said: str) -> None:
        for fact in done.facts:
            one = isinstance(fact, SnapshotAwaited) and done.case.states.of(Evidence).find(
                fact.number
            )
            if one:
                self._desk.snap(number, one, said)

    async def _let_go(self, items: Sequence[str]) -> None:
        """What stands in no fact; what cannot be let go of now goes with the next round."""
        for item in items:
            try:
                await self._files.forget(item)
            except NotWritten as error:
                _log.warning("evidence.not_let_go", reason=str(error))


def _labels(submit: Submit) -> Labels:
    return Labels(
        kind=submit.choice("kind"),
        label=submit.choice("label"),
        custodian=submit.person_chosen("custodian"),
        note=submit.text("note"),
        contact=submit.text("contact"),
        unmasked=submit.choices("unmasked"),
        is_raw_kept=submit.choice("raw") != "hash",
    )
