"""What can a person do in the workspace?"""

from __future__ import annotations

from bot.sandbox import answers, entries, fileshapes, modals, rooms
from bot.sandbox.among import Among
from bot.sandbox.deliver import Deliver
from bot.sandbox.errors import NotAcked
from bot.sandbox.files import Taken
from bot.sandbox.model import CommandSpec, Json, View
from bot.sandbox.payloads import Payloads, blocks
from bot.sandbox.workspace import Workspace

# What Slack's client shows in a modal whose app did not answer.
TROUBLE = "We had some trouble connecting. Try again?"
_LEAST_TYPED = 3  # docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
_NOT_CHOSEN = ("button", "overflow")


class Hands(Among):
    """A person's clicks and key strokes; each returns when the app acked, or after 3 s."""

    def __init__(self, workspace: Workspace, deliver: Deliver, person_id: str) -> None:
        super().__init__(workspace, person_id)
        self._deliver = deliver
        self._payloads = Payloads(workspace, person_id)

    async def slash(self, channel_id: str, line: str, thread_ts: str | None = None) -> None:
        """Type a slash command, such as "/incident declare"; what goes wrong becomes a notice.

        Slack has none in threads, where `thread_ts` is where the person is.
        """
        command, _, words = line.strip().partition(" ")
        spec = self._command(command)
        if spec is None:
            told = f"{command} is not a valid command. In Slack, commands start with /."
            self._workspace.notify(self.person_id, told, channel_id)
            return
        if thread_ts is not None:
            told = f"{command} is not supported in threads. Sorry!"
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
        block, element = modals.find_element(blocks(message), block_id, action_id)
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

    def fill_files(self, view_id: str, block_id: str, action_id: str, taken: Taken) -> None:
        """Choose files in a file_input, each its name and its bytes, instead of those before.

        Raises:
            ValueError: too many, too large, of another type, or empty; the sentence says which.
        """
        view = self._view(view_id)
        _, element = modals.find_element(view.content["blocks"], block_id, action_id)
        entries.check_files(element, taken)
        made = self._made(taken, is_for_app=True)
        shapes = [fileshapes.file(file, self._workspace) for file in made]
        self.fill(view_id, block_id, action_id, {"type": "file_input", "files": shapes})

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
        """Use a global shortcut of the manifest's."""
        self._check_shortcut("global", callback_id)
        await self._interact(self._payloads.shortcut(callback_id), None)

    async def use_message_shortcut(self, channel_id: str, ts: str, callback_id: str) -> None:
        """Use a shortcut in a message's menu; there is none on private notes."""
        channel = self._channel(channel_id)
        message = self._message(channel, ts)
        if message.ephemeral_to is not None:
            raise ValueError("Private notes have no shortcuts.")
        self._check_shortcut("message", callback_id)
        payload = self._payloads.message_shortcut(channel, message, callback_id)
        await self._interact(payload, channel_id)

    async def suggest(self, view_id: str, block_id: str, action_id: str, typed: str) -> list[Json]:
        """The options an external select offers for what was typed; none when the app is silent."""
        view = self._view(view_id)
        _, element = modals.find_element(view.content["blocks"], block_id, action_id)
        payload = self._payloads.suggestion(view, (block_id, action_id), typed)
        return await self._offered(payload, element)

    async def suggest_in_message(
        self, channel_id: str, ts: str, ids: tuple[str, str], typed: str
    ) -> list[Json]:
        """The same for a select in a message; `ids` are its block_id and its action_id."""
        channel = self._channel(channel_id)
        message = self._message(channel, ts)
        _, element = modals.find_element(blocks(message), *ids)
        payload = self._payloads.message_suggestion(channel, message, ids, typed)
        return await self._offered(payload, element)

    async def choose(self, view_id: str, block_id: str, action_id: str, typed: str) -> Json:
        """Type into an external select of a modal and take the first option; that option.

        Raises:
            ValueError: the app offers nothing for these words.
        """
        options = await self.suggest(view_id, block_id, action_id, typed)
        if not options:
            raise ValueError("No results.")
        view = self._view(view_id)
        _, element = modals.find_element(view.content["blocks"], block_id, action_id)
        key = modals.STATEFUL[element["type"]][0]
        chosen = options[0] if key == "selected_option" else options[:1]
        self.fill(view_id, block_id, action_id, {"type": element["type"], key: chosen})
        return options[0]

    async def open_home(self) -> None:
        """Look at the app's Home."""
        home = self._workspace.homes.get(self.person_id)
        direct = rooms.direct(self._workspace, self.person_id)
        self._workspace.emit(
            {
                "type": "app_home_opened",
                "user": self.person_id,
                "channel": direct.id,
                "tab": "home" if self._workspace.app.has_home else "messages",
                **({"view": answers.view_shape(self._workspace, home)} if home else {}),
            }
        )

    def open_view(self) -> View | None:
        """The modal on top, None when none is open."""
        return self._workspace.open_view(self.person_id)

    async def _offered(self, payload: Json, element: Json) -> list[Json]:
        if len(payload["value"]) < element.get("min_query_length", _LEAST_TYPED):
            return []
        try:
            return entries.offered(await self._deliver.ask("interactive", payload))
        except NotAcked:
            return []

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

    def _check_shortcut(self, kind: str, callback_id: str) -> None:
        if (kind, callback_id) not in [
            (each.type, each.callback_id) for each in self._workspace.app.shortcuts
        ]:
            raise LookupError(f"the app has no {kind} shortcut {callback_id}")

    def _view(self, view_id: str) -> View:
        view = modals.find(self._workspace, view_id)
        if view is None or view.user != self.person_id:
            raise LookupError(f"{self.person_id} has no view {view_id} open")
        return view
