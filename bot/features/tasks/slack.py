"""Which commands, buttons and forms give and end tasks?"""

from __future__ import annotations

from datetime import datetime

from bot.core import mentions, times
from bot.core.messages import Content
from bot.core.outcome import Person, Refused, Rule
from bot.engine import Asked, Done, Existing
from bot.features.tasks import blocks, rules
from bot.features.tasks.state import Tasks
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, MessageShortcut, Press, Submit


def register(desk: Desk) -> None:
    """Take the verbs, the shortcut, the button and the form."""
    entry = _Entry(desk)
    desk.verb(
        Verb("task", "task @someone words by 04:30", "`task done 3`, `task reassign 3 @x`",
             entry.task, ("todo",))
    )  # fmt: skip
    desk.verb(Verb("tasks", "tasks", "what is to be done, and what is done", entry.tasks))
    desk.message_shortcut("make_task", entry.from_message)
    desk.button("task_done", entry.done_by_button)
    desk.submit("task", entry.submitted)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def task(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        first, _, rest = words.partition(" ")
        if not words:
            await self._desk.inside(number, command.person)
            return await self._desk.open_modal(
                command.trigger_id, blocks.task_modal(number, "", None)
            )
        if first == "done":
            return await self._finish(number, _number(rest), command)
        if first in {"reassign", "give"} and rest[:1].isdigit():
            return await self._reassign(number, rest, command)
        people, spoken = mentions.people(words)
        zone = await self._zone(command.person)
        text, due_at = self._by(spoken, zone)
        request = rules.Give(text, people[0] if people else None, due_at)
        done = await self._carry_out(rules.give, request, number, command, people)
        return blocks.given(done.case.states.of(Tasks).all[-1], zone)

    async def _finish(self, number: int, task: int, by: Command | Press) -> Reply:
        await self._carry_out(rules.finish, task, number, by)
        return Content(f"Task {task} is done.")

    async def _reassign(self, number: int, words: str, command: Command) -> Reply:
        people, spoken = mentions.people(words)
        word, _, rest = spoken.partition(" ")
        zone = await self._zone(command.person)
        _, due_at = self._by(rest, zone) if rest else ("", None)
        request = rules.Reassign(_number(word), people[0] if people else None, due_at)
        done = await self._carry_out(rules.reassign, request, number, command, people)
        task = done.case.states.of(Tasks).find(request.number)
        return blocks.given(task, zone) if task else None

    async def tasks(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        return blocks.task_list(self._engine.shown(case))

    async def from_message(self, shortcut: MessageShortcut) -> Reply:
        number = await self._engine.incident_in(shortcut.channel_id)
        if number is None:
            raise Refused("Tasks belong to an incident: use this in its room.")
        await self._desk.inside(number, shortcut.person)
        link = permalink(self._desk.me.team_url, shortcut.channel_id, shortcut.message_ts)
        modal = blocks.task_modal(number, shortcut.text, link)
        return await self._desk.open_modal(shortcut.trigger_id, modal)

    async def submitted(self, submit: Submit) -> Reply:
        owner = submit.person_chosen("owner")
        request = rules.Give(
            submit.text("text") or "",
            owner,
            submit.moment("due_at"),
            submit.about.get("permalink"),
        )
        number = int(submit.about["number"])
        people = (owner,) if owner else ()
        done = await self._carry_out(rules.give, request, number, submit, people)
        zone = await self._zone(submit.person)
        said = blocks.given(done.case.states.of(Tasks).all[-1], zone)
        return Page(self._desk.notice(said.text))

    async def done_by_button(self, press: Press) -> Reply:
        number, _, task = press.value.partition("/")
        return await self._finish(int(number), int(task), press)

    def _by(self, words: str, zone: str) -> tuple[str, datetime | None]:
        try:
            spoken = times.by(words, self._engine.now(), zone)
        except ValueError as error:
            raise Refused(str(error)) from error
        return spoken.words, spoken.at

    async def _zone(self, person: str) -> str:
        known = await self._desk.people.look_up([person])
        return known.get(person, Person(person)).tz

    async def _carry_out(
        self,
        rule: Rule,
        request: object,
        number: int,
        by: Command | Press | Submit,
        people: tuple[str, ...] = (),
    ) -> Done:
        known = await self._desk.people.look_up(people)
        asked = Asked(by.key, by.person, known)
        return await self._engine.carry_out(rule, request, Existing(number), asked)


def _number(word: str) -> int:
    first = word.strip().split(" ")[0] if word.strip() else ""
    if not first.isascii() or not first.isdigit() or len(first) > 6:
        raise Refused("Say which task: `task done 3`. `tasks` lists them.")
    return int(first)
