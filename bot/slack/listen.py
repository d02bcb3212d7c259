"""How do requests from Slack reach the features, and how does the person hear back?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot import metrics
from bot.core.evidence import Item
from bot.core.facts.evidence import FileAwaited
from bot.core.failures import Permanent, Retryable
from bot.core.messages import Call as CallOwed
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.core.plain import people_in, plain
from bot.engine import NotWritten
from bot.slack import ontop
from bot.slack.access import Access
from bot.slack.answers import (
    Body,
    NoTrigger,
    Page,
    Reply,
    Run,
    Verb,
    all_at,
    at,
    bug,
    form_needed,
    told,
    unknown,
)
from bot.slack.calls import Calls, Self
from bot.slack.files import Files
from bot.slack.payloads import Command, Event, MessageShortcut, Press, Shortcut, Submit, Typed
from bot.slack.people import People, Rosters
from bot.slack.routes import Routes

_log = structlog.get_logger()
_UNCHANGED = "Nothing was changed; "
_AGAIN = "please try again."
_LOOK = "It may have been taken all the same: look before you try again."
_SUBMIT = "Submit again: it is not done twice."

__all__ = ["Desk", "Page", "Reply", "Run", "Verb"]


@dataclass
class Desk(Access):
    """What a feature works with: the engine, Slack, the directory, and where to register."""

    bolt: AsyncApp
    calls: Calls
    people: People
    me: Self
    notice: Callable[[str], View]
    schedules: Rosters
    files: Files
    fetch: Callable[[int, FileAwaited], None] = field(init=False)
    snap: Callable[[int, Item, str | None], None] = field(init=False)
    verbs: dict[str, Verb] = field(default_factory=dict)
    _routes: Routes = field(init=False)
    _menu: Run | None = None
    _events: dict[str, list[Run]] = field(default_factory=dict)
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take the command before all else."""
        self.bolt.command(self.command)(self._on_command)
        self._routes = Routes(self.bolt)

    def listen(self) -> None:
        """Take mentions and events; call once, after the features registered."""
        self.event("app_mention", self._on_mention)
        self.button("continue", self._on_continue)
        for kind in self._events:
            self.bolt.event(kind)(self._on_event)

    def verb(self, verb: Verb) -> None:
        """A verb of the command, with its aliases."""
        for name in (verb.name, *verb.aliases):
            self.verbs[name] = verb

    def menu(self, run: Run) -> None:
        """What the command answers when it stands alone."""
        self._menu = run

    def button(self, action_id: str, run: Run) -> None:
        """A button in a message or a view; the answer is private."""

        async def on_press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
            press = Press.read(body)
            answer = await self._answer(run, press, action_id)
            if press.view_id and isinstance(answer, Content):
                await ontop.show(self.calls, press, self.notice(answer.text), answer)
            await ack()
            self._tell(respond, answer, has_url="response_url" in body)

        self._routes.add("action", action_id, on_press)

    def event(self, kind: str, run: Run) -> None:
        """Something Slack tells the bot of; several features may want to know of it."""
        self._events.setdefault(kind, []).append(run)

    def options(self, action_id: str, offer: Callable[[Typed], Awaitable[list[Option]]]) -> None:
        """What a select offers for what a person typed into it so far."""

        async def on_typed(ack: AsyncAck, body: Body, _: AsyncRespond) -> None:
            offered = await offer(Typed.read(body))
            await ack(options=[option.to_dict() for option in offered])

        self._routes.add("options", action_id, on_typed)

    def link_button(self, action_id: str) -> None:
        """A button that only leads somewhere; Slack wants it acked all the same."""

        async def on_press(ack: AsyncAck, _body: Body, _respond: AsyncRespond) -> None:
            await ack()

        self._routes.add("action", action_id, on_press)

    def shortcut(self, callback_id: str, run: Run) -> None:
        """A global shortcut; there is no channel, so a refusal is shown in a modal."""

        async def on_shortcut(ack: AsyncAck, body: Body, _: AsyncRespond) -> None:
            shortcut = Shortcut.read(body)
            answer = await self._answer(run, shortcut, callback_id)
            if isinstance(answer, Content):
                await self._show(shortcut.trigger_id, answer.text)
            await ack()

        self._routes.add("shortcut", callback_id, on_shortcut)

    def message_shortcut(self, callback_id: str, run: Run) -> None:
        """A shortcut on a message; the answer is private."""

        async def on_shortcut(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
            answer = await self._answer(run, MessageShortcut.read(body), callback_id)
            await ack()
            self._tell(respond, answer, has_url="response_url" in body)

        self._routes.add("shortcut", callback_id, on_shortcut)

    def submit(self, callback_id: str, run: Run) -> None:
        """A submitted modal; a refusal is shown at the input it speaks of, and nothing is lost."""

        async def on_submit(ack: AsyncAck, body: Body, _: AsyncRespond) -> None:
            submit = Submit.read(body)
            try:
                answer = await run(submit)
            except Refused as refused:
                metrics.verdict("refused")
                told_at = await self._spoken(all_at(body, refused), submit.person)
                await ack(response_action="errors", errors=told_at)
            except NotWritten as error:
                metrics.verdict("not_written")
                sentence = (
                    f"{error} {_SUBMIT if error.is_unknown else _UNCHANGED + 'submit again.'}"
                )
                await ack(response_action="errors", errors=at(body, None, sentence))
            except Exception:  # noqa: BLE001 (a bug must still be told to the person)
                await ack(response_action="errors", errors=at(body, None, bug(callback_id)))
            else:
                if isinstance(answer, Page):
                    await ack(response_action="update", view=answer.view.to_dict())
                else:
                    await ack()

        self._routes.add("view", callback_id, on_submit)

    async def _spoken(self, sentences: dict[str, str], to: str) -> dict[str, str]:
        """The same without markup: at an input Slack shows `<@U1>` and dates as they are typed."""
        mentioned = people_in("".join(sentences.values()))
        known = await self.people.look_up({*mentioned, to})
        names = {one: known[one].name or one for one in mentioned}
        return {at: plain(said, names, known[to].tz) for at, said in sentences.items()}

    async def open_modal(self, trigger_id: str, view: View) -> Content | None:
        """Open a modal; the answer is a sentence when Slack did not open it.

        Raises:
            NoTrigger: a mention asked for it, which takes a button first.
        """
        if not trigger_id:
            raise NoTrigger
        try:
            await self.calls.open_view(trigger_id, view.to_dict())
        except (Permanent, Retryable, TimeoutError) as error:
            _log.warning("modal.not_opened", reason=str(error) or type(error).__name__)
            return Content("Slack did not open the form in time. Please try again.")
        return None

    async def _on_command(self, ack: AsyncAck, body: Body) -> None:
        command = Command.read(body)
        answer = await self._answer(self._route(command), command, f"verb {command.verb}")
        if isinstance(answer, Content):
            await ack(**answer.to_json())
        else:
            await ack()

    async def _on_mention(self, event: Event) -> None:
        """The same verbs in a thread, where Slack takes no slash commands; answered privately."""
        command = Command.mentioned(event)
        try:
            answer = await self._answer(self._route(command), command, f"verb {command.verb}")
        except NoTrigger:
            answer = form_needed(command)
        if isinstance(answer, Content):
            await self.whisper(command, answer)

    async def _on_continue(self, press: Press) -> Reply:
        command = Command.pressed(press)
        return await self._route(command)(command)

    async def whisper(self, command: Command, content: Content) -> None:
        """Answer a mention in its place, for the person alone; best effort."""
        arguments = {
            "channel": command.channel_id,
            "person": command.person,
            "thread_ts": command.thread_ts,
            **content.to_json(),
        }
        await self.engine.owe([CallOwed(f"whisper {command.key}", "whisper", arguments)])

    async def _on_event(self, body: Body) -> None:
        """Tell everybody who wants to know; what could not be written stays unacked."""
        event = Event.read(body)
        for run in self._events[event.kind]:
            try:
                await run(event)
            except NotWritten:
                raise  # Slack sends it again
            except Refused:
                _log.info("event.refused", kind=event.kind)
            except Exception:  # noqa: BLE001 (Slack would repeat a bug three times)
                bug(f"event {event.kind}")

    def _route(self, command: Command) -> Run:
        if not command.verb and self._menu:
            return self._menu
        verb = self.verbs.get(command.verb)
        return verb.run if verb else self._unknown

    async def _unknown(self, command: Command) -> Reply:
        return unknown(command, self.command, self.verbs)

    async def _answer(self, run: Run, request: object, what: str) -> Reply:
        """Run a feature's listener; whatever it raises becomes a sentence."""
        # Whoever opens a form is known by the time it is submitted, which then waits for nobody.
        self._in_background(self._introduce(getattr(request, "person", "")))
        try:
            return await run(request)
        except Refused as refused:
            return told(refused)
        except NotWritten as error:
            metrics.verdict("not_written")
            return Content(f"{error} {_LOOK if error.is_unknown else _UNCHANGED + _AGAIN}")
        except NoTrigger:
            raise
        except Exception:  # noqa: BLE001 (a bug must still be told to the person)
            return Content(bug(what))

    def _tell(self, respond: AsyncRespond, answer: Reply, *, has_url: bool) -> None:
        """Answer privately after the ack; best effort, because the log already has it."""
        if not isinstance(answer, Content) or not has_url:
            return
        content = answer.to_json()

        async def send() -> None:
            await respond(**content, response_type="ephemeral", replace_original=False)

        self._in_background(send())

    async def _introduce(self, person_id: str) -> None:
        await self.people.look_up([person_id])

    async def _show(self, trigger_id: str, sentence: str) -> None:
        await self.open_modal(trigger_id, self.notice(sentence))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        task.add_done_callback(_log_failure)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.warning("reply.lost", reason=type(error).__name__)
