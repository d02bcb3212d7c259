"""What can a person do in the workspace?"""

from __future__ import annotations

from bot.sandbox import answers, entries, modals, naming, posts, rooms, text
from bot.sandbox.deliver import Deliver
from bot.sandbox.errors import NotAcked
from bot.sandbox.model import Channel, CommandSpec, Json, Message, View
from bot.sandbox.payloads import Payloads
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Workspace

# What Slack's client shows in a modal whose app did not answer.
TROUBLE = "We had some trouble connecting. Try again?"
_NOT_CHOSEN = ("button", "overflow")


class Hands:
    """A person's clicks and key strokes; each returns when the app acked, or after 3 s."""

    def __init__(self, workspace: Workspace, deliver: Deliver, person_id: str) -> None:
        self._workspace = workspace
        self._deliver = deliver
        self._payloads = Payloads(workspace, person_id)
        self.person_id = person_id

    async def say(self, channel_id: str, words: str, thread_ts: str | None = None) -> Message:
        """Write a message; `thread_ts` makes it a reply.

        Raises:
            ValueError: the person is not in the channel, or it is archived.
        """
        channel = self._channel(channel_id)
        if channel.is_archived or self.person_id not in channel.members:
            raise ValueError("Only members can write here.")
        stored = naming.mention(self._workspace, self.person_id, text.typed(words))
        draft = Draft(stored, thread_ts=thread_ts)
        return posts.by_person(self._workspace, channel, self.person_id, draft)

    async def slash(self, channel_id: str, line: str) -> None:
        """Type a slash command, such as "/incident declare"; what goes wrong becomes a notice."""
        command, _, words = line.strip().partition(" ")
        spec = self._command(command)
        if spec is None:
            told = f"{command} is not a valid command. In Slack, commands start with /."
            self._workspace.notify(self.person_id, told, channel_id)
            return
        channel = self._channel(channel_id)
        payload = self._payloads.command(channel, spec, words.strip())
        try:
            ack = await self._deliver.ask("slash_commands", payload)
        except NotAcked as error:
            told = f'{command} failed with the error "{error.code}"'
            self._workspace.notify(self.person_id, told, channel_id)
            return
        answers.to_command(self._workspace, (channel, self.person_id), line.strip(), ack)

    async def press(
        self, channel_id: str, ts: str, block_id: str, action_id: str, choice: Json | None = None
    ) -> None:
        """Use a button or a select in a message; `choice` such as {"selected_option": {...}}."""
        channel = self._channel(channel_id)
        message = self._message(channel, ts)
        block, element = modals.find_element(message.blocks, block_id, action_id)
        action = entries.action(block, element, choice)
        if element["type"] not in _NOT_CHOSEN:
            self._payloads.enter(channel, message, action)
        await self._interact(self._payloads.message_action(channel, message, action), channel_id)

    async def press_in_view(
        self, view_id: str, block_id: str, action_id: str, choice: Json | None = None
    ) -> None:
        """Use a button or a select in a modal or in the Home."""
        view = self._view(view_id)
        block, element = modals.find_element(view.content["blocks"], block_id, action_id)
        if choice is not None and element["type"] not in _NOT_CHOSEN:
            self.fill(view_id, block_id, action_id, {"type": element["type"], **choice})
        action = entries.action(block, element, choice or self._filled(view, block_id, action_id))
        await self._interact(self._payloads.view_action(view, action), None, view)

    def fill(self, view_id: str, block_id: str, action_id: str, value: Json) -> None:
        """Enter something into a modal; it stays there until it is submitted.

        Raises:
            ValueError: Slack's client would not let a person enter this; the sentence says why.
        """
        view = self._view(view_id)
        _, element = modals.find_element(view.content["blocks"], block_id, action_id)
        view.state.setdefault(block_id, {})[action_id] = entries.entered(element, value)
        view.errors.pop(block_id, None)
        self._workspace.tell(f"views:{self.person_id}")

    async def submit(self, view_id: str) -> None:
        """Submit a modal; required inputs left empty are told at the field, without a request."""
        view = self._view(view_id)
        view.errors = entries.missing(view)
        if view.errors:
            self._workspace.tell(f"views:{self.person_id}")
            return
        try:
            ack = await self._deliver.ask("interactive", self._payloads.submission(view))
            answers.to_submission(self._workspace, view, ack)
        except NotAcked:
            self._trouble(view)

    async def close(self, view_id: str) -> None:
        """Close a modal with its close button."""
        view = self._view(view_id)
        if view.content.get("clear_on_close"):
            await self.close_all()
            return
        modals.close(self._workspace, view)
        await self._tell_closed(view, is_cleared=False)

    async def close_all(self) -> None:
        """Close the whole stack with the x."""
        stack = list(self._workspace.views.get(self.person_id, ()))
        modals.clear(self._workspace, self.person_id)
        for view in stack[:1]:
            await self._tell_closed(view, is_cleared=True)

    async def use_shortcut(self, callback_id: str) -> None:
        """Use a global shortcut."""
        await self._interact(self._payloads.shortcut(callback_id), None)

    async def use_message_shortcut(self, channel_id: str, ts: str, callback_id: str) -> None:
        """Use a shortcut in a message's menu; there is none on private notes."""
        channel = self._channel(channel_id)
        message = self._message(channel, ts)
        if message.ephemeral_to is not None:
            raise ValueError("Private notes have no shortcuts.")
        payload = self._payloads.message_shortcut(channel, message, callback_id)
        await self._interact(payload, channel_id)

    async def suggest(self, view_id: str, block_id: str, action_id: str, typed: str) -> list[Json]:
        """The options an external select offers for what was typed; none when the app is silent."""
        view = self._view(view_id)
        payload = self._payloads.suggestion(view, (block_id, action_id), typed)
        try:
            ack = await self._deliver.ask("interactive", payload)
        except NotAcked:
            return []
        options: list[Json] = (ack or {}).get("options") or []
        return options

    async def open_home(self) -> None:
        """Look at the app's Home."""
        home = self._workspace.homes.get(self.person_id)
        direct = rooms.direct(self._workspace, self.person_id)
        self._workspace.emit(
            {
                "type": "app_home_opened",
                "user": self.person_id,
                "channel": direct.id,
                "tab": "home",
                **({"view": answers.view_shape(self._workspace, home)} if home else {}),
            }
        )

    async def join(self, channel_id: str) -> None:
        """Enter a channel the person sees."""
        channel = self._channel(channel_id)
        if self.person_id not in channel.members:
            rooms.enter(self._workspace, channel, self.person_id)

    async def leave(self, channel_id: str) -> None:
        """Leave a channel."""
        channel = self._channel(channel_id)
        if self.person_id in channel.members:
            rooms.leave(self._workspace, channel, self.person_id)

    async def react(self, channel_id: str, ts: str, name: str) -> None:
        """Put an emoji on a message, or take it off again."""
        channel = self._channel(channel_id)
        posts.react(self._workspace, channel, self._message(channel, ts), (self.person_id, name))

    def open_view(self) -> View | None:
        """The modal on top, None when none is open."""
        return self._workspace.open_view(self.person_id)

    async def _interact(
        self, payload: Json, channel_id: str | None, view: View | None = None
    ) -> None:
        try:
            await self._deliver.ask("interactive", payload)
        except NotAcked as error:
            if view is not None and view.content["type"] == "modal":
                self._trouble(view)
            else:
                told = f'{self._workspace.app.name} failed with the error "{error.code}"'
                self._workspace.notify(self.person_id, told, channel_id)

    async def _tell_closed(self, view: View, is_cleared: bool) -> None:
        if view.content.get("notify_on_close"):
            await self._interact(self._payloads.closed(view, is_cleared), None)

    def _trouble(self, view: View) -> None:
        view.errors = {"": TROUBLE}
        self._workspace.tell(f"views:{self.person_id}")

    def _filled(self, view: View, block_id: str, action_id: str) -> Json | None:
        return view.state.get(block_id, {}).get(action_id)

    def _command(self, name: str) -> CommandSpec | None:
        specs = (spec for spec in self._workspace.app.commands if spec.command == name)
        return next(specs, None)

    def _channel(self, channel_id: str) -> Channel:
        seen: dict[str, Channel] = {
            channel.id: channel for channel in self._workspace.channels_seen_by(self.person_id)
        }
        if channel_id not in seen:
            raise LookupError(f"{self.person_id} sees no channel {channel_id}")
        return seen[channel_id]

    def _message(self, channel: Channel, ts: str) -> Message:
        for message in self._workspace.messages_seen_by(channel.id, self.person_id):
            if message.ts == ts:
                return message
        raise LookupError(f"{self.person_id} sees no message {ts} in {channel.id}")

    def _view(self, view_id: str) -> View:
        view = modals.find(self._workspace, view_id)
        if view is None or view.user != self.person_id:
            raise LookupError(f"{self.person_id} has no view {view_id} open")
        return view
