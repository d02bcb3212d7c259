"""What does the app get when a person does something?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox import modals, naming, shapes, text
from bot.sandbox.model import Channel, CommandSpec, Json, Message, View
from bot.sandbox.over_http import VERIFICATION_TOKEN
from bot.sandbox.responses import Place
from bot.sandbox.workspace import TEAM_DOMAIN, TEAM_ID, Workspace


class Payloads:
    """The payloads one person causes; shapes from bolt-python's scenario tests."""

    def __init__(self, workspace: Workspace, person_id: str) -> None:
        self._workspace = workspace
        self._person_id = person_id

    def command(self, channel: Channel, spec: CommandSpec, words: str) -> Json:
        """A slash command; `words` is everything behind it."""
        workspace = self._workspace
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": _public_name(channel),
            "user_id": self._person_id,
            "user_name": workspace.people[self._person_id].name,
            "command": spec.command,
            "text": self._escaped(words) if spec.should_escape else words,
            "api_app_id": workspace.app.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(channel, None),
            "trigger_id": workspace.triggers.give(self._person_id),
        }

    def message_action(self, channel: Channel, message: Message, action: Json) -> Json:
        """A button or a select in a message."""
        workspace = self._workspace
        payload = {
            **self._head("block_actions"),
            "container": self._container(channel, message, action["block_id"]),
            "channel": _short(channel),
            "state": {"values": self._entered(channel, message)},
            "response_url": self._response_url(channel, message.ts),
            "actions": [{**action, "action_ts": workspace.next_ts()}],
        }
        if message.ephemeral_to is None:
            payload["message"] = shapes.message(message, channel, workspace)
        return payload

    def view_action(self, view: View, action: Json) -> Json:
        """A button or a select in a modal or in the Home."""
        return {
            **self._head("block_actions", view.id),
            "container": {"type": "view", "view_id": view.id},
            "view": shapes.view(view, self._workspace),
            "hash": view.hash,
            "actions": [{**action, "action_ts": self._workspace.next_ts()}],
        }

    def submission(self, view: View) -> Json:
        """A modal that was submitted."""
        return {
            **self._head("view_submission", view.id),
            "view": shapes.view(view, self._workspace),
            "response_urls": list(self._response_urls(view)),
        }

    def closed(self, view: View, is_cleared: bool) -> Json:
        """A modal that was closed; what was entered is not told."""
        shape = shapes.view(view, self._workspace) | {"state": {"values": {}}}
        payload = {**self._head("view_closed"), "view": shape, "is_cleared": is_cleared}
        payload.pop("trigger_id")
        return payload

    def shortcut(self, callback_id: str) -> Json:
        """A global shortcut."""
        payload = {**self._head("shortcut"), "callback_id": callback_id}
        del payload["api_app_id"]
        return {**payload, "action_ts": self._workspace.next_ts()}

    def message_shortcut(self, channel: Channel, message: Message, callback_id: str) -> Json:
        """A shortcut in a message's menu."""
        payload = {
            **self._head("message_action"),
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
            "message_ts": message.ts,
            "channel": _short(channel),
            "message": shapes.message(message, channel, self._workspace),
            "response_url": self._response_url(channel, message.ts),
        }
        del payload["api_app_id"]
        return payload

    def suggestion(self, view: View, ids: tuple[str, str], typed: str) -> Json:
        """What was typed into an external select, identified by block_id and action_id."""
        payload = {
            **self._head("block_suggestion"),
            "container": {"type": "view", "view_id": view.id},
            "block_id": ids[0],
            "action_id": ids[1],
            "value": typed,
            "view": shapes.view(view, self._workspace),
        }
        payload.pop("trigger_id")
        return payload

    def message_suggestion(
        self, channel: Channel, message: Message, ids: tuple[str, str], typed: str
    ) -> Json:
        """What was typed into an external select of a message."""
        payload = {
            **self._head("block_suggestion"),
            "container": self._container(channel, message, ids[0]),
            "block_id": ids[0],
            "action_id": ids[1],
            "value": typed,
            "channel": _short(channel),
            "message": shapes.message(message, channel, self._workspace),
        }
        payload.pop("trigger_id")
        return payload

    def _container(self, channel: Channel, message: Message, block_id: str) -> Json:
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        attachment_id = _attachment_with(message, block_id)
        if attachment_id is not None:
            container |= {"type": "message_attachment", "attachment_id": attachment_id}
        if message.thread_ts and self._workspace.chosen.thread_in_container:
            container["thread_ts"] = message.thread_ts
        return container

    def _entered(self, channel: Channel, message: Message) -> dict[str, dict[str, Json]]:
        """What stands in every element of a message that holds something."""
        values = modals.first_state(blocks(message))
        entered = self._workspace.entered.get(self._key(channel, message), {})
        for block_id, actions in values.items():
            before = entered.get(block_id, {})
            actions.update({name: before[name] for name in actions if name in before})
        return values

    def _response_urls(self, view: View) -> Iterator[Json]:
        for block, element in modals.elements(view.content["blocks"]):
            if not element.get("response_url_enabled"):
                continue
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            value = view.state.get(ids["block_id"], {}).get(ids["action_id"], {})
            chosen = value.get("selected_conversation") or value.get("selected_channel") or ""
            channel = self._workspace.channels.get(chosen)
            if channel is not None:
                url = self._response_url(channel, None)
                yield {**ids, "channel_id": channel.id, "response_url": url}

    def _escaped(self, words: str) -> str:
        return text.links(naming.mention(self._workspace, self._person_id, words))

    def enter(self, channel: Channel, message: Message, action: Json) -> None:
        """Remember what was chosen in a message, for `state`."""
        state = self._workspace.entered.setdefault(self._key(channel, message), {})
        kept = {name: value for name, value in action.items() if name in ("type", *_CHOSEN)}
        state.setdefault(action["block_id"], {})[action["action_id"]] = kept

    def _key(self, channel: Channel, message: Message) -> tuple[str, str, str]:
        return channel.id, message.ts, self._person_id

    def _head(self, kind: str, view_id: str | None = None) -> Json:
        workspace = self._workspace
        name = workspace.people[self._person_id].name
        user = {"id": self._person_id, "username": name, "name": name, "team_id": TEAM_ID}
        return {
            "type": kind,
            "user": user,
            "api_app_id": workspace.app.app_id,
            "token": VERIFICATION_TOKEN,
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": workspace.triggers.give(self._person_id, view_id),
        }

    def _response_url(self, channel: Channel, ts: str | None) -> str:
        place = Place(channel.id, self._person_id, ts)
        return f"{self._workspace.url}/response/{self._workspace.responses.give(place)}"


_CHOSEN = (
    "selected_option", "selected_options", "selected_user", "selected_users",
    "selected_conversation", "selected_conversations", "selected_channel", "selected_channels",
    "selected_date", "selected_time", "selected_date_time", "value",
)  # fmt: skip


def _public_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    if channel.is_mpim:
        return channel.name
    return "privategroup" if channel.is_private else channel.name


def _short(channel: Channel) -> Json:
    return {"id": channel.id, "name": _public_name(channel)}


def blocks(message: Message) -> list[Json]:
    """The message's blocks and those of its attachments."""
    inside = [block for each in message.attachments for block in each.get("blocks") or ()]
    return [*message.blocks, *inside]


def _attachment_with(message: Message, block_id: str) -> int | None:
    for number, attachment in enumerate(message.attachments, start=1):
        if block_id in [block.get("block_id") for block in attachment.get("blocks") or ()]:
            return number
    return None
