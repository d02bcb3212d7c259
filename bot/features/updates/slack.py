"""Which commands, buttons and modals tell the others, put it off, or ask?"""

from __future__ import annotations

import re

from bot.core import telling, times
from bot.core.messages import Content
from bot.core.outcome import Refused, Rule
from bot.engine import Asked, Done, Existing
from bot.features.updates import blocks, rules
from bot.features.updates.state import Updates
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit

_SNOOZE = re.compile(r"^(?P<span>.*?)\s+because\s+(?P<reason>.+)$", re.IGNORECASE | re.DOTALL)
_BECAUSE = re.compile(r"^because\s+", re.IGNORECASE)


def register(desk: Desk) -> None:
    """Take the verbs, buttons and modals of this feature."""
    entry = _Entry(desk)
    desk.verb(Verb("update", "update [what is new]", "posts a status update", entry.update))
    desk.verb(Verb("snooze", "snooze 15m because ...", "the next update later", entry.snooze))
    desk.verb(Verb("pause", "pause [2h] because ...", "owes no updates for now", entry.pause))
    desk.verb(Verb("unpause", "unpause", "owes updates again", entry.take_up))
    desk.verb(Verb("ask", "ask [INC-12] question", "for whoever writes the updates", entry.ask))
    desk.verb(Verb("questions", "questions", "what was asked, and the answers", entry.questions))
    desk.button("update_asked", entry.update_by_button)
    desk.button("update_no_change", entry.no_change)
    desk.button("ask_asked", entry.ask_by_button)
    desk.submit("update", entry.posted)
    desk.submit("question", entry.asked)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def update(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if words == "history":
            case = await self._desk.inside(number, command.person)
            return blocks.history(case.states.of(Updates).posted)
        if words:
            return await self._told(rules.quick, words, number, command)
        return await self._open(number, command.person, command.trigger_id)

    async def update_by_button(self, press: Press) -> Reply:
        return await self._open(int(press.value), press.person, press.trigger_id)

    async def _open(self, number: int, person: str, trigger_id: str) -> Reply:
        case = await self._desk.inside(number, person)
        if case.incident.is_over:
            raise Refused(f"{case.incident.reference} is over. Reopen it to go on.")
        modal = blocks.update_modal(case.incident, case.states.of(Updates))
        return await self._desk.open_modal(trigger_id, modal)

    async def posted(self, submit: Submit) -> Reply:
        await self._carry_out(rules.post, _request(submit), int(submit.about["number"]), submit)
        return None

    async def no_change(self, press: Press) -> Reply:
        return await self._told(rules.no_change, None, int(press.value), press)

    async def snooze(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        found = _SNOOZE.match(words)
        try:
            by = times.span(found["span"] if found else words)
        except ValueError as error:
            raise Refused(str(error)) from error
        request = rules.Snooze(by, found["reason"] if found else "")
        done = await self._carry_out(rules.snooze, request, number, command)
        return self._next(done, "The update may wait")

    async def pause(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        done = await self._carry_out(rules.pause, _pause(words), number, command)
        if due := self._due(done):
            return Content(f"The updates are paused: {due}.")
        return Content(f"No updates are owed until somebody types `{self._desk.command} unpause`.")

    async def take_up(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        done = await self._carry_out(rules.take_up, None, number, command)
        return self._next(done, "Updates are owed again")

    async def ask(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if not words:
            return await self._open_question(number, command.person, command.trigger_id)
        await self._carry_out(rules.ask, words, number, command)
        return Content(
            "It waits for whoever writes the updates; you are told the answer privately."
        )

    async def ask_by_button(self, press: Press) -> Reply:
        return await self._open_question(int(press.value), press.person, press.trigger_id)

    async def _open_question(self, number: int, person: str, trigger_id: str) -> Reply:
        await self._desk.case(number, person)
        return await self._desk.open_modal(trigger_id, blocks.question_modal(number))

    async def asked(self, submit: Submit) -> Reply:
        question = submit.text("question") or ""
        await self._carry_out(rules.ask, question, int(submit.about["number"]), submit)
        return None

    async def questions(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        return blocks.question_list(case.states.of(Updates).questions)

    async def _told(self, rule: Rule, request: object, number: int, by: Command | Press) -> Reply:
        done = await self._carry_out(rule, request, number, by)
        updates = done.case.states.of(Updates)
        waiting = len(updates.open_questions)
        return blocks.posted_note(updates.posted[-1].update, self._due(done), waiting)

    async def _carry_out(
        self, rule: Rule, request: object, number: int, by: Command | Press | Submit
    ) -> Done:
        asked = Asked(by.key, by.person)
        return await self._engine.carry_out(rule, request, Existing(number), asked)

    def _next(self, done: Done, said: str) -> Content:
        due = self._due(done)
        return Content(f"{said}: {due}." if due else f"{said}.")

    def _due(self, done: Done) -> str | None:
        return telling.next_update(self._engine.shown(done.case))


def _pause(words: str) -> rules.Pause:
    """A pause with its end where the words begin with a time; otherwise all of them say why."""
    found = _SNOOZE.match(words)
    try:
        by = times.span(found["span"]) if found else None
    except ValueError:
        by = None
    return rules.Pause(found["reason"] if found and by else _BECAUSE.sub("", words), by)


def _request(submit: Submit) -> rules.PostUpdate:
    answers = {
        int(name.removeprefix("answer_")): submit.text(name) or ""
        for name in submit.inputs
        if name.startswith("answer_")
    }
    # What was not touched is taken over as it is by now: it may have stopped since the form opened.
    harm = submit.choice("harm")
    return rules.PostUpdate(
        harm=None if harm == submit.about.get("harm") else harm,
        texts={name: submit.text(name) for name in rules.TEXTS},
        is_impact_known="known" in submit.choices("impact_known"),
        confidence=submit.choice("confidence"),
        answers={number: words for number, words in answers.items() if words},
    )
