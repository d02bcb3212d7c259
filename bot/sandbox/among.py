"""What can a person do among the others, without the app's doing?"""

from __future__ import annotations

from urllib.parse import quote

from bot.sandbox import drafts, files, naming, posts, rooms, text
from bot.sandbox.files import Taken
from bot.sandbox.model import Channel, File, Message
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Workspace

_MOST_ATTACHED = 10  # in one message


class Among:
    """A person's words, emoji and comings and goings; what Slack's client forbids is ValueError."""

    def __init__(self, workspace: Workspace, person_id: str) -> None:
        self._workspace = workspace
        self.person_id = person_id

    async def say(
        self,
        channel_id: str,
        words: str,
        thread_ts: str | None = None,
        also_in_channel: bool = False,
    ) -> Message:
        """Write a message; `thread_ts` makes it a reply, which can stand in the channel too.

        Raises:
            ValueError: the person is not in the channel, it is archived, or there is no thread.
        """
        channel = self._open(channel_id)
        draft = self._reply(channel, words, thread_ts, also_in_channel)
        return posts.by_person(self._workspace, channel, self.person_id, draft)

    async def attach(
        self,
        channel_id: str,
        taken: Taken,
        words: str = "",
        thread_ts: str | None = None,
        also_in_channel: bool = False,
    ) -> Message:
        """Write a message with files, each its name and its bytes; the rest is as in `say`.

        Raises:
            ValueError: as in `say`, or there are no files or too many, or one is empty.
        """
        channel = self._open(channel_id)
        draft = self._reply(channel, words, thread_ts, also_in_channel)
        if not 0 < len(taken) <= _MOST_ATTACHED:
            raise ValueError(f"Attach 1 to {_MOST_ATTACHED} files.")
        return files.share(self._workspace, channel, self._made(taken), draft)

    async def delete_file(self, file_id: str) -> None:
        """Delete a file of one's own; the messages it was in stay.

        Raises:
            ValueError: it is somebody else's.
        """
        file = self._file(file_id)
        if file.user != self.person_id:
            raise ValueError("This file is not yours.")
        files.delete(self._workspace, file)

    def file_address(self, file_id: str) -> str:
        """Where this person's browser finds a file, on this server; `?download=1` saves it.

        Raises:
            LookupError: the person sees no such file.
        """
        name = quote(self._file(file_id).name, safe="")
        return f"/shown/{self._workspace.tickets.show(self.person_id, file_id)}/{name}"

    async def edit(self, channel_id: str, ts: str, words: str) -> None:
        """Change one's own message; that notifies nobody.

        Raises:
            ValueError: it is somebody else's.
        """
        channel, message = self._own(channel_id, ts)
        posts.change(self._workspace, channel, message, Draft(self._stored(words)))

    async def delete(self, channel_id: str, ts: str) -> None:
        """Delete one's own message.

        Raises:
            ValueError: it is somebody else's.
        """
        channel, message = self._own(channel_id, ts)
        posts.take_away(self._workspace, channel, message)

    async def react(self, channel_id: str, ts: str, name: str) -> None:
        """Put an emoji on a message, or take it off again, as a click on it does."""
        channel = self._open(channel_id)
        message = self._message(channel, ts)
        is_on = self.person_id in message.reactions.get(name, ())
        act = posts.unreact if is_on else posts.react
        act(self._workspace, channel, message, (self.person_id, name))

    async def unreact(self, channel_id: str, ts: str, name: str) -> None:
        """Take one's emoji off a message.

        Raises:
            ValueError: it is not on it.
        """
        channel = self._open(channel_id)
        message = self._message(channel, ts)
        if self.person_id not in message.reactions.get(name, ()):
            raise ValueError(f"There is no :{name}: of yours here.")
        posts.unreact(self._workspace, channel, message, (self.person_id, name))

    async def pin(self, channel_id: str, ts: str) -> None:
        """Pin a message."""
        channel = self._open(channel_id)
        if ts not in channel.pins:
            rooms.pin(self._workspace, channel, self.person_id, self._message(channel, ts).ts)

    async def unpin(self, channel_id: str, ts: str) -> None:
        """Take a pin off."""
        channel = self._open(channel_id)
        if ts in channel.pins:
            rooms.unpin(self._workspace, channel, self.person_id, ts)

    async def join(self, channel_id: str) -> None:
        """Enter a channel the person sees."""
        channel = self._channel(channel_id)
        if channel.is_archived:
            raise ValueError("This channel is archived.")
        if self.person_id not in channel.members:
            rooms.enter(self._workspace, channel, self.person_id)

    async def leave(self, channel_id: str) -> None:
        """Leave a channel."""
        channel = self._channel(channel_id)
        if channel.is_direct or channel.name == "general":
            raise ValueError("Nobody leaves this one.")
        if self.person_id in channel.members:
            rooms.leave(self._workspace, channel, self.person_id)

    async def invite(self, channel_id: str, person_id: str) -> None:
        """Let somebody else, or the app, into a channel one is in."""
        channel = self._open(channel_id)
        invited = self._workspace.people[person_id]
        if channel.is_direct or invited.is_deleted or person_id in channel.members:
            raise ValueError(f"{invited.real_name} cannot be invited here.")
        rooms.enter(self._workspace, channel, person_id, inviter=self.person_id)

    async def remove(self, channel_id: str, person_id: str) -> None:
        """Take somebody else, or the app, out of a channel one is in."""
        channel = self._open(channel_id)
        if channel.is_direct or channel.name == "general" or person_id not in channel.members:
            raise ValueError("They cannot be removed from here.")
        rooms.remove(self._workspace, channel, person_id, self.person_id)

    async def archive(self, channel_id: str) -> None:
        """Archive a channel one is in."""
        channel = self._open(channel_id)
        if channel.is_direct or channel.name == "general":
            raise ValueError("This one cannot be archived.")
        rooms.archive(self._workspace, channel, self.person_id)

    async def unarchive(self, channel_id: str) -> None:
        """Open an archived channel again; it is found by those outside too, if it is public."""
        channel = self._workspace.channels[channel_id]
        is_hidden = channel.is_private and self.person_id not in channel.members
        if is_hidden or not channel.is_archived:
            raise ValueError("There is no such archived channel.")
        rooms.unarchive(self._workspace, channel, self.person_id)

    async def mute(self, channel_id: str) -> None:
        """Be notified of nothing in a channel, or again, as a click on it does."""
        person = self._workspace.people[self.person_id]
        person.muted = person.muted ^ {self._channel(channel_id).id}
        self._workspace.tell("people")

    async def pause_notifications(self, minutes: int) -> None:
        """Turn on do-not-disturb for so long; 0 turns it off."""
        person, now = self._workspace.people[self.person_id], self._workspace.now_seconds()
        person.quiet_from, person.quiet_until = (now, now + minutes * 60) if minutes else (0, 0)
        self._workspace.tell("people")

    def _made(self, taken: Taken, *, is_for_app: bool = False) -> list[File]:
        if not all(name and content for name, content in taken):
            raise ValueError("Files need a name, and something in them.")
        made = [files.made(self._workspace, self.person_id, *each) for each in taken]
        for file in made:
            file.is_for_app = is_for_app
            files.keep(self._workspace, file)
        return made

    def _file(self, file_id: str) -> File:
        file = self._workspace.files.get(file_id)
        seen = file is not None and files.sees(self._workspace, self.person_id, file)
        if file is None or file.is_deleted or not seen:
            raise LookupError(f"{self.person_id} sees no file {file_id}")
        return file

    def _stored(self, words: str) -> str:
        return naming.mention(self._workspace, self.person_id, text.typed(words))

    def _reply(
        self, channel: Channel, words: str, thread_ts: str | None, also_in_channel: bool
    ) -> Draft:
        if thread_ts is not None:
            thread_ts = self._thread(channel, thread_ts)
        return drafts.in_thread(Draft(self._stored(words)), thread_ts, is_broadcast=also_in_channel)

    def _thread(self, channel: Channel, ts: str) -> str:
        parent = self._message(channel, ts)
        if parent.ephemeral_to is not None:
            raise ValueError("Private notes have no threads.")
        return parent.thread_ts or parent.ts

    def _own(self, channel_id: str, ts: str) -> tuple[Channel, Message]:
        channel = self._open(channel_id)
        message = self._message(channel, ts)
        if message.user != self.person_id or message.subtype:
            raise ValueError("This message is not yours.")
        return channel, message

    def _open(self, channel_id: str) -> Channel:
        channel = self._channel(channel_id)
        if channel.is_archived or self.person_id not in channel.members:
            raise ValueError("Only members can do this, while the channel is not archived.")
        return channel

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
